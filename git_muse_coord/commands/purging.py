"""What ``uninstall --purge`` asks and tells, and its options."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import NamedTuple

from git_muse_coord.commands.app import App
from git_muse_coord.commands.options import flag
from git_muse_coord.coordinator.answers.purged import (
    OTHERS,
    PurgedRefs,
    PurgePlan,
    PurgeResult,
)
from git_muse_coord.model.errors import BadInput
from git_muse_coord.ui.text import Line, count, escape

PURGE_OPTIONS = (
    flag("--purge", help="Also all records, notes, caches and settings of this clone."),
    flag("--remote", help="With --purge: at the remote, too, for everybody."),
    flag("--yes", help="Ask nothing, even where others were at work lately."),
)


class Purging(NamedTuple):
    """What was asked for: to purge this clone, also its remote, and without a question."""

    here: bool
    at_remote: bool
    is_sure: bool


def agreed_plan(app: App, wanted: Purging) -> PurgePlan | None:
    """What is to be deleted at the remote, and was agreed to; None where nothing there was asked for.

    Raises BadInput where somebody says no, and where nobody can be asked.
    """
    if not wanted.here and (wanted.at_remote or wanted.is_sure):
        raise BadInput("--remote and --yes belong to --purge", "say --purge, too")
    if not wanted.at_remote:
        return None
    from git_muse_coord.coordinator.purge import check_purge, look_before_purge

    plan = look_before_purge(app.open())
    check_purge(plan, is_sure=wanted.is_sure)
    if wanted.is_sure:
        return plan
    what = f"at {escape(plan.remote)}, for everybody: {_held(plan.at_remote)}"
    if app.json or not sys.stdin.isatty():
        raise BadInput(f"nobody can be asked whether to delete {what}", "say --yes")
    if not _is_agreed(f"Delete {what}?"):
        raise BadInput("nothing was undone", "leave --remote out to purge this clone alone")
    return plan


def _is_agreed(question: str) -> bool:
    # Only who is asked loads what asks.
    import click

    try:
        return click.confirm(question, err=True)
    except click.Abort:
        raise KeyboardInterrupt from None


def purge_lines(result: PurgeResult) -> Iterator[Line]:
    """What was deleted, and what may come back."""
    if result.at_remote is not None:
        yield [f"Deleted at {result.remote}: {_held(result.at_remote)}."]
    yield [f"Deleted in this clone: {_held(result.refs)}."]
    if result.settings:
        yield [f"  settings: {', '.join(result.settings)}"]
    if result.files:
        yield ["  caches and what else was in muse-coord/ in the git directory"]
    if result.at_remote is not None:
        yield [f"{OTHERS[0].upper()}{OTHERS[1:]}."]


def _held(refs: PurgedRefs) -> str:
    parts = [count(refs.records, "record")]
    if refs.archive:
        parts.append("the archive")
    if refs.notes:
        parts.append("the notes on commits")
    if refs.branch is not None:
        parts.append(f"the branch {refs.branch}")
    return ", ".join(parts)
