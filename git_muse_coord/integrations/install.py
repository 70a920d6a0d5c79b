"""Put our hooks where git finds them, beside whatever is there, and take them out again byte for byte.

What is to be done follows from what lies there, and so does its undoing; nothing is kept elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from git_muse_coord.coordinator.answers.purged import PurgeResult
from git_muse_coord.coordinator.freshness import mark_blind
from git_muse_coord.coordinator.session import Session
from git_muse_coord.coordinator.sync_consent import SyncConsent
from git_muse_coord.integrations.advice import lasting
from git_muse_coord.integrations.agent_install import AgentChange
from git_muse_coord.integrations.files import complaint, speaking
from git_muse_coord.integrations.hook_steps import HookChange, HookStep, step_for, take_out_hook
from git_muse_coord.integrations.program_folder import forget_program_folder, keep_program_folder
from git_muse_coord.integrations.user_files import FileChange
from git_muse_coord.model.errors import BadInput, StoreFailed
from git_muse_coord.model.results import Result
from git_muse_coord.store.git.lock import locked
from git_muse_coord.store.hooks import NAMES
from git_muse_coord.store.hooks.places import CONFIGURED_SINCE, Hooks, configured_name

_LOCK_SECONDS = 10


class InstallResult(Result):
    """What was done for each hook of git, each agents' program, and each file in the user's own folders.

    ``owner`` has the hooks in hand; ``advice`` are lines to add where they are wanted; ``sync`` is
    what was agreed to about a sync in the background.
    """

    hooks: tuple[HookChange, ...] = ()
    agents: tuple[AgentChange, ...] = ()
    files: tuple[FileChange, ...] = ()
    owner: str | None = None
    advice: tuple[str, ...] = ()
    sync: SyncConsent | None = None
    dry_run: bool


class UninstallResult(Result):
    """What was undone."""

    hooks: tuple[HookChange, ...] = ()
    agents: tuple[AgentChange, ...] = ()
    files: tuple[FileChange, ...] = ()
    sync: SyncConsent | None = None
    purge: PurgeResult | None = None


def install(session: Session, *, dry_run: bool = False) -> InstallResult:
    """Install the hooks, or with ``dry_run`` only tell how. What is in place stays, and what is older is renewed.

    Raises BadInput where only the user can do it, with the lines to add in the ``result``;
    StoreFailed.
    """
    places = Hooks(session.repository, session.settings)
    owner = places.owner
    if places.is_absent:
        raise BadInput(
            places.absence,
            f"{places.setting_up}, then try again",
        )
    with one_at_a_time(session, dry_run):
        steps = [step_for(places, owner, name) for name in NAMES]
        if not dry_run:
            _apply(steps, places)
            keep_program_folder(session)
            mark_blind(session, (name for name in NAMES if not name.startswith("post-")))
    changes = tuple(step.change for step in steps)
    # Only lines in a script of the manager go when it writes that script anew.
    added = [change.hook for change in changes if change.action == "added"]
    result = InstallResult(
        hooks=changes,
        owner=owner,
        advice=lasting(owner, added),
        dry_run=dry_run,
    )
    if not dry_run and all(change.action == "by hand" for change in changes):
        raise BadInput(
            f"core.hooksPath is {places.redirected}, which is not of this repository alone: nothing was installed",
            "add the lines by hand, or use git 2.54 or newer, which takes hooks from its configuration",
            result,
        )
    return result


def uninstall(session: Session) -> UninstallResult:
    """Take the hooks out again, each on its own. Raises StoreFailed with the ``result`` where one cannot be."""
    places = Hooks(session.repository, session.settings)
    with one_at_a_time(session, False):
        changes, failures = _undo(places, NAMES)
        forget_program_folder(session)
    result = UninstallResult(hooks=tuple(changes))
    if failures:
        raise StoreFailed(
            "; ".join(failures), "the others are undone; mend this, then try again", result
        )
    return result


def _apply(steps: Iterable[HookStep], places: Hooks) -> None:
    """Do all, or undo what was done when something fails."""
    if places.version < CONFIGURED_SINCE:
        # A newer git may have left its lines in the configuration; this one does not read them.
        for name in NAMES:
            places.unconfigure(name)
    done: list[str] = []
    try:
        with speaking():
            for step in steps:
                if step.do is None:
                    continue
                step.do()
                if step.is_new:  # what was renewed worked before, and is no harm
                    done.append(step.change.hook)
    except StoreFailed:
        _undo(places, done)
        raise


@contextmanager
def one_at_a_time(session: Session | None, dry_run: bool) -> Iterator[None]:
    """Keep other installations of a clone out meanwhile; None is no clone. Raises StoreFailed."""
    if dry_run or session is None:
        yield
        return
    with locked(session.repository.own_file("install.lock"), _LOCK_SECONDS) as got:
        if not got:
            raise StoreFailed("another process is installing here", "try again")
        yield


def _undo(places: Hooks, names: Iterable[str]) -> tuple[list[HookChange], list[str]]:
    """Undo what was done for some hooks: the changes, and what could not be undone."""
    changes: list[HookChange] = []
    failures: list[str] = []
    for name in names:
        if places.unconfigure(name):
            key = f"hook.{configured_name(name)}"
            changes.append(HookChange(hook=name, action="unconfigured", path=key))
        for script in places.scripts(name):
            # What a link leads to may serve others as well, and is not ours to change.
            if script.content is None or not script.is_ours or script.is_link:
                continue
            try:
                action = take_out_hook(script, script.content)
            except OSError as error:
                failures.append(complaint(error))
            else:
                changes.append(HookChange(hook=name, action=action, path=script.path))
    return changes, failures
