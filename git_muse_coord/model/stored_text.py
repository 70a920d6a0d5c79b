"""What a stored reservation says, cut out of its bytes as JSON text: thousands are printed and hardly looked at.

Canonical JSON has its keys in one order, and inside of a text each quote has a backslash before it.
So where the keys are known, the first place that looks like the next key is that key.
"""

from __future__ import annotations

from git_muse_coord.model.codec import FORMAT
from git_muse_coord.model.light import NamedTuple

_BEFORE_BRANCH = '{"addresses":'
_MARKS = (
    ',"branch":',
    ',"commit":',
    ',"created_at":',
    ',"depends_on":',
    ',"expires_at":',
    f',"format":{FORMAT},"kind":"reservation","nonce":',
    ',"operation":',
    ',"reason":',
    ',"run_id":',
)


class StoredText(NamedTuple):
    """The values of the fields of a reservation, in JSON."""

    addresses: str
    branch: str
    commit: str
    created_at: str
    depends_on: str
    expires_at: str
    nonce: str
    operation: str
    reason: str
    run_id: str


def stored_text(blob: bytes) -> StoredText:
    """Cut up a sound reservation that has no further fields. Raises ValueError for any other."""
    text = blob.decode("ascii")
    values: list[str] = []
    start = len(_BEFORE_BRANCH)
    for mark in _MARKS:
        # index raises ValueError
        end = text.index(mark, start)
        values.append(text[start:end])
        start = end + len(mark)
    values.append(text[start:-1])
    return StoredText(*values)
