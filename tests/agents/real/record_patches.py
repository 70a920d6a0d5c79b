"""Records what Codex makes of random patches, as a fixture: python -m tests.agents.real.record_patches

Its program for patches is in its own binary, and needs neither a model nor a session.
"""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from tests.agents.real.programs import FOLDER, environment

PATCHES = Path(__file__).parents[1] / "fixtures" / "patches.json"
HOW_MANY = 200

# Short, so that what is looked for is there, and there again; with what is compared forgivingly.
_LINES = ["a", "b", "  c", "d ", "", "e\u2019", "\tf"]

Case = dict[str, Any]


def random_case(seed: int) -> Case:
    """Two files, and a patch for them that may or may not apply."""
    chance = random.Random(seed)
    end = chance.choice(["\n", "\n", "\r\n"])
    files = {"x": _text(chance, end), "y": _text(chance, end)}
    lines = ["*** Begin Patch"]
    for _ in range(chance.randint(1, 2)):
        lines += _step(chance, files)
    lines.append("*** End Patch")
    if chance.random() < 0.05:
        lines = ["<<'EOF'", *lines, "EOF"]
    return {"files": files, "patch": "\n".join(lines)}


def _text(chance: random.Random, end: str) -> str:
    lines = [chance.choice(_LINES) for _ in range(chance.randint(0, 9))]
    return end.join(lines) + chance.choice(["", end, "\n"])


def _step(chance: random.Random, files: dict[str, str]) -> list[str]:
    kind = chance.choice("uuuuad")
    if kind == "a":
        name = chance.choice("xyz")
        return [f"*** Add File: {name}", *_added(chance, 3)]
    name = chance.choice("xy")
    if kind == "d":
        return [f"*** Delete File: {name}"]
    lines = [f"*** Update File: {name}"]
    if chance.random() < 0.15:
        lines.append(f"*** Move to: {chance.choice('wz')}")
    for _ in range(chance.randint(1, 2)):
        lines += _chunk(chance, files[name])
    return lines


def _chunk(chance: random.Random, text: str) -> list[str]:
    there = text.replace("\r\n", "\n").split("\n")
    start = chance.randint(0, len(there))
    lines = [chance.choice(["@@", "@@", f"@@ {chance.choice(_LINES)}"])]
    for line in there[start : start + chance.randint(0, 3)]:
        if chance.random() < 0.1:
            line = line.strip()
        lines.append(chance.choice([f" {line}", f"-{line}"]))
        if not line and chance.random() < 0.5:
            lines[-1] = ""
    lines += _added(chance, 2)
    if chance.random() < 0.15:
        lines.append("*** End of File")
    return lines


def _added(chance: random.Random, most: int) -> list[str]:
    return [f"+{chance.choice(_LINES)}" for _ in range(chance.randint(0, most))]


def made_by_codex(case: Case, home: Path) -> dict[str, str] | None:
    """The files after a patch; None where Codex refuses it."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in case["files"].items():
            (Path(folder) / name).write_bytes(text.encode())
        ran = subprocess.run(
            [_binary(), "--codex-run-as-apply-patch", case["patch"]],
            cwd=folder,
            # As Codex sets it for its own tools.
            env={**environment(home), "CODEX_APPLY_PATCH_PRESERVE_LINE_ENDINGS": "1"},
            capture_output=True,
            check=False,
        )
        if ran.returncode:
            return None
        return {path.name: path.read_bytes().decode() for path in sorted(Path(folder).iterdir())}


def _binary() -> str:
    found = sorted(FOLDER.resolve().glob("node_modules/@openai/codex-*/vendor/**/codex"))
    return str(next(path for path in found if path.is_file()))


def main() -> None:
    cases = []
    with tempfile.TemporaryDirectory() as home:
        for seed in range(HOW_MANY):
            case = random_case(seed)
            cases.append({**case, "after": made_by_codex(case, Path(home))})
    lines = [json.dumps(case, ensure_ascii=False) for case in cases]
    PATCHES.write_text("[\n" + ",\n".join(lines) + "\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
