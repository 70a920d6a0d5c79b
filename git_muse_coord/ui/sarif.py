"""Conflicts as SARIF 2.1.0, which code hosts and editors show beside the code."""

from __future__ import annotations

import json
from urllib.parse import quote

from git_muse_coord.coordinator.check import CheckResult
from git_muse_coord.model.codec import Json
from git_muse_coord.ui.finding_places import FindingPlace, finding_places, valid_text
from git_muse_coord.version import __version__

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
RULE = "reserved-by-another-run"


def sarif(result: CheckResult, advice: str) -> str:
    """The whole log, on one line of ASCII."""
    results: list[Json] = []
    for place in finding_places(result):
        results.append(_result(place))
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


def _result(place: FindingPlace) -> Json:
    conflict = place.conflict
    # readers of SARIF refuse lone surrogates
    name = valid_text(conflict.address)
    sentence = valid_text(conflict.sentence)
    uri = quote(place.path.encode("utf-8", "surrogateescape"))
    location = {
        "physicalLocation": {
            "artifactLocation": {"uri": uri, "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": place.line},
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
