"""The page of commands: what ``-h`` prints, for every verb."""

from __future__ import annotations

from documents import program

PATH = "docs/reference/commands.md"

_INTRODUCTION = """\
# Commands

What `-h` prints, written by `scripts/generate`. What the answers hold in JSON is described by the schemas in
[`git_muse_coord/share/schemas`](../../git_muse_coord/share/schemas).
"""


def page() -> str:
    """The whole page."""
    parts = [_INTRODUCTION, _block(program.NAME, program.ROOT.command.get_help(program.ROOT))]
    for _, command, context in program.verbs():
        parts.append(_block(context.command_path, command.get_help(context)))
    return "\n".join(parts)


def _block(title: str, text: str) -> str:
    return f"## {title}\n\n```text\n{text}\n```\n"
