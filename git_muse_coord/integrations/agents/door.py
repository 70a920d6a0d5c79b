"""Where the hooks of agents' programs come in: without click, because an agent waits for it at every edit.

Whatever goes wrong, the program goes on: exit code 0, nothing on stdout, one line on stderr at most.
A wrong exit code would stop every edit of everybody who uses the program.
"""

from __future__ import annotations

import os
import sys

from git_muse_coord.integrations.environment import is_silent
from git_muse_coord.integrations.guard import PROBE_VARIABLE, VARIABLE, limit
from git_muse_coord.model.identity import PROGRAMS
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.integrations.guard import AnswerSoFar
    from git_muse_coord.model.agents import AgentEvent

_WAITING = 2
"""How many times as long as it works a hook may take in all."""

_MOST_BYTES = 32 << 20
"""A longer event is none that could be answered in time."""

_MOST_OF_FILE = 8 << 20


def enter(arguments: Sequence[str]) -> None:
    """Answer and end this process, where the words of a command line call the hook of an agent's program."""
    program = program_named(arguments)
    if program is None:
        return
    code = serve(program, os.environ)
    os._exit(code)


def program_named(arguments: Sequence[str]) -> str | None:
    """Which agent's program the words of a command line call the hook of; None where it is another command.

    Options are passed over: a line that a later version installed must not stop anybody.
    """
    if arguments[:1] != ["hook"]:
        return None
    names = [word for word in arguments[1:] if not word.startswith("-")]
    return names[0] if names and names[0] in PROGRAMS else None


def serve(program: str, environment: Mapping[str, str]) -> int:
    """Answer the event on stdin on stdout, and return the exit code, which is 0."""
    if is_silent(environment):
        return 0
    seconds = limit(environment.get(VARIABLE))
    # Git's hooks come by this module, too, and most of them need no process of their own.
    from git_muse_coord.integrations.guarded import guarded

    def work(_: Callable[[AnswerSoFar], None]) -> int:
        try:
            text, afterwards = answer_on_stdin(program, environment)
            if text:
                sys.stdout.write(text)
                sys.stdout.write("\n")
            sys.stdout.flush()
            # What was told counts as heard once it is out.
            afterwards()
        except Exception as error:  # the agent must go on, whatever it is
            _complain(program, str(error) or type(error).__name__)
        return 0

    try:
        guarded(work, lambda text: _complain(program, text), seconds, _WAITING)
    except Exception as error:
        _complain(program, str(error) or type(error).__name__)
    return 0


def answer_on_stdin(
    program: str,
    environment: Mapping[str, str],
) -> tuple[str, Callable[[], None]]:
    """What to print for the event on stdin, empty for nothing, and what to do once it is out."""
    payload = sys.stdin.buffer.read(_MOST_BYTES + 1)
    if not payload.strip() or len(payload) > _MOST_BYTES:
        return "", _nothing
    from git_muse_coord.integrations.agents.reading import read_event

    event = read_event(program, payload, read_file)
    if event is None or is_probe(event, environment):
        return "", _nothing
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.errors import NoRepository

    try:
        session = Session(event.cwd or ".", stays=False)
    except NoRepository:
        return "", _nothing
    return answer_to(session, event, environment, _calling_program)


def answer_to(
    session: Session,
    event: AgentEvent,
    environment: Mapping[str, str],
    process: Callable[[], str],
) -> tuple[str, Callable[[], None]]:
    """What to tell a program of an event, empty for nothing, and what to do once it is out.

    ``process`` names the program that the agent runs in, as far as that is known.
    """
    from git_muse_coord.coordinator.agents.events import answer_event, put_off, was_told
    from git_muse_coord.integrations.agents.reading import answer_text
    from git_muse_coord.model.agents import Moment

    said = environment.get("MUSE_RUN_ID")
    answer = answer_event(
        session,
        event,
        muse_run_id=said,
        process=process,
    )
    text = answer_text(event, event.program, answer)
    if answer.text and not text and event.moment is Moment.BEFORE_EDIT:
        put_off(session, event, answer, said)
    if not text:
        return "", _nothing
    return text, lambda: was_told(session, answer)


def is_probe(event: AgentEvent, environment: Mapping[str, str]) -> bool:
    """Whether we are only asked what we understood of an event, which then is written down."""
    probe = environment.get(PROBE_VARIABLE)
    if not probe:
        return False
    with open(probe, "a", encoding="utf-8") as file:
        file.write(f"{event.program} {event.moment} {len(event.edits)}\n")
    return True


def _nothing() -> None:
    """There is nothing left to do."""


def _calling_program() -> str:
    from git_muse_coord.store.git.processes import program_above

    # We work in a process of our own, below the one that was called.
    return program_above(os.getppid())


def read_file(path: str) -> bytes | None:
    """The bytes of a regular file; None for anything else, and for what is too large to be read in time."""
    from git_muse_coord.store.git.regular_file import read_regular

    return read_regular(path, _MOST_OF_FILE, follows_link=True)


def _complain(program: str, text: str) -> None:
    line = "".join(character if character.isprintable() else " " for character in text)
    sys.stderr.write(f"git-muse-coord: hook {program}: {line}\n")
    sys.stderr.flush()
