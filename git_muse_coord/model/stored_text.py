"""What a stored reservation says, cut out of its bytes as JSON text: thousands are printed and hardly looked at.

Canonical JSON has its keys in one order, and inside of a text each quote has a backslash before it.
So where the keys are known, the first place that looks like the next key is that key.
"""

from __future__ import annotations

from git_muse_coord.model import light_json
from git_muse_coord.model.codec import FORMAT
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_ADDRESSES = '"addresses":'
_BRANCH = ',"branch":'
_UNTOLD = f',"format":{FORMAT},"kind":"reservation","nonce":'
_OPERATION = '"operation":'
_REASON = ',"reason":'
_RUN_ID = ',"run_id":'
_END = slice(-33, -1)
"""The last value before the format, without its quotes: times are all of one length."""


class StoredText(NamedTuple):
    """The fields of a reservation, in JSON, but for those that only tell what it is.

    ``first`` are those from the addresses to the end, ``last`` those from the operation to the run id.
    """

    first: str
    last: str

    @property
    def expires_at(self) -> str:
        """When it ends by itself."""
        return self.first[_END]

    @property
    def addresses(self) -> Sequence[str]:
        """What it holds."""
        start = len(_ADDRESSES)
        end = self.first.index(_BRANCH)
        text = self.first[start:end]
        # nothing in it stands for anything else
        if "\\" not in text:
            return text[2:-2].split('","')
        addresses: Sequence[str] = light_json.loads(text)
        return addresses

    @property
    def operation(self) -> str | None:
        """What is to be done, a word."""
        start = len(_OPERATION)
        end = self.last.index(_REASON)
        text = self.last[start:end]
        if text == "null":
            return None
        return text[1:-1]

    @property
    def run_id(self) -> str:
        """Who holds it."""
        # From the end: a reason may say what looks like the key, and comes before it.
        _, _, text = self.last.rpartition(_RUN_ID)
        if "\\" not in text:
            return text[1:-1]
        run_id: str = light_json.loads(text)
        return run_id


def stored_text(blob: bytes) -> StoredText:
    """Cut up a sound reservation that has no further fields. Raises ValueError for any other."""
    text = blob.decode("ascii")
    untold = text.index(_UNTOLD)
    operation = text.index(_OPERATION, untold)
    return StoredText(text[1:untold], text[operation:-1])
