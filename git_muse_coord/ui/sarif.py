"""Conflicts as SARIF 2.1.0, which code hosts and editors show beside the code."""

from __future__ import annotations

import json
from urllib.parse import quote

from git_muse_coord import __version__
from git_muse_coord.coordinator.answers.conflict import ConflictDetail
from git_muse_coord.coordinator.check import CheckResult
from git_muse_coord.model import address
from git_muse_coord.model.codec import Json

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
RULE = "reserved-by-another-run"


def sarif(result: CheckResult, advice: str) -> str:
    """The whole log, on one line of ASCII."""
    lines = {one.address: one.start_line for one in result.changes}
    pairs = zip(result.conflicts, result.conflict_details, strict=True)
    rule: dict[str, Json] = {
        "id": RULE,
        "name": "ReservedByAnotherRun",
        "shortDescription": {"text": "A change meets the reservation of another run."},
        "help": {"text": advice},
        "defaultConfiguration": {"level": "warning"},
    }
    run: dict[str, Json] = {
        "tool": {"driver": {"name": "git-muse-coord", "version": __version__, "rules": [rule]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(sentence, one, lines.get(one.address)) for sentence, one in pairs],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(sentence: str, one: ConflictDetail, line: int | None) -> Json:
    path = address.revive_stored(one.address).path.rstrip("/")
    uri = quote(path.encode("utf-8", "surrogateescape"))
    return {
        "ruleId": RULE,
        "ruleIndex": 0,
        "level": "warning",
        "message": {"text": sentence.encode("utf-8", "replace").decode()},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": line or 1},
                },
                "logicalLocations": [
                    {"fullyQualifiedName": one.address.encode("utf-8", "replace").decode()}
                ],
            }
        ],
        "partialFingerprints": {
            "reservation/v1": f"{one.reservation_id} {one.address.encode('utf-8', 'replace').decode()}"
        },
        "properties": {
            "runId": one.run_id,
            "reservationId": one.reservation_id,
            "heldAddress": one.held_address,
            "certain": one.certain,
        },
    }
