"""Plugins that we ship for programs whose hooks are code, with a checksum that tells whether they were changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re

_MARK = re.compile(rb"// Made by git muse-coord install: ([0-9a-f]{64})\n\Z")
_PACKAGE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_FOLDERS = (
    os.path.join(_PACKAGE, "share", "plugins"),
    os.path.join(os.path.dirname(_PACKAGE), "plugins"),
)
"""In a wheel, and in a checkout."""


def plugin_text(name: str) -> bytes:
    """A plugin as it is installed. Raises FileNotFoundError when the installation lacks it."""
    for folder in _FOLDERS:
        path = os.path.join(folder, name)
        with contextlib.suppress(FileNotFoundError), open(path, "rb") as file:
            text = file.read()
            mark = f"// Made by git muse-coord install: {_checksum(text)}\n"
            return text + mark.encode()
    raise FileNotFoundError(f"this installation of git-muse-coord lacks its plugin {name}")


def is_as_made(content: bytes) -> bool:
    """Whether a file is a plugin of ours, of any version, that nobody has changed."""
    mark = _MARK.search(content)
    if mark is None:
        return False
    text = content[: mark.start()]
    return mark[1].decode() == _checksum(text)


def _checksum(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()
