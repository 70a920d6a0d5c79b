"""Put the lines for agents without hooks into AGENTS.md, and take them out again."""

from __future__ import annotations

import os

from git_muse_coord.integrations.agent_install import AgentChange
from git_muse_coord.integrations.own_text import put_in, take_out
from git_muse_coord.store.agents.marked_block import AGENTS_MD

_NAME = "AGENTS.md"
_HINT = "change it by hand, or take them out and try again"


def install_agents_md(top: str, *, dry_run: bool) -> AgentChange:
    """Put the lines into the file of a working tree. Raises BadInput where they were changed; StoreFailed."""
    path = os.path.join(top, _NAME)
    change = AgentChange(
        agent=_NAME,
        action="made",
        path=path,
        lines=AGENTS_MD.lines,
    )
    put_in(
        change,
        AGENTS_MD,
        dry_run=dry_run,
        hint=_HINT,
    )
    return change


def uninstall_agents_md(top: str) -> AgentChange | None:
    """Take them out again; None where there are none. Raises BadInput where somebody changed them; StoreFailed."""
    change = AgentChange(
        agent=_NAME,
        action="cut out",
        path=os.path.join(top, _NAME),
    )
    return change if take_out(change, AGENTS_MD, hint=_HINT) else None
