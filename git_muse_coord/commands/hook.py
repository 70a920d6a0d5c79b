"""The verb ``hook``."""

from __future__ import annotations

import os
import sys

from git_muse_coord.commands.app import App
from git_muse_coord.commands.common import run_id_option
from git_muse_coord.commands.options import argument, verb
from git_muse_coord.integrations.git_hooks import HookResult, hook, verdict
from git_muse_coord.model.identity import PROGRAMS
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.wording import short_id
from git_muse_coord.store.hooks import NAMES
from git_muse_coord.ui.text import Line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MERGED = "GITHEAD_"
_LENGTHS_OF_IDS = (40, 64)
_DIGITS = frozenset("0123456789abcdef")


def render(result: HookResult) -> Iterator[Line]:
    """Nothing where nothing is met: a hook that is pleased is silent."""
    if result.landed is not None:
        yield [result.landed.sentence]
    if result.breaks:
        from git_muse_coord.commands.break_lines import few_lines_of_breaks, line_a_pair

        tell = line_a_pair if result.hook == "pre-push" else few_lines_of_breaks
        yield from tell(result.breaks)
    if not result.conflicts:
        return
    # As a rule there is none, and what words it need not be loaded.
    from git_muse_coord.commands.check_lines import ADVICE, report

    yield from report(result, _list_all(result))
    # Where git stops, the failure says what to do.
    is_news = not all(conflict.told_before for conflict in result.conflict_details)
    if is_news and result.mode == "warn" and result.meets_strangers:
        yield [ADVICE]
        yield [
            "git goes on all the same; with git config muse-coord.hookMode block it would stop here."
        ]


def _list_all(result: HookResult) -> str:
    """The command that lists all that is met, when it is read: of a commit that is made by then, and not stopped."""
    from git_muse_coord.commands.check_lines import ALL

    words = ["git", "muse-coord", "check", ALL]
    if result.range is not None:
        base, _, tip = result.range.partition("..")
        words += ["--range", f"{short_id(base)}..{short_id(tip)}"]
    elif result.mode == "warn":
        words += ["--range", "HEAD^!"]
    return " ".join(words)


@verb(
    "hook",
    render,
    argument("name", kind=(*NAMES, *PROGRAMS), metavar="NAME"),
    argument("arguments", multiple=True, metavar="[ARG]..."),
    run_id_option(),
)
def hook_command(
    app: App,
    name: str,
    arguments: Sequence[str],
    run_id: str | None,
) -> HookResult | int:
    """Do what a hook of git or of an agent's program asks for; what is installed calls it.

    NAME is pre-commit, pre-merge-commit, post-commit, post-merge, post-rewrite or pre-push. Prints
    what is met, if anything, what is released because its work has landed, and callers that break
    where git merges without a word.

    As a program it only ever exits 0, or 86 when muse-coord.hookMode is block and something is met,
    which the installed hooks take for a stop: a hook that cannot work says so in one line, and lets
    git go on.

    Or NAME is claude, codex, gemini, copilot, cursor, or agent for the plain form: then the event
    is read from stdin, and answered in the words of that program. That always exits 0.
    """
    if name in PROGRAMS:
        from git_muse_coord.integrations.agents import door

        return door.serve(name, app.environment)
    given = sys.stdin.buffer.read() if name in ("pre-push", "post-rewrite") else b""
    # The pre-commit framework reads the list of refs itself, and passes on variables.
    if name == "pre-push" and not given:
        arguments, given = _from_framework(app.environment, arguments)
    if name == "post-rewrite" and not arguments:
        arguments = [app.environment.get("PRE_COMMIT_REWRITE_COMMAND", "")]
    session = app.open()
    if session.settings.hook_mode == "block":
        app.remark = "reservations were not checked, and nothing is stopped (hookMode block)"

    def tell(result: HookResult) -> None:
        app.draft(result, verdict(result))

    return hook(
        session,
        name,
        arguments,
        run_id=run_id,
        given=given,
        merging=_merging(app.environment),
        early=tell,
    )


def _merging(environment: Mapping[str, str]) -> dict[str, str]:
    """The commits that ``git merge`` is merging, with what the user calls them.

    Git tells its hooks by variables, and writes MERGE_HEAD only after.
    """
    commits: dict[str, str] = {}
    for variable, name in environment.items():
        if not variable.startswith(_MERGED):
            continue
        commit = variable.removeprefix(_MERGED)
        if len(commit) in _LENGTHS_OF_IDS and _DIGITS.issuperset(commit):
            commits[commit] = name
    return commits


def _from_framework(
    environment: Mapping[str, str], arguments: Sequence[str]
) -> tuple[Sequence[str], bytes]:
    """What is pushed, as the pre-commit framework tells it: it reads git's list itself, and passes on variables."""
    names = ("LOCAL_BRANCH", "TO_REF", "REMOTE_BRANCH", "FROM_REF")
    words = [environment.get(f"PRE_COMMIT_{name}", "") for name in names]
    if not all(words):
        return arguments, b""
    return [environment.get("PRE_COMMIT_REMOTE_NAME", "")], os.fsencode(" ".join(words))
