"""What goes on in the place of a reservation: said by the release that ends it, or by what takes its place."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.text_types import RecordId

if TYPE_CHECKING:
    from collections.abc import Iterable

    from git_muse_coord.model.codec import Json
    from git_muse_coord.model.records import Release, Reservation

CONTINUED_BY = "continued_by"
"""A field of a release that came later than its format, so that it is one of those that are extra."""

REPLACES = "replaces"
"""The like of a reservation: the ids of those that it ends, without a release of each."""

REPLACED_MOST = 100
"""Of more names than this the newest count."""

_START = "sha256:"
_LENGTH = len(_START) + 64


def continued_by(release: Release) -> RecordId | None:
    """The reservation that goes on where this release ends another; None for an ordinary release."""
    return _id_of(release.extra.get(CONTINUED_BY))


def successors_of(releases: Iterable[Release]) -> set[RecordId]:
    """The reservations that go on in the place of released ones."""
    successors: set[RecordId] = set()
    for release in releases:
        # of an ordinary release, which says nothing extra, no field is looked up
        successor = continued_by(release) if release.extra else None
        if successor is not None:
            successors.add(successor)
    return successors


def replaced_by(reservation: Reservation) -> list[RecordId]:
    """The reservations that this one is said to be in the place of, as a rule none."""
    named = reservation.extra.get(REPLACES)
    if not isinstance(named, list):
        return []
    replaced: list[RecordId] = []
    for name in named[-REPLACED_MOST:]:
        replaced_id = _id_of(name)
        if replaced_id is not None:
            replaced.append(replaced_id)
    return replaced


def _id_of(named: Json) -> RecordId | None:
    # Nobody has checked it: a version that does not know the field lets anything through.
    if not isinstance(named, str) or len(named) != _LENGTH or not named.startswith(_START):
        return None
    # Not by a pattern: a union names many, and loading what reads patterns would cost a hook more.
    is_hex = not named[len(_START) :].strip("0123456789abcdef")
    return RecordId(named) if is_hex else None
