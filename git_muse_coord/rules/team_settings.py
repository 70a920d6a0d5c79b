"""What the file of a team may say: a few settings, each within bounds, and nothing that switches the check off.

Whoever can have a branch fetched can write that file. So it names no remote, no program and no path
outside; what it may not say counts for nothing, and is told.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.rules.setting_names import (
    NAMES,
    SECTION,
    TEAM_FILE,
    near_names,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

ZONES_MOST = 100
"""More zones are passed over: each costs a look among the reservations."""

_SHORTEST = 300
_LONGEST = 604_800
"""Seconds: what ends sooner would be over before its commit, what lasts longer would be in everybody's way."""

_ON = ("true", "yes", "on", "1")
_OFF = ("false", "no", "off", "0")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "hookMode": ("warn", "block"),
    "agentMode": ("inform", "ask", "block"),
    "autoRelease": (*_ON, *_OFF),
    "autoReserve": _ON,
}
"""What may be said. Without autoRelease more is told, not less; hookMode off and autoReserve false would silence."""

TEAM_NAMES = ("agentMode", "autoRelease", "autoReserve", "hookMode", "ttl", "zone")
_REMARKS_MOST = 3
_SHOWN_MOST = 60


class TeamSettings(NamedTuple):
    """Values by the names that git gives them, the zones, and a sentence for each thing that does not count."""

    values: Mapping[str, str] = {}
    zones: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


def team_settings(rows: Iterable[tuple[str, str]]) -> TeamSettings:
    """The settings in a team's file, from its keys and values in the order of the file."""
    values: dict[str, str] = {}
    zones: list[str] = []
    remarks: list[str] = []
    names: dict[str, str] = {}
    for team_name in TEAM_NAMES:
        key = f"{SECTION}.{team_name.lower()}"
        names[key] = team_name
    for key, value in rows:
        name = names.get(key)
        if name is None:
            wrong = _wrong_key(key)
        else:
            wrong = _wrong_value(name, value)
        if wrong:
            remarks.append(f"{TEAM_FILE}: {wrong}")
        elif name == "zone":
            zones.append(value)
        else:
            # of several values the last counts, as for git
            values[key] = value.lower()
    if len(zones) > ZONES_MOST:
        remarks.append(f"{TEAM_FILE}: of {len(zones):,} zones only the first {ZONES_MOST} count")
    return TeamSettings(values, tuple(zones[:ZONES_MOST]), _first(remarks))


def _wrong_key(key: str) -> str:
    """Why a key does not count."""
    section, _, name = key.partition(".")
    shown = _shown(key)
    if section != SECTION:
        return f"{shown} does not count; only the section [{SECTION}] is read"
    known_names = [known.lower() for known in NAMES]
    if name in known_names:
        return f"{shown} counts only in git config"
    near = near_names(name, TEAM_NAMES)
    return f"{shown} is no setting{near}"


def _wrong_value(name: str, value: str) -> str:
    """Why a value of a known name does not count; empty where it does."""
    shown = _shown(value)
    if name == "ttl":
        if _is_ttl(value):
            return ""
        return f"ttl is {shown}, not {_SHORTEST} to {_LONGEST:,} seconds, and does not count"
    if name == "zone":
        if _is_inside(value):
            return ""
        return f"zone {shown} is no path of the repository"
    words = _WORDS[name]
    word = value.lower()
    if word in words:
        return ""
    if word in _OFF:
        return f"{name} {shown} counts only in git config"
    return f"{name} is {shown}, not one of {', '.join(words)}, and does not count"


def _is_ttl(text: str) -> bool:
    """Whether a text is a number of seconds within the bounds."""
    # Python refuses to read thousands of digits, and anybody may have written them.
    if len(text) > len(str(_LONGEST)):
        return False
    # Digits of other scripts are digits to Python, and none to git.
    if not text.isascii() or not text.isdigit():
        return False
    return _SHORTEST <= int(text) <= _LONGEST


def _is_inside(path: str) -> bool:
    """Whether a path is written from the top of the repository, and does not lead out of it."""
    first, *further = path.split("/")
    if not first or not path.isprintable():
        return False
    if "\\" in path or ":" in path:
        return False
    return ".." not in (first, *further)


def _shown(text: str) -> str:
    """What somebody else wrote, short and in quotes."""
    if len(text) > _SHOWN_MOST:
        text = f"{text[:_SHOWN_MOST]}..."
    return repr(text)


def _first(remarks: list[str]) -> tuple[str, ...]:
    first = remarks[:_REMARKS_MOST]
    left = len(remarks) - len(first)
    if left:
        first.append(f"{TEAM_FILE}: {left:,} more lines do not count")
    return tuple(first)
