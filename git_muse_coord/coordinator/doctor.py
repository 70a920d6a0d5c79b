"""Use case: look whether everything works, and say what to do where it does not."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from dataclasses import dataclass

from git_muse_coord import __version__
from git_muse_coord.coordinator.session import Session
from git_muse_coord.coordinator.sync import WARN_LIVE
from git_muse_coord.model.errors import MuseCoordError, Unhealthy
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.model.results import Result
from git_muse_coord.store.git.leftovers import Leftovers
from git_muse_coord.store.git.patience import Patience
from git_muse_coord.store.hooks import scripts as hook_scripts
from git_muse_coord.store.hooks.places import Hooks, Script
from git_muse_coord.store.hooks.scripts import NAMES, is_first
from git_muse_coord.store.records import health
from git_muse_coord.store.records.repair import examine
from git_muse_coord.store.sync.capabilities import Capabilities
from git_muse_coord.store.sync.remote import Remote

OLDEST_GIT = (2, 31)
INSTALL = "git muse-coord install --hooks"
SYNC = "git muse-coord sync"
UNREAD_MOST = 1000
"""From so many records on that only a newer version can read, a remote is slowed for nothing, if there is none."""


@dataclass(kw_only=True, eq=False)
class Finding:
    """One thing that was looked at: its state is ok, warn or fail. ``remedy`` is null where all is well."""

    name: str
    state: str
    detail: str
    remedy: str | None = None


@dataclass(kw_only=True, eq=False)
class DoctorResult(Result):
    """Everything that was looked at."""

    findings: tuple[Finding, ...]


def doctor(session: Session, *, run_id: str | None = None) -> DoctorResult:
    """Examine this installation. Raises Unhealthy, with the result, when something is broken."""
    hooks = Hooks(session.repository, session.settings)
    result = DoctorResult(
        findings=(
            *_versions(session, hooks),
            _identity(session, run_id),
            *_hooks(session, hooks),
            *_records(session),
            *_leftovers(session),
            *_caches(session),
            *_remote(session),
        )
    )
    failed = [one.name for one in result.findings if one.state == "fail"]
    if failed:
        raise Unhealthy(f"broken: {', '.join(failed)}", "see the remedies", result)
    return result


def _versions(session: Session, hooks: Hooks) -> Iterator[Finding]:
    text = ".".join(map(str, hooks.version))
    old = hooks.version < OLDEST_GIT
    wanted = ".".join(map(str, OLDEST_GIT))
    yield Finding(
        name="git",
        state="fail" if old else "ok",
        detail=text,
        remedy=f"install git {wanted} or newer" if old else None,
    )
    found = health.program_version(session.repository.git)
    if found == __version__:
        yield Finding(name="program", state="ok", detail=f"git muse-coord {found}")
    else:
        said = (
            f"git finds version {found}, this is {__version__}"
            if found
            else "git does not find git-muse-coord"
        )
        yield Finding(
            name="program",
            state="fail",
            detail=said,
            remedy="put the folder of git-muse-coord on the PATH",
        )
    yield Finding(name="python", state="ok", detail=platform.python_version())
    library = health.library_version()
    if library is None:
        yield Finding(
            name="pygit2",
            state="fail",
            detail="it cannot be loaded",
            remedy="install git-muse-coord anew",
        )
    elif session.repository.library is None:
        yield Finding(
            name="pygit2",
            state="ok",
            detail=f"{library}; cannot open this repository, so git does its work",
        )
    else:
        yield Finding(name="pygit2", state="ok", detail=library)


def _identity(session: Session, run_id: str | None) -> Finding:
    try:
        who = session.who(run_id)
    except MuseCoordError as error:
        return Finding(
            name="run id",
            state="fail",
            detail=error.message,
            remedy=error.hint or "choose another one",
        )
    if who == UNKNOWN:
        how = "set MUSE_RUN_ID, or git config muse-coord.runId NAME"
        return Finding(
            name="run id",
            state="warn",
            detail="not set: your own reservations will warn you",
            remedy=how,
        )
    return Finding(name="run id", state="ok", detail=who)


def _hooks(session: Session, hooks: Hooks) -> Iterator[Finding]:
    try:
        mode = session.settings.hook_mode
        yield Finding(name="hook mode", state="ok", detail=mode)
    except MuseCoordError as error:
        yield Finding(name="hook mode", state="fail", detail=error.message, remedy=error.hint)
    owner = hooks.owner
    if hooks.is_absent:
        yield Finding(name="hooks", state="fail", detail=hooks.absence, remedy=hooks.setting_up)
        return
    yield Finding(
        name="hooks", state="ok", detail=f"{f'{owner}, ' if owner else ''}in {hooks.folder}"
    )
    for name in NAMES:
        yield _hook(hooks, name)


def _hook(hooks: Hooks, name: str) -> Finding:
    way = hooks.way(name)
    label = f"hook {name}"
    if way is None:
        return _absent(label, hooks, name)
    script = Script.at(hooks.path(name))
    if way == "manager":
        detail = f"in {hooks.managed(script, name)}; not proved, as that would run your other hooks"
        return Finding(name=label, state="ok", detail=detail)
    if way == "file" and not is_first(script.content or b""):
        detail = f"something comes before our lines in {script.path}, so git cannot be asked"
        return Finding(
            name=label,
            state="warn",
            detail=detail,
            remedy=f"git muse-coord uninstall, then {INSTALL}",
        )
    if way == "file" and hook_scripts.renewed(script.content or b"", name) != script.content:
        detail = f"the lines in {script.path} are of another version"
        return Finding(name=label, state="warn", detail=detail, remedy=INSTALL)
    if caller := hooks.caller(name):
        detail = f"in {script.path}, which {caller} seems to run; not proved, as that would run more than ours"
        return Finding(name=label, state="ok", detail=detail)
    reached = hooks.reached(name)
    if reached is None:
        return Finding(
            name=label,
            state="warn",
            detail="installed; this git cannot prove it",
            remedy="use git 2.36 or newer",
        )
    if reached:
        return Finding(name=label, state="ok", detail=f"git runs it, from {_where(way, script)}")
    detail = f"installed in {_where(way, script)}, but git does not run it"
    remedy = f"make {script.path} executable, see core.hooksPath and hook.*.enabled, or {INSTALL}"
    return Finding(name=label, state="fail", detail=detail, remedy=remedy)


def _records(session: Session) -> Iterator[Finding]:
    checked, bad = examine(session.store, session.repository.common_dir)
    breaking = [one for one in bad if health.breaks_git(one)]
    remedy = None
    if bad:
        remedy = (
            "git muse-coord fsck --repair"
            if breaking
            else "git muse-coord fsck names them; they count for nothing"
        )
    yield Finding(
        name="records",
        state="fail" if breaking else "warn" if bad else "ok",
        detail=f"{checked:,} refs, {len(bad):,} bad{f', {len(breaking):,} of which break git' if breaking else ''}",
        remedy=remedy,
    )
    live = len(session.store.look().entries)
    many = live > WARN_LIVE
    yield Finding(
        name="live records",
        state="warn" if many else "ok",
        detail=f"{live:,}{', which slows every push' if many else ''}",
        remedy="git muse-coord gc --execute" if many else None,
    )


def _leftovers(session: Session) -> Iterator[Finding]:
    left = Leftovers(session.repository.git, session.repository.common_dir).packed()
    if left:
        names = " and ".join(one.name for one in left)
        state = "fail" if left[0].holder is None else "warn"
        yield Finding(
            name="git's locks",
            state=state,
            detail=f"{names}: {left[0].reason}",
            remedy=left[0].remedy,
        )


def _caches(session: Session) -> Iterator[Finding]:
    for cache in health.caches(session.repository.common_dir):
        detail = (
            f"{cache.name}: {cache.megabytes:.1f} MB"
            if cache.sound
            else f"{cache.name} cannot be read or written"
        )
        yield Finding(
            name="cache",
            state="ok" if cache.sound else "warn",
            detail=detail,
            remedy=None if cache.sound else f"delete {cache.path}; it is made anew",
        )


def _remote(session: Session) -> Iterator[Finding]:
    for key in health.dangerous_refspecs(session.repository.git):
        yield Finding(
            name="fetch refspec",
            state="fail",
            detail=f"{key} fetches refs/muse: git fetch --prune would delete records that are not pushed",
            remedy=f"take it out: git config --edit, under {key}",
        )
    try:
        name = session.remote_name(None)
    except MuseCoordError as error:
        yield Finding(name="remote", state="fail", detail=error.message, remedy=error.hint)
        return
    if name is None:
        yield Finding(
            name="remote",
            state="ok",
            detail="none; reservations stay in this clone and its worktrees",
        )
        return
    git = session.repository.git
    known = Capabilities(git, session.settings, name, Remote(git, name, Patience()).address)
    if known.refs is None:
        yield Finding(name="remote", state="warn", detail=f"{name}: never tried", remedy=SYNC)
        return
    yield from _not_understood(session, name)
    lacks = [
        what
        for what, has in (("atomic pushes", known.atomic), ("deletions", known.deletions))
        if has is False
    ]
    way = (
        "takes refs/muse"
        if known.refs
        else f"refuses refs/muse; the branch {session.settings.branch} carries records"
    )
    yield Finding(
        name="remote",
        state="ok",
        detail=f"{name}: {way}{f'; refuses {chr(44).join(lacks)}' if lacks else ''}",
    )


def _not_understood(session: Session, name: str) -> Iterator[Finding]:
    number = session.store.cache.unread_at(session.settings.remotes.get(name, ""))
    if number > UNREAD_MOST:
        yield Finding(
            name="remote",
            state="warn",
            detail=f"{name}: {number:,} records there are not understood by this version",
            remedy="get a newer version; git muse-coord gc --remote --unknown tells of what kinds they are",
        )


def _absent(label: str, hooks: Hooks, name: str) -> Finding:
    """Not installed, or no longer reached because somebody has led git elsewhere since."""
    left = next((one.path for one in hooks.scripts(name) if one.is_ours), None)
    if left is None:
        return Finding(name=label, state="warn", detail="not installed", remedy=INSTALL)
    remedy = (
        f"take core.hooksPath out of the configuration, or {INSTALL}"
        if hooks.redirected
        else INSTALL
    )
    return Finding(
        name=label,
        state="fail",
        detail=f"installed in {left}, but git does not run it",
        remedy=remedy,
    )


def _where(way: str, script: Script) -> str:
    return "the configuration" if way == "config" else script.path
