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
    oids: dict[str, str] = {}
    rest = list(paths)
    while rest:
        given = b"".join(_quoted(path) + b"\n" for path in rest)
        answer = git.ask("hash-object", *options, "--stdin-paths", given=given)
        told = answer.out.decode().split()
        oids.update(zip(rest, told, strict=False))
        # git stops at a file that it cannot read, so go on behind it
        rest = rest[len(told) + 1 :]
    return oids


def cleaned(
    repository: Repository,
    files: Mapping[str, str],
    limit: int,
) -> dict[str, bytes]:
    """The stored form of files, given as paths by their ids, of at most ``limit`` bytes each.

    A file that has another id by now is left out.
    """
    home = temporary.make_folder("clean")
    try:
        _borrow_objects(home, repository)
        git = repository.git.within(repository.git.directory, {"GIT_OBJECT_DIRECTORY": home})
        written = hashed(git, list(files.values()), "-w")
        unchanged = [oid for oid, path in files.items() if written.get(path) == oid]
        if not unchanged:
            return {}
        contents = {}
        for stored in Objects(repository, git).read(unchanged, limit):
            if stored.blob is not None:
                contents[stored.oid] = stored.blob
        return contents
    finally:
        temporary.remove(home)


def _borrow_objects(home: str, repository: Repository) -> None:
    """Let a store of objects see that of the repository.

    The attributes of files may lie there alone: git reads them from the index where they are not on
    disk.
    """
    theirs = os.environ.get("GIT_OBJECT_DIRECTORY")
    if not theirs:
        theirs = os.path.join(repository.common_dir, "objects")
    os.mkdir(os.path.join(home, "info"))
    with open(os.path.join(home, "info", "alternates"), "wb") as file:
        file.write(os.fsencode(os.path.abspath(theirs)) + b"\n")


def _quoted(path: str) -> bytes:
    """A path as git reads it from a line: quoted where it begins with a quote or breaks the line."""
    raw = os.fsencode(path)
    if not raw.startswith(b'"') and b"\n" not in raw:
        return raw
    escaped = raw.replace(b"\\", b"\\\\")
    escaped = escaped.replace(b'"', b'\\"')
    escaped = escaped.replace(b"\n", b"\\n")
    return b'"' + escaped + b'"'
