"""The scores, as tables of text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from evaluating.judging import (
    Judged,
    Weights,
    told,
    told_of_places,
    without_commits,
    without_record,
)
from evaluating.projects import SEEN, VIEWS, Model, Project
from evaluating.scores import (
    BINS,
    HIGH,
    SHOWN,
    STRICT,
    Said,
    auc,
    average_precision,
    binned,
    brier,
    calibration_error,
    interval,
    precision,
    recall,
    recall_at,
    stopped,
)

Known = Callable[[list[Judged]], list[Judged]]
Tell = Callable[[list[Judged], Weights], list[Said]]
_HEAD = (
    "AUC",
    "AP",
    "calib.",
    "worst",
    "Brier",
    "r .9",
    "p .9",
    "stop .7",
    "r .16",
    "p .16",
    "r@p.5",
)
_JUDGED = 100
"""Of fewer merges a calibration error is mostly chance: such a project is not named as the worst."""
_NEEDED = 3
"""Below so many projects no interval can be told."""


def _table_alone(merges: list[Judged]) -> list[Judged]:
    return without_commits(without_record(merges))


def _everything_known(merges: list[Judged]) -> list[Judged]:
    return merges


KNOWN: dict[str, Known] = {
    "table": _table_alone,
    "record": without_commits,
    "record, one side there": _everything_known,
}
"""How much is known: the table alone, the project's record as well, and what one side has committed."""
ROWS = (
    ("finished diffs", "table"),
    ("finished diffs", "record"),
    (SEEN, "table"),
    (SEEN, "record"),
    (SEEN, "record, one side there"),
    ("code symbols only", "record"),
    ("existing symbols only", "record"),
    ("code symbols, radar sees half", "record"),
)


class Report:
    """What the models say of the projects."""

    def __init__(self, projects: Sequence[Project], models: Mapping[str, Model]) -> None:
        self._projects = projects
        self._models = models
        self._judged = {
            view: {one.title: one.judged(models[one.title].table, view) for one in projects}
            for view in VIEWS
        }

    def print(self) -> None:
        self._print_counts()
        self._print_rows("merges that share a file", told, sharing=True)
        self._print_rows("all merges", told, sharing=False)
        self._print_rows("places, each merge counting once", told_of_places, sharing=True)
        self._print_projects()
        self._print_intervals()
        for title, tell in (("merges that share a file", told), ("places", told_of_places)):
            self._print_reliability(title, tell)

    def _said(
        self,
        view: str,
        known: str,
        tell: Tell = told,
        *,
        sharing: bool = True,
    ) -> list[list[Said]]:
        """What is said, project by project."""
        said: list[list[Said]] = []
        for project in self._projects:
            merges = self._judged[view][project.title]
            chosen = [one for one in merges if one.case.shares_a_file or not sharing]
            said.append(tell(KNOWN[known](chosen), self._models[project.title].weights))
        return said

    def _print_counts(self) -> None:
        print(f"{'':<34}{'merges':>8}{'share a file':>14}{'conflict':>10}")
        totals = [0, 0, 0]
        for project in self._projects:
            cases = project.cases(SEEN)
            counts = (
                len(cases),
                sum(case.shares_a_file for case in cases),
                sum(case.conflicted for case in cases),
            )
            totals = [total + count for total, count in zip(totals, counts, strict=True)]
            _print_counted(project.title, counts)
        _print_counted("all together", totals)

    def _print_rows(self, title: str, tell: Tell, *, sharing: bool) -> None:
        print(f"\n{title}:\n{'':<54}" + "".join(f"{name:>8}" for name in _HEAD))
        for view, known in ROWS:
            said = self._said(view, known, tell, sharing=sharing)
            print(f"{view + ', ' + known:<54}" + "".join(f"{score:8.3f}" for score in scores(said)))

    def _print_projects(self) -> None:
        for _, known in ((SEEN, "record"), (SEEN, "record, one side there")):
            print(f"\n{SEEN}, {known}, merges that share a file:")
            for project, said in zip(self._projects, self._said(SEEN, known), strict=True):
                print(f"{project.title:<54}" + "".join(f"{score:8.3f}" for score in scores([said])))

    def _print_intervals(self) -> None:
        if len(self._projects) < _NEEDED:
            return
        print("\nbetween what 95 of 100 draws of as many projects lie:")
        measures = {
            "AUC": auc,
            "average precision": average_precision,
            "calibration error": calibration_error,
            "Brier": brier,
            "recall of 0.9 and more": lambda said: recall(said, HIGH),
            "precision of 0.9 and more": lambda said: precision(said, HIGH),
            "clean ones stopped at 0.7 and more": stopped,
            "recall at precision .5": recall_at,
        }
        for known in ("record", "record, one side there"):
            said = self._said(SEEN, known)
            for name, score in measures.items():
                low, high = interval(said, score)
                print(f"{known + ', ' + name:<62}{low:8.3f}{high:8.3f}")

    def _print_reliability(self, title: str, tell: Tell) -> None:
        said = [one for project in self._said(SEEN, "record", tell) for one in project]
        print(f"\n{title}, {SEEN}, record: said, on average, came true, how many")
        for number, group in sorted(binned(said).items()):
            weight = sum(one.weight for one in group)
            mean = sum(one.weight * one.probability for one in group) / weight
            true = sum(one.weight * one.came_true for one in group) / weight
            bounds = f"{number / BINS:.1f} to {(number + 1) / BINS:.1f}"
            print(f"  {bounds}{mean:8.3f}{true:8.3f}{round(weight):8,}")


def scores(projects: Sequence[Sequence[Said]]) -> list[float]:
    """All scores over some projects, in the order of the columns."""
    said = [one for project in projects for one in project]
    judged = [project for project in projects if len(project) >= _JUDGED or len(projects) == 1]
    worst = max((calibration_error(project) for project in judged), default=0.0)
    return [
        auc(said),
        average_precision(said),
        calibration_error(said),
        worst,
        brier(said),
        recall(said, HIGH),
        precision(said, HIGH),
        stopped(said, STRICT),
        recall(said, SHOWN),
        precision(said, SHOWN),
        recall_at(said),
    ]


def _print_counted(title: str, counts: Sequence[int]) -> None:
    merges, sharing, conflicts = counts
    print(f"{title:<34}{merges:8,}{sharing:14,}{conflicts:10,}")
