"""Put our hooks where git finds them, beside whatever is there, and take them out again byte for byte.

What is to be done follows from what lies there, and so does its undoing; nothing is kept elsewhere.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from git_muse_coord.coordinator.answers.purged import PurgeResult
from git_muse_coord.coordinator.freshness import mark_blind
from git_muse_coord.coordinator.session import Session
from git_muse_coord.coordinator.sync_consent import SyncConsent
from git_muse_coord.integrations.advice import by_hand, lasting
from git_muse_coord.integrations.agent_install import AgentChange
from git_muse_coord.integrations.files import (
    EXECUTABLE,
    complaint,
    keep_and_replace,
    make,
    put_back,
    speaking,
    write,
)
from git_muse_coord.integrations.program_folder import forget_program_folder, keep_program_folder
from git_muse_coord.integrations.user_files import FileChange
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import BadInput, StoreFailed
from git_muse_coord.model.results import Result
from git_muse_coord.store.git.lock import locked
from git_muse_coord.store.hooks import NAMES, scripts as hook_scripts
from git_muse_coord.store.hooks.places import CONFIGURED_SINCE, Hooks, Script, configured_name
from git_muse_coord.store.hooks.scripts import KEPT

_LOCK_SECONDS = 10


class HookChange(Declared):
    """What was done, or with ``--print`` would be done, for one hook.

    ``action``: made (a new file), added (lines at the top of a script), wrapped (what was there is
    kept beside, and run), configured (in git's configuration), present (nothing to do), by hand
    (only you can); or, when it is undone, removed, cut out, restored, unconfigured. ``path`` is the
    file, or the configuration key; ``lines`` what is written.
    """

    hook: str
    action: str
    path: str
    lines: tuple[str, ...] = ()


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


@dataclass
class _Step:
    """What is to be done for a hook; ``is_new`` when nothing of ours is there yet."""

    change: HookChange
    do: Callable[[], object] | None = None
    is_new: bool = True


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
        steps = [_step(places, owner, name) for name in NAMES]
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


def _step(
    places: Hooks,
    owner: str | None,
    name: str,
) -> _Step:
    """The first of the ways that fits, the one first that touches the least of what others have."""
    script = Script.at(places.path(name))
    key = f"hook.{configured_name(name)}"
    managed = places.managed(script, name)
    if managed:
        return _Step(HookChange(hook=name, action="present", path=managed))
    if places.way(name) == "config":
        return _Step(HookChange(hook=name, action="present", path=key))
    is_of_others = bool(owner or places.outside) and not script.is_ours
    if is_of_others and places.version >= CONFIGURED_SINCE:
        lines = tuple(hook_scripts.command(name).splitlines())
        change = HookChange(hook=name, action="configured", path=key, lines=lines)
        return _Step(change, lambda: places.configure(name))
    if places.outside and not places.caller(name):  # other repositories run it as well
        return _by_hand(script, name)
    # The folder of the hooks is made where it is missing, but not the one around it.
    if not os.path.isdir(os.path.dirname(os.path.dirname(script.path))):
        return _by_hand(script, name)
    return _file_step(script, name, places)


def _by_hand(script: Script, name: str) -> _Step:
    return _Step(HookChange(hook=name, action="by hand", path=script.path, lines=by_hand(name)))


def _apply(steps: Iterable[_Step], places: Hooks) -> None:
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


def _file_step(
    script: Script,
    name: str,
    places: Hooks,
) -> _Step:
    """What to do for a hook that lies in a file of this repository."""
    if not script.exists:
        with_folder = not os.path.isdir(places.folder)
        fresh = hook_scripts.made(name, with_folder)
        return _Step(_change(name, "made", script, fresh), lambda: make(script.path, fresh))
    if script.content is None:  # nothing that can be read, so git cannot run it either
        return _by_hand(script, name) if script.kept else _wrapping(script, name, runs=False)
    if script.is_ours:
        return _renewal(script, script.content, name)
    if script.kept:  # the name for what is kept is taken, and by what we cannot know
        return _by_hand(script, name)
    runs = script.executable or not places.mode_matters
    if runs and script.is_alone and hook_scripts.is_shell(script.content):
        content = hook_scripts.with_block(script.content, name)
        return _Step(_change(name, "added", script, content), lambda: write(script.path, content))
    return _wrapping(script, name, runs=runs)


def _wrapping(
    script: Script,
    name: str,
    *,
    runs: bool,
) -> _Step:
    """A script of ours in the place of one that is no shell script, and that it runs if git ran it."""
    ours = hook_scripts.running(name) if runs else hook_scripts.made(name, with_folder=False)
    change = _change(name, "wrapped", script, ours)
    return _Step(change, lambda: keep_and_replace(script.path, script.path + KEPT, ours))


def _renewal(
    script: Script,
    content: bytes,
    name: str,
) -> _Step:
    """Lines of ours that an older version wrote give way to today's, in the place where they are."""
    today = hook_scripts.renewed(content, name)
    is_ours_alone = hook_scripts.origin(content) != "added"
    if is_ours_alone and not script.executable:  # git would not run it

        def revive() -> None:
            write(script.path, today)
            os.chmod(script.path, EXECUTABLE)

        return _Step(_change(name, "made", script, today), revive, is_new=False)
    if today == content or script.is_link:
        return _Step(HookChange(hook=name, action="present", path=script.path))
    change = _change(name, "added", script, today)
    return _Step(change, lambda: write(script.path, today), is_new=False)


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
                action = _take_out(script, script.content)
            except OSError as error:
                failures.append(complaint(error))
            else:
                changes.append(HookChange(hook=name, action=action, path=script.path))
    return changes, failures


def _take_out(script: Script, content: bytes) -> str:
    if script.kept:
        put_back(script.path + KEPT, script.path)
        return "restored"
    origin = hook_scripts.origin(content)
    rest = hook_scripts.without_block(content)
    # Also into a file that we made, somebody may have written more since.
    if origin == "added" or rest != hook_scripts.SHEBANG:
        write(script.path, rest)
        return "cut out"
    os.unlink(script.path)
    folder = os.path.dirname(script.path)
    if origin == "made with its folder" and not os.listdir(folder):
        os.rmdir(folder)
    return "removed"


def _change(
    name: str,
    action: str,
    script: Script,
    content: bytes,
) -> HookChange:
    """A change, with our lines out of what is written."""
    lines = hook_scripts.lines_of(content)
    return HookChange(hook=name, action=action, path=script.path, lines=tuple(lines))
