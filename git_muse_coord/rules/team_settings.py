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
    names = {f"{SECTION}.{name.lower()}": name for name in TEAM_NAMES}
    for key, value in rows:
        name = names.get(key)
        wrong = _wrong_key(key) if name is None else _wrong_value(name, value)
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
    if name in (known.lower() for known in NAMES):
        return f"{shown} counts only in git config"
    return f"{shown} is no setting{near_names(name, TEAM_NAMES)}"


def _wrong_value(name: str, value: str) -> str:
    """Why a value of a known name does not count; empty where it does."""
    if name == "ttl":
        is_number = value.isascii() and value.isdigit() and len(value) < len(str(_LONGEST)) + 1
        if is_number and _SHORTEST <= int(value) <= _LONGEST:
            return ""
        return (
            f"ttl is {_shown(value)}, not {_SHORTEST} to {_LONGEST:,} seconds, and does not count"
        )
    if name == "zone":
        return "" if _is_inside(value) else f"zone {_shown(value)} is no path of the repository"
    words = _WORDS[name]
    if value.lower() in words:
        return ""
    if value.lower() in _OFF:
        return f"{name} {_shown(value)} counts only in git config"
    return f"{name} is {_shown(value)}, not one of {', '.join(words)}, and does not count"


def _is_inside(path: str) -> bool:
    """Whether a path is written from the top of the repository, and does not lead out of it."""
    steps = path.split("/")
    is_plain = path.isprintable() and "\\" not in path and ":" not in path
    return bool(path) and is_plain and bool(steps[0]) and ".." not in steps


def _shown(text: str) -> str:
    """What somebody else wrote, short and in quotes."""
    return repr(text if len(text) <= _SHOWN_MOST else f"{text[:_SHOWN_MOST]}...")


def _first(remarks: list[str]) -> tuple[str, ...]:
    left = len(remarks) - _REMARKS_MOST
    if left > 0:
        return (*remarks[:_REMARKS_MOST], f"{TEAM_FILE}: {left:,} more lines do not count")
    return tuple(remarks)
