"""What still is to be learnt from the merges of a clone, and keeping what one of them has taught."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from git_muse_coord.cachefile import Connection, transaction
from git_muse_coord.model.address import Key
from git_muse_coord.rules.merge_record import PastMerge
from git_muse_coord.rules.old_names import OldNames
from git_muse_coord.source.merging.merge_memory import (
    APART,
    NOTHING,
    SHARES,
    UNKNOWN,
    MergeMemory,
    as_key,
    as_stored,
    put_facts,
)
from git_muse_coord.source.merging.past_work import Lesson
from git_muse_coord.store.git.past_merges import MergeCommit

LEARNT_MOST = 2000
"""So many merges count, the newest."""
_TRIES_MOST = 2
"""What twice came to no end, maybe because it ended the process, is left alone."""
_TAUGHT_NOTHING = PastMerge(foretold=0.0, conflicted=False, places=())
_TIPS = "tips"
_ATTRIBUTES = "attributes"
_NEWEST_WAITING = (
    "SELECT id, name, at, ours, theirs FROM merges WHERE waits ORDER BY tries, at DESC, id LIMIT ?"
)
_AWAIT = "INSERT OR IGNORE INTO merges VALUES (NULL, ?, ?, ?, ?, 1, 0, 0, 0, 0)"
_OLDER_PLACES = (
    "SELECT places.rowid, place, at FROM places JOIN merges ON merge = id"
    " WHERE path = ? AND at <= ?"
)
_LEARN = "UPDATE merges SET waits = 0, state = ?, foretold = ?, conflicted = ? WHERE id = ?"
_COUNTING = "SELECT count(*), min(at) FROM merges WHERE state IN (?, ?)"
_DOOMED = "SELECT id FROM merges WHERE state IN (?, ?) ORDER BY at DESC, id LIMIT -1 OFFSET ?"


class MergeLessons:
    """The merges that wait, and the names by which the places of older ones are known today."""

    def __init__(self, memory: MergeMemory) -> None:
        self._memory = memory
        self._names = OldNames()
        for old, at, new in memory.rows("SELECT old, at, new FROM renames"):
            old_key = as_key(old)
            new_key = as_key(new)
            self._names.note(old_key, new_key, at)

    def known_tips(self) -> list[str]:
        """The commits from which the merges were listed last."""
        return self._memory.fact(_TIPS).split()

    def await_merges(
        self,
        merges: Sequence[MergeCommit],
        tips: Iterable[str],
        attributes: str,
    ) -> None:
        """Let merges wait that are not known. Under other ``attributes`` than the last ones all wait once more."""
        has_changed = attributes != self._memory.fact(_ATTRIBUTES)
        facts = {
            _TIPS: " ".join(tips),
            _ATTRIBUTES: attributes,
        }

        def insert(database: Connection) -> None:
            with transaction(database):
                if has_changed:
                    # What they have taught counts until they have taught it anew.
                    database.execute("UPDATE merges SET waits = 1, tries = 0")
                # What is known already has its row, and keeps what it taught.
                database.executemany(_AWAIT, merges)
                put_facts(database, facts)

        self._memory.file.run(insert, None)

    def take(self, most: int) -> list[MergeCommit]:
        """The newest of those that wait. Who takes them and dies leaves them to be taken once more."""

        def take(database: Connection) -> list[MergeCommit]:
            merges: list[MergeCommit] = []
            numbers: list[tuple[int]] = []
            with transaction(database):
                database.execute("UPDATE merges SET waits = 0 WHERE tries >= ?", [_TRIES_MOST])
                # The newest say most about what comes next, and names are followed backwards.
                waiting = database.execute(_NEWEST_WAITING, [most])
                for number, *facts in waiting.fetchall():
                    numbers.append((number,))
                    merges.append(MergeCommit(*facts))
                database.executemany("UPDATE merges SET tries = tries + 1 WHERE id = ?", numbers)
            return merges

        return self._memory.file.run(take, [])

    def keep(self, lessons: Iterable[tuple[MergeCommit, Lesson]]) -> None:
        """Keep what some merges taught, all or nothing."""
        to_keep: list[tuple[MergeCommit, Lesson]] = []
        for merge, lesson in lessons:
            # What git refused may go well later, and waits.
            if not lesson.is_refused:
                to_keep.append((merge, lesson))

        def keep(database: Connection) -> None:
            with transaction(database):
                # First, so that the places of these very merges get the names of today.
                for merge, lesson in to_keep:
                    self._keep_renames(database, merge, lesson)
                for merge, lesson in to_keep:
                    self._keep_lesson(database, merge, lesson)
                _forget_oldest(database)
                _sum_up(database)

        self._memory.file.run(keep, None)

    def _keep_lesson(
        self,
        database: Connection,
        merge: MergeCommit,
        lesson: Lesson,
    ) -> None:
        number = _number_of(database, merge)
        # Somebody who learns beside us may have forgotten it, as one of too many.
        if number is None:
            return
        past = lesson.past or _TAUGHT_NOTHING
        state = _state_after(lesson)
        database.execute(_LEARN, [state, past.foretold, past.conflicted, number])
        # It may have been looked at before, by other attributes, or by somebody beside us.
        database.execute("DELETE FROM places WHERE merge = ?", [number])
        rows: list[tuple[object, ...]] = []
        for place in past.places:
            key = self._names.today(place.key, merge.at)
            row = (
                number,
                as_stored(key[:1]),
                as_stored(key),
                place.foretold,
                place.conflicted,
            )
            rows.append(row)
        database.executemany("INSERT INTO places VALUES (?, ?, ?, ?, ?)", rows)

    def _keep_renames(
        self,
        database: Connection,
        merge: MergeCommit,
        lesson: Lesson,
    ) -> None:
        """Remember new renames, and let the places of older merges have the names that they have now."""
        for old, new in lesson.renames:
            # Each long-lived branch brings the same renames with every merge.
            is_new = self._names.note(old, new, merge.at)
            if not is_new:
                continue
            row = (
                as_stored(old),
                merge.at,
                as_stored(new),
            )
            database.execute("INSERT OR REPLACE INTO renames VALUES (?, ?, ?)", row)
            self._rename_places(database, old, merge.at)

    def _rename_places(
        self,
        database: Connection,
        old: Key,
        until: int,
    ) -> None:
        old_path = as_stored(old[:1])
        older = database.execute(_OLDER_PLACES, [old_path, until])
        for number, place, at in older.fetchall():
            key = as_key(place)
            today = self._names.today(key, at)
            if today == key:
                continue
            path = as_stored(today[:1])
            database.execute(
                "UPDATE places SET path = ?, place = ? WHERE rowid = ?",
                [path, as_stored(today), number],
            )


def _number_of(database: Connection, merge: MergeCommit) -> int | None:
    """The row of a merge; None where it has none."""
    rows = database.execute("SELECT id FROM merges WHERE name = ?", [merge.commit])
    row = rows.fetchone()
    if row is None:
        return None
    (number,) = row
    return int(number)


def _state_after(lesson: Lesson) -> int:
    """What is known of a merge once it has taught this."""
    if lesson.past is None:
        return NOTHING
    if lesson.past.places:
        return SHARES
    return APART


def _forget_oldest(database: Connection) -> None:
    """Forget what is older than the newest merges that count, and what waits and would be."""
    older = database.execute(_DOOMED, [SHARES, APART, LEARNT_MOST])
    doomed = older.fetchall()
    database.executemany("DELETE FROM places WHERE merge = ?", doomed)
    database.executemany("DELETE FROM merges WHERE id = ?", doomed)
    counting = database.execute(_COUNTING, [SHARES, APART])
    count, oldest = counting.fetchone()
    if count < LEARNT_MOST:
        return
    database.execute("DELETE FROM merges WHERE state = ? AND at < ?", [UNKNOWN, oldest])
    # Nothing is left that had a name before them.
    database.execute("DELETE FROM renames WHERE at < ?", [oldest])


def _sum_up(database: Connection) -> None:
    """Add up what is known of each place: asked for in each forecast, and there within milliseconds."""
    database.execute("DELETE FROM sums")
    database.execute(
        "INSERT INTO sums SELECT path, place, count(*), total(foretold), total(conflicted)"
        " FROM places GROUP BY path, place"
    )
