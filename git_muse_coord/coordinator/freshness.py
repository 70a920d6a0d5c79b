"""How old what this clone knows of other clones is. Neither git nor the remote is asked for it."""

from __future__ import annotations

import os

from git_muse_coord.coordinator.autosync import begin_if_due
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_tools import suppress

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.results import Dated

BLIND = "blind-"
"""What the names of files begin with that tell the scripts of hooks to ask us."""

_TOLD = "told-"
_ANY_REMOTE = b"\0remote."


class Freshness(NamedTuple):
    """The remote that others are heard of through, and when that last happened; None: never.

    ``sentence`` is empty where there is no need to speak of it.
    """

    remote: str
    synced_at: datetime | None
    sentence: str


def freshness(session: Session) -> Freshness | None:
    """How old what is known is; None where there is no remote, or none that one could name."""
    # Whoever has no remote, or lists what is here, must not pay for reading all settings.
    if _ANY_REMOTE not in b"\0" + session.repository.configuration:
        return None
    try:
        name = session.remote_name(None)
    except BadInput:
        return None
    if name is None:
        return None
    from git_muse_coord.rules.freshness import staleness
    from git_muse_coord.store.sync.exchange_log import ExchangeLog

    address = session.settings.remotes.get(name, "")
    synced_at = ExchangeLog(session.repository, address).read().at
    return Freshness(name, synced_at, staleness(name, synced_at, session.now()))


def blindness(session: Session, teller: str) -> str:
    """A sentence for a clone that never synced, once for each of those who tell it; else empty."""
    repository = session.repository
    # The script of a hook of git's calls us for its sake even where nothing is reserved.
    with suppress(OSError):
        os.unlink(os.path.join(repository.own_folder, f"{BLIND}{teller}"))
    known = freshness(session)
    if known is None or known.synced_at is not None or _has_told(session, teller):
        return ""
    repository.mark(f"{_TOLD}{teller}")
    return known.sentence


def mark_blind(session: Session, tellers: Iterable[str]) -> None:
    """Have hooks of git's tell what ``blindness`` says, if this clone never synced, at their next call."""
    known = freshness(session)
    if known is None or known.synced_at is not None:
        return
    for teller in tellers:
        if not _has_told(session, teller):
            session.repository.mark(f"{BLIND}{teller}")


def _has_told(session: Session, teller: str) -> bool:
    return os.path.exists(os.path.join(session.repository.own_folder, f"{_TOLD}{teller}"))


def stay_informed(session: Session, result: Dated) -> None:
    """Say in an answer how old what it rests on is; where that is asked for, have news fetched in the background."""
    known = freshness(session)
    if known is not None:
        result.remote = known.remote
        result.synced_at = known.synced_at
    begin_if_due(session)
