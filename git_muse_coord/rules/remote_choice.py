"""Which of the configured remotes records are exchanged with."""

from __future__ import annotations

from collections.abc import Callable, Collection

from git_muse_coord.model.errors import BadInput


def choose_remote(
    known: Collection[str],
    wanted: str | None,
    upstream: Callable[[], str | None],
) -> str | None:
    """The remote that is wanted, else that of the upstream, else ``origin``, else the only one; None: there is none.

    Raises BadInput, with the list of remotes, for one that is wanted and not known.
    """
    if wanted:
        if wanted in known:
            return wanted
        there_is = f"there is: {', '.join(sorted(known))}" if known else "there is none"
        raise BadInput(f"no remote {wanted!r}", there_is)
    if len(known) < 2:
        return next(iter(known), None)
    for name in (upstream(), "origin"):
        if name in known:
            return name
    return None
