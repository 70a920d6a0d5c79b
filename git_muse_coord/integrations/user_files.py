"""The completions and the man page in the user's own folders, where shells and man look for them.

A file that we put there ends in a line that says so, with a checksum. What has no such line, or was
changed since, is not ours to touch; where it all lies is the same below a user's share folder as
below that of an installation.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from git_muse_coord.integrations.files import make, speaking, write
from git_muse_coord.model.declared import Declared
from git_muse_coord.store.manual import found_by_man

SHELLS = ("bash", "zsh", "fish")
MAN = "man"
_SHARE = Path(__file__).parents[1] / "share"
_MODE = 0o644
_MARK = re.compile(
    rb"""(?:#|\.\\") Made by git-muse-coord install, with (\d+) folders: ([0-9a-f]{64})\n\Z"""
)


class _Shared(NamedTuple):
    """A file that we ship: where it lies in the package and below a share folder, and how its comments begin."""

    name: str
    source: str
    place: str
    comment: str


_SHARED = {
    "bash": _Shared(
        "bash completion",
        "completions/git-muse-coord.bash",
        "bash-completion/completions/git-muse-coord",
        "#",
    ),
    "zsh": _Shared(
        "zsh completion",
        "completions/git-muse-coord.zsh",
        "zsh/site-functions/_git-muse-coord",
        "#",
    ),
    "fish": _Shared(
        "fish completion",
        "completions/git-muse-coord.fish",
        "fish/vendor_completions.d/git-muse-coord.fish",
        "#",
    ),
    MAN: _Shared("man page", "man/git-muse-coord.1", "man/man1/git-muse-coord.1", '.\\"'),
}
_FISH_OF_GIT = _Shared(
    "fish completion of git muse-coord",
    "completions/git-muse-coord.of-git.fish",
    "fish/vendor_conf.d/git-muse-coord.fish",
    "#",
)


class FileChange(Declared):
    """What was done, or with ``--print`` would be done, for one file.

    ``action``: made, renewed (an older one of ours), present (nothing to do), kept (it is not ours,
    or was changed, and stays as it is); or, when it is undone, removed.
    """

    file: str
    action: str
    path: str


class _Ours(NamedTuple):
    """A file that we made: what it says, unless it was changed since, and how many folders were made for it."""

    text: bytes | None
    folders: int


class UserFiles:
    """Our files below the share folder of a user, ``$XDG_DATA_HOME``."""

    def __init__(self, home: str) -> None:
        self._home = home

    def install(self, name: str, *, dry_run: bool) -> tuple[FileChange, ...]:
        """Put a file there, unless it can be found already, and those that belong to it. Raises StoreFailed.

        Of these only what stays as it is is told.
        """
        shared = _SHARED[name]
        # An installation as root puts the page where man looks anyway.
        if name == MAN and not os.path.lexists(self._path(name)):
            elsewhere = found_by_man()
            if elsewhere:
                present = FileChange(
                    file=shared.name,
                    action="present",
                    path=elsewhere,
                )
                return (present,)
        changes = [self._install(shared, dry_run=dry_run)]
        for companion in _companions(name):
            change = self._install(companion, dry_run=dry_run)
            if change.action == "kept":
                changes.append(change)
        return tuple(changes)

    def _install(self, shared: _Shared, *, dry_run: bool) -> FileChange:
        path = os.path.join(self._home, shared.place)
        text = (_SHARE / shared.source).read_bytes()
        ours = _ours(path)
        if not os.path.lexists(path):
            if not dry_run:
                content = _marked(shared, text, _count_missing(path))
                with speaking():
                    make(path, content, _MODE)
            return FileChange(
                file=shared.name,
                action="made",
                path=path,
            )
        if ours is None or ours.text is None:
            action = "present" if _read(path) == text else "kept"
            return FileChange(
                file=shared.name,
                action=action,
                path=path,
            )
        if ours.text == text:
            return FileChange(
                file=shared.name,
                action="present",
                path=path,
            )
        if not dry_run:
            # The folders that were made for it at first are still ours to remove.
            with speaking():
                write(path, _marked(shared, text, ours.folders))
        return FileChange(
            file=shared.name,
            action="renewed",
            path=path,
        )

    def uninstall(self, names: Iterable[str]) -> tuple[FileChange, ...]:
        """Remove what we put there, with the folders that were made for it and are empty. Raises StoreFailed."""
        changes: list[FileChange] = []
        folders: set[Path] = set()
        for name in names:
            change = self._uninstall(_SHARED[name], folders)
            if change is not None:
                changes.append(change)
            for companion in _companions(name):
                change = self._uninstall(companion, folders)
                if change is not None and change.action == "kept":
                    changes.append(change)
        # The innermost first: a folder is empty only when those in it are gone.
        for folder in sorted(folders, key=_depth, reverse=True):
            with contextlib.suppress(OSError):  # somebody else has put something there
                folder.rmdir()
        return tuple(changes)

    def _uninstall(self, shared: _Shared, folders: set[Path]) -> FileChange | None:
        """Remove a file if we made it; ``folders`` takes those that were made for it."""
        path = os.path.join(self._home, shared.place)
        ours = _ours(path)
        if ours is None:
            return None
        action = "kept"
        if ours.text is not None:
            with speaking():
                os.unlink(path)
            above = Path(path).parents
            folders.update(above[: ours.folders])
            action = "removed"
        return FileChange(
            file=shared.name,
            action=action,
            path=path,
        )

    def advice(self, name: str) -> tuple[str, ...]:
        """What is left to do before a file that was just installed is found."""
        folder = os.path.dirname(self._path(name))
        if name == "bash":
            return (
                f"bash reads it if bash-completion is installed; else add to ~/.bashrc: . '{self._path(name)}'",
            )
        if name == "zsh":
            return (f"zsh reads it if ~/.zshrc has, before compinit: fpath=('{folder}' $fpath)",)
        if name == MAN and not found_by_man():
            return (f"man reads it if the environment has: MANPATH='{os.path.dirname(folder)}:'",)
        return ()

    def _path(self, name: str) -> str:
        return os.path.join(self._home, _SHARED[name].place)


def _companions(name: str) -> list[_Shared]:
    """What belongs to a file and comes and goes with it: the pages of the verbs; what fish reads at its start."""
    if name == "fish":
        return [_FISH_OF_GIT]
    if name != MAN:
        return []
    main = _SHARED[MAN]
    pages: list[_Shared] = []
    for page in sorted(os.listdir(_SHARE / "man")):
        if main.source.endswith(f"/{page}"):
            continue
        of_verb = _Shared(
            name=page,
            source=f"man/{page}",
            place=f"man/man1/{page}",
            comment=main.comment,
        )
        pages.append(of_verb)
    return pages


def _ours(path: str) -> _Ours | None:
    content = _read(path)
    if content is None or os.path.islink(path):  # we make no links, whatever is behind one
        return None
    mark = _MARK.search(content)
    if mark is None:
        return None
    folders = int(mark[1])
    text = content[: mark.start()]
    is_as_made = _checksum(text).encode() == mark[2]
    if not is_as_made:
        return _Ours(None, folders)
    return _Ours(text, folders)


def _marked(
    shared: _Shared,
    text: bytes,
    folders: int,
) -> bytes:
    """What is written: the text, and the line that says that it is ours."""
    checksum = _checksum(text)
    mark = f"Made by git-muse-coord install, with {folders} folders: {checksum}"
    return text + f"{shared.comment} {mark}\n".encode()


def _read(path: str) -> bytes | None:
    try:
        return Path(path).read_bytes()
    except OSError:
        return None


def _checksum(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()


def _count_missing(path: str) -> int:
    """How many folders must be made for a file."""
    return sum(not folder.exists() for folder in Path(path).parents)


def _depth(folder: Path) -> int:
    return len(folder.parts)
