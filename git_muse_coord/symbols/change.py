"""The values that a comparison of two versions hands out; apart, because few commands compare any."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_enum import StrEnum

if TYPE_CHECKING:
    from git_muse_coord.model.address import Address


class ChangeKind(StrEnum):
    """How a symbol differs between two versions, the strongest that applies."""

    ADDED = "added"
    DELETED = "deleted"
    MODIFIED = "modified"
    SIGNATURE = "signature"
    DECORATION = "decoration"
    RENAMED = "renamed"
    MOVED = "moved"
    FORMATTING = "formatting"


class Change(NamedTuple):
    """One symbol that differs; ``from_address`` is where a renamed or moved one was before."""

    address: Address
    change: ChangeKind
    from_address: Address | None = None

    @property
    def is_formatting(self) -> bool:
        """Whether it means what it did, and is only written in another way."""
        return self.change == ChangeKind.FORMATTING
