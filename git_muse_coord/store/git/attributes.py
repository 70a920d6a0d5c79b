"""The attributes by which git merges: those of the commit that is merged into, such as ``CHANGES merge=union``.

Git reads them from files of the working tree alone, never from a commit.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.store.git.contents import Contents
from git_muse_coord.store.git.drivers import without_foreign_drivers
from git_muse_coord.store.git.process import Git, fields_of, input_lines
from git_muse_coord.store.git.ranges import empty_tree
from git_muse_coord.store.git.repository import Repository

_NAMED = ":(top,glob)**/.gitattributes"

_LISTED = ("diff-tree", "--stdin", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--")
_NEW_FILE = ":000000 100"
"""How the facts of a regular file begin that the other tree does not have: git follows no links here."""
_LIMIT = 1 << 20
"""A file of attributes on disk has at most so many bytes, else it counts as absent."""

PathAndOid = tuple[str, str]
Attributes = frozenset[PathAndOid]
"""The files of attributes in one tree: paths and object ids."""
NO_ATTRIBUTES: Attributes = frozenset()


def of_commits(git: Git, commits: Iterable[str]) -> dict[str, Attributes]:
    """The files of attributes in each of some commits; of one that is not here, none."""
    each_once = list(dict.fromkeys(commits))
    trees = _trees_of(git, each_once)
    # of a commit that is not here git says NAME missing
    known_trees = {tree for tree in trees if " " not in tree}
    attributes_of = _of_trees(git, known_trees)
    attributes: dict[str, Attributes] = {}
    for commit, tree in zip(each_once, trees, strict=True):
        attributes[commit] = attributes_of.get(tree, NO_ATTRIBUTES)
    return attributes


def _trees_of(git: Git, commits: Iterable[str]) -> list[str]:
    """What git says of the tree of each commit, in order."""
    command = ("cat-file", "--batch-check=%(objectname)", "--buffer")
    asked = input_lines(f"{commit}^{{tree}}" for commit in commits)
    return git.lines(*command, given=asked)


def on_disk(repository: Repository) -> Attributes:
    """The tracked files of attributes as they lie in the working tree; none in a bare repository."""
    if repository.top is None:
        return NO_ATTRIBUTES
    answer = repository.git.ask("ls-files", "-z", "--full-name", "--", _NAMED)
    paths = fields_of(answer.out)
    contents = Contents(repository, _LIMIT)
    files: set[PathAndOid] = set()
    for path in paths:
        data = contents.read_now(path)
        if data is None:
            continue
        oid = contents.oid(data)
        files.add((path, oid))
    return frozenset(files)


def lay_out(
    git: Git,
    attributes: Attributes,
    directory: str,
    trusted: Attributes,
) -> None:
    """Write files of attributes under a directory, where git can read them.

    Unless they are the ``trusted`` ones, they choose no merge drivers but those that these choose,
    too.
    """
    trusted_oids = dict(trusted)
    for path, oid in attributes:
        if _leads_out(path):
            continue
        data = _blob(git, oid)
        if attributes != trusted:
            trusted_data = b""
            trusted_oid = trusted_oids.get(path)
            if trusted_oid:
                trusted_data = _blob(git, trusted_oid)
            data = without_foreign_drivers(data, trusted_data)
        place = os.path.join(directory, path)
        folder = os.path.dirname(place)
        os.makedirs(folder, exist_ok=True)
        with open(place, "wb") as file:
            file.write(data)


def _leads_out(path: str) -> bool:
    """Whether a path leads out of the directory, in a tree that git itself would not check out."""
    if path.startswith("/"):
        return True
    return ".." in path.split("/")


def _blob(git: Git, oid: str) -> bytes:
    return git.run("cat-file", "blob", oid)


def _of_trees(git: Git, trees: Iterable[str]) -> dict[str, Attributes]:
    """The files of attributes in some trees: what these have more than the empty one, all in one process."""
    empty = empty_tree(git)
    pairs = input_lines(f"{empty} {tree}" for tree in trees)
    output = git.run(*_LISTED, _NAMED, given=pairs)
    fields = os.fsdecode(output).split("\0")
    rest = iter(fields)
    files: dict[str, set[PathAndOid]] = defaultdict(set)
    tree = ""
    for field in rest:
        # the line EMPTY TREE of each pair, also of those that do not differ, stands before the next
        # facts in the same field; then comes the path in a field of its own
        *pairs_begun, facts = field.split("\n")
        if pairs_begun:
            _, tree = pairs_begun[-1].split(" ")
        if not facts:
            continue
        path = next(rest)
        if facts.startswith(_NEW_FILE):
            _, _, _, new_oid, _ = facts.split(" ")
            files[tree].add((path, new_oid))
    attributes: dict[str, Attributes] = {}
    for tree, files_of_tree in files.items():
        attributes[tree] = frozenset(files_of_tree)
    return attributes
