"""What all kinds of records have in common, and what the name of a ref is made of."""

from __future__ import annotations

from git_muse_coord.model import codec
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.model.frozen import Frozen, stored
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta
    from typing import ClassVar

    from git_muse_coord.model.codec import Json
    from git_muse_coord.model.text_types import RunId

MAX_RUN_ID = 256

RUN_ID = codec.text(MAX_RUN_ID, line=True)
WORD = codec.text(128, line=True)
HEX = "[0-9a-f]{64}"


class Kind(Frozen):
    """What all kinds of records share. ``extra`` keeps fields that a later writer added to a known format.

    ``folder`` is where the refs of a kind lie, ``ref_pattern`` what their last part looks like.
    ``begins`` names the field that says when a record was made; ``longest`` is how long after that
    it may expire, None for no such limit.
    """

    kind: ClassVar[str]
    folder: ClassVar[str]
    ref_pattern: ClassVar[str] = HEX
    begins: ClassVar[str] = "created_at"
    longest: ClassVar[timedelta | None] = None
    run_id: RunId = stored(RUN_ID)
    nonce: str = stored(WORD)
    extra: Mapping[str, Json] = {}

    @property
    def key(self) -> str | None:
        """What names the ref where there can be only one such record; None where its own id does."""
        return None

    @classmethod
    def is_keyed(cls) -> bool:
        """Whether there can be only one record about each thing, so that refs are named by the key."""
        return cls.key is not Kind.key

    @property
    def made_at(self) -> datetime:
        """When it was made."""
        moment: datetime = getattr(self, self.begins)
        return moment

    def check(self) -> None:
        """Look at the fields together. Raises InvalidRecord."""
        if self.longest is None:
            return
        # A kind with a longest life has this field; the base of all kinds does not.
        expires_at: datetime = vars(self)["expires_at"]
        if expires_at - self.made_at > self.longest:
            raise InvalidRecord(
                f"expires_at is more than {self.longest.days} days after {self.begins}"
            )
