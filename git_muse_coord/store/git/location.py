"""Where a repository is, as its files say it where all is as usual.

To ask git costs every command a process. So we look where git would look, and then compare: git
lists the configuration with the files that it comes from, and that shows which repository it has
found. Where anything is out of the ordinary, or the two do not agree, git is asked.
"""

from __future__ import annotations

import os

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.store.git.config_listing import values_of
from git_muse_coord.store.git.head import is_head
from git_muse_coord.store.git.regular_file import read_regular

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEADING_ELSEWHERE = ("GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY", "GIT_CONFIG", "GIT_NAMESPACE")
"""Variables by which git finds another place than we would, or tells another configuration."""

_MOST_BYTES = 4096
_CHANGES_PATHS = (b"core.precomposeunicode", b"core.ignorecase")
_FORMATS = (b"sha1", b"sha256")


GitDirectories = tuple[str, str]
"""The git directory of a worktree, and the one that all worktrees share."""


class Location(NamedTuple):
    """A repository with a working tree: its own git directory, and the one that all worktrees share.

    ``prefix`` is where we stand in the tree, ``""`` or ending in ``/``.
    """

    top: str
    git_dir: str
    common_dir: str
    prefix: str


def usual_location(directory: str, environment: Mapping[str, str]) -> Location | None:
    """The repository around a directory; None where that is not plainly to be seen."""
    if any(name in environment for name in _LEADING_ELSEWHERE):
        return None
    here = os.path.realpath(directory)
    top = _nearest(here)
    if top is None or "\n" in here:
        return None
    dot_git = os.path.join(top, ".git")
    directories = _directories(dot_git)
    if directories is None:
        return None
    git_dir, common_dir = directories
    inside = here[len(top) :].strip("/")
    prefix = f"{inside}/" if inside else ""
    location = Location(top, git_dir, common_dir, prefix)
    if not _is_meant(location, here, environment):
        return None
    return location


def format_as_agreed(location: Location, listed: bytes) -> str | None:
    """The object format of a repository, if the configuration that git lists is that of the same; else None.

    Nor may it say that its tree is another than the one around us.
    """
    origins = _origins(location)
    object_format = b"sha1"
    is_the_same = False
    for scope, origin, key, text in values_of(listed):
        is_its_own = scope == b"local" and origin in origins
        if is_its_own:
            is_the_same = True
        if _leads_elsewhere(key, text, location):
            return None
        if key == b"extensions.objectformat":
            # git believes nobody else
            if not is_its_own:
                return None
            object_format = text
    if not is_the_same or object_format not in _FORMATS:
        return None
    return object_format.decode()


def _leads_elsewhere(
    key: bytes,
    text: bytes,
    location: Location,
) -> bool:
    if key == b"core.worktree":
        return True
    if text == b"false":
        return False
    if key == b"core.bare":
        return True
    # git may then write the way to where we stand otherwise than the system tells it
    return key in _CHANGES_PATHS and location.prefix != ""


def _origins(location: Location) -> tuple[bytes, ...]:
    """How git names the file of the configuration: from the top, where that is the way it found it."""
    path = os.path.join(location.common_dir, "config")
    absolute = b"file:" + os.fsencode(path)
    usual_git_dir = os.path.join(location.top, ".git")
    if location.git_dir == usual_git_dir:
        return b"file:.git/config", absolute
    return (absolute,)


def _nearest(here: str) -> str | None:
    """The nearest directory upwards with a ``.git``, unless one on the way may be a repository itself."""
    directory = here
    while True:
        dot_git = os.path.join(directory, ".git")
        if os.path.lexists(dot_git):
            return directory
        parent = os.path.dirname(directory)
        if parent == directory:
            return None
        head = os.path.join(directory, "HEAD")
        if os.path.lexists(head):
            return None
        directory = parent


def _directories(dot_git: str) -> GitDirectories | None:
    """The git directory of a worktree and that which all share; None for a link, a submodule, or what is broken."""
    is_link = os.path.islink(dot_git)
    if os.path.isdir(dot_git) and not is_link:
        directories = _directories_of_main(dot_git)
    else:
        directories = _directories_of_linked(dot_git)
    if directories is None:
        return None
    git_dir, common_dir = directories
    if not is_head(git_dir):
        return None
    # git passes over what lacks one of these, and goes on upwards
    for name in ("objects", "refs"):
        folder = os.path.join(common_dir, name)
        if not os.access(folder, os.X_OK):
            return None
    return directories


def _directories_of_main(git_dir: str) -> GitDirectories | None:
    pointer = os.path.join(git_dir, "commondir")
    if os.path.lexists(pointer):
        return None
    return git_dir, git_dir


def _directories_of_linked(dot_git: str) -> GitDirectories | None:
    """The same for a linked worktree, whose ``.git`` is a file that names its directory."""
    line = _line(dot_git)
    if not line.startswith("gitdir: "):
        return None
    worktree = os.path.dirname(dot_git)
    named = os.path.join(worktree, line.removeprefix("gitdir: "))
    git_dir = os.path.realpath(named)
    pointer = os.path.join(git_dir, "commondir")
    line = _line(pointer)
    # a submodule has no such file
    if not line:
        return None
    shared = os.path.join(git_dir, line)
    return git_dir, os.path.realpath(shared)


def _is_meant(
    location: Location,
    here: str,
    environment: Mapping[str, str],
) -> bool:
    """Whether the variables, such as git sets for its hooks, name the same place, if any."""
    named_git_dir = environment.get("GIT_DIR")
    named_top = environment.get("GIT_WORK_TREE")
    if named_git_dir is None:
        return named_top is None
    if location.prefix:
        return False
    git_dir = os.path.join(here, named_git_dir)
    if os.path.realpath(git_dir) != location.git_dir:
        return False
    if named_top is None:
        return True
    top = os.path.join(here, named_top)
    return os.path.realpath(top) == location.top


def _line(path: str) -> str:
    text = read_regular(path, _MOST_BYTES)
    if text is None:
        return ""
    return os.fsdecode(text).rstrip("\r\n")
