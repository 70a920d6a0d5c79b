"""Use case: zones of work for several agents, of equal size and with little between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from operator import attrgetter

from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.results import Result
from git_muse_coord.model.text_types import list_of_texts
from git_muse_coord.rules.division import TOLERANCE
from git_muse_coord.rules.partition import partition
from git_muse_coord.rules.shard import Zones, web, zones
from git_muse_coord.source.metis import metis
from git_muse_coord.source.sizes import choose_files, count_symbols
from git_muse_coord.source.use_graphs import UseGraphs
from git_muse_coord.store.git.commits import commit as commit_id
from git_muse_coord.store.git.history import changed_together
from git_muse_coord.symbols.counts import Counted
from git_muse_coord.symbols.languages import DOCUMENTS
from git_muse_coord.symbols.uses import uses_of

MAX_AGENTS = 1000
COMMITS_MOST = 2000
"""At most so many commits of the past tell which files change together."""


class Shard(Declared):
    """A zone of work. ``coupling_score`` is the share of its files' uses that cross its border, from 0 to 1."""

    shard: int
    files: tuple[str, ...]
    symbol_count: int
    coupling_score: float


class HubLine(Declared):
    """A file that is used from most shards: reserve its symbols, not the file. ``shards`` counts those that use it."""

    file: str
    shard: int
    users: int
    shards: int


class ShardResult(Result):
    """Zones of work, each file in one of them.

    ``cross_shard_edges`` counts the pairs of files in different shards one of which uses the other,
    ``cut_ratio`` is their share of all such pairs, and ``balance`` the symbols of the smallest
    shard over those of the largest. ``commit`` is null for the working tree, ``only`` unless one
    shard was asked for: then ``shards`` has that one, and all else is told of all.
    """

    agents: int
    only: int | None
    commit: str | None
    shards: tuple[Shard, ...]
    cross_shard_edges: int
    cut_ratio: float
    balance: float
    hubs: tuple[HubLine, ...]


def shard(
    session: Session,
    *,
    agents: int,
    language: Iterable[str] = (),
    commit: str | None = None,
    path: Iterable[str] = (),
    only: int | None = None,
) -> ShardResult:
    """Divide the source files among ``agents``, so that each has as many symbols and little reaches across.

    The files are the tracked ones of the working tree, or those of ``commit``; of some
    languages, else all that hold code; and those at some addresses, else everywhere. ``only`` is
    the number of the one shard to be told. Raises BadInput.
    """
    if not 1 <= agents <= MAX_AGENTS:
        raise BadInput(
            f"{agents:,} agents are not 1 to {MAX_AGENTS:,}",
            "say how many shards you need: --agents 4",
        )
    paths = list_of_texts(path)
    places = session.addresses(paths) if paths else []
    git = session.repository.git
    revision: str | None = None
    if commit is not None:
        # By its id, so that a branch that moves meanwhile changes nothing.
        revision = commit_id(git, commit)
    counted = count_symbols(session.sources(), revision)
    files = choose_files(counted, set(language), places)
    symbols = {file.path: file.symbols for file in files}
    graphs = UseGraphs(session.sources())
    graph = graphs.working_tree() if revision is None else graphs.at(revision)
    uses = graph.file_edges()
    session.progress(f"dividing {len(symbols):,} files")
    start = revision or session.repository.head().commit
    # Before the first commit nothing was changed together.
    together = changed_together(git, start, COMMITS_MOST) if start else ()
    ties = web(symbols, uses, together)
    # There cannot be more zones than files: a file is never divided.
    count = min(agents, len(symbols))
    parts = partition(ties, count, metis)
    divided = zones(symbols, uses, parts)
    shards = list(_shards(divided))
    if only is not None:
        shards = [_numbered(shards, only)]
    cut_ratio = divided.crossing / (divided.uses or 1)
    return ShardResult(
        agents=agents,
        only=only,
        commit=revision,
        shards=tuple(shards),
        cross_shard_edges=divided.crossing,
        cut_ratio=round(cut_ratio, 4),
        balance=round(divided.balance, 4),
        hubs=tuple(_hub_lines(divided)),
        warnings=list(_warnings(agents, divided, files)),
    )


def _shards(divided: Zones) -> Iterator[Shard]:
    for number, zone in enumerate(divided.zones, 1):
        yield Shard(
            shard=number,
            files=zone.files,
            symbol_count=zone.symbols,
            coupling_score=round(zone.coupling, 4),
        )


def _numbered(shards: list[Shard], number: int) -> Shard:
    if not 1 <= number <= len(shards):
        raise BadInput(f"there is no shard {number:,} of {len(shards):,}", "they count from 1")
    return shards[number - 1]


def _hub_lines(divided: Zones) -> Iterator[HubLine]:
    home: dict[str, int] = {}
    for number, zone in enumerate(divided.zones, 1):
        home.update(dict.fromkeys(zone.files, number))
    for hub in divided.hubs:
        yield HubLine(
            file=hub.path,
            shard=home[hub.path],
            users=hub.users,
            shards=hub.zones,
        )


def _warnings(
    agents: int,
    divided: Zones,
    files: Collection[Counted],
) -> Iterator[str]:
    """Why there are fewer shards, or shards that are not equal, and what ties could not be seen."""
    count = len(divided.zones)
    if count < agents:
        yield f"only {count:,} of {agents:,} shards: too few files have symbols"
    if divided.balance * (1 + TOLERANCE) < 1:
        yield _why_unequal(count, files)
    # Documents use nothing, so nothing is missed in them.
    languages = {file.language for file in files} - DOCUMENTS
    unseen = sorted(language for language in languages if uses_of(language) is None)
    if unseen:
        names = ", ".join(unseen)
        yield f"uses are not known in {names}: there only commits and directories tie files"


def _why_unequal(count: int, files: Collection[Counted]) -> str:
    heaviest = max(files, key=attrgetter("symbols"))
    total = sum(map(attrgetter("symbols"), files))
    if heaviest.symbols * count <= total:
        return "the files are too few and too large for equal shards"
    alone = f"{heaviest.path} alone has {heaviest.symbols:,} of {total:,} symbols"
    return f"the shards cannot be equal: {alone}; reserve its symbols instead of the file"
