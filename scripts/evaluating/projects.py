"""The projects that are measured: their merges, in every view, and what the others teach of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from merging import say

from evaluating.cases import Case, announced, code, counted_files, existing, finished, half_done
from evaluating.judging import Judged, Table, Weights, fit, judged
from evaluating.lessons import lessons
from evaluating.observed import Observed
from evaluating.tables import Sums, summed, table
from git_muse_coord.rules.merge_record import MetFile

VIEWS = {
    "finished diffs": finished,
    "as forecast sees them": announced,
    "code symbols only": lambda one: announced(one, code),
    "existing symbols only": lambda one: announced(one, existing),
    "code symbols, radar sees half": half_done,
}
"""How a merge may be looked at beforehand. The second is what the program does; it is fitted and told by default."""
SEEN = "as forecast sees them"


class Model(NamedTuple):
    """A table and the weights that go with it."""

    table: Table
    weights: Weights


class Project:
    """A project and its merges, oldest first."""

    def __init__(self, title: str, merges: Sequence[Observed]) -> None:
        self.title = title
        self.merges = merges
        self._cases: dict[str, list[Case]] = {}

    def cases(self, view: str) -> list[Case]:
        """All merges in one view."""
        if view not in self._cases:
            self._cases[view] = [VIEWS[view](one) for one in self.merges]
        return self._cases[view]

    @cached_property
    def sums(self) -> Sums:
        """What it teaches for a table."""
        pairs = zip(self.merges, self.cases(SEEN), strict=True)
        return summed(lessons(one, case) for one, case in pairs)

    def judged(self, learned: Table, view: str = SEEN) -> list[Judged]:
        """All merges, each with what was known of it before."""
        return judged(self.merges, self.cases(view), self._counted, learned)

    @cached_property
    def _counted(self) -> list[list[MetFile]]:
        return [counted_files(one) for one in self.merges]


def model_of(projects: Sequence[Project]) -> Model:
    """What some projects teach together; the weights by tables that do not know the project that is judged."""
    known: list[Judged] = []
    for project in projects:
        others = [other.sums for other in projects if other is not project]
        known += project.judged(table(others))
    return Model(table(project.sums for project in projects), fit(known))


def left_out(projects: Sequence[Project]) -> Mapping[str, Model]:
    """For each project a model that was made of all others."""
    models: dict[str, Model] = {}
    for project in projects:
        say(f"without {project.title}")
        models[project.title] = model_of([other for other in projects if other is not project])
    say("")
    return models


def same_for_all(projects: Iterable[Project], model: Model) -> Mapping[str, Model]:
    """One model for each project, the shipped one say."""
    return {project.title: model for project in projects}
