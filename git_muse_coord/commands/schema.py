"""The verb ``schema``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from git_muse_coord.commands import VERBS
from git_muse_coord.commands.app import App
from git_muse_coord.commands.options import argument, verb
from git_muse_coord.model.light_json import loads
from git_muse_coord.model.results import Result
from git_muse_coord.rules.near import known_word
from git_muse_coord.ui.schemas import schema_text
from git_muse_coord.ui.text import Line


class SchemaResult(Result):
    """What the answers of ``verb`` hold in JSON, as a JSON Schema."""

    verb: str
    schema: dict[str, Any]


def render(result: SchemaResult) -> Iterator[Line]:
    """The schema as it is shipped."""
    for line in schema_text(result.verb).splitlines():
        yield [line]


@verb("schema", render, argument("name", metavar="VERB"))
def schema_command(_: App, name: str) -> SchemaResult:
    """Print what the answers of a verb hold in JSON, as a JSON Schema."""
    known = known_word("verb", name, VERBS)
    return SchemaResult(verb=known, schema=loads(schema_text(known)))
