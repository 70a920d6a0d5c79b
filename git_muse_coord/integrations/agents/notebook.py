"""Edits of cells in Jupyter's notebooks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from git_muse_coord.integrations.agents.dialect import ToolCall
from git_muse_coord.integrations.agents.edits import edit_of
from git_muse_coord.integrations.agents.fields import Payload, text_of
from git_muse_coord.model.agents import Edit

_NUMBERED = "cell-"
"""Cells without an id are named by their place: ``cell-0``."""

Cells = list[Any]


def edit_of_notebook(call: ToolCall) -> Iterator[Edit]:
    """What an edit of one cell makes of its notebook."""

    def forth(text: str) -> str | None:
        return with_cell(text, call.arguments)

    def back(_text: str) -> str | None:
        return None

    return edit_of(call, forth, back)


def with_cell(notebook: str, arguments: Payload) -> str | None:
    """A notebook with one cell replaced, inserted or deleted; None where it is none, or has no such cell."""
    try:
        whole = json.loads(notebook)
    except (ValueError, RecursionError):
        return None
    cells = whole.get("cells") if isinstance(whole, dict) else None
    if not isinstance(cells, list) or not _edited(cells, arguments):
        return None
    return json.dumps(whole, indent=1, ensure_ascii=False)


def _edited(cells: Cells, arguments: Payload) -> bool:
    """Do in a list of cells what the arguments say; whether that could be done."""
    mode = text_of(arguments, "edit_mode") or "replace"
    name = text_of(arguments, "cell_id")
    place = _place(cells, name)
    if mode == "insert":
        # After the cell that is named, or before all.
        if name is not None and place is None:
            return False
        at = 0 if place is None else place + 1
        cells.insert(at, _new_cell(arguments))
        return True
    if place is None:
        return False
    if mode == "delete":
        del cells[place]
    else:
        _replace(cells[place], arguments)
    return True


def _place(cells: Cells, name: str | None) -> int | None:
    if name is None:
        return None
    for place, cell in enumerate(cells):
        if isinstance(cell, dict) and cell.get("id") == name:
            return place
    number = name.removeprefix(_NUMBERED)
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    place = int(number)
    return place if place < len(cells) and isinstance(cells[place], dict) else None


def _new_cell(arguments: Payload) -> dict[str, object]:
    kind = text_of(arguments, "cell_type") or "code"
    cell: dict[str, object] = {"cell_type": kind, "metadata": {}}
    cell["source"] = text_of(arguments, "new_source") or ""
    return _fresh(cell)


def _replace(cell: dict[str, object], arguments: Payload) -> None:
    cell["source"] = text_of(arguments, "new_source") or ""
    cell["cell_type"] = text_of(arguments, "cell_type") or cell.get("cell_type")
    _fresh(cell)


def _fresh(cell: dict[str, object]) -> dict[str, object]:
    """What a code cell gave before says nothing about its new source."""
    if cell["cell_type"] == "code":
        cell["execution_count"] = None
        cell["outputs"] = []
    return cell
