"""How far changes reach: who changes a symbol while somebody else changes what calls it from another file.

Whoever deletes or renames something mends its callers in the same branch, so that little breaks. What does is counted
in git's merged tree: a caller that there uses the old name more often than on the side that took the name away.
"""

from __future__ import annotations

import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from measuring import git
from merging import Merge, say

from git_muse_coord.coordinator import Coordinator
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.address import Key
from git_muse_coord.rules.breakage import blast_keys
from git_muse_coord.rules.uses import UseGraph
from git_muse_coord.source.by_path import symbols_by_key
from git_muse_coord.source.merging.shared_trees import SharedTrees
from git_muse_coord.source.merging.side import Side
from git_muse_coord.source.use_graphs import UseGraphs
from git_muse_coord.store.git.merge_answers import Merged
from git_muse_coord.store.git.merges import Merges
from git_muse_coord.symbols.extract import MAX_BYTES
from git_muse_coord.symbols.kinds import SYMBOLS

DEPTH = 2
_UNTOUCHED = ("added", "formatting")
_VERBS = {"deleted": "delete", "renamed": "rename", "moved": "rename"}


def lessons(repository: Path, merges: Sequence[Merge]) -> Iterator[dict[str, list[bool]]]:
    """For each merge, by the steps, what was done to it, and whether its side was at the caller's file as well.

    True where the caller is broken in the merged tree. Works in a scratch clone, so that nothing stays in the
    repository.
    """
    with tempfile.TemporaryDirectory(prefix="blast-") as home:
        scratch = Path(home) / "clone"
        git(
            Path(home), "clone", "-q", "--shared", "--bare", str(repository.resolve()), str(scratch)
        )
        session = Coordinator(str(scratch))
        for number, merge in enumerate(merges):
            if number % 25 == 0:
                say(f"callers in {number:,} of {len(merges):,} merges")
            found: dict[str, list[bool]] = defaultdict(list)
            for keys, is_broken in _outcomes(session, merge):
                for key in keys:
                    found[key].append(is_broken)
            yield found
    say("")


def _outcomes(session: Session, merge: Merge) -> Iterator[tuple[tuple[str, ...], bool]]:
    """For each changed symbol of which the other side changed a caller, under what it counts, and whether it broke."""
    graph = UseGraphs(session.sources()).at(merge.base)
    shared = SharedTrees(session.sources())
    ours = shared.side("ours", merge.base, merge.ours)
    theirs = shared.side("theirs", merge.base, merge.theirs)
    with Merges(session.repository) as engine:
        (merged,) = engine.pairs([(merge.ours, merge.theirs)])
        if merged.problem:
            return
        text = _MergedText(session, engine, merged, merge)
        for taker, user in ((ours, theirs), (theirs, ours)):
            taken = taker.gone.union(taker.resigned)
            for steps, key, caller in _pairs(graph, taker, user):
                if text.is_in_conflict(caller):
                    continue
                is_broken = steps == 1 and key in taken and text.breaks(key, caller, taker)
                if is_broken:
                    say(f"{merge.commit[:10]}: {key} broke {caller} ({taker.edits[key].change})\n")
                verb = _VERBS.get(taker.edits[key].change, "modify")
                at_the_file = any(edited[0] == caller[0] for edited in taker.edits)
                yield blast_keys(steps, verb, at_the_file), is_broken


def _pairs(graph: UseGraph, taker: Side, user: Side) -> Iterator[tuple[int, Key, Key]]:
    """Over how many steps which changed symbol is called by which that the other side changed."""
    touched = {key for key, edit in user.edits.items() if edit.change not in _UNTOUCHED}
    for key, edit in taker.edits.items():
        if edit.change in _UNTOUCHED:
            continue
        seen = {key}
        for steps in range(1, DEPTH + 1):
            ring = graph.users_within(key, steps) - seen
            seen |= ring
            for caller in ring & touched:
                if caller[0] != key[0]:
                    yield steps, key, caller


class _MergedText:
    """How often a caller names what it calls, in the merged tree and on a side."""

    def __init__(self, session: Session, engine: Merges, merged: Merged, merge: Merge) -> None:
        self._session = session
        self._engine = engine
        self._outcome = engine.outcome(merged)
        self._conflicts = {conflict.path for conflict in merged.conflicts}
        self._merge = merge

    def is_in_conflict(self, caller: Key) -> bool:
        """Whether a person looks at the caller's file anyway."""
        return caller[0] in self._conflicts

    def breaks(self, key: Key, caller: Key, taker: Side) -> bool:
        """Whether the merge brings a use under the old name, or in the old way, that the taker has not."""
        tip = self._merge.ours if taker.name == "ours" else self._merge.theirs
        name, path = key[-1], caller[0]
        merged_oid = self._outcome.get(path) or self._oid(self._merge.ours, path)
        mentions = self._mentions(merged_oid, caller, name)
        return mentions > self._mentions(self._oid(tip, path), caller, name)

    def _oid(self, commit: str, path: str) -> str:
        return (
            self._session.repository.git.line_or_none(
                "rev-parse", "-q", "--verify", f"{commit}:{path}"
            )
            or ""
        )

    def _mentions(self, oid: str, caller: Key, name: str) -> int:
        if not oid:
            return 0
        path = caller[0]
        sources = self._session.sources()
        files = sources.read_as(SYMBOLS, sources.cache, [(path, oid)], self._load)
        symbol = symbols_by_key(files).get(caller)
        (data,) = self._load([oid])
        if symbol is None or data is None:
            return 0
        text = data[symbol.start_byte : symbol.end_byte]
        return len(re.findall(rb"\b%s\b" % re.escape(name.encode()), text))

    def _load(self, oids: Sequence[str]) -> Iterator[bytes | None]:
        return self._engine.read(oids, MAX_BYTES)
