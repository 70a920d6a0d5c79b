"""How old what this clone knows of other clones is. Neither git nor the remote is asked for it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from git_muse_coord.coordinator.background_sync import begin_if_due
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.results import Dated

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


def stay_informed(session: Session, result: Dated) -> None:
    """Say in an answer how old what it rests on is; where that is asked for, have news fetched in the background."""
    known = freshness(session)
    if known is not None:
        result.remote = known.remote
        result.synced_at = known.synced_at
    begin_if_due(session)
