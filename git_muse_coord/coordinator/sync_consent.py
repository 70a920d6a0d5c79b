"""Agreeing to a sync in the background, with one remote at one address, and taking that back."""

from __future__ import annotations

import contextlib
import os
import re

from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import BadInput
from git_muse_coord.rules.setting_names import SECTION
from git_muse_coord.store.settings import BACKGROUND
from git_muse_coord.store.sync.exchange_log import ExchangeLog
from git_muse_coord.store.sync.remote import push_address

LEAVES = (
    "paths of files and names of symbols that are reserved here",
    "the reasons that are given for it, and the operations",
    "run ids, names of branches, ids of commits, and times",
)
"""What leaves the machine: all that stands in records."""

MARK = "background"
"""A file of ours that tells our hooks, without a process, that there may be something to fetch."""

_SECRET = re.compile(r"(?<=://)[^/@]*@")


class SyncConsent(Declared):
    """What was agreed to, or taken back.

    ``action`` is agreed, present (it was so before) or withdrawn; ``address`` is without what looks
    like a password; ``leaves`` says what leaves the machine.
    """

    action: str
    remote: str
    address: str
    leaves: tuple[str, ...] = ()


def consent(
    session: Session,
    remote: str | None,
    *,
    dry_run: bool,
) -> SyncConsent:
    """Have this clone sync in the background with a remote, at the address that it has now. Raises BadInput."""
    name = session.remote_name(remote)
    if name is None:
        raise BadInput("no remote is configured", "add one: git remote add origin URL")
    git = session.repository.git
    address = push_address(git, name)
    settings = session.settings
    agreed = (settings.auto_sync, settings.sync_remote, settings.sync_address)
    is_new = agreed != (BACKGROUND, name, address)
    if is_new and not dry_run:
        values = {
            "syncRemote": name,
            "syncAddress": address,
            "autoSync": BACKGROUND,
        }
        # the switch comes last: until then nothing begins
        for key, value in values.items():
            git.run_apart("config", "--local", "--replace-all", f"{SECTION}.{key}", value)
    if not dry_run:
        # Whoever agrees anew has seen to what failed.
        ExchangeLog(session.repository, settings.remotes.get(name, "")).forgive()
        session.repository.mark(MARK)
    return SyncConsent(
        action="agreed" if is_new else "present",
        remote=name,
        address=_SECRET.sub("***@", address),
        leaves=LEAVES,
    )


def withdraw(session: Session) -> SyncConsent | None:
    """Take it back; None where nothing was agreed to."""
    settings = session.settings
    git = session.repository.git
    with contextlib.suppress(OSError):
        os.unlink(os.path.join(session.repository.own_folder, MARK))
    if settings.sync_remote is None and settings.sync_address is None:
        return None
    names = ["syncRemote", "syncAddress"]
    if settings.auto_sync == BACKGROUND:
        names.insert(0, "autoSync")
    # What is not there any more is as it should be.
    for key in names:
        git.ask_apart("config", "--local", "--unset-all", f"{SECTION}.{key}")
    return SyncConsent(
        action="withdrawn",
        remote=settings.sync_remote or "",
        address=_SECRET.sub("***@", settings.sync_address or ""),
    )
