"""Where a conflict is shown beside the code: the file and line at which what was changed stands now."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.checked import CheckResult
from git_muse_coord.coordinator.answers.conflict import ConflictDetail
from git_muse_coord.model import address
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class FindingPlace(NamedTuple):
    """A conflict with its file and line; the first line where what was changed has none, as when it is gone."""

    conflict: ConflictDetail
    path: str
    line: int


def finding_places(result: CheckResult) -> Iterator[FindingPlace]:
    """The conflicts of a check with their places, in order."""
    places: dict[str, tuple[str, int | None]] = {}
    for change in result.changes:
        # of what was renamed or moved the old name is met, and the new one can be pointed at
        if change.from_address:
            now = (change.address, change.start_line)
            places[change.from_address] = now
    for change in result.changes:
        now = (change.address, change.start_line)
        places[change.address] = now
    for conflict in result.conflict_details:
        unknown = (conflict.address, None)
        name, line = places.get(conflict.address, unknown)
        place = address.revive_stored(name)
        path = place.path.rstrip("/")
        yield FindingPlace(conflict, path, line or 1)


def valid_text(text: str) -> str:
    """A text that may go into a file of UTF-8: a name that is none must not break what others read."""
    encoded = text.encode("utf-8", "replace")
    return encoded.decode()
