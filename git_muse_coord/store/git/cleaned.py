"""What files of the working tree hold as git would store them, where that differs from what lies on disk.

Git alone knows: by attributes and settings it takes away line ends, recodes the text, or runs a
filter of the user's. It does so into a store of objects that is gone afterwards.
"""

from __future__ import annotations

import os

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git import temporary
from git_muse_coord.store.git.objects import Objects

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from git_muse_coord.store.git.process import Git
    from git_muse_coord.store.git.repository import Repository


def hashed(
    git: Git,
    paths: Sequence[str],
    *options: str,
) -> dict[str, str]:
    """The id that git gives to each file, by its path from the root; without those that git cannot read."""
    oids: dict[str, str] = {}
    rest = list(paths)
    while rest:
        lines = map(_line, rest)
        given = b"".join(lines)
        answer = git.ask("hash-object", *options, "--stdin-paths", given=given)
        new_oids = answer.words
        oids.update(zip(rest, new_oids, strict=False))
        # git stops at a file that it cannot read, so go on behind it
        done = len(new_oids) + 1
        rest = rest[done:]
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
        directory = repository.git.directory
        environment = {"GIT_OBJECT_DIRECTORY": home}
        git = repository.git.within(directory, environment)
        paths = list(files.values())
        written = hashed(git, paths, "-w")
        unchanged: list[str] = []
        for oid, path in files.items():
            if written.get(path) == oid:
                unchanged.append(oid)
        objects = Objects(repository, git)
        return objects.contents(unchanged, limit)
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
    absolute = os.path.abspath(theirs)
    line = os.fsencode(absolute) + b"\n"
    info = os.path.join(home, "info")
    os.mkdir(info)
    alternates = os.path.join(info, "alternates")
    with open(alternates, "wb") as file:
        file.write(line)


def _line(path: str) -> bytes:
    """A path as git reads it from a line: quoted where it begins with a quote or breaks the line."""
    raw = os.fsencode(path)
    if not raw.startswith(b'"') and b"\n" not in raw:
        return raw + b"\n"
    escaped = raw.replace(b"\\", b"\\\\")
    escaped = escaped.replace(b'"', b'\\"')
    escaped = escaped.replace(b"\n", b"\\n")
    return b'"' + escaped + b'"\n'
