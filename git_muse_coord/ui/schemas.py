"""The JSON Schemas that are shipped: what the answers of each verb hold."""

from __future__ import annotations

import os

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_json import loads

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

    Schema = Mapping[str, Any]

_HERE = os.path.dirname(__file__)
_PACKAGE = os.path.dirname(_HERE)


def schema_text(verb: str) -> str:
    """The schema of what a verb answers, as it is shipped."""
    path = os.path.join(
        _PACKAGE,
        "share",
        "schemas",
        f"{verb}.json",
    )
    with open(path, encoding="utf-8") as file:
        return file.read()


def field_names(verb: str) -> list[str]:
    """The fields of a verb's answer, and of the rows in its lists."""
    text = schema_text(verb)
    schema: Schema = loads(text)
    fields: Schema = schema["properties"]
    names = list(fields)
    for field in fields.values():
        names += _row_names(field, schema)
        for kind in field.get("anyOf", ()):
            names += _row_names(kind, schema)
    return names


def _row_names(field: Schema, schema: Schema) -> Iterable[str]:
    """The fields of the rows of a list; none, where a field is no list, or one of texts."""
    rows = field.get("items", {})
    reference = rows.get("$ref", "")
    name = reference.rpartition("/")[2]
    definitions = schema.get("$defs", {})
    definition = definitions.get(name, rows)
    names: Iterable[str] = definition.get("properties", ())
    return names
