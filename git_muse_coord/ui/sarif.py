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
    lines: dict[str, int | None] = {}
    for change in result.changes:
        lines[change.address] = change.start_line
    results: list[Json] = []
    for conflict in result.conflict_details:
        line = lines.get(conflict.address)
        results.append(_result(conflict, line))
    rule: dict[str, Json] = {
        "id": RULE,
        "name": "ReservedByAnotherRun",
        "shortDescription": {"text": "A change meets the reservation of another run."},
        "help": {"text": advice},
        "defaultConfiguration": {"level": "warning"},
    }
    driver: dict[str, Json] = {
        "name": "git-muse-coord",
        "version": __version__,
        "rules": [rule],
    }
    run: dict[str, Json] = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    log = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [run],
    }
    return json.dumps(log)


def _result(conflict: ConflictDetail, line: int | None) -> Json:
    # A name that is no UTF-8 must not break the log: readers of SARIF refuse lone surrogates.
    name = conflict.address.encode("utf-8", "replace").decode()
    sentence = conflict.sentence.encode("utf-8", "replace").decode()
    path = address.revive_stored(conflict.address).path.rstrip("/")
    uri = quote(path.encode("utf-8", "surrogateescape"))
    location = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": line or 1},
        },
        "logicalLocations": [{"fullyQualifiedName": name}],
    }
    return {
        "ruleId": RULE,
        "ruleIndex": 0,
        "level": "note" if conflict.kin else "warning",
        "message": {"text": sentence},
        "locations": [location],
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
