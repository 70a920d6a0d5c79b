"""The verb ``shard``."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from git_muse_coord.commands.app import App
from git_muse_coord.commands.options import option, verb
from git_muse_coord.coordinator.shard import (
    HubLine,
    Shard,
    ShardResult,
    shard,
)
from git_muse_coord.model.address import Address
from git_muse_coord.model.wording import and_more
from git_muse_coord.ui.text import (
    Cell,
    Line,
    Span,
    count,
    head,
    table,
)

_DIRECTORIES = 3
"""Directories by which a shard is described, at most."""
_HUBS = 8
"""Hubs that are shown, at most."""
_FILES = 200
"""Files that are named besides the table, at most: of more, those of one shard are asked for."""


def render(result: ShardResult) -> Iterator[Line]:
    """The shards by their directories, what crosses between them, the hubs, and the files of each shard."""
    # One shard was asked for, to be pasted or piped: nothing else stands between its files.
    if result.only is not None:
        for zone in result.shards:
            for name in _files(zone):
                yield [name]
        return
    files = sum(len(shard.files) for shard in result.shards)
    symbols = sum(shard.symbol_count for shard in result.shards)
    yield [
        f"{count(files, 'file')} with {count(symbols, 'symbol')} in ",
        Span(count(len(result.shards), "shard"), "bold"),
        f"; {result.cut_ratio:.0%} of the uses between files cross ({result.cross_shard_edges:,})",
    ]
    rows: list[Sequence[Cell]] = [head("SHARD", "FILES", "SYMBOLS", "COUPLING", "MOSTLY IN")]
    for zone in result.shards:
        rows.append(
            (
                str(zone.shard),
                f"{len(zone.files):,}",
                f"{zone.symbol_count:,}",
                f"{zone.coupling_score:.2f}",
                _where(zone.files),
            )
        )
    yield from table(rows)
    if result.hubs:
        yield []
        yield [Span("Used from most shards: reserve by symbol", "bold")]
        # Cut before the table is made, so that no column is as wide as what is not shown.
        yield from table(map(_hub, result.hubs[:_HUBS]))
        left = len(result.hubs) - _HUBS
        if left > 0:
            yield [f"  {and_more(left)}"]
    yield []
    if files > _FILES:
        yield [
            f"git muse-coord shard --agents {result.agents} --only 1 names the files of shard 1."
        ]
        return
    for zone in result.shards:
        # On one line, as it is pasted behind a command.
        yield [Span(f"Shard {zone.shard}: ", "bold"), " ".join(_files(zone))]


def _files(zone: Shard) -> Iterator[str]:
    """The files of a shard as a shell and ``reserve`` take them."""
    for path in zone.files:
        yield shlex.quote(str(Address(path)))


def _hub(hub: HubLine) -> Sequence[Cell]:
    return f"  {hub.file}", f"{hub.users:,} users", f"in shard {hub.shard}"


def _where(files: Sequence[str]) -> str:
    directories = Counter(path.rpartition("/")[0] or "." for path in files)
    counted: list[str] = []
    for name, number in directories.most_common(_DIRECTORIES):
        counted.append(f"{name}/ {number:,}")
    rest = len(directories) - len(counted)
    if rest:
        counted.append(f"{rest:,} more")
    return ", ".join(counted)


@verb(
    "shard",
    render,
    option(
        "--agents",
        metavar="N",
        kind=int,
        required=True,
        help="How many shards.",
    ),
    option(
        "--only",
        metavar="N",
        kind=int,
        help="Only the files of shard N, one a line, quoted for the shell.",
    ),
    option(
        "--language",
        metavar="NAME",
        multiple=True,
        help="Only files in this language; without, all code.",
    ),
    option(
        "--commit", metavar="REVISION", help="The files of a commit instead of the tracked ones."
    ),
    option(
        "--path",
        to="places",
        metavar="ADDR",
        multiple=True,
        help="Only files here: a directory/ or a file.",
    ),
)
def shard_command(
    app: App,
    places: Sequence[str],
    **options: Any,
) -> ShardResult:
    """Divide the source files into zones of work for several agents.

    The zones have equally many symbols, within 5 % where the files allow it, and keep together what
    uses each other, what was changed by the same commits, and what lies in one directory. Files
    that most zones use are listed apart: reserve their symbols, not the files.
    """
    return shard(app.open(), path=places, **options)
