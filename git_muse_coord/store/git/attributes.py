"""The attributes by which git merges: those of the commit that is merged into, such as ``CHANGES merge=union``.

Git reads them from files of the working tree alone, never from a commit.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from git_muse_coord.store.git.contents import Contents
from git_muse_coord.store.git.drivers import without_foreign_drivers
from git_muse_coord.store.git.process import Git, input_lines
from git_muse_coord.store.git.repository import Repository

_NAMED = ":(top,glob)**/.gitattributes"

_LISTED = ("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--")
_LIMIT = 1 << 20

Attributes = frozenset[tuple[str, str]]
"""The files of attributes in one tree: paths and object ids."""


def of_commits(git: Git, commits: Iterable[str]) -> dict[str, Attributes]:
    """The files of attributes in each of some commits; of one that is not here, none."""
    names = list(dict.fromkeys(commits))
    asked = input_lines(f"{name}^{{tree}}" for name in names)
    told = (
        git.run("cat-file", "--batch-check=%(objectname)", "--buffer", given=asked)
        .decode()
        .splitlines()
    )
    found = _of_trees(git, {line for line in told if " " not in line})
    return {name: found.get(tree, frozenset()) for name, tree in zip(names, told, strict=True)}


def on_disk(repository: Repository) -> Attributes:
    """The tracked files of attributes as they lie in the working tree; none in a bare repository."""
    if repository.top is None:
        return frozenset()
    asked = repository.git.ask("ls-files", "-z", "--full-name", "--", _NAMED)
    contents = Contents(repository, _LIMIT)
    found = {path: contents.read_now(path) for path in os.fsdecode(asked.out).split("\0")[:-1]}
    return frozenset((path, contents.oid(data)) for path, data in found.items() if data is not None)


def lay_out(git: Git, attributes: Attributes, directory: str, trusted: Attributes) -> None:
    """Write files of attributes under a directory, where git can read them.

    Unless they are the ``trusted`` ones, they choose no merge drivers but those that these choose,
    too.
    """
    known = dict(trusted)
    for path, oid in attributes:
        if path.startswith("/") or ".." in path.split("/"):
            continue  # out of the directory, in a tree that git itself would not check out
        place = os.path.join(directory, path)
        os.makedirs(os.path.dirname(place), exist_ok=True)
        data = _blob(git, oid)
        if attributes != trusted:
            data = without_foreign_drivers(data, _blob(git, known[path]) if path in known else b"")
        with open(place, "wb") as file:
            file.write(data)


def _blob(git: Git, oid: str) -> bytes:
    return git.run("cat-file", "blob", oid)


def _of_trees(git: Git, trees: Iterable[str]) -> dict[str, Attributes]:
    """By tree: they are compared with the empty one."""
    empty = git.run("hash-object", "-t", "tree", "--stdin").decode().strip()
    pairs = input_lines(f"{empty} {tree}" for tree in trees)
    fields = iter(os.fsdecode(git.run(*_LISTED, _NAMED, given=pairs)).split("\0"))
    found: dict[str, set[tuple[str, str]]] = {}
    tree = ""
    for field in (
        fields
    ):  # lines that name two trees, the last of them goes on with what differs; then its path
        *heads, facts = field.split("\n")
        tree = heads[-1].split(" ")[1] if heads else tree
        if facts.startswith(":000000 100"):
            found.setdefault(tree, set()).add((next(fields), facts.split(" ")[3]))
        elif facts:
            next(fields)
    return {tree: frozenset(some) for tree, some in found.items()}
