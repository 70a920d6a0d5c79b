"""The hooks of git: where they are, what their scripts say, what a push brings."""

from __future__ import annotations

NAMES = (
    "pre-commit",
    "pre-merge-commit",
    "post-commit",
    "post-merge",
    "post-rewrite",
    "pre-push",
)
"""The hooks that we have."""

CALLER = "MUSE_COORD_PARENT"
"""The variable in which the script of ``pre-commit`` tells which process called it."""
