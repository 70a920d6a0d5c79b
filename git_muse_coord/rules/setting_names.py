"""The names of our settings, and what to say of one that is none: a word mistyped would silently do nothing."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

SECTION = "muse-coord"
TEAM_FILE = ".muse-coord"
"""The section of ours in git's configuration, and the file with settings that a team commits."""

NAMES = (
    "agentMode",
    "autoRelease",
    "autoReserve",
    "autoSync",
    "branch",
    "gcGrace",
    "hookMode",
    "identity",
    "learn",
    "path",
    "pausedUntil",
    "radar",
    "remote",
    "runId",
    "syncAddress",
    "syncEvery",
    "syncRemote",
    "syncTimeout",
    "taskRetention",
    "ttl",
    "waitBeat",
    "zone",
)
"""As people write them; git gives them in lower case."""

_NEAR_MOST = 3
_TOLD_MOST = 3
_LONGEST = 40


def near_names(name: str, names: Iterable[str] = NAMES) -> str:
    """The names that somebody may have meant, as the end of a sentence; empty where none is near."""
    from difflib import get_close_matches  # only where a name was mistyped

    by_lower: dict[str, str] = {}
    for known in names:
        by_lower[known.lower()] = known
    # The time that comparing takes grows with the length, and anybody may have written it.
    wanted = name.lower()[:_LONGEST]
    near = get_close_matches(wanted, by_lower, n=_NEAR_MOST)
    if not near:
        return ""
    meant = ", ".join(map(by_lower.__getitem__, near))
    return f"; did you mean {meant}?"


def unknown_names(keys: Iterable[str]) -> list[str]:
    """A sentence for each key of git's configuration that is of our section and no setting of ours.

    What stands below a remote (``muse-coord.REMOTE.refs``) is not typed by anybody.
    """
    known = {name.lower() for name in NAMES}
    unknown: list[str] = []
    for key in keys:
        section, _, name = key.partition(".")
        is_below_a_remote = "." in name
        if section != SECTION or is_below_a_remote:
            continue
        if name not in known:
            unknown.append(key)
    sentences: list[str] = []
    for key in unknown[:_TOLD_MOST]:
        name = key.removeprefix(f"{SECTION}.")
        near = near_names(name)
        remedy = "" if near else f"; git config --unset {key}"
        sentences.append(f"{key} is no setting{near}{remedy}")
    left = len(unknown) - len(sentences)
    if left:
        sentences.append(f"and {left:,} more names under {SECTION} are no settings")
    return sentences
