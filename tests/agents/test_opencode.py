"""The plugin for opencode, called as opencode calls it: what it tells us, and what becomes of our answers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.docs.places import TOP
from tests.tools import Repo

PLUGIN = TOP / "plugins" / "opencode" / "muse-coord.js"
pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="node runs plugins")

OPENCODE = """
import { MuseCoord } from %s
import { readFile, writeFile } from "node:fs/promises"
import { resolve } from "node:path"
async function run(tool, args) {
  if (tool === "write" && args.content) await writeFile(resolve(cwd, args.filePath), args.content)
  if (tool !== "edit" || !args.newString) return
  const path = resolve(cwd, args.filePath)
  await writeFile(path, (await readFile(path, "utf8")).replace(args.oldString, args.newString))
}
const [cwd, session, calls] = process.argv.slice(2)
const hooks = await MuseCoord({ directory: cwd })
const said = []
await hooks.event({ event: { type: "session.created", properties: { info: { id: session } } } })
for (const [number, [tool, args]] of JSON.parse(calls).entries()) {
  const call = { tool, sessionID: session, callID: `call-${number}` }
  const output = { output: "done" }
  try {
    await hooks["tool.execute.before"](call, { args })
    await run(tool, args)
    await hooks["tool.execute.after"](call, output)
    said.push(output.output)
  } catch (error) {
    said.push(`denied: ${error.message}`)
  }
}
console.log(JSON.stringify(said))
"""
NEW = {"oldString": "sum(items)", "newString": "sum(items, 0)"}


def opencode(
    repo: Repo, tmp_path: Path, *calls: tuple[str, dict[str, Any]], **variables: str
) -> list[str]:
    """Play calls of tools in a session, and return what the model is told as their results."""
    # Under this name any Node takes it for a module.
    plugin = tmp_path / "muse-coord.mjs"
    shutil.copy(PLUGIN, plugin)
    program = tmp_path / "opencode.mjs"
    program.write_text(OPENCODE % json.dumps(plugin.as_uri()))
    ran = subprocess.run(
        ["node", str(program), str(repo.path), "s1", json.dumps(calls)],
        capture_output=True,
        text=True,
        env={**os.environ, "MUSE_HOOK_SECONDS": "60", **variables},
        check=True,
    )
    told: list[str] = json.loads(ran.stdout)
    return told


@pytest.fixture
def edit(repo: Repo) -> tuple[str, dict[str, Any]]:
    repo.git("config", "muse-coord.autoReserve", "true")
    return "edit", {"filePath": str(repo.path / "src/billing.py"), **NEW}


def test_a_session_is_briefed_with_its_first_result(
    repo: Repo, tmp_path: Path, edit: tuple[str, dict[str, Any]]
) -> None:
    repo.reserve("README.md", "--run-id", "ann", "--reason", "round per line")

    first, second = opencode(
        repo, tmp_path, ("read", {"filePath": "x"}), ("bash", {"command": "true"})
    )

    assert first.startswith("done\n\n")
    assert "round per line" in first
    assert "round per line" not in second


def test_what_it_edits_is_reserved(
    repo: Repo, tmp_path: Path, edit: tuple[str, dict[str, Any]]
) -> None:
    opencode(repo, tmp_path, edit)

    (held,) = repo.json("list")["reservations"]
    assert held["run_id"] == "opencode:s1"
    assert held["addresses"] == ["src/billing.py::compute_total"]


def test_it_hears_of_others_with_the_result(
    repo: Repo, tmp_path: Path, edit: tuple[str, dict[str, Any]]
) -> None:
    repo.reserve("src/billing.py::compute_total", "--run-id", "ann", "--reason", "round per line")

    _, told = opencode(repo, tmp_path, ("read", {}), edit)

    assert told.startswith("done\n\n")
    assert "round per line" in told


def test_it_is_stopped_in_mode_block(
    repo: Repo, tmp_path: Path, edit: tuple[str, dict[str, Any]]
) -> None:
    repo.git("config", "muse-coord.agentMode", "block")
    repo.reserve("src/billing.py::compute_total", "--run-id", "ann", "--reason", "round per line")

    (told,) = opencode(repo, tmp_path, edit)

    assert told.startswith("denied: ")
    assert "round per line" in told


def test_a_file_is_written_whole(
    repo: Repo, tmp_path: Path, edit: tuple[str, dict[str, Any]]
) -> None:
    opencode(repo, tmp_path, ("write", {"filePath": "src/new.py", "content": "def f(): pass\n"}))

    (held,) = repo.json("list")["reservations"]
    assert held["addresses"] == ["src/new.py"]


@pytest.mark.parametrize(
    "call",
    [
        ("edit", {"filePath": "src/billing.py", "oldString": "nowhere", "newString": ""}),
        ("edit", {"filePath": 3}),
        ("edit", {}),
        ("write", {"filePath": "src/billing.py"}),
        ("apply_patch", {"patchText": "x"}),
    ],
)
def test_what_cannot_be_told_stops_nothing(
    repo: Repo, tmp_path: Path, edit: tuple[str, dict[str, Any]], call: tuple[str, dict[str, Any]]
) -> None:
    told = opencode(repo, tmp_path, call)

    assert told[0].startswith("done")
    assert repo.refs("refs/muse/reservations/") == {}


def test_without_our_program_it_does_nothing(
    repo: Repo, tmp_path: Path, edit: tuple[str, dict[str, Any]]
) -> None:
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "node").symlink_to(shutil.which("node") or "")
    for there in ("git", "nothing"):
        assert opencode(repo, tmp_path, edit, PATH=str(folder)) == ["done"], there
        (folder / "git").unlink(missing_ok=True)
        (folder / "git").symlink_to(shutil.which("git") or "")
