"""A conflict that is predicted, and the words in which it is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from git_muse_coord.model.address import Address
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.model.wording import and_more, few
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.rules.stakes import Stake

if TYPE_CHECKING:
    from git_muse_coord.rules.merge_chance import Grounds

_NAMED_MOST = 3
"""At most this many runs, or addresses, are named in a sentence."""


MEASURED = "measured"
"""A chance: how often the like became a conflict in measured history."""
PRESENT = "present"
"""No chance, because it is so already."""
UNFINISHED = "unfinished"
"""A chance: it is so as the work stands, which is not finished, and often comes right before it is."""
WAITING = "waiting"
"""No chance either: an order that is to be kept, and is kept so far."""
HABIT = "habit"
"""How often it came so in the past merges of this project, whatever anybody had announced."""
BLAST_RADIUS = "blast_radius_overlap"
HOT_FILE = "hot_file"
_CLOSE = 0.1
"""So much likelier must be what is reached over calls alone to stand above what both announced."""


class Prediction(NamedTuple):
    """A conflict that is predicted. ``stakes`` are the ids of the records on which it rests.

    ``basis`` says what its confidence is: a chance that was measured, also of what is so in work
    that goes on, 1 for what is present already, or 0 for what only waits. ``grounds`` are what a
    measured chance rests on, where more than one thing speaks for it.
    """

    conflict_type: str
    addresses: tuple[str, ...]
    agents: tuple[str, ...]
    stakes: tuple[RecordId, ...]
    confidence: float
    description: str
    basis: str = MEASURED
    grounds: Grounds | None = None

    @property
    def is_distant(self) -> bool:
        """Whether the two would meet over calls alone, of which hardly any breaks."""
        return self.conflict_type == BLAST_RADIUS and self.basis == MEASURED

    @property
    def can_stop(self) -> bool:
        """Whether somebody may be stopped for it: for what only might be reached nobody is."""
        if self.is_distant:
            return False
        return self.basis not in (WAITING, HABIT)


def is_likely(prediction: Prediction, least: float) -> bool:
    """Whether a chance is at least so great; what is no chance always is."""
    is_chance = prediction.basis in (MEASURED, UNFINISHED)
    return not is_chance or prediction.confidence >= least


def predicted(
    conflict_type: str,
    addresses: Iterable[Address | str],
    involved: Sequence[Stake],
    confidence: float,
    description: str,
    basis: str = MEASURED,
) -> Prediction:
    """A conflict between those who are involved, at some addresses."""
    run_ids = {stake.run_id for stake in involved}
    records = dict.fromkeys(stake.id for stake in involved)
    places = dict.fromkeys(map(str, addresses))
    return Prediction(
        conflict_type=conflict_type,
        addresses=tuple(places),
        agents=tuple(sorted(run_ids)),
        stakes=tuple(records),
        confidence=confidence,
        description=description,
        basis=basis,
    )


def foretold(
    conflict_type: str,
    addresses: Iterable[Address | str],
    involved: Sequence[Stake],
    grounds: Grounds,
    description: str,
) -> Prediction:
    """A conflict whose chance is known with what it rests on."""
    prediction = predicted(
        conflict_type,
        addresses,
        involved,
        grounds.chance,
        description,
    )
    return prediction._replace(grounds=grounds)


def worst_first(predictions: Iterable[Prediction]) -> list[Prediction]:
    """In the order in which they should be read; never by chance, so that two runs can be compared."""

    def order(prediction: Prediction) -> tuple[float, tuple[str, ...], str, tuple[str, ...]]:
        # Who announced the very same stands above who merely calls it, if they are about as likely.
        handicap = _CLOSE if prediction.is_distant else 0.0
        return (
            handicap - prediction.confidence,
            prediction.addresses,
            prediction.conflict_type,
            prediction.agents,
        )

    return sorted(predictions, key=order)


def once_for_each_company(predictions: Iterable[Prediction]) -> list[Prediction]:
    """Of chances that are told worst first, those of one kind and the same runs together, under the worst of them."""
    companies: dict[object, list[Prediction]] = {}
    for number, prediction in enumerate(predictions):
        company: object = prediction.conflict_type, prediction.agents
        # Runs without a name may be others each time; and what is no chance stands for itself.
        if prediction.basis != MEASURED or UNKNOWN in prediction.agents:
            company = number
        together = companies.setdefault(company, [])
        together.append(prediction)
    return list(map(_together, companies.values()))


def _together(predictions: Sequence[Prediction]) -> Prediction:
    worst = predictions[0]
    more = len(predictions) - 1
    if not more:
        return worst
    addresses: dict[str, None] = {}
    stakes: dict[RecordId, None] = {}
    for prediction in predictions:
        for address in prediction.addresses:
            addresses[address] = None
        for stake_id in prediction.stakes:
            stakes[stake_id] = None
    return worst._replace(
        addresses=tuple(addresses),
        stakes=tuple(stakes),
        description=f"{worst.description}; {and_more(more)} such between them",
    )


def all_of(involved: Iterable[Stake]) -> str:
    """The names of those who are involved."""
    run_ids: dict[str, RunId] = {}
    for stake in involved:
        # By party: two runs without a name are named twice, because they are two.
        run_ids[stake.party] = stake.run_id
    names = sorted(run_ids.values())
    quoted = [f"'{short_run_id(name)}'" for name in names]
    if 1 < len(quoted) <= _NAMED_MOST:
        *first, last = quoted
        return f"{', '.join(first)} and {last}"
    return first_few(quoted)


def holding(involved: Iterable[Stake]) -> str:
    """That those who are involved hold something, or, where one has not said so, are at work there."""
    involved = list(involved)
    parties = {stake.party for stake in involved}
    several = len(parties) > 1
    are_announced = all(stake.is_announced for stake in involved)
    if are_announced:
        verb = "hold" if several else "holds"
    else:
        verb = "work at" if several else "works at"
    return f"{all_of(involved)} {verb}"


def first_few(texts: Sequence[str], between: str = ", ") -> str:
    """The first of some texts, and how many more there are."""
    return few(texts, _NAMED_MOST, between)
