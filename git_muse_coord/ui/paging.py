"""Long texts on a terminal, in git's pager; short ones as they are, whatever the pager would do with them."""

from __future__ import annotations

import os
import sys
from itertools import chain

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

PAGED = frozenset(
    (
        "list",
        "show",
        "status",
        "dag",
        "forecast",
        "radar",
        "symbols",
        "check",
        "plan-merge",
        "reconcile",
        "shard",
        "inbox",
        "who",
        "log",
        "fsck",
        "doctor",
        "schema",
    )
)
"""The verbs that only show; what others do is told where it was asked for."""

_PROMPT = 1
"""Rows that whoever typed the command wants to see again below the text."""


def in_pages(
    lines: Iterator[str],
    path: str,
    environment: Mapping[str, str],
) -> Iterator[str]:
    """What is to be printed as it is: all that fits the terminal; nothing, where the pager has shown it."""
    size = os.get_terminal_size(sys.stdout.fileno())
    first: list[str] = []
    left = size.lines - _PROMPT
    for line in lines:
        first.append(line)
        # A long line takes several rows.
        left -= 1 + len(line) // (size.columns + 1)
        if left < 0:
            break
    text = chain(first, lines)
    if left >= 0:
        return text
    # Starting another program is slow to load, and hardly ever needed.
    from git_muse_coord.store.pager import pager, show_in_pager

    command = pager(path, environment)
    if command is None:
        return text
    sys.stdout.flush()
    show_in_pager(command, text, environment)
    return iter(())
