"""What a release says of the reservation of another run that goes on with the work."""

from __future__ import annotations

import re

from git_muse_coord.model.records import HEX, Release
from git_muse_coord.model.text_types import RecordId

TAKEN_BY = "taken_by"
"""A field that came later than its format, so that it is one of those that are extra."""


def taken_by(release: Release) -> RecordId | None:
    """The reservation that goes on where this release ends another; None for an ordinary release."""
    named = release.extra.get(TAKEN_BY)
    # Nobody has checked it: a version that does not know the field lets anything through.
    if isinstance(named, str) and re.fullmatch(f"sha256:{HEX}", named):
        return RecordId(named)
    return None
