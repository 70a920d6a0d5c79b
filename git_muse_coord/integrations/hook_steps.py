"""What is to be done for one hook of git, by what lies there, and how that is undone byte for byte."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass

from git_muse_coord.integrations.advice import by_hand
from git_muse_coord.integrations.files import (
    EXECUTABLE,
    keep_and_replace,
    make,
    put_back,
    write,
)
from git_muse_coord.model.declared import Declared
from git_muse_coord.store.hooks import scripts as hook_scripts
from git_muse_coord.store.hooks.places import CONFIGURED_SINCE, Hooks, Script, configured_name
from git_muse_coord.store.hooks.scripts import KEPT


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


@dataclass
class HookStep:
    """What is to be done for a hook; ``is_new`` when nothing of ours is there yet."""

    change: HookChange
    do: Callable[[], object] | None = None
    is_new: bool = True


def step_for(
    places: Hooks,
    owner: str | None,
    name: str,
) -> HookStep:
    """The first of the ways that fits, the one first that touches the least of what others have."""
    script = Script.at(places.path(name))
    key = f"hook.{configured_name(name)}"
    managed = places.managed(script, name)
    if managed:
        return _present(name, managed)
    if places.way(name) == "config":
        return _present(name, key)
    is_of_others = bool(owner or places.outside) and not script.is_ours
    if is_of_others and places.version >= CONFIGURED_SINCE:
        lines = tuple(hook_scripts.command(name).splitlines())
        change = HookChange(hook=name, action="configured", path=key, lines=lines)
        return HookStep(change, lambda: places.configure(name))
    if places.outside and not places.caller(name):  # other repositories run it as well
        return _by_hand(script, name)
    folder = os.path.dirname(script.path)
    around = os.path.dirname(folder)
    # The folder of the hooks is made where it is missing, but not the one around it.
    if not os.path.isdir(around):
        return _by_hand(script, name)
    return _file_step(script, name, places)


def _present(name: str, path: str) -> HookStep:
    """There is nothing to do."""
    change = HookChange(hook=name, action="present", path=path)
    return HookStep(change)


def _by_hand(script: Script, name: str) -> HookStep:
    """Only the user can do it."""
    lines = by_hand(name)
    change = HookChange(hook=name, action="by hand", path=script.path, lines=lines)
    return HookStep(change)


def _file_step(
    script: Script,
    name: str,
    places: Hooks,
) -> HookStep:
    """What to do for a hook that lies in a file of this repository."""
    if not script.exists:
        with_folder = not os.path.isdir(places.folder)
        fresh = hook_scripts.made(name, with_folder)
        change = _change(name, "made", script, fresh)
        return HookStep(change, lambda: make(script.path, fresh))
    if script.content is not None and script.is_ours:
        return _renewal(script, script.content, name)
    if script.kept:  # the name for what is kept is taken, and by what we cannot know
        return _by_hand(script, name)
    if script.content is None:  # nothing that can be read, so git cannot run it either
        return _wrapping(script, name, runs=False)
    runs = script.executable or not places.mode_matters
    if runs and script.is_alone and hook_scripts.is_shell(script.content):
        content = hook_scripts.with_block(script.content, name)
        change = _change(name, "added", script, content)
        return HookStep(change, lambda: write(script.path, content))
    return _wrapping(script, name, runs=runs)


def _wrapping(
    script: Script,
    name: str,
    *,
    runs: bool,
) -> HookStep:
    """A script of ours in the place of one that is no shell script, and that it runs if git ran it."""
    ours = hook_scripts.running(name) if runs else hook_scripts.made(name, with_folder=False)
    change = _change(name, "wrapped", script, ours)
    kept = script.path + KEPT
    return HookStep(change, lambda: keep_and_replace(script.path, kept, ours))


def _renewal(
    script: Script,
    content: bytes,
    name: str,
) -> HookStep:
    """Lines of ours that an older version wrote give way to today's, in the place where they are."""
    today = hook_scripts.renewed(content, name)
    is_ours_alone = hook_scripts.origin(content) != "added"
    if is_ours_alone and not script.executable:  # git would not run it

        def revive() -> None:
            write(script.path, today)
            os.chmod(script.path, EXECUTABLE)

        change = _change(name, "made", script, today)
        return HookStep(change, revive, is_new=False)
    # What a link leads to may serve others as well.
    if today == content or script.is_link:
        return _present(name, script.path)
    change = _change(name, "added", script, today)
    return HookStep(change, lambda: write(script.path, today), is_new=False)


def take_out_hook(script: Script, content: bytes) -> str:
    """Take what is ours out of a script, and tell how that was done. Raises OSError."""
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
