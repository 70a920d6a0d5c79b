"""The JSON Schemas of what ``--json`` prints, written from the classes of the results."""

from __future__ import annotations

import json
import typing
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from documents import answers, program
from git_muse_coord.commands import VERBS, load_verb
from git_muse_coord.commands.options import Verb
from git_muse_coord.ui.envelope import SCHEMA_VERSION

DIRECTORY = "git_muse_coord/share/schemas"
ENVELOPE = "envelope"

Schema = dict[str, Any]


class _AsPrinted(GenerateJsonSchema):
    """As ``as_json`` prints: field names without a trailing underscore, times in one form, every field there."""

    def datetime_schema(self, schema: core_schema.DatetimeSchema) -> Schema:
        return {
            **super().datetime_schema(schema),
            "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00$",
        }

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> Schema:
        made = super().dataclass_schema(schema)
        made["properties"] = {name.rstrip("_"): value for name, value in made["properties"].items()}
        made["required"] = list(made["properties"])
        return made


def all_schemas() -> dict[str, str]:
    """The text of every schema, by its path."""
    made = {ENVELOPE: _envelope()}
    verbs = {name: load_verb(name) for name in VERBS}
    answers.make_readable()
    for name, verb in verbs.items():
        made[name] = _verb(name, _answers_of(verb))
    return {
        f"{DIRECTORY}/{name}.json": json.dumps(schema, indent=2) + "\n"
        for name, schema in made.items()
    }


def _answers_of(verb: Verb) -> list[Any]:
    """What a verb answers with, once or in parts; an exit code, where it has answered by itself, is none."""
    answers = [typing.get_type_hints(verb.function)["return"]]
    while any(map(typing.get_args, answers)):
        parts = [typing.get_args(answer) or (answer,) for answer in answers]
        answers = [part for of_answer in parts for part in of_answer if part is not int]
    return answers


def _verb(name: str, results: list[Any]) -> Schema:
    schema = _envelope()
    schema["$id"] = _identifier(name)
    schema["title"] = f"{program.NAME} {name} --json"
    schema["properties"]["command"] = {"const": name}
    descriptions: list[str] = []
    required: list[list[str]] = []
    for result in results:
        own = TypeAdapter(result).json_schema(schema_generator=_AsPrinted, mode="serialization")
        properties: Schema = own["properties"]
        properties.pop("warnings")
        _drop_titles(own)
        descriptions.append(own["description"])
        required.append(list(properties))
        schema["properties"].update(properties)
        if definitions := own.get("$defs"):
            schema.setdefault("$defs", {}).update(definitions)
    descriptions.append(
        "Where the exit code is not 0, the fields of the answer are there as far as known."
    )
    schema["description"] = "\n\n".join(descriptions)
    # Answers of several forms have the fields of one of them.
    schema["then"].update(
        {"required": required[0]}
        if len(required) == 1
        else {"anyOf": [{"required": fields} for fields in required]}
    )
    return schema


def _envelope() -> Schema:
    codes = sorted({failure.exit_code for failure in program.failures()})
    return {
        "$schema": GenerateJsonSchema.schema_dialect,
        "$id": _identifier(ENVELOPE),
        "title": f"{program.NAME} --json",
        "description": "What every answer in JSON holds, and all that is sure of a failure. Fields may be added.",
        "type": "object",
        "properties": {
            "schema_version": {
                "const": SCHEMA_VERSION,
                "description": "Raised when a field is removed or changes its meaning.",
            },
            "command": {
                "type": ["string", "null"],
                "description": "The verb; null when none was understood.",
            },
            "exit_code": {"enum": [0, *codes], "description": "What the process returned."},
            "duration_ms": {"type": "integer", "minimum": 0},
            "warnings": {
                "type": "array",
                "items": {"type": "string"},
                "description": "One sentence each.",
            },
            "error": {
                "type": "object",
                "properties": {
                    "code": {
                        "description": "\n".join(
                            f"{one.name}: {program.sentence(one)}" for one in program.failures()
                        ),
                        "enum": ["internal", *(one.name for one in program.failures())],
                    },
                    "message": {"type": "string", "description": "One line."},
                    "hint": {"type": ["string", "null"], "description": "What to do."},
                },
                "required": ["code", "message", "hint"],
            },
        },
        "required": ["schema_version", "command", "exit_code", "duration_ms", "warnings"],
        "if": {"properties": {"exit_code": {"const": 0}}},
        "then": {"properties": {"error": False}},
        "else": {"required": ["error"]},
    }


def _identifier(name: str) -> str:
    return f"urn:git-muse-coord:json:{SCHEMA_VERSION}:{name}"


def _drop_titles(schema: Any) -> None:
    """Without the titles that pydantic makes of names: they say nothing new."""
    if isinstance(schema, dict):
        if isinstance(schema.get("title"), str):
            del schema["title"]
        for value in schema.values():
            _drop_titles(value)
    elif isinstance(schema, list):
        for value in schema:
            _drop_titles(value)
