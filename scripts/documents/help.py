"""The page of commands: what ``-h`` prints, for every verb."""

from __future__ import annotations

from documents import program

PATH = "docs/reference/commands.md"

_INTRODUCTION = """\
# Commands

What `-h` prints, written by `scripts/generate`. What the answers hold in JSON is described by the schemas in
[`git_muse_coord/share/schemas`](../../git_muse_coord/share/schemas).

At a terminal, what is longer than the screen goes to git's pager: `GIT_PAGER`, `core.pager`, `PAGER`, in git's own
order. The setting `pager.muse-coord` says whether, or to which; `git -p` and `git --no-pager` hold, too.
"""


def page() -> str:
    """The whole page."""
    parts = [_INTRODUCTION, _block(program.NAME, program.ROOT.command.get_help(program.ROOT))]
    for _, command, context in program.verbs():
        parts.append(_block(context.command_path, command.get_help(context)))
    return "\n".join(parts)


def _block(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text}\n```\n"
