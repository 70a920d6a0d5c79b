"""Use case: zones of work for several agents, of equal size and with little between them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.results import Result
from git_muse_coord.rules.division import TOLERANCE
from git_muse_coord.rules.partition import partition
from git_muse_coord.rules.shard import Zones, web, zones
from git_muse_coord.source.graphs import Graphs
from git_muse_coord.source.metis import metis
from git_muse_coord.source.sizes import chosen, counted
from git_muse_coord.store.git.commits import commit as commit_id
from git_muse_coord.store.git.history import changed_together
from git_muse_coord.symbols.counts import Counted
from git_muse_coord.symbols.languages import DOCUMENTS
from git_muse_coord.symbols.uses import table_of

MAX_AGENTS = 1000
COMMITS = 2000
"""So many commits of the past tell which files change together."""


@dataclass(kw_only=True, eq=False)
class Shard:
    """A zone of work. ``coupling_score`` is the share of its files' uses that cross its border, from 0 to 1."""

    shard: int
    files: tuple[str, ...]
    symbol_count: int
    coupling_score: float


@dataclass(kw_only=True, eq=False)
class HubLine:
    """A file that is used from most shards: reserve its symbols, not the file. ``shards`` counts those that use it."""

    file: str
    shard: int
    users: int
    shards: int


@dataclass(kw_only=True, eq=False)
class ShardResult(Result):
    """Zones of work, each file in one of them.

    ``cross_shard_edges`` counts the pairs of files in different shards one of which uses the other,
    ``cut_ratio`` is their share of all such pairs, and ``balance`` the symbols of the smallest
    shard over those of the largest. ``commit`` is null for the working tree.
    """

    agents: int
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
) -> ShardResult:
    """Divide the source files among ``agents``, so that each has as many symbols and little reaches across.

    The files are the tracked ones of the working tree, or those of ``commit``; of some
    languages, else all that hold code; and those at some addresses, else everywhere. Raises
    BadInput.
    """
    if not 1 <= agents <= MAX_AGENTS:
        raise BadInput(
            f"{agents:,} agents are not 1 to {MAX_AGENTS:,}",
            "say how many shards you need: --agents 4",
        )
    places = session.addresses(path) if (path := list(path)) else []
    revision = None if commit is None else commit_id(session.repository.git, commit)
    files = chosen(counted(session.sources(), revision), set(language), places)
    symbols = {one.path: one.symbols for one in files}
    graphs = Graphs(session.sources())
    uses = (graphs.working_tree() if revision is None else graphs.at(revision)).file_edges()
    start = revision or session.repository.head().commit
    count = min(agents, len(symbols))
    session.progress(f"dividing {len(symbols):,} files")
    graph = web(
        symbols, uses, changed_together(session.repository.git, start, COMMITS) if start else ()
    )
    found = zones(symbols, uses, partition(graph, count, metis))
    return _result(agents, revision, found, _warnings(agents, found, files))


def _result(agents: int, commit: str | None, found: Zones, warnings: list[str]) -> ShardResult:
    home = {path: number for number, zone in enumerate(found.zones, 1) for path in zone.files}
    return ShardResult(
        agents=agents,
        commit=commit,
        shards=tuple(
            Shard(
                shard=number,
                files=one.files,
                symbol_count=one.symbols,
                coupling_score=round(one.coupling, 4),
            )
            for number, one in enumerate(found.zones, 1)
        ),
        cross_shard_edges=found.crossing,
        cut_ratio=round(found.crossing / (found.uses or 1), 4),
        balance=round(found.balance, 4),
        hubs=tuple(
            HubLine(file=one.path, shard=home[one.path], users=one.users, shards=one.zones)
            for one in found.hubs
        ),
        warnings=warnings,
    )


def _warnings(agents: int, found: Zones, files: Collection[Counted]) -> list[str]:
    """Why there are fewer shards, or shards that are not equal, and what ties could not be seen."""
    warnings: list[str] = []
    if len(found.zones) < agents:
        warnings.append(
            f"only {len(found.zones):,} of {agents:,} shards: too few files have symbols"
        )
    heaviest = max(files, key=lambda one: one.symbols)
    total = sum(one.symbols for one in files)
    if found.balance * (1 + TOLERANCE) < 1:
        if heaviest.symbols * len(found.zones) > total:
            alone = f"{heaviest.path} alone has {heaviest.symbols:,} of {total:,} symbols"
            warnings.append(
                f"the shards cannot be equal: {alone}; reserve its symbols instead of the file"
            )
        else:
            warnings.append("the files are too few and too large for equal shards")
    if unseen := sorted(
        {one.language for one in files if table_of(one.language) is None} - DOCUMENTS
    ):
        warnings.append(
            f"uses are not known in {', '.join(unseen)}: there only commits and directories tie files"
        )
    return warnings
