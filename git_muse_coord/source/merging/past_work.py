"""What both sides of the merges of history touched, symbol by symbol, and what was renamed on the way.

For who learns from them: nothing of it goes into the cache of symbols, where old versions, which
nobody asks for again, would drive out what is needed each day.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from git_muse_coord.model.address import Address, Key
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.rules.evidence import Touch
from git_muse_coord.rules.merge_record import FileMerge, PastMerge, counted
from git_muse_coord.source.touches import touches
from git_muse_coord.store.git.contents import Contents
from git_muse_coord.store.git.hunks import Hunk
from git_muse_coord.store.git.merges import ConflictedFile, Merged
from git_muse_coord.store.git.past_merges import MergeCommit, RemadeMerges, base_to_compare
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.git.sides import Edited, Side, edited_by_both, sides
from git_muse_coord.symbols.change import Change
from git_muse_coord.symbols.changes import changes
from git_muse_coord.symbols.extract import MAX_BYTES, extract, whole_file
from git_muse_coord.symbols.lines import at_lines
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
HunksOfFiles = Mapping[int, tuple[Hunk, ...]]


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
    shared: tuple[tuple[Edited, Edited], ...]


class PastWork:
    """The merges of one repository, read in batches."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._versions = _Versions(repository)

    def lessons(self, merges: Sequence[MergeCommit]) -> Iterator[Lesson]:
        """What each merge teaches, in their order. Raises StoreFailed, as where git is too old for it."""
        bases: dict[str, str] = {}
        for merge in merges:
            base = base_to_compare(self._repository.git, merge)
            if base is not None:
                bases[merge.commit] = base
        # What only went forward, or has no base here, is no merge that could conflict.
        to_make = [merge for merge in merges if merge.commit in bases]
        remade: dict[str, Lesson] = {}
        # Whatever git writes for it is gone before the next batch.
        with RemadeMerges(self._repository) as engine:
            for lesson in self._remade(engine, to_make, bases):
                remade[lesson.commit] = lesson
        for merge in merges:
            yield remade.get(merge.commit, Lesson(merge.commit))

    def _remade(
        self,
        engine: RemadeMerges,
        merges: Sequence[MergeCommit],
        bases: Mapping[str, str],
    ) -> Iterator[Lesson]:
        if not merges:
            return
        # One process each for all merges of the batch: to start git costs as much as a merge.
        merged = engine.pairs([(merge.ours, merge.theirs) for merge in merges])
        asked = [(bases[merge.commit], merge.ours, merge.theirs) for merge in merges]
        both = sides(self._repository.git, asked)
        batch: list[_Remade] = []
        for merge, outcome, (ours, theirs) in zip(merges, merged, both, strict=True):
            shared = tuple(edited_by_both(ours, theirs))
            batch.append(_Remade(merge.commit, outcome, (ours, theirs), shared))
        # The objects of the merges are gone afterwards, so their lines are asked for now.
        hunks = _hunks(engine, batch)
        self._versions.load(_to_read(batch))
        for remade in batch:
            if remade.merged.problem:
                yield Lesson(remade.commit, is_refused=True)
            else:
                yield self._lesson(remade, hunks)

    def _lesson(self, remade: _Remade, hunks: HunksOfFiles) -> Lesson:
        files: list[FileMerge] = []
        renames = dict.fromkeys(_renamed_files(remade.sides))
        for number, pair in enumerate(remade.shared):
            conflicts = _conflicts_in(pair, remade.merged)
            # The file as such still counts; what is hit in it nobody asks then.
            if number >= _READ_MOST:
                files.append(FileMerge(pair[0].name, (), (), bool(conflicts), None))
                continue
            shared = _SharedFile(pair, self._versions)
            files.append(shared.merge(conflicts, hunks))
            renames |= dict.fromkeys(shared.renames())
        past = counted(files, conflicted=bool(remade.merged.conflicts))
        return Lesson(remade.commit, past, tuple(renames)[:_RENAMES_MOST])


class _SharedFile:
    """A file that both sides touched, under the name that it had when they parted."""

    def __init__(self, pair: tuple[Edited, Edited], versions: _Versions) -> None:
        ours, _ = pair
        self._pair = pair
        self._path = ours.name
        self._base = versions.of(ours.old, ours.old_oid)
        self._sides: list[FileSymbols | None] = []
        self._changes: list[list[Change]] = []
        for edited in pair:
            # One may have renamed it, and what they touched is compared under one name.
            now = _under(self._path, versions.of(edited.new, edited.new_oid))
            self._sides.append(now)
            self._changes.append(changes(_by_path(self._base), _by_path(now)))

    def merge(self, conflicts: Sequence[ConflictedFile], hunks: HunksOfFiles) -> FileMerge:
        """What is counted of it."""
        ours = self._touched(0)
        theirs = self._touched(1)
        return FileMerge(
            path=self._path,
            ours=tuple(ours),
            theirs=tuple(theirs),
            conflicts=bool(conflicts),
            hit=self._hit(conflicts, hunks),
            alike=frozenset(self._alike(ours, theirs)),
        )

    def renames(self) -> Iterator[Rename]:
        """The symbols that a side gave another name."""
        for changes_of_side in self._changes:
            for change in changes_of_side:
                if change.from_address is not None:
                    yield _key(change.from_address), _key(change.address)

    def _touched(self, side: int) -> list[Touch]:
        before = list(_by_path(self._base).values())
        after = list(_by_path(self._sides[side]).values())
        # As the forecast sees announced work, so that both are counted alike.
        touched = touches(self._changes[side], before, after)
        edited = self._pair[side]
        if edited.old != edited.new:
            verb = "rename"
            if edited.old is None:
                verb = "add"
            elif edited.new is None:
                verb = "delete"
            touched.append(Touch(Address(self._path), "", verb))
        return touched

    def _hit(
        self,
        conflicts: Sequence[ConflictedFile],
        hunks: HunksOfFiles,
    ) -> frozenset[Key] | None:
        """The symbols in the lines that conflict; None where the file does so as a whole."""
        keys: set[Key] = set()
        versions = [self._base, *self._sides]
        for conflict in conflicts:
            hunks_of_file = hunks[id(conflict)]
            if not hunks_of_file:
                return None
            # A symbol may stand in the lines of one version alone.
            for version, spans in zip(versions, zip(*hunks_of_file, strict=True), strict=True):
                if version is not None:
                    keys.update(symbol.key for symbol in at_lines(version, spans))
        return frozenset(keys)

    def _alike(self, ours: Iterable[Touch], theirs: Iterable[Touch]) -> Iterator[Key]:
        """What both sides changed in the same way, to the same text."""
        our_texts, their_texts = map(_texts, self._sides)
        their_work = {(touch.address.key, touch.verb) for touch in theirs}
        for touch in ours:
            key = touch.address.key
            if touch.verb == "rename" or (key, touch.verb) not in their_work:
                continue
            if our_texts.get(key) == their_texts.get(key):
                yield key


class _Versions:
    """The symbols of files in several versions, as far as they were read lately."""

    def __init__(self, repository: Repository) -> None:
        self._contents = Contents(repository, MAX_BYTES)
        self._known: dict[Version, FileSymbols] = {}

    def load(self, wanted: Iterable[Version]) -> None:
        """Read some versions, and forget those of long ago."""
        missing = [version for version in dict.fromkeys(wanted) if version not in self._known]
        # Only now: what is wanted again is often what came last.
        for oldest in list(self._known)[:-_KEPT]:
            del self._known[oldest]
        contents = self._contents.read([oid for _, oid in missing])
        for (path, oid), data in zip(missing, contents, strict=True):
            # A submodule, or what is too large: told apart by its id alone.
            if data is not None:
                self._known[path, oid] = extract(path, data)

    def of(self, path: str | None, oid: str) -> FileSymbols | None:
        """The symbols of a version; None for none. What cannot be read is a whole file, told apart by its id."""
        if path is None:
            return None
        return self._known.get((path, oid)) or whole_file(path, oid.encode(), "unread")


def _to_read(batch: Iterable[_Remade]) -> Iterator[Version]:
    for remade in batch:
        for pair in remade.shared[:_READ_MOST]:
            for edited in pair:
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
    for conflict, hunks_of_file in zip(conflicts, engine.hunks(conflicts), strict=True):
        hunks[id(conflict)] = hunks_of_file
    return hunks


def _conflicts_in(pair: tuple[Edited, Edited], merged: Merged) -> list[ConflictedFile]:
    names: set[str | None] = set()
    for edited in pair:
        names.update((edited.old, edited.new))
    return [conflict for conflict in merged.conflicts if conflict.path in names]


def _renamed_files(sides_of_merge: Iterable[Side]) -> Iterator[Rename]:
    for side in sides_of_merge:
        for edited in side:
            if edited.is_renamed and edited.old is not None and edited.new is not None:
                yield _key(Address(edited.old)), _key(Address(edited.new))


def _key(address: Address) -> Key:
    return address.folded.key


def _under(path: str, file: FileSymbols | None) -> FileSymbols | None:
    """The same symbols under another path."""
    if file is None or file.path == path:
        return file
    moved = tuple(symbol._replace(path=path) for symbol in file.symbols)
    return file._replace(path=path, symbols=moved)


def _by_path(file: FileSymbols | None) -> dict[str, FileSymbols]:
    return {} if file is None else {file.path: file}


def _texts(file: FileSymbols | None) -> dict[Key, object]:
    """What tells the text of each symbol, and of the file as a whole."""
    if file is None:
        return {}
    texts: dict[Key, object] = {}
    for symbol in file.symbols:
        texts[symbol.key] = (symbol.content, symbol.direct, symbol.text)
    whole: Key = (file.path,)
    return {whole: tuple(texts.items()), **texts}
