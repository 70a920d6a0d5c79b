"""Syncing without being told to, where muse-coord.autoSync asks for it: right after writing, or in the background.

Mostly nothing is to be done, so what does it is not loaded before: ``sync`` and ``background_sync``.
"""

from __future__ import annotations

from git_muse_coord.coordinator.session import utc_now
from git_muse_coord.model.errors import MuseCoordError
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import suppress

if TYPE_CHECKING:
    from git_muse_coord.coordinator.session import Session

_IN_BACKGROUND = b"muse-coord.autosync\nbackground\0"


def auto_sync(
    session: Session,
    holder: str,
    local: bool,
) -> list[str]:
    """Sync, for at most muse-coord.syncTimeout seconds. A failure is a warning: the records are safe here."""
    if local or session.settings.auto_sync != "true":
        return []
    from git_muse_coord.coordinator.exchanges import sync_lock
    from git_muse_coord.coordinator.sync import synchronise
    from git_muse_coord.store.git.patience import Patience

    limit = session.settings.sync_timeout
    try:
        name = session.remote_name(None)
        if name is None:
            return []
        # Waiting for another sync of this clone counts, too: whoever writes waits for us.
        patience = Patience(limit)
        with sync_lock(session, limit):
            synchronise(session, name, patience, holder)
    except MuseCoordError as error:
        return [f"not synced: {error.message}"]
    return []


def begin_if_due(session: Session) -> None:
    """Start a sync that nobody waits for, if one is due. Never waits, never raises, never prints.

    One that is not due yet is started all the same where this session has written: it waits first,
    because there may be no later event that would carry it.
    """
    # For whoever has not asked for it, not even the settings are read.
    if _IN_BACKGROUND not in session.repository.configuration.lower():
        return
    # A sync is a process of its own, and would go by another clock than a caller who sets ours.
    if session.now is not utc_now:
        return
    from git_muse_coord.coordinator.background_sync import begin

    with suppress(MuseCoordError, OSError):
        begin(session)
