"""One at a time: whoever reserves for an agent looks and writes while no other hook of this clone does.

A lock of SQLite's, because it ends with its process, whatever ends that, and costs no import that
was not paid for.
"""

from __future__ import annotations

import os

from git_muse_coord.cachefile import sqlite3
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import contextmanager

if TYPE_CHECKING:
    from collections.abc import Iterator

NAME = "agents-turn.sqlite3"

_SECONDS = 0.8
"""Whoever waited so long goes on without: two that look at the same moment still see each other."""


@contextmanager
def turn(path: str) -> Iterator[None]:
    """Hold the turn, as far as it can be had in time."""
    connection = _connected(path)
    try:
        yield
    finally:
        if connection is not None:
            # nothing was written, so there is nothing to keep
            connection.close()


def _connected(path: str) -> sqlite3.Connection | None:
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        connection = sqlite3.connect(path, timeout=_SECONDS, isolation_level=None)
    except (sqlite3.Error, OSError):
        return None
    try:
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        connection.close()
        return None
    return connection
