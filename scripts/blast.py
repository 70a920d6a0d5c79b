"""How far changes reach: who changes a symbol while somebody else changes what calls it from another file."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from measuring import git
from merging import Merge, say

from git_muse_coord.coordinator import Coordinator
from git_muse_coord.rules.uses import UseGraph
from git_muse_coord.source.merging.side import Side
from git_muse_coord.source.use_graphs import UseGraphs

BREAKING = ("signature", "deleted", "renamed", "moved")
DEPTH = 2


def lessons(repository: Path, merges: Sequence[Merge]) -> Iterator[dict[str, list[bool]]]:
    """For each merge, under ``blast`` and the number of steps, each pair of a changed symbol and a changed caller.

    True where the change is one that breaks callers. Works in a scratch clone, so that nothing stays in the repository.
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
            graph = UseGraphs(session.sources()).at(merge.base)
            ours = Side(session.sources(), "ours", merge.base, merge.ours)
            theirs = Side(session.sources(), "theirs", merge.base, merge.theirs)
            found: dict[str, list[bool]] = defaultdict(list)
            for one, other in ((ours, theirs), (theirs, ours)):
                for steps, breaks in _pairs(graph, one, other):
                    found["blast"].append(breaks)
                    found[f"blast/{steps}"].append(breaks)
            yield found
    say("")


def _pairs(graph: UseGraph, one: Side, other: Side) -> Iterator[tuple[int, bool]]:
    """Over how many steps a changed symbol is called by one that the other side changed, and whether that breaks it."""
    touched = {
        key for key, edit in other.edits.items() if edit.change not in ("added", "formatting")
    }
    for key, edit in one.edits.items():
        if edit.change in ("added", "formatting"):
            continue
        seen = {key}
        for steps in range(1, DEPTH + 1):
            ring = graph.users_within(key, steps) - seen
            seen |= ring
            for caller in ring & touched:
                if caller[0] != key[0]:
                    yield steps, edit.change in BREAKING
