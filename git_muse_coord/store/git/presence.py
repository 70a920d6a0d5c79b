"""Whether git has the objects of our refs, at the cost of a look at some files."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping

from git_muse_coord.model.records import REF_PREFIX
from git_muse_coord.store.git.objects import Objects


def lost_objects(objects: Objects, listed: Mapping[str, str]) -> dict[str, str]:
    """Those refs, with their object ids, whose objects are gone.

    Only refs that are files are looked at, because git packs no ref whose object it does not have.
    """
    files = {ref: listed[ref] for ref in _ref_files(objects.common_dir) if ref in listed}
    gone = set(objects.lost(list(files.values())))
    return {ref: oid for ref, oid in files.items() if oid in gone}


def _ref_files(common_dir: str) -> Iterator[str]:
    top = os.path.join(common_dir, *REF_PREFIX.rstrip("/").split("/"))
    for folder in _names(top):
        for name in _names(os.path.join(top, folder)):
            yield f"{REF_PREFIX}{folder}/{name}"


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder)
    except OSError:  # not a folder, or gone
        return []
