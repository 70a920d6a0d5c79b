"""Have agents' programs start our MCP server, by an entry in their settings, and take it out again."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator

from git_muse_coord.integrations.agent_install import AgentChange
from git_muse_coord.integrations.own_text import put_in, take_out
from git_muse_coord.store.agents.mcp_entries import McpProgram
from git_muse_coord.store.agents.places import AgentPlaces

SERVED = " mcp"
"""Stands behind the name of a program where a change is about the server that it starts."""


def install_servers(
    places: AgentPlaces,
    programs: Iterable[McpProgram],
    *,
    dry_run: bool,
) -> Iterator[AgentChange]:
    """Add the entry to the settings of each. Raises BadInput where settings are not to be changed; StoreFailed."""
    for program in programs:
        path = places.path(program.place)
        change = AgentChange(
            agent=_named(program),
            action="made",
            path=path,
        )
        put_in(change, program.entry, dry_run=dry_run)
        if change.action == "made":
            change.lines = tuple(program.entry.added_to(None).splitlines())
        yield change


def uninstall_servers(
    places: AgentPlaces,
    programs: Iterable[McpProgram],
) -> Iterator[AgentChange]:
    """Cut the entry out of the settings of each that has it. Raises as ``install_servers``."""
    for program in programs:
        path = places.path(program.place)
        change = AgentChange(
            agent=_named(program),
            action="cut out",
            path=path,
        )
        if not take_out(change, program.entry):
            continue
        if change.action == "removed":
            _remove_folders(places, program)
        yield change


def _named(program: McpProgram) -> str:
    # beside the hooks of the same program
    return f"{program.place.name}{SERVED}"


def _remove_folders(places: AgentPlaces, program: McpProgram) -> None:
    """Remove those that are left empty."""
    # without a folder of its own it lies in a home, or at the top of a working tree
    if not program.place.folder:
        return
    for folder in places.folders(program.place):
        with contextlib.suppress(OSError):  # somebody else has something there
            os.rmdir(folder)
