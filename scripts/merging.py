"""Real merges made again: what each side touched, and where git conflicts. For the scripts that learn from history."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, TypeVar

import pygit2
from shares import changed_shares

from git_muse_coord.model.address import Key
from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.rules.evidence import Touch
from git_muse_coord.source.merging.shared_file import HunksOfFiles, SharedFile, conflicts_in
from git_muse_coord.store.git import commits
from git_muse_coord.store.git.contents import Contents
from git_muse_coord.store.git.merge_answers import Merged
from git_muse_coord.store.git.merges import Merges
from git_muse_coord.store.git.process import input_lines
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.git.sides import Edited, Side, edited_by_both, sides
from git_muse_coord.symbols.cache import SourceCache
from git_muse_coord.symbols.extract import MAX_BYTES, whole_file
from git_muse_coord.symbols.index import index
from git_muse_coord.symbols.kinds import SYMBOLS
from git_muse_coord.symbols.values import FileSymbols

T = TypeVar("T")
_AT_ONCE = 100
_FEW = 20
_RENAMES = ("-M", "-l2000")


class Merge(NamedTuple):
    """A merge of history: the commit, its two parents, and where they had parted."""

    commit: str
    ours: str
    theirs: str
    base: str


class File(NamedTuple):
    """A file that both sides touched: what they touched in it, and what git leaves in conflict.

    ``hit`` are the places of symbols in conflict; None: the file as a whole is. ``alike`` are those that both sides
    changed to the very same, as when a commit was picked to another branch. ``shares`` say for each side how much of
    what it touched it changed, ``moves`` what was renamed or moved by either, from where to where.
    """

    path: str
    ours: list[Touch]
    theirs: list[Touch]
    conflicts: bool
    hit: set[Key] | None
    alike: set[Key]
    shares: tuple[dict[Key, float], dict[Key, float]]
    moves: list[tuple[Key, Key]]


class Remerged(NamedTuple):
    """A merge made again. ``paths`` are those that each side touched, under their old names.

    ``moves`` are the files that either side renamed, from where to where.
    """

    merge: Merge
    merged: Merged
    paths: tuple[set[str], set[str]]
    files: list[File]
    moves: list[tuple[str, str]]


def newest(repository: Repository, limit: int | None) -> list[Merge]:
    """The newest merges of two parents in HEAD that were more than a fast-forward, so many at most, newest first."""
    rows = repository.git.run(
        "rev-list", "--merges", "--max-parents=2", "--date-order", "--parents", "HEAD"
    )
    found: list[Merge] = []
    for row in rows.decode().splitlines():
        commit, ours, theirs = row.split()
        bases = commits.bases(repository.git, ours, theirs)
        if bases and bases[0] not in (ours, theirs):
            found.append(Merge(commit, ours, theirs, bases[0]))
        if len(found) == limit:
            break
    return found


def history(repository: Repository, limit: int | None) -> list[Merge]:
    """The merges of two parents in HEAD that were more than a fast-forward, evenly thinned out to a number."""
    git = repository.git
    rows = (
        git.run("rev-list", "--merges", "--max-parents=2", "--parents", "HEAD")
        .decode()
        .splitlines()
    )
    found: list[Merge] = []
    for row in thinned(rows, None if limit is None else 3 * limit):
        commit, ours, theirs = row.split()
        bases = commits.bases(git, ours, theirs)
        if bases and bases[0] not in (ours, theirs):
            found.append(Merge(commit, ours, theirs, bases[0]))
    return thinned(found, limit)


def listed(table: Path, repository: Repository) -> dict[Merge, set[str]]:
    """The merges of a table that are in a repository, with the paths that are said to conflict.

    Its columns are separated by tabs: the merge, its parents and their base from the second on, the paths last.
    """
    with table.open(newline="") as file:
        rows = [tuple(row.values()) for row in csv.DictReader(file, delimiter="\t")]
    asked = input_lines(row[1] for row in rows)
    told = repository.git.run(
        "cat-file", "--batch-check=%(objecttype)", "--buffer", given=asked
    ).decode()
    here = [row for row, kind in zip(rows, told.splitlines(), strict=True) if kind == "commit"]
    return {Merge(*row[1:5]): set(filter(None, row[-1].split("|"))) for row in here}


def remerged(
    repository: Repository, merges: Sequence[Merge], cache: SourceCache[FileSymbols]
) -> Iterator[Remerged]:
    """Each merge made again, in batches; progress goes to stderr."""
    versions = _Versions(repository, cache)
    for start in range(0, len(merges), _AT_ONCE):
        say(f"{start:,} of {len(merges):,} merges")
        batch = merges[start : start + _AT_ONCE]
        with Merges(repository, attributes=False) as engine:
            done = engine.pairs([(one.ours, one.theirs) for one in batch])
            conflicts = [path for one in done for path in one.conflicts]
            hunks = dict(zip(map(id, conflicts), engine.hunks(conflicts), strict=True))
        both_sides = _sides(repository, batch)
        both = [list(edited_by_both(ours, theirs)) for ours, theirs in both_sides]
        versions.load(path for pairs in both for pair in pairs for path in pair)
        for merge, merged, (ours, theirs), pairs in zip(batch, done, both_sides, both, strict=True):
            paths = {one.name for one in ours}, {one.name for one in theirs}
            files = [_file(pair, versions, merged, hunks) for pair in pairs]
            moves = [
                (one.old, one.new)
                for one in (*ours, *theirs)
                if one.old and one.new and one.is_renamed
            ]
            yield Remerged(merge, merged, paths, files, moves)
    say("")


def say(text: str) -> None:
    """Progress, on a line of stderr that the next one replaces."""
    if sys.stderr.isatty():
        print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
    elif text:
        print(text, file=sys.stderr, flush=True)


class _Versions:
    """The symbols of files in several versions."""

    def __init__(self, repository: Repository, cache: SourceCache[FileSymbols]) -> None:
        self._contents = Contents(repository, MAX_BYTES)
        self._objects = pygit2.Repository(repository.git_dir)
        self._cache = cache
        self._known: dict[tuple[str, str], FileSymbols] = {}

    def load(self, edited: Iterable[Edited]) -> None:
        """Read both versions of some paths, and forget what was read before."""
        wanted = {
            pair for one in edited for pair in ((one.old, one.old_oid), (one.new, one.new_oid))
        }
        pairs = {(path, oid) for path, oid in wanted if path}
        self._known = self._cache.get(pairs)
        rest = sorted(pairs - self._known.keys())
        while rest:  # what is read comes back by path, so one version of each at a time
            turn = dict(reversed(rest))
            processes = 1 if len(turn) < _FEW else None
            for file in index(SYMBOLS, turn.items(), self._contents.read, self._cache, processes):
                self._known[file.path, turn[file.path]] = file
            rest = [(path, oid) for path, oid in rest if turn[path] != oid]

    def shares(self, base: FileSymbols | None, edited: Edited) -> dict[Key, float]:
        """How much of each symbol of the base one side changed, of those of which it changed a line."""
        if base is None or edited.new is None:
            return {}
        return changed_shares(self._objects, base, edited.old_oid, edited.new_oid)

    def text(self, oid: str) -> bytes | None:
        """The bytes of a version."""
        blob = self._objects.get(oid)
        return blob.data if isinstance(blob, pygit2.Blob) else None

    def of(self, path: str | None, oid: str) -> FileSymbols | None:
        """The symbols of a version; None for none."""
        if path is None:
            return None
        return self._known.get((path, oid)) or whole_file(path, f"{oid}\n{oid}".encode(), "unread")


def thinned(items: list[T], limit: int | None) -> list[T]:
    """At most so many of them, evenly spread."""
    if limit is None or len(items) <= limit:
        return items
    return [items[number * len(items) // limit] for number in range(limit)]


def _sides(repository: Repository, merges: Sequence[Merge]) -> list[tuple[Side, Side]]:
    """What each side of each merge changed since the base."""
    asked = [(merge.base, merge.ours, merge.theirs) for merge in merges]
    try:
        return sides(repository.git, asked, _RENAMES)
    except StoreFailed:
        # to see renames git reads files, some of which may be missing from a copy of a repository
        if len(merges) == 1:
            return sides(repository.git, asked, ())
        return [both for merge in merges for both in _sides(repository, [merge])]


def _file(
    pair: tuple[Edited, Edited],
    versions: _Versions,
    merged: Merged,
    hunks: HunksOfFiles,
) -> File:
    ours, theirs = pair
    base = versions.of(ours.old, ours.old_oid)
    # with the texts, because only then what was renamed and edited is told as `symbols --changed` tells it
    shared = SharedFile(
        pair,
        base,
        versions.of(ours.new, ours.new_oid),
        versions.of(theirs.new, theirs.new_oid),
        versions.text,
    )
    past = shared.merge(conflicts_in(pair, merged), hunks)
    moves = [(old.key, new.key) for old, new in shared.renames() if old.key != new.key]
    return File(
        path=past.path,
        ours=list(past.ours),
        theirs=list(past.theirs),
        conflicts=past.conflicts,
        hit=None if past.hit is None else set(past.hit),
        alike=set(past.alike),
        shares=(versions.shares(base, ours), versions.shares(base, theirs)),
        moves=moves,
    )
