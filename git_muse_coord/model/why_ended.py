"""Why a reservation was released where nobody asked for that: said by its release."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from git_muse_coord.model.records import Release

WHY = "why"
"""A field of a release that came later than its format, so that it is one of those that are extra."""

LANDED = "landed"
"""The work is in the default branch."""

UNCHANGED = "unchanged"
"""Whoever held it has ended and changed nothing there."""


def why_ended(release: Release) -> str | None:
    """One of the words above; None for a release that somebody asked for, or that says what nobody here knows."""
    why = release.extra.get(WHY)
    return why if why in (LANDED, UNCHANGED) else None
