"""Syncing right after writing, where muse-coord.autoSync asks for it. The sync itself is in ``sync``."""

from __future__ import annotations

from git_muse_coord.model.errors import MuseCoordError
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from git_muse_coord.coordinator.session import Session


def auto_sync(
    session: Session,
    holder: str,
    local: bool,
) -> list[str]:
    """Sync, for at most muse-coord.syncTimeout seconds. A failure is a warning: the records are safe here."""
    if local or session.settings.auto_sync != "true":
        return []
    from git_muse_coord.coordinator.sync import sync_lock, synchronise
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
