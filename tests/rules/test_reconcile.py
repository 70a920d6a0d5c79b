"""In which order branches are merged best, with merges that are only counted."""

from __future__ import annotations

from collections.abc import Sequence

from git_muse_coord.rules.merge_order import TrialMerge, in_order, pairwise_conflicts

BRANCHES = [f"b{number:02}" for number in range(40)]


class Counted:
    """Branches that conflict with each other in a path each; a state is the branches in it."""

    def __init__(self, *pairs: tuple[str, str]) -> None:
        self.pairs = {frozenset(pair) for pair in pairs}
        self.merges = 0

    def merge(self, pairs: Sequence[tuple[str, str]]) -> list[TrialMerge]:
        self.merges += len(pairs)
        return [
            TrialMerge(state, one, f"{state} {one}", self._conflicts(state, one))
            for state, one in pairs
        ]

    def keep(self, outcome: TrialMerge) -> str:
        return outcome.tree

    def _conflicts(self, state: str, branch: str) -> tuple[str, ...]:
        return tuple(sorted(one for one in state.split() if frozenset((one, branch)) in self.pairs))


def order(trial: Counted) -> list[TrialMerge]:
    met = pairwise_conflicts(dict(zip(BRANCHES, BRANCHES, strict=True)), trial)
    trial.merges = 0
    return in_order(BRANCHES, {}, met, "main", trial)


def test_without_conflicts_every_branch_is_merged_once() -> None:
    trial = Counted()
    assert [one.branch for one in order(trial)] == BRANCHES
    assert trial.merges == len(BRANCHES)


def test_what_conflicts_waits_for_what_does_not() -> None:
    trial = Counted(("b00", "b01"), ("b00", "b02"))
    assert [one.branch for one in order(trial)] == [*BRANCHES[3:], "b01", "b02", "b00"]
    assert trial.merges < 2 * len(BRANCHES)
