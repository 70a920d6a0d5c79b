"""Put our hooks into the settings of agents' programs, beside whatever is there, and take them out again."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Container, Iterable
from typing import NamedTuple

from git_muse_coord.integrations.files import (
    change_file,
    complaint,
    content_of,
    left_as_it_is,
    make,
)
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import BadInput, MuseCoordError, StoreFailed
from git_muse_coord.model.results import Result
from git_muse_coord.store.agents.json_text import (
    NotPlain,
    entries_in,
    must_be_plain,
    own_file,
    with_entries,
    without_entries,
)
from git_muse_coord.store.agents.places import (
    AUTO_RESERVE,
    AgentPlaces,
    set_auto_reserve,
    unset_auto_reserve,
)
from git_muse_coord.store.agents.plugin_files import is_as_made, plugin_text
from git_muse_coord.store.agents.programs import AgentProgram, calls_us
from git_muse_coord.store.git.process import Git

_MODE = 0o644


class AgentChange(Declared):
    """What was done, or with ``--print`` would be done, for the hooks of one program.

    ``action``: made (a new file), added (our entries, beside those of others), renewed (older ones
    of ours), present (nothing to do), by hand (only you can), set (a setting of git's); or, when it
    is undone, removed, cut out, unset. ``lines`` are what belongs into the file.
    """

    agent: str
    action: str
    path: str
    lines: tuple[str, ...] = ()


class AgentChanges(NamedTuple):
    """The changes, and what went wrong: each with what to do about it."""

    changes: tuple[AgentChange, ...]
    failures: tuple[MuseCoordError, ...]


def install_agents(
    places: AgentPlaces,
    programs: Iterable[AgentProgram],
    git: Git,
    *,
    dry_run: bool,
    served: Container[str] = (),
) -> AgentChanges:
    """Install the hooks of some programs, each on its own, and have them reserve what is edited.

    Those of the programs that are ``served``, by their names, call our MCP server where they can.
    """

    def step(program: AgentProgram) -> AgentChange:
        if program.plugin:
            return _install_plugin(places, program, dry_run)
        if program.name in served and program.calling:
            program = program._replace(entries=program.calling)
        return _install_entries(places, program, dry_run)

    changes, failures = _each(programs, step)
    # Where nothing could be installed, nothing is to change.
    works = any(change.action != "by hand" for change in changes)
    if works and not dry_run and set_auto_reserve(git, places.scope):
        changes.append(
            AgentChange(
                agent="git",
                action="set",
                path=AUTO_RESERVE,
            )
        )
    return AgentChanges(tuple(changes), tuple(failures))


def uninstall_agents(
    places: AgentPlaces,
    programs: Iterable[AgentProgram],
    git: Git,
) -> AgentChanges:
    """Take out what ``install_agents`` did, each on its own; what others wrote since stays."""

    def step(program: AgentProgram) -> AgentChange | None:
        if program.plugin:
            return _uninstall_plugin(places, program)
        return _uninstall_entries(places, program)

    changes, failures = _each(programs, step)
    # Without hooks the setting means nothing, whoever made it.
    if changes and unset_auto_reserve(git, places.scope):
        changes.append(
            AgentChange(
                agent="git",
                action="unset",
                path=AUTO_RESERVE,
            )
        )
    return AgentChanges(tuple(changes), tuple(failures))


def raise_first(failures: Iterable[MuseCoordError], result: Result) -> None:
    """End as the first of some failures asks for, with all of them told and the result beside them."""
    listed = list(failures)
    if listed:
        # The exit code is one, so the first decides.
        message = "; ".join(failure.message for failure in listed)
        raise type(listed[0])(message, listed[0].hint, result)


def _each(
    programs: Iterable[AgentProgram],
    step: Callable[[AgentProgram], AgentChange | None],
) -> tuple[list[AgentChange], list[MuseCoordError]]:
    """Do a step for each program: what one cannot have is no reason to keep it from the others."""
    changes: list[AgentChange] = []
    failures: list[MuseCoordError] = []
    for program in programs:
        try:
            change = step(program)
        except OSError as error:
            failures.append(StoreFailed(complaint(error)))
            continue
        except MuseCoordError as error:
            failures.append(error)
            change = error.result
        if change is not None:
            changes.append(change)
    return changes, failures


def _install_entries(
    places: AgentPlaces,
    program: AgentProgram,
    dry_run: bool,
) -> AgentChange:
    path = places.path(program)
    if program.name == "claude" and places.has_plugin:
        return AgentChange(
            agent=program.name,
            action="present",
            path="the plugin muse-coord",
        )
    content = content_of(path)
    ours = own_file(program.entries, program.rest)
    change = AgentChange(
        agent=program.name,
        action="made",
        path=path,
        lines=tuple(ours.splitlines()),
    )
    if content is None:
        if not dry_run:
            # What a link leads to is made there, and the link stays.
            make(os.path.realpath(path), ours.encode(), _MODE)
        return change
    text = _plain(content, change)
    there = entries_in(text, calls_us)
    if sorted(there, key=repr) == sorted(program.entries, key=repr):
        change.action = "present"
        return change
    change.action = "renewed" if there else "added"
    # Older entries may be of events or tools that we no longer want.
    before = without_entries(text, calls_us, program.rest)
    after = ours if before is None else with_entries(before, program.entries)
    if not dry_run:
        change_file(path, after.encode())
    return change


def _uninstall_entries(places: AgentPlaces, program: AgentProgram) -> AgentChange | None:
    path = places.path(program)
    content = content_of(path)
    # Most files are of others alone, and need not be read as JSON.
    if content is None or b"muse-coord" not in content:
        return None
    change = AgentChange(
        agent=program.name,
        action="cut out",
        path=path,
    )
    text = _plain(content, change)
    if not entries_in(text, calls_us):
        return None
    left = without_entries(text, calls_us, program.rest)
    if left is not None:
        change_file(path, left.encode())
        return change
    _remove(places, program)
    change.action = "removed"
    return change


def _install_plugin(
    places: AgentPlaces,
    program: AgentProgram,
    dry_run: bool,
) -> AgentChange:
    path = places.path(program)
    content = content_of(path)
    ours = plugin_text(program.plugin)
    change = AgentChange(
        agent=program.name,
        action="made",
        path=path,
        lines=tuple(ours.decode().splitlines()),
    )
    if content == ours:
        change.action = "present"
    elif content is None:
        if not dry_run:
            make(os.path.realpath(path), ours, _MODE)
    else:
        _must_be_as_made(content, change)
        change.action = "renewed"
        if not dry_run:
            change_file(path, ours)
    return change


def _uninstall_plugin(places: AgentPlaces, program: AgentProgram) -> AgentChange | None:
    path = places.path(program)
    content = content_of(path)
    if content is None:
        return None
    change = AgentChange(
        agent=program.name,
        action="removed",
        path=path,
    )
    _must_be_as_made(content, change)
    _remove(places, program)
    return change


def _must_be_as_made(content: bytes, change: AgentChange) -> None:
    """Raises BadInput, with the change to make by hand, where a file is not ours as we made it."""
    if not is_as_made(content):
        change.action = "by hand"
        raise BadInput(
            f"{change.path} is not as we made it, and is left as it is",
            "remove it by hand, then try again",
            change,
        )


def _remove(places: AgentPlaces, program: AgentProgram) -> None:
    """Remove a file that was ours alone, with the folders that it leaves empty. Raises OSError."""
    os.unlink(os.path.realpath(places.path(program)))
    for folder in places.folders(program):
        with contextlib.suppress(OSError):  # somebody else has something there
            os.rmdir(folder)


def _plain(content: bytes, change: AgentChange) -> str:
    """The text of a file that can be changed. Raises BadInput, with the change to make by hand."""
    try:
        text = content.decode("utf-8")
        must_be_plain(text)
    except UnicodeDecodeError:
        reason = "it is no UTF-8"
    except NotPlain as error:
        reason = str(error)
    else:
        return text
    change.action = "by hand"
    raise left_as_it_is(change.path, reason, change)
