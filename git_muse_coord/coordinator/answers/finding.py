"""Findings of an examination."""

from __future__ import annotations

from git_muse_coord.model.declared import Declared


class Finding(Declared):
    """One thing that was looked at: its state is ok, warn or fail. ``remedy`` is null where all is well."""

    name: str
    state: str
    detail: str
    remedy: str | None = None


def well(name: str, detail: str) -> Finding:
    """Something that works."""
    return Finding(
        name=name,
        state="ok",
        detail=detail,
    )


def doubtful(
    name: str,
    detail: str,
    remedy: str | None,
) -> Finding:
    """Something that works, but not as well as it could, or of which nobody can tell."""
    return Finding(
        name=name,
        state="warn",
        detail=detail,
        remedy=remedy,
    )


def broken(
    name: str,
    detail: str,
    remedy: str | None,
) -> Finding:
    """Something that does not work."""
    return Finding(
        name=name,
        state="fail",
        detail=detail,
        remedy=remedy,
    )
