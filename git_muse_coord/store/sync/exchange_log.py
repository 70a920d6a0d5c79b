"""When a clone last exchanged records with an address, and what failed since: a small file for all worktrees.

It is no cache: without it a clone would say that it never heard of others. Each address has a file
of its own, so that syncs with several remotes do not write over each other.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib

from git_muse_coord.model.last_exchange import LastExchange
from git_muse_coord.model.light_time import UTC, datetime
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.git.shared import give_rights

_SAID_MOST = 300


class ExchangeLog:
    """What is remembered of one address. What cannot be read was never there; what cannot be written is not kept."""

    def __init__(
        self,
        repository: Repository,
        address: str,
    ) -> None:
        self._repository = repository
        # by a checksum, because an address can hold a password, and is no name for a file
        key = zlib.crc32(os.fsencode(address))
        self._name = f"exchanged-{key:08x}.json"

    def read(self) -> LastExchange:
        """The last exchange."""
        # not ``own_file``, which would make one
        path = os.path.join(self._repository.own_folder, self._name)
        try:
            with open(path, "rb") as file:
                at, failures, failed_at, login, said = json.loads(file.read())
            return LastExchange(
                _time(at),
                int(failures),
                _time(failed_at),
                bool(login),
                str(said),
            )
        except (OSError, ValueError, TypeError, OverflowError):
            return LastExchange()

    def note(self, at: datetime) -> None:
        """Remember that at that moment all that the remote had was here, or came; whatever failed before is over."""
        self._write(LastExchange(at))

    def note_failure(
        self,
        at: datetime,
        said: str,
        *,
        needs_login: bool = False,
    ) -> None:
        """Remember that an exchange failed, and why."""
        last = self.read()
        self._write(
            LastExchange(
                last.at,
                last.failures + 1,
                at,
                needs_login,
                said[:_SAID_MOST],
            )
        )

    def forgive(self) -> None:
        """Forget what failed, because a person has seen to it."""
        last = self.read()
        if last.failures:
            self._write(LastExchange(last.at))

    def _write(self, last: LastExchange) -> None:
        moments = (_seconds(last.at), _seconds(last.failed_at))
        facts = [moments[0], last.failures, moments[1], last.needs_login, last.said]
        path = self._repository.own_file(self._name)
        aside = f"{path}.{os.getpid()}"
        with contextlib.suppress(OSError):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            mode = self._repository.shared_mode
            descriptor = os.open(aside, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, mode or 0o666)
            with open(descriptor, "w", encoding="ascii") as file:
                if mode is not None:
                    give_rights(descriptor, mode)
                file.write(json.dumps(facts))
                file.flush()
                os.fsync(descriptor)
            os.replace(aside, path)


def _time(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()
