"""Syncing in the background, where muse-coord.autoSync asks for it: when it is time, in a process of its own."""

from __future__ import annotations

from git_muse_coord.coordinator.session import Session


def begin_if_due(session: Session) -> None:
    """Start a sync that nobody waits for, if one is due. Never waits, never raises, never prints."""
    del session
