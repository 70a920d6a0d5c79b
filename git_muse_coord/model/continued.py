"""What a release says of the reservation that goes on in the place of the one it ends."""

from __future__ import annotations

from git_muse_coord.model.later import re
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import HEX
from git_muse_coord.model.text_types import RecordId

if TYPE_CHECKING:
    from git_muse_coord.model.records import Release

CONTINUED_BY = "continued_by"
"""A field that came later than its format, so that it is one of those that are extra."""


def continued_by(release: Release) -> RecordId | None:
    """The reservation that goes on where this release ends another; None for an ordinary release."""
    named = release.extra.get(CONTINUED_BY)
    # Nobody has checked it: a version that does not know the field lets anything through.
    if isinstance(named, str) and re.fullmatch(f"sha256:{HEX}", named):
        return RecordId(named)
    return None
