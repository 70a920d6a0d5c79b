"""Which records there are now, as the refs tell: listed by git, or by their files in a process that stays."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.names import ARCHIVE, EPOCH
from git_muse_coord.model.records import REF_PREFIX
from git_muse_coord.store.records.ref_lines import RefLines

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from git_muse_coord.store.git.ref_files import RefFiles, RefListing
    from git_muse_coord.store.git.refs import Refs

ROOT = REF_PREFIX.rstrip("/")
SINGLES = (EPOCH, ARCHIVE)


class ListedRefs(NamedTuple):
    """As ``RefLines``, by the files of the refs: ``files`` says what is new since the listing before."""

    epoch: str | None
    archive_tip: str | None
    refs: Mapping[str, str]
    files: RefListing


def begin_listing(
    refs: Refs,
    ref_files: RefFiles | None,
) -> Callable[[], ListedRefs | RefLines]:
    """Begin to list the refs; what is returned gives the listing.

    Git lists in a process of its own, so that something else can be done meanwhile.
    """
    told = None if ref_files is None else ref_files.listing()
    if told is not None:
        singles = told.singles
        listing = ListedRefs(singles.get(EPOCH), singles.get(ARCHIVE), told.refs, told)
        return lambda: listing
    asking = refs.listing(*SINGLES, ROOT)

    return lambda: RefLines(asking())
