"""Go on with the Python of .venv, whichever one the shell has found. A script imports this before all else."""

from __future__ import annotations

import os
import sys
from importlib.util import find_spec
from pathlib import Path

_VENV = Path(__file__).resolve().parent.parent / ".venv"

# who has installed the project elsewhere, as a matrix of Pythons does, means that one
if find_spec("git_muse_coord") is None:
    _PYTHON = _VENV / "bin" / "python"
    # with itself it would go on for ever
    if Path(sys.prefix) == _VENV or not _PYTHON.exists():
        sys.exit("error: the project is not installed under .venv; run scripts/setup dev")
    os.execv(_PYTHON, [str(_PYTHON), *sys.argv])  # noqa: S606 - no shell is wanted
