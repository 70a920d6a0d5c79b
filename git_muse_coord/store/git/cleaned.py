"""What files of the working tree hold as git would store them, where that differs from what lies on disk.

Git alone knows: by attributes and settings it takes away line ends, recodes the text, or runs a
filter of the user's. It does so into a store of objects that is gone afterwards.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from git_muse_coord.store.git import temporary
from git_muse_coord.store.git.objects import Objects
from git_muse_coord.store.git.process import Git
from git_muse_coord.store.git.repository import Repository


def hashed(git: Git, paths: Sequence[str], *options: str) -> dict[str, str]:
    """The id that git gives to each file, by its path from the root; without those that git cannot read."""
    found: dict[str, str] = {}
    rest = list(paths)
    while rest:
        given = b"".join(_quoted(path) + b"\n" for path in rest)
        told = git.ask("hash-object", *options, "--stdin-paths", given=given).out.decode().split()
        found.update(zip(rest, told, strict=False))
        rest = rest[len(told) + 1 :]  # git stops at a file that it cannot read
    return found


def cleaned(repository: Repository, files: Mapping[str, str], limit: int) -> dict[str, bytes]:
    """The stored form of files that are given by their ids, as far as they still have these and are not too large."""
    home = temporary.make_folder("clean")
    try:
        _borrow(
            home,
            os.environ.get("GIT_OBJECT_DIRECTORY")
            or os.path.join(repository.common_dir, "objects"),
        )
        git = repository.git.within(repository.git.directory, {"GIT_OBJECT_DIRECTORY": home})
        written = hashed(git, list(files.values()), "-w")
        kept = [oid for oid, path in files.items() if written.get(path) == oid]
        found = Objects(repository, git).read(kept, limit) if kept else ()
        return {one.oid: one.blob for one in found if one.blob is not None}
    finally:
        temporary.remove(home)


def _borrow(home: str, objects: str) -> None:
    """Let a store of objects see another, where the attributes of files may lie that are not on disk."""
    os.mkdir(os.path.join(home, "info"))
    with open(os.path.join(home, "info", "alternates"), "wb") as file:
        file.write(os.fsencode(os.path.abspath(objects)) + b"\n")


def _quoted(path: str) -> bytes:
    """A path as git reads it from a line: quoted where it begins with a quote or breaks the line."""
    raw = os.fsencode(path)
    if not raw.startswith(b'"') and b"\n" not in raw:
        return raw
    return b'"' + raw.replace(b"\\", b"\\\\").replace(b'"', b'\\"').replace(b"\n", b"\\n") + b'"'
