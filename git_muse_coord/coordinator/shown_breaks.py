"""What a forecast says of callers where the work on the branches shows that they break: no chance any more."""

from __future__ import annotations

from git_muse_coord.coordinator.answers.silent_break import looked_for_in
from git_muse_coord.model.errors import MuseCoordError
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.rules.broken_callers import broken_callers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from git_muse_coord.model.text_types import RecordId
    from git_muse_coord.rules.broken_callers import BranchBreak
    from git_muse_coord.rules.prediction import Prediction
    from git_muse_coord.rules.stakes import Stake
    from git_muse_coord.source.sources import Sources
    from git_muse_coord.store.git.branches import Branch
    from git_muse_coord.store.git.merges import Merges

_MERGED_MOST = 10
"""Callers are looked for in so many pairs of branches at most: that takes a while where much has changed."""

Pair = tuple[str, str]


class ShownBreaks:
    """Merges the branches of those who meet over calls, and looks whether a caller breaks.

    ``tip_of`` gives a branch as it is now, what is not committed included, ``are_finished`` says
    of two that nobody is at work on them any more; ``gaps`` takes sentences about what could not
    be looked at.
    """

    def __init__(
        self,
        sources: Sources,
        merges: Merges,
        announced: Iterable[Stake],
        tip_of: Callable[[str], Branch | None],
        are_finished: Callable[[Pair], bool],
        gaps: list[str],
    ) -> None:
        self._sources = sources
        self._merges = merges
        self._stakes = {stake.id: stake for stake in announced}
        self._tip_of = tip_of
        self._are_finished = are_finished
        self._gaps = gaps

    def among(self, predictions: Iterable[Prediction]) -> Iterator[Prediction]:
        """Some predictions of callers, of which those go that the branches show to be true: they are told as that."""
        by_pair: dict[Pair, list[Prediction]] = {}
        for prediction in predictions:
            pair = self._branches_of(prediction)
            if pair is None:
                yield prediction
                continue
            of_pair = by_pair.setdefault(pair, [])
            of_pair.append(prediction)
        pairs = list(by_pair)
        if len(pairs) > _MERGED_MOST:
            self._gaps.append(looked_for_in(_MERGED_MOST, len(pairs)))
        shown = self._shown(pairs[:_MERGED_MOST])
        for pair, of_pair in by_pair.items():
            breaks = shown.get(pair)
            if not breaks:
                yield from of_pair
                continue
            yield broken_callers(
                pair,
                breaks,
                self._involved(of_pair),
                is_final=self._are_finished(pair),
            )

    def _branches_of(self, prediction: Prediction) -> Pair | None:
        """The two branches of those who would meet; None where they work on one, or on none."""
        names: set[str] = set()
        for stake in self._involved([prediction]):
            names.add(stake.branch or "")
        # What was announced on a detached HEAD belongs to no branch.
        if len(names) != 2 or "" in names:
            return None
        first, second = sorted(names)
        return first, second

    def _involved(self, predictions: Iterable[Prediction]) -> list[Stake]:
        record_ids: dict[RecordId, None] = {}
        for prediction in predictions:
            for record_id in prediction.stakes:
                record_ids[record_id] = None
        return [self._stakes[record_id] for record_id in record_ids]

    def _shown(self, pairs: list[Pair]) -> dict[Pair, list[BranchBreak]]:
        """What breaks between pairs of branches that are both here, each with work of its own."""
        tips: dict[Pair, tuple[Branch, Branch]] = {}
        for pair in pairs:
            first_name, second_name = pair
            first = self._tip_of(first_name)
            second = self._tip_of(second_name)
            if first is None or second is None:
                continue
            if first.commit != second.commit:
                tips[pair] = (first, second)
        if not tips:
            return {}
        # which few forecasts need, and what merges takes a while to load
        from git_muse_coord.source.merging.shown_breaks import shown_breaks

        shown: dict[Pair, list[BranchBreak]] = {}
        try:
            breaks = shown_breaks(self._sources, self._merges, list(tips.values()))
            shown.update(zip(tips, breaks, strict=True))
        except MuseCoordError as error:
            self._gaps.append(f"without the callers that break between branches: {error.message}")
        return shown
