"""What is computed before an edit is what the real program then makes of the file, to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from git_muse_coord.integrations.agents.reading import read_event
from git_muse_coord.model.agents import AgentEvent, Edit
from tests.agents.model_stand_in import ModelStandIn, Patch, Step, Use
from tests.agents.real.programs import needs_programs, run_claude, run_codex, run_gemini
from tests.agents.real.record_patches import made_by_codex
from tests.agents.real.recorder import Recorder, Told, record
from tests.agents.test_patches import CASES
from tests.tools import git_in

pytestmark = needs_programs

PLAIN = b"def f(x):\n    return x\n\n\ndef g(x):\n    return x\n"
FILES = {
    "plain.py": PLAIN,
    "windows.py": PLAIN.replace(b"\n", b"\r\n"),
    "mixed.py": PLAIN.replace(b"\n", b"\r\n", 2),
    "bom.py": b"\xef\xbb\xbf" + PLAIN,
    "quotes.py": "# what is \u201cmeant\u201d isn\u2019t said\n".encode() + PLAIN,
    "open.py": PLAIN.rstrip(b"\n"),
    "empty.py": b"",
    "twice.py": PLAIN + b"\n\n" + PLAIN,
}
EDITED = ("plain.py", "windows.py", "mixed.py", "bom.py", "open.py")
NEW = {"old_string": "def g(x):\n    return x", "new_string": "def g(x):\n    return 2"}
GONE = {"old_string": "    return x", "new_string": ""}
QUOTES = {"old_string": 'is "meant" isn\'t', "new_string": "was meant is not"}
LOST = {"old_string": "def nobody():", "new_string": "def somebody():"}


@pytest.fixture
def filled(tmp_path: Path) -> Path:
    """A repository with a file of each sort."""
    repo = tmp_path / "wörk spacé"
    (repo / "src").mkdir(parents=True)
    git_in(repo, "init", "-q")
    for name, content in FILES.items():
        (repo / "src" / name).write_bytes(content)
    return repo


def test_claude_does_what_was_computed(filled: Path, tmp_path: Path) -> None:
    src = filled / "src"
    steps: list[Step] = []
    for name in FILES:
        steps.append(Use("Read", {"file_path": str(src / name)}))
    for name in EDITED:
        steps.append(Use("Edit", {"file_path": str(src / name), **NEW}))
    steps += [
        Use("Edit", {"file_path": str(src / "twice.py"), **GONE, "replace_all": True}),
        Use("Edit", {"file_path": str(src / "quotes.py"), **QUOTES}),
        Use("Edit", {"file_path": str(src / "plain.py"), **LOST}),
        Use(
            "Edit", {"file_path": str(src / "empty.py"), "old_string": "", "new_string": "x = 1\n"}
        ),
        Use("Edit", {"file_path": str(src / "made.py"), "old_string": "", "new_string": "x = 1\n"}),
        Use("Write", {"file_path": str(src / "windows.py"), "content": "x = 1\ny = 2\n"}),
        Use("Write", {"file_path": str(src / "new.py"), "content": "x = 1\n"}),
    ]
    recorder = record("claude", filled, tmp_path / "told")
    with ModelStandIn({"MAIN": steps}) as model:
        run_claude(filled, tmp_path / "home", model, "MAIN do it")
    assert _compare("claude", recorder) == len(EDITED) + 6


def test_gemini_does_what_was_computed(filled: Path, tmp_path: Path) -> None:
    src = filled / "src"
    steps: list[Step] = []
    for name in EDITED:
        steps.append(Use("replace", {"file_path": str(src / name), **NEW, "instruction": "x"}))
    every = {**GONE, "allow_multiple": True, "instruction": "x"}
    otherwise = {"old_string": "def f(x):\nreturn x", "new_string": "def f(x):\n    return 3"}
    steps += [
        Use("replace", {"file_path": str(src / "twice.py"), **every}),
        Use("replace", {"file_path": str(src / "plain.py"), **otherwise, "instruction": "x"}),
        Use("write_file", {"file_path": str(src / "windows.py"), "content": "x = 1\ny = 2\n"}),
        Use("write_file", {"file_path": str(src / "new.py"), "content": "x = 1\n"}),
    ]
    recorder = record("gemini", filled, tmp_path / "told")
    with ModelStandIn({"MAIN": steps}) as model:
        run_gemini(filled, tmp_path / "home", model, "MAIN do it")
    assert _compare("gemini", recorder) == len(EDITED) + 4


def test_codex_does_what_was_computed(filled: Path, tmp_path: Path) -> None:
    steps: list[Step] = []
    for name in EDITED:
        steps.append(
            Patch(
                _patch(
                    f"*** Update File: src/{name}", "@@ def g(x):", "-    return x", "+    return 2"
                )
            )
        )
    steps += [
        Patch(_patch("*** Update File: src/plain.py", "@@", "-nobody", "+somebody")),
        Patch(_patch("*** Add File: src/new.py", "+x = 1", "*** Delete File: src/twice.py")),
        Patch(
            _patch(
                "*** Update File: src/quotes.py",
                "*** Move to: src/moved.py",
                "@@",
                "-def f(x):",
                "+def h(x):",
            )
        ),
    ]
    recorder = record("codex", filled, tmp_path / "told")
    with ModelStandIn({"MAIN": steps}) as model:
        run_codex(filled, tmp_path / "home", model, "MAIN do it")
    assert _compare("codex", recorder) == len(EDITED) + 2


def test_the_recorded_patches_are_still_so(tmp_path: Path) -> None:
    for case in CASES[::10]:
        assert made_by_codex(case, tmp_path) == case["after"], case["patch"]


def _patch(*lines: str) -> str:
    return "\n".join(["*** Begin Patch", *lines, "*** End Patch"])


def _compare(program: str, recorder: Recorder) -> int:
    """Hold each edit that was computed against what happened; how many there were."""
    compared = 0
    before: Told | None = None
    for told in recorder.told():
        if told.event in ("PreToolUse", "BeforeTool"):
            before = told
        elif told.event in ("PostToolUse", "AfterTool") and before is not None:
            event = _event(program, before)
            after = _event(program, told)
            if event is not None:
                assert _made(before, event.edits) == told.files, before.payload
                assert after is not None
                _check_the_way_back(after.edits, before)
                compared += bool(event.edits)
    return compared


def _event(program: str, told: Told) -> AgentEvent | None:
    return read_event(program, told.payload, told.files.get)


def _made(before: Told, edits: tuple[Edit, ...]) -> dict[str, bytes]:
    files = dict(before.files)
    for edit in edits:
        assert edit.before == files.get(edit.path)
        files.pop(edit.path, None)
        if edit.after is not None:
            files[edit.path] = edit.after
    return files


def _check_the_way_back(edits: tuple[Edit, ...], before: Told) -> None:
    """After an edit, what was there before is told, or is computed backwards.

    How lines ended may be lost on that way, and whether an empty file was there at all.
    """
    for edit in edits:
        was = before.files.get(edit.path)
        assert _lines(edit.before) == _lines(was), edit.path


def _lines(content: bytes | None) -> list[bytes]:
    return (content or b"").splitlines()
