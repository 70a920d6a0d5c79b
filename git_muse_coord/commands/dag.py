"""The verb ``dag``."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import one_id
from git_muse_coord.commands.options import flag, option, verb
from git_muse_coord.coordinator.dag import DagResult, Node, dag
from git_muse_coord.model.wording import few, short_id
from git_muse_coord.rules.identity import short_run_id
from git_muse_coord.ui.text import (
    Cell,
    Line,
    Span,
    escape,
    head,
    table,
)

_STYLES = {
    "ready": "green",
    "blocked": "yellow",
    "done": "dim",
    "unknown": "red",
}
# All light, for the text on them is dark: mermaid's classDef says so, whatever the reader's theme.
_FILLS = {
    "ready": "#c8e6c9",
    "blocked": "#ffe0b2",
    "done": "#e0e0e0",
    "unknown": "#ffcdd2",
}


def _text(result: DagResult) -> Iterator[Line]:
    if not result.nodes:
        yield ["No reservations."]
        return
    waits: dict[str, list[str]] = defaultdict(list)
    for edge in result.edges:
        waits[edge.to].append(short_id(edge.from_))
    titles = head("ID", "STATE", "RUN-ID", "WAITS FOR", "ADDRESS")
    rows: list[Sequence[Cell]] = [titles]
    for node in result.nodes:
        waits_for = waits.get(node.reservation_id, ["-"])
        row = (
            Span(short_id(node.reservation_id), "cyan"),
            Span(node.state, _STYLES[node.state]),
            short_run_id(node.run_id or "-"),
            " ".join(waits_for),
            _what(node),
        )
        rows.append(row)
    yield from table(rows)
    if len(result.critical_path) > 1:
        path = map(short_id, result.critical_path)
        yield ["Critical path: " + " → ".join(path)]


def _dot(result: DagResult) -> Iterator[Line]:
    yield ["digraph reservations {"]
    yield ["  rankdir=LR;"]
    yield ["  node [shape=box, style=filled];"]
    for node in result.nodes:
        # What JSON quotes, dot reads as quoted, too.
        label = json.dumps(f"{_label(node)}\n{node.state}", ensure_ascii=False)
        fill = _FILLS[node.state]
        yield [f'  "{short_id(node.reservation_id)}" [label={label}, fillcolor="{fill}"];']
    for edge in result.edges:
        yield [f'  "{short_id(edge.from_)}" -> "{short_id(edge.to)}";']
    yield ["}"]


def _mermaid(result: DagResult) -> Iterator[Line]:
    yield ["flowchart LR"]
    for node in result.nodes:
        name = f"r{short_id(node.reservation_id)}"
        yield [f'  {name}["{_entities(_label(node))}"]:::{node.state}']
    for edge in result.edges:
        yield [f"  r{short_id(edge.from_)} --> r{short_id(edge.to)}"]
    for state, fill in _FILLS.items():
        yield [f"  classDef {state} fill:{fill},stroke:#616161,color:#212121"]


def _label(node: Node) -> str:
    whose = short_run_id(node.run_id or short_id(node.reservation_id))
    return escape(f"{whose}: {_what(node)}")


def _what(node: Node) -> str:
    if not node.addresses:
        return "not known here"
    return few(node.addresses, most=1)


def _entities(text: str) -> str:
    """Text inside a quoted mermaid label: what mermaid could read as markup becomes a numeric entity."""
    return "".join(map(_entity, text))


def _entity(character: str) -> str:
    if character.isalnum() or character in " /._-:,'":
        return character
    return f"#{ord(character)};"


_FORMATS = {
    "text": _text,
    "dot": _dot,
    "mermaid": _mermaid,
}


@verb(
    "dag",
    _text,
    flag("--ready", help="Only what waits for nothing."),
    option(
        "--for",
        to="for_",
        metavar="ID",
        check=one_id,
        help="Only what this waits for and what waits for it.",
    ),
    formats=("text", "json", "dot", "mermaid"),
)
def dag_command(
    app: App,
    ready: bool,
    for_: str | None,
) -> DagResult:
    """Show who waits for whom."""
    app.render = _FORMATS.get(app.format, _text)
    return dag(app.open(), ready=ready, for_=for_)
