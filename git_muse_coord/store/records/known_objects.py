"""What is known of objects once they were looked into: in memory, and in the cache for those who come later."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git.objects import MISSING, UNREADABLE
from git_muse_coord.store.records.verdicts import judge

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from git_muse_coord.store.git.objects import Objects
    from git_muse_coord.store.records.cache import RecordCache
    from git_muse_coord.store.records.cached_record import CachedRecord, RecordRow
    from git_muse_coord.store.records.loading import Loader
    from git_muse_coord.store.records.ref_names import OidsByRef

SPARE = 5000
"""Rows of the cache that no ref needs are kept up to this number: they can mend a ref that lost its object."""

_LEARNED = 1000
"""At most this many records are verified before they are remembered, so that a stopped program goes on there."""

_FRESH_MOST = 5000
"""Of more records than this the bytes are read again from the cache, rather than kept in memory."""

_RECALLED_MOST = 2000
"""What the cache knows of more objects than this is read as a whole."""


class KnownObjects:
    """What is known of objects, by their ids. ``has_all``: all that the cache knows is in memory."""

    def __init__(
        self,
        objects: Objects,
        cache: RecordCache,
        loader: Loader,
    ) -> None:
        self._objects = objects
        self._cache = cache
        self._loader = loader
        self.rows: dict[str, CachedRecord] = {}
        self.has_all = False

    def recall_all(self) -> None:
        """Have in memory all that the cache knows."""
        if self.has_all:
            return
        entries = self._cache.entries()
        # What this process met itself is newer than the file.
        entries.update(self.rows)
        self.rows = entries
        self.has_all = True

    def recall(self, oids: Collection[str]) -> None:
        """Have in memory what the cache knows of some objects."""
        if self.has_all:
            return
        lacking = [oid for oid in oids if oid not in self.rows]
        if len(lacking) > _RECALLED_MOST:
            self.recall_all()
        elif lacking:
            self.rows.update(self._cache.entries(lacking))

    def learn(self, oids: Sequence[str]) -> dict[str, str]:
        """Verify blobs and add them to what is known; return the reasons for those that stay unknown."""
        reasons: dict[str, str] = {}
        rows: list[RecordRow] = []
        # In the order in which the cache keeps them, so that it need not sort.
        for stored in self._objects.read(sorted(oids)):
            if stored.reason in (MISSING, UNREADABLE):
                # this says nothing of the bytes, which may be there again after a repair
                reasons[stored.oid] = stored.reason
                continue
            row = judge(stored.oid, stored.blob, stored.reason)
            rows.append(row)
            if len(rows) == _LEARNED:
                self.keep(rows)
                rows = []
        self.keep(rows)
        return reasons

    def keep(self, rows: Sequence[RecordRow]) -> None:
        """Remember what is known of some objects, here and in the cache."""
        if not rows:
            return
        fresh = self._loader.fresh
        for cached, blob in rows:
            self.rows[cached.oid] = cached
            if blob is not None and len(fresh) < _FRESH_MOST:
                fresh[cached.oid] = blob
        self._cache.put(rows)

    def look_again(self, oids: Sequence[str]) -> None:
        """Know nothing more, in memory, of those objects whose bytes are not there any more.

        Of the others it holds what was found: an object id stands for the very same bytes for ever.
        """
        known = [oid for oid in oids if oid in self.rows]
        for oid in self._objects.unsound(known):
            del self.rows[oid]

    def let_go(self) -> None:
        """Have nothing in memory: the cache knows it, too."""
        self.rows = {}
        self.has_all = False

    def forget_all(self) -> None:
        """Know nothing, whatever the cache holds."""
        self.rows = {}
        self.has_all = True

    def evict(self, listed: OidsByRef) -> None:
        """Forget what no ref needs, once such rows outnumber the refs by more than ``SPARE``.

        Not at once, because a row may be all that is left of a record whose object is lost. And not
        row by row, because each time is a transaction on a file that all worktrees share.
        """
        room = 2 * len(listed) + SPARE
        if len(self.rows) <= room:
            return
        living = set(listed.values())
        dead = self.rows.keys() - living
        self._cache.forget(dead)
        for oid in dead:
            self.rows.pop(oid, None)
        self._loader.forget(dead)
