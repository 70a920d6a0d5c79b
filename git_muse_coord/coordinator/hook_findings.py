"""What ``doctor`` says of git's hooks: whether they are there, and whether git reaches them."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.coordinator.answers.finding import (
    Finding,
    broken,
    doubtful,
    well,
)
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.errors import MuseCoordError
from git_muse_coord.store.hooks import NAMES, scripts as hook_scripts
from git_muse_coord.store.hooks.places import Hooks, Script
from git_muse_coord.store.hooks.scripts import is_first

INSTALL = "git muse-coord install --hooks"


def hook_findings(session: Session, hooks: Hooks) -> Iterator[Finding]:
    """The mode, where hooks are looked for, and each hook."""
    try:
        mode = session.settings.hook_mode
        if session.settings.is_paused(session.now()):
            yield doubtful("hook mode", f"{mode}, but paused", "git muse-coord pause --off")
        else:
            yield well("hook mode", mode)
    except MuseCoordError as error:
        yield broken("hook mode", error.message, error.hint)
    if hooks.is_absent:
        yield broken("hooks", hooks.absence, hooks.setting_up)
        return
    owner = f"{hooks.owner}, " if hooks.owner else ""
    yield well("hooks", f"{owner}in {hooks.folder}")
    for name in NAMES:
        yield _hook(hooks, name)


def _hook(hooks: Hooks, name: str) -> Finding:
    way = hooks.way(name)
    label = f"hook {name}"
    if way is None:
        return _not_installed(label, hooks, name)
    script = Script.at(hooks.path(name))
    content = script.content or b""
    # What would run more than our own lines is not run for a proof: an examination changes nothing.
    if way == "manager":
        managed = hooks.managed(script, name)
        return well(label, f"in {managed}; not proved, as that would run your other hooks")
    if way == "file" and not is_first(content):
        detail = f"something comes before our lines in {script.path}, so git cannot be asked"
        return doubtful(label, detail, f"git muse-coord uninstall, then {INSTALL}")
    if way == "file" and hook_scripts.renewed(content, name) != script.content:
        return doubtful(label, f"the lines in {script.path} are of another version", INSTALL)
    caller = hooks.caller(name)
    if caller:
        detail = f"in {script.path}, which {caller} seems to run; not proved, as that would run more than ours"
        return well(label, detail)
    return _proved(
        label,
        hooks,
        name,
        way,
        script,
    )


def _proved(
    label: str,
    hooks: Hooks,
    name: str,
    way: str,
    script: Script,
) -> Finding:
    """What git says when it is asked to run the hook without doing anything."""
    place = "the configuration" if way == "config" else script.path
    is_reached = hooks.reached(name)
    if is_reached is None:
        return doubtful(label, "installed; this git cannot prove it", "use git 2.36 or newer")
    if is_reached:
        return well(label, f"git runs it, from {place}")
    return broken(
        label,
        _not_run(place),
        f"make {script.path} executable, see core.hooksPath and hook.*.enabled, or {INSTALL}",
    )


def _not_installed(
    label: str,
    hooks: Hooks,
    name: str,
) -> Finding:
    """Not installed, or no longer reached because somebody has led git elsewhere since."""
    ours = [script.path for script in hooks.scripts(name) if script.is_ours]
    if not ours:
        return doubtful(label, "not installed", INSTALL)
    remedy = INSTALL
    if hooks.redirected:
        remedy = f"take core.hooksPath out of the configuration, or {INSTALL}"
    place = ours[0]
    return broken(label, _not_run(place), remedy)


def _not_run(place: str) -> str:
    return f"installed in {place}, but git does not run it"
