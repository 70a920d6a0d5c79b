"""Patches, as the real Codex applied or refused them; and how we get back from what they made."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from git_muse_coord.integrations.agents.reading import read_event
from git_muse_coord.model.agents import Edit

CASES = json.loads((Path(__file__).parent / "fixtures" / "patches.json").read_text("utf-8"))
Files = dict[str, bytes]


def edits_of(files: Files, patch: str, event: str) -> tuple[Edit, ...]:
    said = {
        "session_id": "s",
        "turn_id": "t",
        "cwd": "/r",
        "hook_event_name": event,
        "tool_name": "apply_patch",
        "tool_input": {"command": patch},
    }
    read = read_event("codex", json.dumps(said).encode(), files.get)
    assert read is not None
    return read.edits


def in_repo(files: dict[str, str]) -> Files:
    return {f"/r/{name}": text.encode() for name, text in files.items()}


def made(files: Files, edits: tuple[Edit, ...]) -> Files:
    result = dict(files)
    for edit in edits:
        assert edit.before == files.get(edit.path)
        result.pop(edit.path, None)
        if edit.after is not None:
            result[edit.path] = edit.after
    return result


@pytest.mark.parametrize("case", CASES, ids=range(len(CASES)))
def test_a_patch_does_what_it_does_in_codex(case: dict[str, Any]) -> None:
    files = in_repo(case["files"])
    edits = edits_of(files, case["patch"], "PreToolUse")
    if case["after"] is None:
        assert edits == ()
    else:
        assert made(files, edits) == in_repo(case["after"])


def test_the_cases_are_of_both_sorts() -> None:
    refused = [case for case in CASES if case["after"] is None]
    assert 50 < len(refused) < len(CASES) - 50


PATCHES = {
    "changed": ["*** Update File: x", "@@", " a", "-b", "+B"],
    "grown": ["*** Update File: x", "@@", " b", "+c"],
    "moved": ["*** Update File: x", "*** Move to: z", "@@", "-a", "+A"],
    "several": ["*** Update File: x", "@@", "-a", "+A", "*** Update File: x", "@@", "-b", "+B"],
    "made": ["*** Add File: y", "+new"],
}


@pytest.mark.parametrize("lines", PATCHES.values(), ids=PATCHES)
def test_what_was_there_before_is_found_again(lines: list[str]) -> None:
    files = {"/r/x": b"a\nb\nend\n"}
    patch = "\n".join(["*** Begin Patch", *lines, "*** End Patch"])
    after = made(files, edits_of(files, patch, "PreToolUse"))
    assert after != files
    for edit in edits_of(after, patch, "PostToolUse"):
        assert edit.after == after.get(edit.path)
        assert edit.before == files.get(edit.path)


@pytest.mark.parametrize(
    "patch",
    [
        "",
        "*** Begin Patch",
        "*** Begin Patch\n*** End Patch",
        "*** Begin Patch\n*** Update File: x\n*** End Patch",
        "*** Begin Patch\n*** Update File: x\n@@\n*** End Patch",
        "*** Begin Patch\n+a\n*** End Patch",
        "*** Begin Patch\n*** Update File: x\n@@\n-nobody\n+somebody\n*** End Patch",
        "*** Begin Patch\n*** Update File: x\n@@ nobody\n-a\n+A\n*** End Patch",
        "*** Begin Patch\n*** Update File: gone\n@@\n-a\n+A\n*** End Patch",
        "*** Begin Patch\n*** Delete File: gone\n*** End Patch",
        "*** Begin Patch\n*** Delete File: \0\n*** End Patch",
    ],
)
def test_what_does_not_apply_touches_nothing(patch: str) -> None:
    assert edits_of({"/r/x": b"a\nb\n"}, patch, "PreToolUse") == ()


def test_nothing_of_a_patch_is_done_where_a_part_of_it_cannot_be() -> None:
    patch = "\n".join(
        ["*** Begin Patch", *PATCHES["made"], "*** Delete File: gone", "*** End Patch"]
    )
    assert edits_of({}, patch, "PreToolUse") == ()
