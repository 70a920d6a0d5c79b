"""The tools: what each is called, what it takes, what it changes, and which use case answers.

A model reads all of this before its first word, so each sentence must be worth its place. What a
tool answers is what the verb prints with ``--json --compact``, and is described nowhere: a schema
of it would take as much again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from git_muse_coord.coordinator.check import check
from git_muse_coord.coordinator.forecast import forecast
from git_muse_coord.coordinator.plan_merge import plan_merge
from git_muse_coord.coordinator.release import OUTCOMES, release
from git_muse_coord.coordinator.reserve import reserve
from git_muse_coord.coordinator.session import Session
from git_muse_coord.coordinator.status import status
from git_muse_coord.coordinator.tell import tell
from git_muse_coord.coordinator.who import who
from git_muse_coord.model.records import OPERATIONS
from git_muse_coord.model.results import Result

Arguments = Mapping[str, Any]


class Tool(NamedTuple):
    """One tool; ``takes`` are JSON Schemas by the names of its arguments, of which ``needs`` must be there."""

    name: str
    about: str
    takes: Mapping[str, Mapping[str, Any]]
    needs: tuple[str, ...]
    only_reads: bool
    is_idempotent: bool
    call: Callable[[Session, Arguments], Result]

    @property
    def schema(self) -> dict[str, Any]:
        """The JSON Schema of its arguments."""
        return {
            "type": "object",
            "properties": dict(self.takes),
            "required": list(self.needs),
            "additionalProperties": False,
        }


def _text(about: str = "", **more: Any) -> dict[str, Any]:
    return {
        "type": "string",
        **({"description": about} if about else {}),
        **more,
    }


def _texts(about: str = "") -> dict[str, Any]:
    said = {"description": about} if about else {}
    return {
        "type": "array",
        "items": {"type": "string"},
        "minItems": 1,
        **said,
    }


def _flag(about: str = "") -> dict[str, Any]:
    return {"type": "boolean", **({"description": about} if about else {})}


def _seconds(about: str = "") -> dict[str, Any]:
    return {
        "type": "integer",
        "minimum": 1,
        **({"description": about} if about else {}),
    }


_RUN_ID = _text("Who you are, if not as this program's session says.")


def _answered_by(use_case: Callable[..., Result]) -> Callable[[Session, Arguments], Result]:
    """A use case whose keywords are the arguments of its tool."""
    return lambda session, given: use_case(session, **given)


TOOLS = (
    Tool(
        "reserve",
        "Say which symbols you are about to edit, before you do, and learn who else holds them."
        " Others are warned, not stopped. Ends by itself.",
        {
            "addresses": _texts("path, path::Symbol, path::Class.method or dir/"),
            "op": _text("What you will do.", enum=list(OPERATIONS)),
            "reason": _text("Shown to others."),
            "ttl": _seconds("Seconds it lasts; 3600."),
            "depends_on": _texts("Ids that must be done first."),
            "strict": _flag("Take nothing if somebody is in the way."),
            "wait": _seconds("With strict: wait so many seconds for them."),
            "dry_run": _flag("Only look."),
            "run_id": _RUN_ID,
        },
        ("addresses",),
        only_reads=False,
        is_idempotent=True,
        call=_answered_by(reserve),
    ),
    Tool(
        "release",
        "Let go of what you hold, when it is done or given up.",
        {
            "ids": _texts("Ids or addresses."),
            "all": _flag("All that you hold."),
            "outcome": _text(enum=list(OUTCOMES)),
            "run_id": _RUN_ID,
        },
        (),
        only_reads=False,
        is_idempotent=False,
        call=_answered_by(release),
    ),
    Tool(
        "check",
        "Whether what you changed meets what others hold: in the index, the worktree, or a range of commits.",
        {
            "worktree": _flag("Also what is not staged."),
            "range": _text("A..B"),
            "run_id": _RUN_ID,
        },
        (),
        only_reads=True,
        is_idempotent=True,
        call=_answered_by(check),
    ),
    Tool(
        # to read a message is to have read it, so this is no mere look
        "status",
        "What you hold, who meets you in it, who waits for you, and messages to you.",
        {"run_id": _RUN_ID},
        (),
        only_reads=False,
        is_idempotent=False,
        call=_answered_by(status),
    ),
    Tool(
        "forecast",
        "Conflicts that are to be expected between all who are at work, and how likely each is.",
        {
            "run_id": _text("Only those of this run."),
            "branch": _text(),
            "min_confidence": {
                "type": "number",
                "minimum": 0,
                "maximum": 1,
            },
        },
        (),
        only_reads=True,
        is_idempotent=True,
        call=_answered_by(forecast),
    ),
    Tool(
        "plan_merge",
        "What merging one branch into another asks for, symbol by symbol, and which callers it breaks.",
        {"ours": _text(), "theirs": _text()},
        ("ours", "theirs"),
        only_reads=True,
        is_idempotent=True,
        call=_answered_by(plan_merge),
    ),
    Tool(
        "who",
        "Who holds a file or symbol, who waits for it, who knows it, and how you get it.",
        {"address": _text()},
        ("address",),
        only_reads=True,
        is_idempotent=True,
        call=_answered_by(who),
    ),
    Tool(
        "tell",
        "Tell another run something, or the holder of a reservation.",
        {
            "target": _text("A run id, or the id of a reservation."),
            "text": _text(maxLength=2000),
            "re": _text("The id of the message that this answers."),
            "run_id": _RUN_ID,
        },
        ("target", "text"),
        only_reads=False,
        is_idempotent=False,
        call=_answered_by(tell),
    ),
)
"""In the order in which they are listed."""

BY_NAME = {tool.name: tool for tool in TOOLS}
