"""Which conflicts each run was told of by its last sync: a small file, so that the next one tells what is new."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from contextlib import suppress

from git_muse_coord.store.git.repository import Repository

_NAME = "told-conflicts"
_DIGITS = 16
_RUNS_MOST = 100
_BYTES_MOST = 4 << 20


class ToldConflicts:
    """The file of one clone. What cannot be read was never told, and what cannot be written is told again."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    def told(self, run_id: str) -> frozenset[str]:
        """The keys of what a run was told of."""
        kept = self._read()
        keys = kept.get(_key(run_id), "")
        return frozenset(keys.split())

    def remember(
        self,
        run_id: str,
        keys: Iterable[str],
    ) -> None:
        """Put all that a run has been told of by now in the place of what was kept for it."""
        kept = self._read()
        name = _key(run_id)
        # At the end: of very many runs those that synced last are remembered.
        kept.pop(name, None)
        kept[name] = " ".join(sorted(keys))
        lines = [f"{run} {told}\n" for run, told in kept.items()]
        newest = lines[-_RUNS_MOST:]
        with suppress(OSError):
            self._write("".join(newest))

    def _read(self) -> dict[str, str]:
        path = os.path.join(self._repository.own_folder, _NAME)
        try:
            with open(path, "rb") as file:
                content = file.read(_BYTES_MOST)
        except OSError:
            return {}
        text = content.decode("ascii", "ignore")
        kept: dict[str, str] = {}
        for line in text.splitlines():
            run, _, told = line.partition(" ")
            kept[run] = told
        return kept

    def _write(self, text: str) -> None:
        path = self._repository.own_file(_NAME)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        aside = f"{path}.{os.getpid()}"
        with open(aside, "w", encoding="ascii") as file:
            file.write(text)
        os.replace(aside, path)


def key_of(*parts: str) -> str:
    """What stands in the file for a conflict."""
    return _key("\n".join(parts))


def _key(text: str) -> str:
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:_DIGITS]
