"""Two lines of work that came together, by a merge, a rebase or a cherry-pick."""

from __future__ import annotations

from git_muse_coord.model.light import NamedTuple


class JoinedLine(NamedTuple):
    """One of them: what people call it, the commit at which it begins, and the one that holds all of it."""

    name: str
    base: str
    tip: str


class Join(NamedTuple):
    """The two. What became of them is in a ``commit``, else in the index; or is not yet, unless ``is_made``."""

    ours: JoinedLine
    theirs: JoinedLine
    commit: str | None
    is_made: bool = True
