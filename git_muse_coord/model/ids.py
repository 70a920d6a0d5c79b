"""Ids as users write them: full or a prefix, with or without ``sha256:``. Which records exist is known elsewhere."""

from __future__ import annotations

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.later import re
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from git_muse_coord.model.text_types import RecordId

LEAST = 7
_HEX = rf"(?:sha256:)?([0-9a-fA-F]{{{LEAST},64}})"


def is_id(text: str) -> bool:
    """Whether a text can only be meant as an id, where it could also be an address.

    A file whose name is made of hex digits is told apart by a leading ``./``.
    """
    if text.startswith("sha256:"):
        return True
    return re.fullmatch(_HEX, text) is not None


def parse_id(text: str) -> str:
    """The start of an id, as ``sha256:`` and hex digits. Raises BadInput when the text is malformed."""
    match = re.fullmatch(_HEX, text)
    if match is None:
        raise BadInput(
            f"{text[:80]!r} is not an id",
            f"give at least {LEAST} hex digits of it, with or without sha256:",
        )
    return f"sha256:{match[1].lower()}"


def match_id(start: str, known: Iterable[RecordId]) -> RecordId | None:
    """The one known id that begins with ``start``, or None. Raises BadInput when there are several."""
    matches: list[RecordId] = []
    for record_id in known:
        if record_id.startswith(start):
            matches.append(record_id)
    if not matches:
        return None
    if len(matches) == 1:
        return matches[0]
    # Four digits more than were given show how the first of them go on.
    shown = len(start) + 4
    longer = [record_id[:shown] for record_id in sorted(matches)[:3]]
    raise BadInput(
        f"id {start} is ambiguous: {len(matches)} records begin with it",
        f"give more digits: {', '.join(longer)}",
    )
