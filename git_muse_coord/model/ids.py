"""Ids as users write them: full or a prefix, with or without ``sha256:``. Which records exist is known elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.text_types import RecordId

LEAST = 7
_HEX = rf"(?:sha256:)?([0-9a-fA-F]{{{LEAST},64}})"


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
    found = sorted(one for one in known if one.startswith(start))
    if len(found) > 1:
        raise BadInput(
            f"id {start} is ambiguous: {len(found)} records begin with it",
            "give more digits: " + ", ".join(one[: len(start) + 4] for one in found[:3]),
        )
    return found[0] if found else None
