from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]
SHARE = TOP / "git_muse_coord" / "share"
PAGES = sorted(
    page.relative_to(TOP).as_posix()
    for page in [*TOP.glob("*.md"), *(TOP / "docs").rglob("*.md"), *(TOP / "plugins").rglob("*.md")]
)
"""All that is written for people, as paths from the top."""


def run(*line: str, cwd: Path = TOP, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, whatever its exit code."""
    return subprocess.run(
        line,
        cwd=cwd,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        check=False,
    )


def script(name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of the Python scripts of this checkout."""
    return run(sys.executable, str(TOP / "scripts" / name), *arguments)
