"""Where what a fetch brings is kept while it is judged: refs that are gone when the sync is done.

Never straight under ``refs/muse/``, because a fetch overwrites a ref that is there, silently.
"""

from __future__ import annotations

import hashlib
import os
import time

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.names import INCOMING
from git_muse_coord.store.git.refs import Refs, deletions

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids

_STALE_SECONDS = 3600


class IncomingRefs:
    """Where what a fetch brings is kept while it is judged: refs of this run alone, gone when it is done.

    ``is_empty`` says that there are none, nor any that a run which died left behind.
    """

    def __init__(
        self,
        refs: Refs,
        address: str,
    ) -> None:
        self._refs = refs
        digest = hashlib.sha256(address.encode()).hexdigest()
        self._remote = f"{INCOMING}{digest[:16]}/"
        self.is_empty = False
        # the time tells how old a run is, the random part parts runs that began at once
        run = f"{int(time.time())}-{os.urandom(4).hex()}"
        self.prefix = f"{self._remote}{run}/"

    def name(self, ref: str) -> str:
        """The local name for a ref of the remote."""
        self.is_empty = False
        return self.prefix + ref.removeprefix("refs/")

    def clear(self) -> None:
        """Drop what this run fetched, and what a run that died left behind an hour ago or more."""
        if self.is_empty:
            return
        stale = time.time() - _STALE_SECONDS
        listed = self._refs.list(self._remote)
        drop: Oids = {}
        for ref, oid in listed.items():
            if ref.startswith(self.prefix) or _made_at(ref) < stale:
                drop[ref] = oid
        if drop:
            self._refs.commit(deletions(drop), passing=True)


def _made_at(ref: str) -> float:
    """When the run began that made a ref, as seconds since 1970; 0 for a name that is not of ours."""
    _, run, *_ = ref.removeprefix(INCOMING).split("/")
    stamp = run.partition("-")[0]
    return float(stamp) if stamp.isdigit() else 0.0
