"""Have agents' programs start our MCP server, by an entry in their settings, and take it out again."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from git_muse_coord.integrations.agent_install import AgentChange
from git_muse_coord.integrations.files import change_file, content_of, left_as_it_is, make, speaking
from git_muse_coord.store.agents.json_text import NotPlain
from git_muse_coord.store.agents.marked_block import Unmanageable
from git_muse_coord.store.agents.mcp_entries import McpProgram
from git_muse_coord.store.agents.places import AgentPlaces

SERVED = " mcp"
"""Stands behind the name of a program where a change is about the server that it starts."""
_MODE = 0o644


def install_servers(
    places: AgentPlaces,
    programs: Iterable[McpProgram],
    *,
    dry_run: bool,
) -> Iterator[AgentChange]:
    """Add the entry to the settings of each. Raises BadInput where settings are not to be changed; StoreFailed."""
    for program in programs:
        path = places.path(program.place)
        change = AgentChange(agent=_named(program), action="made", path=path)
        with speaking(), _explaining(path):
            before = _text_of(path)
            after = program.entry.added_to(before)
            if before is not None:
                change.action = "renewed" if program.entry.is_in(before) else "added"
        change.lines = tuple(after.splitlines()) if before is None else ()
        # whoever has it already is told so, and nothing is written
        if after == before:
            change.action = "present"
        # a program reads the file whenever it likes, so it is changed whole
        elif not dry_run:
            with speaking():
                _write(path, after, is_new=before is None)
        yield change


def uninstall_servers(
    places: AgentPlaces,
    programs: Iterable[McpProgram],
) -> Iterator[AgentChange]:
    """Cut the entry out of the settings of each that has it. Raises as ``install_servers``."""
    for program in programs:
        path = places.path(program.place)
        with speaking(), _explaining(path):
            before = _text_of(path)
            # most files are of others alone, whatever is in them
            if before is None or "muse-coord" not in before or not program.entry.is_in(before):
                continue
            after = program.entry.cut_out_of(before)
        change = AgentChange(agent=_named(program), action="cut out", path=path)
        with speaking():
            if after is not None:
                change_file(path, after.encode())
            else:
                change.action = "removed"
                _remove(places, program)
        yield change


def _named(program: McpProgram) -> str:
    # beside the hooks of the same program
    return f"{program.place.name}{SERVED}"


def _text_of(path: str) -> str | None:
    content = content_of(path)
    return None if content is None else content.decode()


def _write(
    path: str,
    text: str,
    *,
    is_new: bool,
) -> None:
    if is_new:
        make(os.path.realpath(path), text.encode(), _MODE)
    else:
        change_file(path, text.encode())


def _remove(places: AgentPlaces, program: McpProgram) -> None:
    os.unlink(os.path.realpath(places.path(program.place)))
    # without a folder of its own it lies in a home, or at the top of a working tree
    if not program.place.folder:
        return
    for folder in places.folders(program.place):
        with contextlib.suppress(OSError):  # somebody else has something there
            os.rmdir(folder)


@contextmanager
def _explaining(path: str) -> Iterator[None]:
    """Turn what cannot be changed with certainty into a failure that names the file."""
    try:
        yield
    except UnicodeDecodeError:
        reason = "it is no UTF-8"
    except (NotPlain, Unmanageable) as error:
        reason = str(error)
    else:
        return
    raise left_as_it_is(path, reason)
