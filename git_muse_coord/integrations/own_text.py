"""Text of ours in a file of somebody else: put in beside what is there, and cut out again to the byte."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from git_muse_coord.integrations.agent_install import AgentChange
from git_muse_coord.integrations.files import (
    change_file,
    content_of,
    left_as_it_is,
    make,
    speaking,
)
from git_muse_coord.store.agents.json_text import NotPlain
from git_muse_coord.store.agents.marked_block import Unmanageable

_MODE = 0o644


class OwnText(Protocol):
    """What is ours in a file, as pure functions over its text; they raise NotPlain or Unmanageable where it is odd."""

    def is_in(self, text: str, /) -> bool:
        """Whether it is there."""

    def added_to(self, text: str | None, /) -> str:
        """The file with it; None is no file yet."""

    def cut_out_of(self, text: str, /) -> str | None:
        """The file as it was before; None where that was ours alone."""


def put_in(
    change: AgentChange,
    ours: OwnText,
    *,
    dry_run: bool,
    hint: str | None = None,
) -> None:
    """Put it into the file of a change, which is told what was done. Raises BadInput with the hint; StoreFailed."""
    with speaking(), _explaining(change.path, hint):
        before = _text_of(change.path)
        after = ours.added_to(before)
        if before is not None:
            change.action = "renewed" if ours.is_in(before) else "added"
    # whoever has it already is told so, and nothing is written
    if after == before:
        change.action = "present"
    if after == before or dry_run:
        return
    with speaking():
        if before is None:
            make(os.path.realpath(change.path), after.encode(), _MODE)
        else:
            # a program reads the file whenever it likes, so it is changed whole
            change_file(change.path, after.encode())


def take_out(
    change: AgentChange,
    ours: OwnText,
    *,
    hint: str | None = None,
) -> bool:
    """Cut it out of the file of a change; False where it is not there. Raises as ``put_in``."""
    with speaking(), _explaining(change.path, hint):
        before = _text_of(change.path)
        # most files are of others alone, whatever is in them
        if before is None or "muse-coord" not in before or not ours.is_in(before):
            return False
        after = ours.cut_out_of(before)
    change.action = "removed" if after is None else "cut out"
    with speaking():
        if after is None:
            os.unlink(os.path.realpath(change.path))
        else:
            change_file(change.path, after.encode())
    return True


def _text_of(path: str) -> str | None:
    content = content_of(path)
    return None if content is None else content.decode()


@contextmanager
def _explaining(path: str, hint: str | None) -> Iterator[None]:
    """Turn what cannot be changed with certainty into a failure that names the file."""
    try:
        yield
    except UnicodeDecodeError:
        reason = "it is no UTF-8"
    except (NotPlain, Unmanageable) as error:
        reason = str(error)
    else:
        return
    failure = left_as_it_is(path, reason)
    failure.hint = hint or failure.hint
    raise failure
