"""Put the lines for agents without hooks into AGENTS.md, and take them out again."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from git_muse_coord.integrations.agent_install import AgentChange
from git_muse_coord.integrations.files import change_file, content_of, make, speaking
from git_muse_coord.model.errors import BadInput
from git_muse_coord.store.agents.marked_block import AGENTS_MD, Unmanageable

_NAME = "AGENTS.md"
_MODE = 0o644


def install_agents_md(top: str, *, dry_run: bool) -> AgentChange:
    """Put the lines into the file of a working tree. Raises BadInput where they were changed; StoreFailed."""
    path = os.path.join(top, _NAME)
    change = AgentChange(agent=_NAME, action="made", path=path, lines=AGENTS_MD.lines)
    with speaking(), _explaining(path):
        content = content_of(path)
        before = None if content is None else content.decode()
        after = AGENTS_MD.added_to(before)
    if before is not None:
        change.action = "renewed" if AGENTS_MD.is_in(before) else "added"
    if after == before:
        change.action = "present"
    elif not dry_run:
        with speaking():
            _write(path, after, is_new=before is None)
    return change


def uninstall_agents_md(top: str) -> AgentChange | None:
    """Take them out again; None where there are none. Raises BadInput where somebody changed them; StoreFailed."""
    path = os.path.join(top, _NAME)
    with speaking(), _explaining(path):
        before = (content_of(path) or b"").decode()
        if not AGENTS_MD.is_in(before):
            return None
        after = AGENTS_MD.cut_out_of(before)
    change = AgentChange(agent=_NAME, action="cut out", path=path)
    with speaking():
        if after is not None:
            change_file(path, after.encode())
        else:
            os.unlink(os.path.realpath(path))
            change.action = "removed"
    return change


@contextmanager
def _explaining(path: str) -> Iterator[None]:
    """Turn what is not as we made it into a failure that names the file."""
    try:
        yield
    except (Unmanageable, UnicodeDecodeError) as error:
        reason = str(error) if isinstance(error, Unmanageable) else "it is no UTF-8"
        raise BadInput(
            f"{path} is left as it is: {reason}",
            "change it by hand, or take them out and try again",
        ) from None


def _write(
    path: str,
    text: str,
    *,
    is_new: bool,
) -> None:
    if is_new:
        make(os.path.realpath(path), text.encode(), _MODE)
    else:
        change_file(path, text.encode())
