"""The verb ``shard``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import click

from git_muse_coord.commands.common import App, verb
from git_muse_coord.coordinator.shard import ShardResult, shard
from git_muse_coord.ui.text import Line, Span, count, table

_DIRECTORIES = 3
_HUBS = 8


def render(result: ShardResult) -> Iterator[Line]:
    """The shards by their directories, what crosses between them, and the hubs."""
    files = sum(len(one.files) for one in result.shards)
    symbols = sum(one.symbol_count for one in result.shards)
    yield [
        f"{count(files, 'file')} with {count(symbols, 'symbol')} in ",
        Span(count(len(result.shards), "shard"), "bold"),
        f"; {result.cut_ratio:.0%} of the uses between files cross ({result.cross_shard_edges:,})",
    ]
    titles = tuple(
        Span(title, "dim") for title in ("SHARD", "FILES", "SYMBOLS", "COUPLING", "MOSTLY IN")
    )
    rows = [
        (
            str(one.shard),
            f"{len(one.files):,}",
            f"{one.symbol_count:,}",
            f"{one.coupling_score:.2f}",
            _where(one.files),
        )
        for one in result.shards
    ]
    yield from table([titles, *rows])
    if result.hubs:
        yield []
        yield [Span("Used from most shards: reserve by symbol", "bold")]
        hubs = [
            (one.file, f"{one.users:,} users", f"in shard {one.shard}")
            for one in result.hubs[:_HUBS]
        ]
        yield from table([("  " + name, users, home) for name, users, home in hubs])
        if len(result.hubs) > _HUBS:
            yield [f"  and {len(result.hubs) - _HUBS:,} more"]
    yield []
    yield ["The files of each shard are in --json."]


def _where(files: Sequence[str]) -> str:
    directories = Counter(path.rpartition("/")[0] + "/" if "/" in path else "./" for path in files)
    most = directories.most_common(_DIRECTORIES)
    rest = len(directories) - len(most)
    return ", ".join(f"{name} {number:,}" for name, number in most) + (
        f", {rest:,} more" if rest else ""
    )


@verb("shard", render)
@click.option("--agents", metavar="N", type=int, required=True, help="How many shards.")
@click.option(
    "--language",
    metavar="NAME",
    multiple=True,
    help="Only files in this language; without, all code.",
)
@click.option(
    "--commit", metavar="REVISION", help="The files of a commit instead of the tracked ones."
)
@click.option(
    "--path",
    "places",
    metavar="ADDR",
    multiple=True,
    help="Only files here: a directory/ or a file.",
)
def shard_command(app: App, places: Sequence[str], **options: Any) -> ShardResult:
    """Divide the source files into zones of work for several agents.

    The zones have equally many symbols, within 5 % where the files allow it, and keep together what
    uses each other, what was changed by the same commits, and what lies in one directory. Files
    that most zones use are listed apart: reserve their symbols, not the files.
    """
    return shard(app.open(), path=places, **options)
