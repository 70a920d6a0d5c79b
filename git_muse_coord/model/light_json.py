"""JSON as the module json has it, by the functions in C that it calls: json itself loads re, which they do not need.

Where a Python has other functions or none, and to say what is wrong with a text, json is used.
"""

from __future__ import annotations

from git_muse_coord.model.later import json
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_BLANKS = " \t\n\r"
_CONSTANTS = {
    "NaN": float("nan"),
    "Infinity": float("inf"),
    "-Infinity": float("-inf"),
}


def writer(
    *,
    default: Callable[[Any], Any] | None = None,
    sort_keys: bool = False,
    allow_nan: bool = True,
) -> Callable[[Any], str]:
    """What writes values as ``json.dumps`` does, on one line without blanks and in ASCII."""

    def write_by_json(value: Any) -> str:
        return json.dumps(
            value,
            separators=(",", ":"),
            default=default,
            sort_keys=sort_keys,
            allow_nan=allow_nan,
        )

    try:
        from _json import encode_basestring_ascii, make_encoder
    except ImportError:
        return write_by_json
    convert = default or _refuse

    def write(value: Any) -> str:
        # Made anew, as json does: after an error it would take some values for parts of themselves.
        pieces = make_encoder(
            {},
            convert,
            encode_basestring_ascii,
            None,
            ":",
            ",",
            sort_keys,
            False,
            allow_nan,
        )
        return "".join(pieces(value, 0))

    try:
        write([None])
    except TypeError:
        return write_by_json
    return write


def _refuse(value: object) -> object:
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


class _Rules:
    """How texts are read, under the names that the scanner looks for."""

    strict = True
    object_hook = None
    object_pairs_hook = None
    memo: dict[str, str] = {}  # noqa: RUF012 - never used, but asked for by some versions

    def __init__(self, **rules: Any) -> None:
        self.parse_float = rules.get("parse_float", float)
        self.parse_int = rules.get("parse_int", int)
        self.parse_constant = rules.get("parse_constant", _CONSTANTS.__getitem__)


def reader(**rules: Any) -> Callable[[str], Any]:
    """What reads texts as ``json.loads`` does with these rules: parse_float, parse_int and parse_constant."""

    def read_by_json(text: str) -> Any:
        return json.loads(text, **rules)

    try:
        from _json import make_scanner

        # It takes whatever has these rules.
        scan = make_scanner(_Rules(**rules))  # type: ignore[arg-type]
    except (ImportError, AttributeError):
        return read_by_json

    def read(text: str) -> Any:
        stripped = text.strip(_BLANKS)
        try:
            value, end = scan(stripped, 0)
        except StopIteration:
            return read_by_json(text)
        if end != len(stripped):
            return read_by_json(text)
        return value

    return read


loads = reader()
"""Reads a text as ``json.loads`` does without other rules."""
