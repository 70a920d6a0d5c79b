"""An answer in the shape that its reader asks for: some of its fields, some of its rows, or as short as it can be.

Every word of an answer costs a model something. What is left out here is known without it: that
nothing is there, that a reservation is active, how long it has been so.
"""

from __future__ import annotations

from _collections_abc import Sequence  # as collections.abc has it, which loads all of collections
from itertools import islice

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_json import loads
from git_muse_coord.model.results import json_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    from git_muse_coord.model.codec import Json

    Fields = dict[str, Json]

HEAD = (
    "schema_version",
    "command",
    "exit_code",
    "duration_ms",
    "warnings",
    "error",
)
"""The fields of every answer; they stay, whichever are asked for."""

OMITTED = "omitted"
"""The field that says how many rows the longest list has beyond the limit."""

_DIGITS = 12
"""Of ids and commits, as in texts: enough to name them again."""
_PREFIX = "sha256:"
_OF_RECORDS = len(_PREFIX) + 64
_OF_COMMITS = (40, 64)
_COMMITS = (
    "commit",
    "onto_commit",
    "base",
    "ours",
    "theirs",
)
_WORDS = (
    "run_id",
    "run_ids",
    "agents",
    "reason",
    "detail",
    "branch",
    "text",
    "message",
)
"""Fields that hold what people wrote, which stays as it is, whatever it looks like."""
_SECONDS = len("2026-03-18T12:30:00")
_ZONE = "+00:00"


class Shape(NamedTuple):
    """What is to be told of an answer: all of it where nothing is asked for.

    ``fields`` names fields of the answer, or of the rows in its lists. ``limit`` is how many rows of
    a list are told; ``compact`` leaves out what says nothing.
    """

    fields: tuple[str, ...] = ()
    limit: int | None = None
    compact: bool = False


def shaped(answer: Mapping[str, Any], shape: Shape) -> Fields:
    """The fields of an answer, as JSON has them, in a shape."""
    told: Fields = {}
    left_out: dict[str, int] = {}
    for field, value in answer.items():
        name = field.rstrip("_")
        rows = value
        if name not in HEAD and _is_list(value):
            rows = _rows(value, shape.limit)
            left_out[name] = len(value) - len(rows)
        told[name] = _plain(rows)
    if shape.fields:
        told = _only(told, shape.fields)
    # Lists that tell the same in two ways are cut alike, so the number is that of the longest.
    omitted = 0
    for name in told:
        omitted = max(omitted, left_out.get(name, 0))
    if shape.compact:
        told = _compact(told)
    if shape.limit is not None:
        told[OMITTED] = omitted
    return told


def _rows(value: Any, limit: int | None) -> Any:
    if limit is None:
        return value
    first = getattr(value, "first", None)
    # What is read while it is printed is not to be read for nothing.
    if first is not None:
        return first(limit)
    # islice takes no number that is longer than a list can be
    return list(islice(value, min(limit, len(value))))


def _plain(value: Any) -> Json:
    """A value as who reads the JSON gets it."""
    if hasattr(value, "json_pieces"):
        text = "".join(value.json_pieces())
    else:
        text = json_text(value)
    plain: Json = loads(text)
    return plain


def _is_list(value: Any) -> bool:
    if isinstance(value, str):
        return False
    return isinstance(value, Sequence) or hasattr(value, "json_pieces")


def _only(answer: Fields, names: Iterable[str]) -> Fields:
    """The fields that are named, and of lists whose rows have such fields those of each row."""
    wanted = set(names)
    kept: Fields = {}
    for name, value in answer.items():
        rows = None if name in HEAD else _with_fields(value, wanted)
        if rows is not None:
            kept[name] = rows
        # Whether the rows of an empty list would have such fields cannot be seen, so it is told.
        elif name in HEAD or name in wanted or value == []:
            kept[name] = value
    return kept


def _with_fields(value: Json, wanted: set[str]) -> Json:
    """Rows with the fields that are wanted. None: it is no list of rows, or they have none of these."""
    if not isinstance(value, list):
        return None
    kept: list[Json] = []
    for row in value:
        if not isinstance(row, dict):
            return None
        names = filter(wanted.__contains__, row)
        fields: Fields = {}
        for name in names:
            fields[name] = row[name]
        kept.append(fields)
    if any(kept):
        return kept
    return None


def _compact(fields: Fields) -> Fields:
    kept: Fields = {}
    for name, value in fields.items():
        if _says_nothing(name, value):
            continue
        kept[name] = _shortened(name, value)
    # The end that counts is told, under the name that is looked for.
    effective = kept.pop("effective_expires_at", None)
    if effective is not None:
        kept["expires_at"] = effective
    return kept


def _says_nothing(name: str, value: Json) -> bool:
    if value is None or value is False or value == []:
        return True
    if name == "state" and value == "active":
        return True
    # Who compares the end with a clock needs neither the beginning nor what is left.
    return name in ("created_at", "seconds_left")


def _shortened(name: str, value: Json) -> Json:
    if isinstance(value, dict):
        return _compact(value)
    if isinstance(value, list):
        parts: list[Json] = []
        for part in value:
            shortened = _shortened(name, part)
            parts.append(shortened)
        return parts
    if isinstance(value, str) and name not in _WORDS:
        return _shortened_text(name, value)
    return value


def _shortened_text(name: str, text: str) -> str:
    if len(text) == _OF_RECORDS and text.startswith(_PREFIX):
        digits = text.removeprefix(_PREFIX)
        return digits[:_DIGITS]
    if name in _COMMITS and len(text) in _OF_COMMITS:
        return text[:_DIGITS]
    is_time = name == "at" or name.endswith(("_at", "until"))
    if is_time and text.endswith(_ZONE):
        return text[:_SECONDS] + _ZONE
    return text
