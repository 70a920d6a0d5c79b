"""Which records there are now, as the refs tell: listed by their files where that can be, else by git."""

from __future__ import annotations

import sys

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.names import ARCHIVE, EPOCH
from git_muse_coord.model.records import REF_PREFIX
from git_muse_coord.store.git.ref_look import RefLook, RefRows
from git_muse_coord.store.records.ref_lines import RefLines

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from git_muse_coord.store.git.ref_files import RefFiles, RefListing
    from git_muse_coord.store.git.refs import Refs
    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.store.records.ref_names import OidsByRef

    Listing: TypeAlias = "ListedRefs | RefLines"

ROOT = REF_PREFIX.rstrip("/")
SINGLES = (EPOCH, ARCHIVE)

_KNOWN_DIRECTORIES = ("linux", "darwin")
"""On these systems a directory of refs is read as git reads it."""


class ListedRefs(NamedTuple):
    """As ``RefLines``, by the files of the refs: ``files`` says what is new since the listing before."""

    epoch: str | None
    archive_tip: str | None
    refs: OidsByRef
    files: RefListing


def files_of_refs(repository: Repository) -> RefFiles | RefLook | None:
    """What lists refs without git, where it is known how files behave."""
    if not repository.stays:
        if sys.platform not in _KNOWN_DIRECTORIES:
            return None
        return RefLook(repository, ROOT, SINGLES)
    if sys.platform != "linux":
        return None
    from git_muse_coord.store.git.ref_files import RefFiles

    return RefFiles(repository, ROOT, SINGLES)


def begin_listing(
    refs: Refs,
    files: RefFiles | RefLook | None,
) -> Callable[[], Listing]:
    """Begin to list the refs; what is returned gives the listing.

    Git lists in a process of its own, so that something else can be done meanwhile.
    """
    told = None if files is None else files.listing()
    # where the refs are no plain files, or what is in these is not for us to read
    if told is None:
        asking = refs.listing(*SINGLES, ROOT)
        return lambda: RefLines.told_by_git(asking())
    singles = told.singles
    listing: Listing
    if isinstance(told, RefRows):
        listing = RefLines.read(told.packed, told.loose, singles)
    else:
        epoch = singles.get(EPOCH)
        archive_tip = singles.get(ARCHIVE)
        listing = ListedRefs(epoch, archive_tip, told.refs, told)
    return lambda: listing
