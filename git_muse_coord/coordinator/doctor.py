"""Use case: look whether everything works, and say what to do where it does not."""

from __future__ import annotations

import platform
from collections.abc import Iterator, Mapping

from git_muse_coord.coordinator.agent_findings import agent_findings
from git_muse_coord.coordinator.answers.finding import (
    Finding,
    broken,
    doubtful,
    well,
)
from git_muse_coord.coordinator.hook_findings import hook_findings
from git_muse_coord.coordinator.learning import learnt
from git_muse_coord.coordinator.own_identity import GIVE_EACH_ONE, sharing_sentence
from git_muse_coord.coordinator.session import Session
from git_muse_coord.coordinator.sync import WARN_LIVE
from git_muse_coord.coordinator.sync_trouble import sync_trouble
from git_muse_coord.model.errors import MuseCoordError, Unhealthy
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.model.results import Result
from git_muse_coord.rules.setting_names import TEAM_FILE
from git_muse_coord.store.git.leftovers import Leftovers
from git_muse_coord.store.git.patience import Patience
from git_muse_coord.store.hooks.places import Hooks
from git_muse_coord.store.records import health
from git_muse_coord.store.records.repair import examine
from git_muse_coord.store.settings import BACKGROUND
from git_muse_coord.store.sync.capabilities import Capabilities
from git_muse_coord.store.sync.remote import Remote
from git_muse_coord.version import __version__

OLDEST_GIT = (2, 31)
SYNC = "git muse-coord sync"
UNREAD_MOST = 1000
"""With more records that only a newer version can read, a remote is slowed for nothing, if there is none."""


class DoctorResult(Result):
    """Everything that was looked at."""

    findings: tuple[Finding, ...]


def doctor(
    session: Session,
    *,
    run_id: str | None = None,
    environment: Mapping[str, str] | None = None,
) -> DoctorResult:
    """Examine this installation; with an ``environment`` also what agents' programs would run in it.

    Raises Unhealthy, with the result, when something is broken.
    """
    hooks = Hooks(session.repository, session.settings)
    # From the outside in: without git nothing else can be told.
    findings = list(_versions(session, hooks))
    findings.append(_identity(session, run_id))
    findings += _settings(session)
    findings += hook_findings(session, hooks)
    if environment is not None:
        findings += agent_findings(session, environment)
    findings += _records(session)
    findings += _leftovers(session)
    findings += _caches(session)
    findings += _remote(session)
    findings += _background_sync(session)
    findings.append(_learning(session))
    result = DoctorResult(findings=tuple(findings))
    failed = [finding.name for finding in findings if finding.state == "fail"]
    if failed:
        raise Unhealthy(f"broken: {', '.join(failed)}", "see the remedies", result)
    return result


def _versions(session: Session, hooks: Hooks) -> Iterator[Finding]:
    yield _git(hooks)
    yield _program(session)
    yield well("python", platform.python_version())
    yield _pygit2(session)


def _git(hooks: Hooks) -> Finding:
    version = ".".join(map(str, hooks.version))
    if hooks.version >= OLDEST_GIT:
        return well("git", version)
    oldest = ".".join(map(str, OLDEST_GIT))
    return broken("git", version, f"install git {oldest} or newer")


def _program(session: Session) -> Finding:
    version = health.program_version(session.repository.git)
    if version == __version__:
        return well("program", f"git muse-coord {version}")
    detail = "git does not find git-muse-coord"
    if version:
        detail = f"git finds version {version}, this is {__version__}"
    return broken("program", detail, "put the folder of git-muse-coord on the PATH")


def _pygit2(session: Session) -> Finding:
    version = health.library_version()
    if version is None:
        return broken("pygit2", "it cannot be loaded", "install git-muse-coord anew")
    if session.repository.library is None:
        # Reftable, and whatever else is newer than libgit2.
        return well("pygit2", f"{version}; cannot open this repository, so git does its work")
    return well("pygit2", version)


def _identity(session: Session, run_id: str | None) -> Finding:
    try:
        identity = session.identity(run_id)
    except MuseCoordError as error:
        return broken("run id", error.message, error.hint or "choose another one")
    if identity.run_id == UNKNOWN:
        return doubtful(
            "run id",
            "not set: your own reservations will warn you",
            "set MUSE_RUN_ID, or git config muse-coord.runId NAME",
        )
    detail = f"{identity.run_id} ({identity.source})"
    processes = session.own_identity.sharers(identity)
    if processes:
        sharing = sharing_sentence(processes)
        return doubtful("run id", f"{detail}; {sharing}", GIVE_EACH_ONE)
    return well("run id", detail)


def _settings(session: Session) -> Iterator[Finding]:
    """What was set in vain, and what the file of a team says; nothing where neither is."""
    team = session.settings.from_team()
    remarks = session.remarks_on_settings()
    if remarks:
        detail = "; ".join(remarks)
        yield doubtful("settings", detail, "mend the names and values; see the man page")
    elif team:
        names = ", ".join(team)
        yield well("settings", f"{TEAM_FILE} sets {names}")


def _records(session: Session) -> Iterator[Finding]:
    checked, bad, _ = examine(session.store, session.repository.common_dir)
    breaking = sum(map(health.breaks_git, bad))
    detail = f"{checked:,} refs, {len(bad):,} bad"
    if breaking:
        detail = f"{detail}, {breaking:,} of which break git"
        yield broken("records", detail, "git muse-coord fsck --repair")
    elif bad:
        remedy = "git muse-coord fsck names them; they count for nothing"
        yield doubtful("records", detail, remedy)
    else:
        yield well("records", detail)

    live = len(session.store.look().entries)
    if live > WARN_LIVE:
        detail = f"{live:,}, which slows every push"
        yield doubtful("live records", detail, "git muse-coord gc --execute")
    else:
        yield well("live records", f"{live:,}")


def _leftovers(session: Session) -> Iterator[Finding]:
    repository = session.repository
    locks = Leftovers(repository.git, repository.common_dir).packed()
    if not locks:
        return
    names = " and ".join(lock.name for lock in locks)
    first = locks[0]
    detail = f"{names}: {first.reason}"
    if first.holder is None:
        yield broken("git's locks", detail, first.remedy)
    else:
        # Whoever holds it may still be at work.
        yield doubtful("git's locks", detail, first.remedy)


def _caches(session: Session) -> Iterator[Finding]:
    for cache in health.caches(session.repository.common_dir):
        if cache.sound:
            yield well("cache", f"{cache.name}: {cache.megabytes:.1f} MB")
        else:
            detail = f"{cache.name} cannot be read or written"
            yield doubtful("cache", detail, f"delete {cache.path}; it is made anew")


def _remote(session: Session) -> Iterator[Finding]:
    for key in health.dangerous_refspecs(session.repository.git):
        yield broken(
            "fetch refspec",
            f"{key} fetches refs/muse: git fetch --prune would delete records that are not pushed",
            f"take it out: git config --edit, under {key}",
        )
    try:
        name = session.remote_name(None)
    except MuseCoordError as error:
        yield broken("remote", error.message, error.hint)
        return
    if name is None:
        yield well("remote", "none; reservations stay in this clone and its worktrees")
        return
    git = session.repository.git
    address = Remote(git, name, Patience()).address
    # What was learnt by syncing is told; the remote itself is not asked, which would take seconds.
    known = Capabilities(git, session.settings, name, address)
    if known.refs is None:
        yield doubtful("remote", f"{name}: never tried", SYNC)
        return
    yield from _not_understood(session, name)
    way = _way(session, known)
    yield well("remote", f"{name}: {way}")


def _background_sync(session: Session) -> Iterator[Finding]:
    settings = session.settings
    if settings.auto_sync != BACKGROUND:
        return
    trouble = sync_trouble(session)
    if trouble is not None:
        yield doubtful("background sync", trouble.detail, trouble.remedy)
        return
    yield well("background sync", f"{settings.sync_remote}: every {settings.sync_every:,} s")


def _learning(session: Session) -> Finding:
    name = "learning"
    if not session.settings.learns:
        return well(name, "off: the forecast goes by what all projects together say")
    known = learnt(session)
    if known is None:
        return well(name, "nothing yet; the next forecast begins it")
    if known.obstacle:
        return well(name, f"nothing new: {known.obstacle}")
    waiting = f", {known.waiting:,} wait" if known.waiting else ""
    return well(name, f"{known.merges:,} merges, {known.conflicted:,} in conflict{waiting}")


def _way(session: Session, known: Capabilities) -> str:
    """How records travel to a remote, and what it refuses."""
    way = "takes refs/muse"
    if not known.refs:
        way = f"refuses refs/muse; the branch {session.settings.branch} carries records"
    refused: list[str] = []
    if known.atomic is False:
        refused.append("atomic pushes")
    if known.deletions is False:
        refused.append("deletions")
    if not refused:
        return way
    listed = ", ".join(refused)
    return f"{way}; refuses {listed}"


def _not_understood(session: Session, name: str) -> Iterator[Finding]:
    address = session.settings.remotes.get(name, "")
    count = session.store.cache.remotes.unread_at(address)
    if count > UNREAD_MOST:
        yield doubtful(
            "remote",
            f"{name}: {count:,} records there are not understood by this version",
            "get a newer version; git muse-coord gc --remote --unknown tells of what kinds they are",
        )
