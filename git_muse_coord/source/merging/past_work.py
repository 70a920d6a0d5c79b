"""What both sides of the merges of history touched, symbol by symbol, and what was renamed on the way.

For who learns from them: nothing of it goes into the cache of symbols, where old versions, which
nobody asks for again, would drive out what is needed each day.
"""

from __future__ import annotations

from collections.abc import (
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from typing import NamedTuple

from git_muse_coord.model.address import Address, Key
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.rules.merge_record import FileMerge, PastMerge, counted
from git_muse_coord.source.merging.shared_file import (
    EditedByBoth,
    HunksOfFiles,
    SharedFile,
    conflicts_in,
)
from git_muse_coord.store.git.contents import Contents
from git_muse_coord.store.git.hunks import Hunk
from git_muse_coord.store.git.merge_answers import ConflictedFile, Merged
from git_muse_coord.store.git.past_merges import MergeCommit, RemadeMerges, base_to_compare
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.git.sides import (
    Edited,
    Side,
    edited_by_both,
    sides,
)
from git_muse_coord.symbols.extract import MAX_BYTES, extract, whole_file
from git_muse_coord.symbols.values import FileSymbols

_READ_MOST = 60
"""In a merge that shares more files than this, only the first are read inside: it is a reformatting, or the like."""
_RENAMES_MOST = 300
"""In a merge that brings more renames than this whole trees were moved; the rest keeps the names of then."""
_KEPT = 300
"""So many versions of files stay in memory: one merge mostly goes on where another ended."""

Version = tuple[str, str]
"""A path and an object id."""
Rename = tuple[Key, Key]
"""The folded places of one thing, before and after."""


class Lesson(NamedTuple):
    """What one merge teaches. ``past`` is None where there was nothing to merge.

    ``is_refused`` says that git could not make it again, for want of room or of an object, say.
    """

    commit: str
    past: PastMerge | None = None
    renames: tuple[Rename, ...] = ()
    is_refused: bool = False


class _Remade(NamedTuple):
    """A merge that was made again, with what each side did."""

    commit: str
    merged: Merged
    sides: tuple[Side, Side]
    shared: tuple[EditedByBoth, ...]


class PastWork:
    """The merges of one repository, read in batches."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._versions = _Versions(repository)

    def lessons(self, merges: Sequence[MergeCommit]) -> Iterator[Lesson]:
        """What each merge teaches, in their order. Raises StoreFailed, as where git is too old for it."""
        bases: dict[str, str] = {}
        to_make: list[MergeCommit] = []
        for merge in merges:
            base = base_to_compare(self._repository.git, merge)
            # What only went forward, or has no base here, is no merge that could conflict.
            if base is not None:
                bases[merge.commit] = base
                to_make.append(merge)
        remade: dict[str, Lesson] = {}
        # Whatever git writes for it is gone before the next batch.
        with RemadeMerges(self._repository) as engine:
            for lesson in self._remade(engine, to_make, bases):
                remade[lesson.commit] = lesson
        for merge in merges:
            nothing = Lesson(merge.commit)
            yield remade.get(merge.commit, nothing)

    def _remade(
        self,
        engine: RemadeMerges,
        merges: Sequence[MergeCommit],
        bases: Mapping[str, str],
    ) -> Iterator[Lesson]:
        if not merges:
            return
        tips: list[tuple[str, str]] = []
        parted: list[tuple[str, str, str]] = []
        for merge in merges:
            base = bases[merge.commit]
            tips.append((merge.ours, merge.theirs))
            parted.append((base, merge.ours, merge.theirs))
        # One process each for all merges of the batch: to start git costs as much as a merge.
        outcomes = engine.pairs(tips)
        sides_of_merges = sides(self._repository.git, parted)
        batch: list[_Remade] = []
        for merge, outcome, both_sides in zip(merges, outcomes, sides_of_merges, strict=True):
            ours, theirs = both_sides
            shared = edited_by_both(ours, theirs)
            remade = _Remade(
                merge.commit,
                outcome,
                both_sides,
                tuple(shared),
            )
            batch.append(remade)
        # The objects of the merges are gone afterwards, so their lines are asked for now.
        hunks = _hunks(engine, batch)
        versions = _versions_in(batch)
        self._versions.load(versions)
        for remade in batch:
            if remade.merged.problem:
                yield Lesson(remade.commit, is_refused=True)
            else:
                yield self._lesson(remade, hunks)

    def _lesson(self, remade: _Remade, hunks: HunksOfFiles) -> Lesson:
        files: list[FileMerge] = []
        renames = list(_renamed_files(remade.sides))
        for number, pair in enumerate(remade.shared):
            conflicts = conflicts_in(pair, remade.merged)
            if number >= _READ_MOST:
                unread = _unread(pair, bool(conflicts))
                files.append(unread)
                continue
            shared = self._shared_file(pair)
            file = shared.merge(conflicts, hunks)
            files.append(file)
            renames += _renamed_symbols(shared)
        is_conflicted = bool(remade.merged.conflicts)
        past = counted(files, conflicted=is_conflicted)
        # Both sides may have given one thing the same new name.
        distinct = tuple(dict.fromkeys(renames))
        return Lesson(remade.commit, past, distinct[:_RENAMES_MOST])

    def _shared_file(self, pair: EditedByBoth) -> SharedFile:
        ours, theirs = pair
        base = self._versions.of(ours.old, ours.old_oid)
        our_symbols = self._versions.of(ours.new, ours.new_oid)
        their_symbols = self._versions.of(theirs.new, theirs.new_oid)
        return SharedFile(
            pair,
            base,
            our_symbols,
            their_symbols,
        )


class _Versions:
    """The symbols of files in several versions, as far as they were read lately."""

    def __init__(self, repository: Repository) -> None:
        self._contents = Contents(repository, MAX_BYTES)
        self._known: dict[Version, FileSymbols] = {}

    def load(self, wanted: Iterable[Version]) -> None:
        """Read some versions, and forget those of long ago."""
        missing: list[Version] = []
        for version in dict.fromkeys(wanted):
            if version not in self._known:
                missing.append(version)
        # Only now: what is wanted again is often what came last.
        in_order = list(self._known)
        for oldest in in_order[:-_KEPT]:
            del self._known[oldest]
        oids = [oid for _, oid in missing]
        contents = self._contents.read(oids)
        for version, data in zip(missing, contents, strict=True):
            # A submodule, or what is too large: told apart by its id alone.
            if data is None:
                continue
            path, _ = version
            self._known[version] = extract(path, data)

    def of(self, path: str | None, oid: str) -> FileSymbols | None:
        """The symbols of a version; None for none. What cannot be read is a whole file, told apart by its id."""
        if path is None:
            return None
        version = (path, oid)
        known = self._known.get(version)
        if known is not None:
            return known
        return whole_file(path, oid.encode(), "unread")


def _unread(pair: EditedByBoth, is_conflicted: bool) -> FileMerge:
    """A file that still counts as such; what is hit in it nobody asks then."""
    # What it was called at the base, which both sides have in common.
    ours, _ = pair
    return FileMerge(
        path=ours.name,
        ours=(),
        theirs=(),
        conflicts=is_conflicted,
        hit=None,
    )


def _versions_in(batch: Iterable[_Remade]) -> Iterator[Version]:
    """What the merges of a batch have of the files that are read inside."""
    for remade in batch:
        read_inside = remade.shared[:_READ_MOST]
        for ours, theirs in read_inside:
            yield from _versions_of(ours)
            yield from _versions_of(theirs)


def _versions_of(edited: Edited) -> Iterator[Version]:
    """A path before and after a side edited it, as far as it was there."""
    if edited.old is not None:
        yield edited.old, edited.old_oid
    if edited.new is not None:
        yield edited.new, edited.new_oid


def _hunks(engine: RemadeMerges, batch: Iterable[_Remade]) -> HunksOfFiles:
    """The lines that conflict, by the conflict; all in one process."""
    conflicts: list[ConflictedFile] = []
    for remade in batch:
        conflicts += remade.merged.conflicts
    hunks: dict[int, tuple[Hunk, ...]] = defaultdict(tuple)
    hunks_of_files = engine.hunks(conflicts)
    for conflict, hunks_of_file in zip(conflicts, hunks_of_files, strict=True):
        hunks[id(conflict)] = hunks_of_file
    return hunks


def _renamed_files(sides_of_merge: Iterable[Side]) -> Iterator[Rename]:
    for side in sides_of_merge:
        for edited in side:
            if edited.old is None or edited.new is None:
                continue
            if edited.is_renamed:
                old_key = _key(Address(edited.old))
                new_key = _key(Address(edited.new))
                yield old_key, new_key


def _renamed_symbols(shared: SharedFile) -> Iterator[Rename]:
    for old, new in shared.renames():
        yield _key(old), _key(new)


def _key(address: Address) -> Key:
    return address.folded.key
