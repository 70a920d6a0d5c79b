"""Who runs: the forms of run ids, and what goes before what.

An option goes before ``MUSE_RUN_ID``, that before what an agent's program says of itself, that
before settings, and those before what is derived from the worktree.
"""

from __future__ import annotations

from git_muse_coord.model.identity import (
    MARKS,
    PAYLOAD,
    PROGRAMS,
    SESSIONS,
    VARIABLE,
    Identity,
)
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.model.text_types import RunId

if TYPE_CHECKING:
    from collections.abc import (
        Callable,
        Iterable,
        Mapping,
        Sequence,
    )

_LONGEST = 100
"""So many characters of a program's own id are kept; all known ones have 36."""
_LONGEST_WORD = 60
_SHOWN = 8
_UUID = "00000000-0000-0000-0000-000000000000"
_ZEROS = str.maketrans("123456789abcdef", "0" * 15)
"""Makes of every UUID the one of zeros."""


def of_event(
    program: str,
    session: str,
    agent: str | None,
    muse_run_id: str | None,
) -> Identity:
    """Who an event of an agent's program is about: a session, or a sub-agent in it.

    What a person said goes before the program's own names, and only the sub-agent is added to it.
    An event without a session is of nobody.
    """
    if muse_run_id:
        run_id = _part_of(muse_run_id, agent)
        return Identity(run_id, VARIABLE)
    if not session:
        return Identity(UNKNOWN, PAYLOAD)
    session_id = f"{program}:{_plain(session)}"
    run_id = _part_of(session_id, agent)
    return Identity(run_id, PAYLOAD)


def of_environment(
    environment: Mapping[str, str],
    ancestors: Callable[[], Iterable[Sequence[str]]],
) -> Identity | None:
    """Who the environment says that we are; None where it does not say, or not clearly.

    Some programs do not tell their commands which session they belong to: of those the run id ends
    after the colon, and whoever remembers the session has to add it.

    One agent's program may have started another, which inherits its variables. Only then the
    command lines of ``ancestors``, the nearest first, are looked at. Where they do not tell, it is
    better to be taken for nobody known than for the other agent.
    """
    said = environment.get(VARIABLE)
    if said:
        return Identity(RunId(said), VARIABLE)
    sessions: dict[str, Identity] = {}
    for variable, program in SESSIONS.items():
        session = environment.get(variable)
        if session and program not in sessions:
            run_id = RunId(f"{program}:{_plain(session)}")
            sessions[program] = Identity(run_id, variable)
    for variable, program in MARKS.items():
        if program in sessions:
            continue
        if environment.get(variable):
            run_id = RunId(f"{program}:")
            sessions[program] = Identity(run_id, variable)
    if len(sessions) <= 1:
        return next(iter(sessions.values()), None)
    # Nearly nobody starts one from another.
    from git_muse_coord.rules.programs import program_of

    for words in ancestors():
        nearest = program_of(words)
        if nearest in sessions:
            return sessions[nearest]
    return None


def derived(
    user: str,
    worktree: str,
    digits: str,
) -> RunId:
    """The run id of a worktree in which nobody says who it is: ``USER:WORKTREE-digits``.

    >>> derived("A U Thor", "my/shop", "3f2a1c")
    'A-U-Thor:my-shop-3f2a1c'
    """
    user_word = _word(user, "somebody")
    worktree_word = _word(worktree, "worktree")
    return RunId(f"{user_word}:{worktree_word}-{digits}")


def named_apart(name: str, own: RunId) -> RunId:
    """A name that several worktrees were given, made one of a single worktree by what was derived for that."""
    _, _, worktree = own.partition(":")
    return RunId(f"{name}:{worktree}")


def short_run_id(run_id: str) -> str:
    """A run id for people: of a program's session and of a sub-agent the first 8 characters.

    The ids of some programs begin with the time, so that two of one minute begin alike; of those
    the last 4 characters are shown as well.

    >>> short_run_id("claude:0d5e7a31-5c0f-4f0e-9b52-0f8f1c1a7d10/a1b2c3d4e5f6")
    'claude:0d5e7a31/a1b2c3d4'
    >>> short_run_id("codex:0199a213-81c0-7800-8aa1-bbab2a035a53"), short_run_id("ann")
    ('codex:0199a213..5a53', 'ann')
    """
    program, colon, session = run_id.partition(":")
    if not colon or program not in PROGRAMS:
        return run_id
    steps = session.split("/")
    shown = "/".join(map(_first, steps))
    return f"{program}:{shown}"


def _first(text: str) -> str:
    first = text[:_SHOWN]
    if _begins_with_time(text):
        return f"{first}..{text[-4:]}"
    return first


def _begins_with_time(text: str) -> bool:
    """Whether a text is a UUID of version 7, whose first half is the time."""
    version = text[14:15]
    return version == "7" and text.translate(_ZEROS) == _UUID


def _word(text: str, otherwise: str) -> str:
    """A name of the user's as a word of a run id, in any script; slashes and colons have a meaning there."""
    if not text.isascii():
        text = _composed(text)
    spaced = ""
    for letter in text[:_LONGEST_WORD]:
        is_kept = letter.isalnum() or letter in "_."
        spaced += letter if is_kept else " "
    words = spaced.split()
    return "-".join(words).strip("-.") or otherwise


def _composed(text: str) -> str:
    """Letters with their marks as one, as far as there is one."""
    import unicodedata

    return unicodedata.normalize("NFC", text)


def _part_of(run_id: str, agent: str | None) -> RunId:
    if agent:
        run_id = f"{run_id}/{_plain(agent)}"
    return RunId(run_id)


def _plain(text: str) -> str:
    """A program's own id as a step of a run id: another slash in it would make kin of strangers."""
    plain = ""
    for letter in text[:_LONGEST]:
        is_plain = letter.isascii() and (letter.isalnum() or letter in "._-")
        plain += letter if is_plain else "-"
    return plain
