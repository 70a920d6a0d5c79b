"""Repositories that several users of one machine share: what ``core.sharedRepository`` asks of files of ours.

Git makes its own files so; another user could otherwise neither take our locks nor write to our
caches.
"""

from __future__ import annotations

import os
import re
import stat
import sys

OURS = 0o600
GROUP = 0o660
EVERYBODY = 0o664
_WORDS = {
    "umask": None,
    "group": GROUP,
    "all": EVERYBODY,
    "world": EVERYBODY,
    "everybody": EVERYBODY,
    "0": None,
    "1": GROUP,
    "2": EVERYBODY,
    "false": None,
    "no": None,
    "off": None,
    "true": GROUP,
    "yes": GROUP,
    "on": GROUP,
}


def rights(value: str | None) -> int | None:
    """The mode of a file by the setting; None where the umask decides, as by default and for what git refuses."""
    if value is None:
        return None
    word = value.lower() or "umask"
    if word in _WORDS:
        return _WORDS[word]
    if not re.fullmatch("[0-7]+", value):
        return None
    mode = int(value, 8) & 0o666
    # git refuses what would keep a user from his own files
    if mode & OURS != OURS:
        return None
    return mode


def prepare(path: str, mode: int) -> None:
    """Make an empty file with that mode, and its folder, where there is none. What cannot be made is left undone."""
    folder = os.path.dirname(path)
    try:
        _make_folder(folder, mode)
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    except OSError:
        return
    try:
        give_rights(descriptor, mode)
    finally:
        os.close(descriptor)


def give_rights(descriptor: int, mode: int) -> None:
    """Give an open file its mode, whatever the umask says; Windows has other rights, which are inherited."""
    if sys.platform != "win32":
        os.fchmod(descriptor, mode)


def _make_folder(path: str, mode: int) -> None:
    if os.path.isdir(path):
        return
    os.mkdir(path)
    searchable = (mode & 0o444) >> 2  # who may read may enter
    os.chmod(path, mode | searchable | stat.S_ISGID)  # and what is made in it belongs to the group
