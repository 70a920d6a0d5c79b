"""A SQLite file that is only ever a help: opened when it is first needed, given up at the first trouble.

What is known of records and what is known of source files lie in such files. Neither package may
import the other, so what both do with a file is here; what is in it, and how a row shows that it is
whole, is theirs.
"""

from __future__ import annotations

import os

from git_muse_coord.light_sqlite import sqlite3
from git_muse_coord.model.light import TYPE_CHECKING, TypeVar
from git_muse_coord.model.light_tools import Lock, contextmanager, suppress

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterable,
        Iterator,
        Sequence,
    )
    from typing import Any

Connection = sqlite3.Connection

__all__ = [
    "CacheFile",
    "Connection",
    "NotOurs",
    "Unwritten",
    "brief_transaction",
    "remove_cache",
    "sqlite3",
    "transaction",
]

BUSY_SECONDS = 0.5
"""How long a call waits for another process that writes; longer than that, it costs less to go without."""

_BRIEF_MILLISECONDS = 20
"""How long a change waits that may as well be made by the next process."""

_SUFFIXES = ("", "-journal", "-wal", "-shm")
"""The database, and what SQLite may have left beside it, in either mode of its journal."""

T = TypeVar("T")


class NotOurs(Exception):
    """The file is somebody else's database: it is neither used nor touched."""


class Unwritten(Exception):
    """A change could not be made now: another process is at the file, or nobody can write it."""


class CacheFile:
    """One cache file, shared by the threads of a process. No method raises for what is wrong with it.

    ``prepare`` gets each new connection before anybody else does: it makes the tables, and raises
    NotOurs for a file to keep away from. Connections commit each statement by itself; several that
    belong together go into ``transaction``.

    ``failed`` says that something went wrong once. The next call opens the file again all the same;
    a user for whom an absent row means something, or who wants to be done with it, looks there.
    """

    def __init__(self, path: str, prepare: Callable[[Connection], object]) -> None:
        self.path = path
        self.failed = False
        self._prepare = prepare
        self._connection: Connection | None = None
        self._turn = Lock()

    def __del__(self) -> None:
        # Python warns of a connection that is collected while it is open.
        if self._connection is not None:
            self._connection.close()

    def run(self, action: Callable[[Connection], T], otherwise: T) -> T:
        """What an action returns, or ``otherwise`` where the file cannot be used.

        Every error of SQLite and of the file system ends here, so an action must have read all its
        rows when it returns: a cursor that is read later raises there.
        """
        # one connection serves all threads, and a transaction must be that of one of them
        with self._turn:
            return self._run(action, otherwise)

    def select(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """All rows that a query gives; none where the file cannot be used."""
        return self.run(lambda database: database.execute(query, values).fetchall(), [])

    def change(self, statement: str, values: Sequence[object] = ()) -> None:
        """Make a change, which is lost where the file cannot be used."""
        self.run(lambda database: database.execute(statement, values), None)

    def change_all(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Make a change for each of some rows. All are lost where the file cannot be used."""
        self.run(lambda database: database.executemany(statement, rows), None)

    def close(self) -> None:
        """Let go of the file. The next call opens it again."""
        # SQLite ends the whole process where a connection is closed that another thread is using
        with self._turn:
            self._close()

    def _close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(sqlite3.Error):
                connection.close()

    def _run(self, action: Callable[[Connection], T], otherwise: T) -> T:
        try:
            return action(self._connection or self._open())
        except sqlite3.OperationalError:
            # locked, read-only, disk full: that passes, and the file is whole
            self._give_up()
        except (sqlite3.Error, UnicodeDecodeError):
            # no database any more, or one so damaged that SQLite quotes garbage in its message
            self._give_up()
            remove_cache(self.path)  # so that the next process starts afresh
        except (NotOurs, OSError, ValueError):
            self._give_up()
        return otherwise

    def _open(self) -> Connection:
        os.makedirs(os.path.dirname(self.path), exist_ok=True)
        connection = sqlite3.connect(
            self.path,
            timeout=BUSY_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        )
        self._connection = connection
        self._prepare(connection)
        return connection

    def _give_up(self) -> None:
        self.failed = True
        self._close()


def remove_cache(path: str) -> None:
    """Remove a cache file with all that SQLite has left beside it: what is in it can be had again."""
    for suffix in _SUFFIXES:
        with suppress(OSError):
            os.unlink(path + suffix)


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """Let what is done inside happen all or not at all."""
    with connection:
        # at once a writer: one that has only read may not become one while another writes
        connection.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def brief_transaction(connection: Connection) -> Iterator[None]:
    """As ``transaction``, for what need not happen now. Raises Unwritten, with the file as usable as before."""
    connection.execute(f"PRAGMA busy_timeout = {_BRIEF_MILLISECONDS}")
    try:
        with transaction(connection):
            yield
    except sqlite3.OperationalError:
        raise Unwritten from None
    finally:
        connection.execute(f"PRAGMA busy_timeout = {int(1000 * BUSY_SECONDS)}")
