"""Names of the refs of records, put together and taken apart."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import REF_PREFIX, bare, with_prefix

if TYPE_CHECKING:
    from collections.abc import Mapping

    from git_muse_coord.model.records import Record
    from git_muse_coord.model.text_types import RecordId

    Oids = dict[str, str]
    """Object ids by the refs that name them, or are to name them."""
    OidsByRef = Mapping[str, str]
    """Object ids by ref that are only looked at."""


def prefix_of(kind: type[Record]) -> str:
    """What the refs of a kind begin with, up to and with the slash."""
    return f"{REF_PREFIX}{kind.folder}/"


def short_name(ref: str) -> str:
    """A ref without ``refs/muse/``: the name that the archive knows it by."""
    return ref.removeprefix(REF_PREFIX)


def named_after(kind: type[Record], content_id: RecordId) -> str:
    """The ref, without ``refs/muse/``, of a kind that is named by this id."""
    return f"{kind.folder}/{bare(content_id)}"


def ref_of(kind: type[Record], content_id: RecordId) -> str:
    """The ref of a kind that is named by this id."""
    return prefix_of(kind) + bare(content_id)


def last_part(ref: str) -> str:
    """What a ref is called in its folder: for most the bare hex of an id."""
    return ref.rpartition("/")[2]


def id_in(ref: str) -> RecordId:
    """The id that a ref is named by: its own, or that of what the record is about."""
    return with_prefix(ref.rpartition("/")[2])
