"""What check says in SARIF: the properties that the standard asks for, and those that code hosts need."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.check.helpers import PATH, TAX, shop, stage
from tests.tools import Repo

TEXT = {
    "type": "object",
    "required": ["text"],
    "properties": {"text": {"type": "string", "minLength": 1}},
}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
URI = {"type": "string", "pattern": r"^[A-Za-z0-9._~/%-]+$"}
LOCATION = {
    "type": "object",
    "required": ["physicalLocation"],
    "properties": {
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {
                    "type": "object",
                    "required": ["uri"],
                    "properties": {"uri": URI},
                },
                "region": {
                    "type": "object",
                    "required": ["startLine"],
                    "properties": {"startLine": {"type": "integer", "minimum": 1}},
                },
            },
            "additionalProperties": False,
        },
        "logicalLocations": {
            "type": "array",
            "items": {"type": "object", "properties": {"fullyQualifiedName": {"type": "string"}}},
        },
    },
    "additionalProperties": False,
}
RESULT = {
    "type": "object",
    "required": ["message", "ruleId", "level", "locations"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": TEXT,
        "locations": {"type": "array", "items": LOCATION, "minItems": 1},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "properties": {"type": "object"},
    },
    "additionalProperties": False,
}
RULE = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "shortDescription": TEXT,
        "help": TEXT,
        "defaultConfiguration": {
            "type": "object",
            "properties": {"level": LEVEL},
            "additionalProperties": False,
        },
    },
    "additionalProperties": False,
}
ESSENTIALS: dict[str, Any] = {
    "type": "object",
    "required": ["version", "$schema", "runs"],
    "properties": {
        "$schema": {"const": "https://json.schemastore.org/sarif-2.1.0.json"},
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name"],
                                "properties": {
                                    "name": {"type": "string"},
                                    "version": {"type": "string"},
                                    "rules": {"type": "array", "items": RULE, "uniqueItems": True},
                                },
                                "additionalProperties": False,
                            }
                        },
                        "additionalProperties": False,
                    },
                    "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                    "results": {"type": "array", "items": RESULT},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}


def log(repo: Repo, *options: str, code: int = 0) -> Any:
    ran = repo.muse("check", "--format", "sarif", *options)
    assert ran.code == code
    value = json.loads(ran.out)
    Draft202012Validator(ESSENTIALS).validate(value)
    return value["runs"][0]


@pytest.fixture
def billing(repo: Repo) -> Repo:
    return shop(repo)


def test_nothing_to_tell(billing: Repo) -> None:
    assert log(billing)["results"] == []


def test_a_finding(billing: Repo) -> None:
    held = billing.reserve(TAX, "--run-id", "a", "--reason", "new rates")
    stage(billing, "return round(subtotal * rate, 2)", "return round(subtotal * rate, 3)")

    run = log(billing)
    assert log(billing, "--strict", code=2) == run
    (result,) = run["results"]
    (rule,) = run["tool"]["driver"]["rules"]
    assert rule["id"] == result["ruleId"]
    place = result["locations"][0]
    assert place["physicalLocation"]["artifactLocation"]["uri"] == PATH
    assert place["physicalLocation"]["region"]["startLine"] == 14
    assert place["logicalLocations"][0]["fullyQualifiedName"] == TAX
    assert "new rates" in result["message"]["text"]
    assert result["properties"]["reservationId"] == held


def test_paths_become_uris(billing: Repo) -> None:
    billing.reserve("odd/", "--run-id", "a")
    target = billing.path / "odd" / "späß #1?.bin"
    target.parent.mkdir()
    target.write_bytes(b"\0")
    billing.git("add", ".")

    (result,) = log(billing)["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "odd/sp%C3%A4%C3%9F%20%231%3F.bin"
