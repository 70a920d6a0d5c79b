"""Conflicts as a report of GitLab's Code Quality, which merge requests show beside the code."""

from __future__ import annotations

import hashlib
import json

from git_muse_coord.coordinator.answers.checked import CheckResult
from git_muse_coord.model.codec import Json
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.ui.finding_places import finding_places, valid_text
from git_muse_coord.ui.sarif import RULE

if TYPE_CHECKING:
    from git_muse_coord.ui.finding_places import FindingPlace


def code_quality(result: CheckResult, advice: str) -> str:
    """The whole report, on one line of ASCII; an empty list where nothing is met."""
    findings: list[Json] = []
    for place in finding_places(result):
        finding = _finding(place, advice)
        findings.append(finding)
    return json.dumps(findings)


def _finding(place: FindingPlace, advice: str) -> Json:
    conflict = place.conflict
    # GitLab tells by it which findings a merge request brings, and which were there, although lines have moved.
    known_by = f"{conflict.reservation_id} {conflict.held_address} {conflict.address}"
    digest = hashlib.sha256(valid_text(known_by).encode())
    return {
        "description": valid_text(f"{conflict.sentence}. {advice}"),
        "check_name": RULE,
        "fingerprint": digest.hexdigest(),
        "severity": "info" if conflict.kin else "major",
        "location": {
            "path": valid_text(place.path),
            "lines": {"begin": place.line},
        },
    }
