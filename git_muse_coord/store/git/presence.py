"""Whether git has the objects of our refs, at the cost of a look at some files."""

from __future__ import annotations

import os

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import REF_PREFIX
from git_muse_coord.store.git.regular_file import names_in_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from git_muse_coord.store.git.objects import Objects


def lost_objects(objects: Objects, oid_of: Callable[[str], str | None]) -> dict[str, str]:
    """Those refs, with their object ids, whose objects are gone.

    ``oid_of`` tells the object of a ref that was listed. Only refs that are files are looked at,
    because git packs no ref whose object it does not have.
    """
    oids: dict[str, str] = {}
    for ref in _ref_files(objects.common_dir):
        oid = oid_of(ref)
        if oid is not None:
            oids[ref] = oid
    absent = set(objects.lost(list(oids.values())))
    lost: dict[str, str] = {}
    for ref, oid in oids.items():
        if oid in absent:
            lost[ref] = oid
    return lost


def _ref_files(common_dir: str) -> Iterator[str]:
    """The names of our refs that are files; a kind of record has a folder, with no more folders in it."""
    levels = REF_PREFIX.rstrip("/").split("/")
    top = os.path.join(common_dir, *levels)
    for kind in names_in_folder(top):
        folder = os.path.join(top, kind)
        for name in names_in_folder(folder):
            yield f"{REF_PREFIX}{kind}/{name}"
