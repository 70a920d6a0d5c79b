"""Conflicts as SARIF 2.1.0, which code hosts and editors show beside the code."""

from __future__ import annotations

import json
from urllib.parse import quote

from git_muse_coord.coordinator.answers.conflict import ConflictDetail
from git_muse_coord.coordinator.check import CheckResult
from git_muse_coord.model import address
from git_muse_coord.model.codec import Json
from git_muse_coord.version import __version__

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
RULE = "reserved-by-another-run"


def sarif(result: CheckResult, advice: str) -> str:
    """The whole log, on one line of ASCII."""
    lines = {change.address: change.start_line for change in result.changes}
    results = []
    for conflict in result.conflict_details:
        results.append(_result(conflict, lines.get(conflict.address)))
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
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _result(conflict: ConflictDetail, line: int | None) -> Json:
    # A name that is no UTF-8 must not break the log: readers of SARIF refuse lone surrogates.
    name = conflict.address.encode("utf-8", "replace").decode()
    sentence = conflict.sentence.encode("utf-8", "replace").decode()
    path = address.revive_stored(conflict.address).path.rstrip("/")
    uri = quote(path.encode("utf-8", "surrogateescape"))
    return {
        "ruleId": RULE,
        "ruleIndex": 0,
        "level": "note" if conflict.kin else "warning",
        "message": {"text": sentence},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
                    "region": {"startLine": line or 1},
                },
                "logicalLocations": [{"fullyQualifiedName": name}],
            }
        ],
        # What tells a host that it has shown this one before, although lines have moved.
        "partialFingerprints": {"reservation/v1": f"{conflict.reservation_id} {name}"},
        "properties": {
            "runId": conflict.run_id,
            "reservationId": conflict.reservation_id,
            "heldAddress": conflict.held_address,
            "certain": conflict.certain,
            "kin": conflict.kin,
        },
    }
