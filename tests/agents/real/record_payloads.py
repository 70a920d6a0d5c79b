"""Records what the real programs tell their hooks, as fixtures: python -m tests.agents.real.record_payloads

The first payload of each event and tool is kept, with paths, ids and times replaced by ones that stay the same.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.agents.model_stand_in import ModelStandIn, Patch, Step, Use
from tests.agents.real.programs import run_claude, run_codex, run_gemini
from tests.agents.real.recorder import record
from tests.tools import git_in

PAYLOADS = Path(__file__).parents[1] / "fixtures" / "payloads"
TEXT = "def f(x):\n    return x\n\n\ndef g(x):\n    return x\n"
NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "id": "c1",
            "metadata": {},
            "source": "x=1",
            "outputs": [],
            "execution_count": None,
        }
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}
F_TO_3 = {"old_string": "def f(x):\n    return x", "new_string": "def f(x):\n    return 3"}
G_TO_2 = {"old_string": "def g(x):\n    return x", "new_string": "def g(x):\n    return 2"}
TEXT_H = "def h():\n    pass\n"
SED = "sed -i s/2/4/ src/a.py"

RUN = {"claude": run_claude, "codex": run_codex, "gemini": run_gemini}


def claude_steps(repo: Path) -> dict[str, Sequence[Step]]:
    file = str(repo / "src" / "a.py")
    new = str(repo / "src" / "b.py")
    notebook = str(repo / "src" / "n.ipynb")
    cell = {
        "notebook_path": notebook,
        "cell_id": "c1",
        "new_source": "y = 2",
        "edit_mode": "replace",
    }
    sub = {"description": "sub", "prompt": "SUBTASK f", "subagent_type": "general-purpose"}
    read = Use("Read", {"file_path": file})
    return {
        "SUBTASK": [read, Use("Edit", {"file_path": file, **F_TO_3})],
        "MAIN": [
            read,
            Use("Edit", {"file_path": file, **G_TO_2}),
            Use("Write", {"file_path": new, "content": TEXT_H}),
            Use("Read", {"file_path": notebook}),
            Use("NotebookEdit", cell),
            Use("Bash", {"command": SED}),
            Use("Bash", {"command": f"{SED}; false"}),
            Use("Agent", sub),
        ],
    }


def codex_steps(_repo: Path) -> dict[str, Sequence[Step]]:
    update = ["*** Update File: src/a.py", "@@", " def g(x):", "-    return x", "+    return 2"]
    lines = [
        "*** Begin Patch",
        *update,
        "*** Add File: src/b.py",
        "+def h():",
        "+    pass",
        "*** End Patch",
    ]
    return {"MAIN": [Patch("\n".join(lines)), Use("exec_command", {"cmd": SED})]}


def gemini_steps(repo: Path) -> dict[str, Sequence[Step]]:
    file = str(repo / "src" / "a.py")
    new = str(repo / "src" / "b.py")
    return {
        "MAIN": [
            Use("replace", {"file_path": file, **G_TO_2, "instruction": "edit"}),
            Use("write_file", {"file_path": new, "content": TEXT_H}),
            Use("run_shell_command", {"command": SED, "description": "sed"}),
        ]
    }


STEPS = {"claude": claude_steps, "codex": codex_steps, "gemini": gemini_steps}


def main() -> None:
    for program, steps in STEPS.items():
        with tempfile.TemporaryDirectory() as folder:
            repo = Path(folder) / "repo"
            home = Path(folder) / "home"
            _fill(repo)
            recorder = record(program, repo, Path(folder) / "told")
            with ModelStandIn(steps(repo)) as model:
                RUN[program](repo, home, model, "MAIN do it")
            kept: dict[str, str] = {}
            for told in recorder.told():
                said = json.loads(told.payload)
                words = [told.event, told.tool, "agent" if "agent_id" in said else ""]
                name = "-".join(filter(None, words))
                kept.setdefault(name, _anonymous(said, folder))
            _write(PAYLOADS / program, kept)


def _fill(repo: Path) -> None:
    (repo / "src").mkdir(parents=True)
    git_in(repo, "init", "-q")
    (repo / "src" / "a.py").write_text(TEXT)
    (repo / "src" / "n.ipynb").write_text(json.dumps(NOTEBOOK))


def _anonymous(said: dict[str, object], folder: str) -> str:
    text = json.dumps(said, indent=2, ensure_ascii=False)
    text = text.replace(folder, "/w").replace(folder.replace("/", "-"), "-w")
    text = re.sub(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "5e551011-0000-4000-8000-00005e551011", text
    )
    text = re.sub(r"\d{4}-\d\d-\d\dT\d\d[:-]\d\d([:-]\d\d)?(\.\d+Z)?", "2026-11-27T08-00-00", text)
    text = re.sub(r"/\d{4}/\d\d/\d\d/", "/2026/11/27/", text)
    text = re.sub(r"\ba[0-9a-f]{16}\b", "a0000000000000001", text)
    text = re.sub(r'("duration_ms": )\d+', r"\g<1>10", text)
    text = re.sub(r"(PGID: )\d+", r"\g<1>1000", text)
    return re.sub(r"-[0-9a-f]{8}\.jsonl", "-5e551011.jsonl", text) + "\n"


def _write(folder: Path, payloads: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in payloads.items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
