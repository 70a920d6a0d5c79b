"""Trees that another clone made: listed within bounds, and written again.

A tree of a few hundred bytes can name billions of paths.
"""

from __future__ import annotations

import os

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.store.git import temporary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from git_muse_coord.store.git.process import Git

LISTING_BYTES = 32 << 20
"""A listing is read so far, which is some 300,000 files; 64 MiB took a busy machine 20 s."""

_PIECE = 1 << 20
# what the user's settings would write beside the index, and the names they would refuse
_PLAIN_INDEX = (
    "-c",
    "core.splitIndex=false",
    "-c",
    "core.protectNTFS=false",
    "-c",
    "core.protectHFS=false",
)


class Unsound(Exception):
    """What another clone sent is not what it should be. The text is the reason, for people."""


class ForeignFile(NamedTuple):
    """A file of a tree. ``size`` is in bytes, and 0 where it was not asked for or the entry is no blob."""

    mode: str
    oid: str
    size: int = 0


def require_commit(git: Git, oid: str) -> None:
    """Refuse an object that is no commit. Raises Unsound."""
    answer = git.ask("cat-file", "-t", oid)
    kind = answer.out.strip()
    if kind != b"commit":
        raise Unsound("it is no commit")


def list_files(
    git: Git,
    commit: str,
    *,
    sizes: bool = False,
) -> dict[str, ForeignFile]:
    """The files of a commit by path, in folders of folders too. Raises Unsound."""
    command = ["ls-tree", "-r", "-z", "--full-tree", commit]
    if sizes:
        command.insert(1, "-l")
    output = _read(git, command)
    # not as the file system of this machine has it: the same bytes go into a tree again
    text = output.decode("utf-8", "surrogateescape")
    *rows, _ = text.split("\0")
    files: dict[str, ForeignFile] = {}
    for row in rows:
        facts, _, path = row.partition("\t")
        files[path] = _file(facts.split())
    return files


def write_tree(git: Git, whole: Mapping[str, ForeignFile]) -> str:
    """Write a tree of some files, by way of an index of its own, and return it. Raises StoreFailed."""
    home = temporary.make_folder("tree")
    try:
        index = os.path.join(home, "index")
        apart = git.within(git.directory, {"GIT_INDEX_FILE": index})
        rows: list[str] = []
        for path, file in whole.items():
            rows.append(f"{file.mode} {file.oid}\t{path}\0")
        given = "".join(rows).encode("utf-8", "surrogateescape")
        apart.run(*_PLAIN_INDEX, "update-index", "-z", "--index-info", given=given)
        return apart.line(*_PLAIN_INDEX, "write-tree")
    finally:
        temporary.remove(home)


def _file(facts: Sequence[str]) -> ForeignFile:
    mode, kind, oid, *sizes = facts
    if not sizes or kind != "blob":
        return ForeignFile(mode, oid)
    (size,) = sizes
    if not size.isdecimal():  # git says BAD of a file that is not here
        raise Unsound("a file of it is missing, or was too large to be sent")
    return ForeignFile(mode, oid, int(size))


def _read(git: Git, arguments: Sequence[str]) -> bytes:
    output = bytearray()
    with git.start(arguments, quiet=True) as process:
        assert process.stdout is not None  # noqa: S101 - as started
        while piece := process.stdout.read(_PIECE):
            output += piece
            if len(output) > LISTING_BYTES:
                process.kill()
                raise Unsound(f"the list of its files is longer than {LISTING_BYTES:,} bytes")
    if process.returncode:
        raise Unsound("git cannot read its tree")
    return bytes(output)
