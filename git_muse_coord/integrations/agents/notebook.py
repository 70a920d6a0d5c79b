"""Edits of cells in Jupyter's notebooks."""

from __future__ import annotations

from git_muse_coord.integrations.agents.edits import edit_of
from git_muse_coord.integrations.agents.fields import text_of
from git_muse_coord.model.later import json
from git_muse_coord.model.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.integrations.agents.dialect import ToolCall
    from git_muse_coord.integrations.agents.fields import Payload
    from git_muse_coord.model.agents import Edit

_NUMBERED = "cell-"
"""Cells without an id are named by their place: ``cell-0``."""

_MOST_DIGITS = 9

Cell = dict[str, Any]


def edit_of_notebook(call: ToolCall) -> Iterator[Edit]:
    """What an edit of one cell makes of its notebook. What the cell was before only the program can tell."""
    return edit_of(
        call,
        lambda text: with_cell(text, call.arguments),
        lambda _: None,
    )


def with_cell(notebook: str, arguments: Payload) -> str | None:
    """A notebook with one cell edited; None where it is none, or has no such cell."""
    try:
        whole = json.loads(notebook)
        if not _has_edited(whole, arguments):
            return None
        # As Jupyter and Claude write it.
        return json.dumps(whole, indent=1, ensure_ascii=False)
    except (ValueError, RecursionError):
        return None


def _has_edited(whole: object, arguments: Payload) -> bool:
    """Do in the cells of a notebook what the arguments say; whether that could be done."""
    if not isinstance(whole, dict):
        return False
    cells = whole.get("cells")
    if not isinstance(cells, list):
        return False
    mode = text_of(arguments, "edit_mode")
    name = text_of(arguments, "cell_id")
    # What is inserted without saying after what comes first.
    if mode == "insert" and name is None:
        first = _renewed({"metadata": {}}, arguments)
        cells.insert(0, first)
        return True
    place = _place(cells, name or "")
    if place is None:
        return False
    if mode == "insert":
        new = _renewed({"metadata": {}}, arguments)
        cells.insert(place + 1, new)
    elif mode == "delete":
        del cells[place]
    else:
        _renewed(cells[place], arguments)
    return True


def _place(cells: list[Any], name: str) -> int | None:
    """Where the cell of a name stands; None for no such cell, and for what is no cell at all."""
    for place, cell in enumerate(cells):
        if isinstance(cell, dict) and cell.get("id") == name:
            return place
    number = name.removeprefix(_NUMBERED)
    is_number = number.isascii() and number.isdigit()
    if not is_number or len(number) > _MOST_DIGITS:
        return None
    place = int(number)
    if place < len(cells) and isinstance(cells[place], dict):
        return place
    return None


def _renewed(cell: Cell, arguments: Payload) -> Cell:
    """A cell with the source that the arguments hold."""
    known = cell.get("cell_type", "code")
    cell["cell_type"] = text_of(arguments, "cell_type") or known
    cell["source"] = text_of(arguments, "new_source") or ""
    # What a code cell gave before says nothing about its new source.
    if cell["cell_type"] == "code":
        cell["execution_count"] = None
        cell["outputs"] = []
    return cell
