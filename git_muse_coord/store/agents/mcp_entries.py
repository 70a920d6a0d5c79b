"""The entry that has a program of agents start our MCP server: where it belongs, put in, and cut out again.

Claude Code, Gemini CLI and Cursor keep their servers in JSON, Codex in TOML.
"""

from __future__ import annotations

import contextlib
import json
import tomllib
from collections.abc import Callable, Iterable
from typing import NamedTuple

from git_muse_coord.store.agents.hook_calls import SERVER
from git_muse_coord.store.agents.json_places import (
    INDENT,
    JsonChild,
    JsonPlace,
    appended,
    behind_blanks,
    children_of,
    indent_of,
    is_apart,
    member_named,
    without_child,
)
from git_muse_coord.store.agents.json_text import NotPlain
from git_muse_coord.store.agents.marked_block import MarkedBlock, Unmanageable
from git_muse_coord.store.agents.places import AgentPlaces
from git_muse_coord.store.agents.programs import AgentProgram

_SERVERS = "mcpServers"
COMMAND = ("git-muse-coord", "mcp")
"""What starts the server."""

_ENTRY = {"command": COMMAND[0], "args": list(COMMAND[1:])}
_TABLES = "mcp_servers"
_TABLE = MarkedBlock(
    (
        f"[{_TABLES}.{SERVER}]",
        'command = "git-muse-coord"',
        'args = ["mcp"]',
        # Codex keeps from its servers what is not named.
        'env_vars = ["MUSE_RUN_ID", "MUSE_COORD"]',
    ),
    "# {}",
)


class ServerEntry(NamedTuple):
    """How a server is named in the settings of a program; all raise NotPlain or Unmanageable where a text is odd.

    ``added_to`` gives a file with our entry, ``cut_out_of`` what it was before, and None where it
    was ours alone.
    """

    is_in: Callable[[str], bool]
    added_to: Callable[[str | None], str]
    cut_out_of: Callable[[str], str | None]


def _in_json(text: str) -> bool:
    return _our_place(text) is not None


def _added_to_json(text: str | None) -> str:
    if text is None:
        return json.dumps({_SERVERS: {SERVER: _ENTRY}}, indent=INDENT) + "\n"
    place = _our_place(text)
    if place is not None:
        ours = place.children[place.position]
        if ours.value == _ENTRY:
            return text
        return text[: ours.value_start] + json.dumps(_ENTRY) + text[ours.end :]
    root = behind_blanks(text, 0)
    newline = "\r\n" if "\r\n" in text else "\n"
    unit = indent_of(text)
    servers = member_named(children_of(text, root), _SERVERS)
    if servers is None:
        made = _indented({SERVER: _ENTRY}, unit, 1, newline)
        return appended(text, root, f"{json.dumps(_SERVERS)}: {made}", newline + unit)
    made = f"{json.dumps(SERVER)}: {_indented(_ENTRY, unit, 2, newline)}"
    return appended(text, servers.value_start, made, newline + unit * 2)


def _indented(
    value: object,
    unit: str,
    depth: int,
    newline: str,
) -> str:
    return json.dumps(value, indent=unit).replace("\n", newline + unit * depth)


def _cut_out_of_json(text: str) -> str | None:
    place = _our_place(text)
    if place is None:
        return text
    if len(place.children) > 1 or not is_apart(place):
        return without_child(text, place)
    # the object of servers was made for ours, so it goes with it; so does the file
    around = _place_of(text, behind_blanks(text, 0), _SERVERS)
    if around is None or (len(around.children) == 1 and is_apart(around)):
        return None
    return without_child(text, around)


def _our_place(text: str) -> JsonPlace | None:
    """Where our entry stands. Raises NotPlain where the text is not what one could stand in."""
    try:
        settings = json.loads(text)
    except (ValueError, RecursionError):
        raise NotPlain("it is no plain JSON") from None
    servers = settings.get(_SERVERS, {}) if isinstance(settings, dict) else None
    if not isinstance(servers, dict):
        raise NotPlain(f"it holds no JSON object with {_SERVERS}")
    member = member_named(children_of(text, behind_blanks(text, 0)), _SERVERS)
    return None if member is None else _place_of(text, member.value_start, SERVER)


def _place_of(text: str, opening: int, name: str) -> JsonPlace | None:
    children: list[JsonChild] = children_of(text, opening)
    for number, child in enumerate(children):
        if child.name == name:
            return JsonPlace(opening, children, number)
    return None


def _added_to_toml(text: str | None) -> str:
    added = _TABLE.added_to(text)
    try:
        tomllib.loads(added)
    except tomllib.TOMLDecodeError:
        raise Unmanageable(
            f"it is no TOML, or has a table {_TABLES}.{SERVER} of somebody else"
        ) from None
    return added


_JSON = ServerEntry(_in_json, _added_to_json, _cut_out_of_json)
_TOML = ServerEntry(_TABLE.is_in, _added_to_toml, _TABLE.cut_out_of)


class McpProgram(NamedTuple):
    """A program that can start MCP servers: where it looks for them, and how they are named there."""

    place: AgentProgram
    entry: ServerEntry


MCP_PROGRAMS = (
    McpProgram(
        AgentProgram("claude", "Claude Code", ".mcp.json", ".claude.json", "", "CLAUDE_CONFIG_DIR"),
        _JSON,
    ),
    McpProgram(
        AgentProgram("codex", "Codex", ".codex/config.toml", "config.toml", ".codex", "CODEX_HOME"),
        _TOML,
    ),
    McpProgram(
        AgentProgram(
            "gemini", "Gemini CLI", ".gemini/settings.json", "settings.json", ".gemini", ""
        ),
        _JSON,
    ),
    McpProgram(
        AgentProgram("cursor", "Cursor", ".cursor/mcp.json", "mcp.json", ".cursor", ""),
        _JSON,
    ),
)


def is_server_named(places: Iterable[AgentPlaces], name: str) -> bool:
    """Whether a program, by its name, is told of our server in one of some places."""
    programs = [program for program in MCP_PROGRAMS if program.place.name == name]
    for program in programs:
        for where in places:
            with contextlib.suppress(OSError, UnicodeDecodeError, NotPlain, Unmanageable):
                with open(where.path(program.place), encoding="utf-8") as file:
                    text = file.read()
                if program.entry.is_in(text):
                    return True
    return False
