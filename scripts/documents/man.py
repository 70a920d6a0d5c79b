"""The man pages: one for all, which git opens, and one for each verb. click-man knows no exit codes or files.

``git help muse-coord-reserve`` asks man for ``gitmuse-coord-reserve``, since no program has the name
of a verb; so each page of a verb has a second one that refers to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import click

from documents import program, settings
from git_muse_coord import __version__

DIRECTORY = "git_muse_coord/share/man"
_NAME = "git-muse-coord"

_ADDRESSES = [
    ("PATH", "a whole file, relative to the root of the repository; a leading ./ means: from here"),
    ("DIRECTORY/", "everything below a directory; ./ at the root is the whole repository"),
    ("PATH::SYMBOL", "a function, class or other name at the top of a file"),
    (
        "PATH::CLASS.METHOD",
        "a name inside another; a name that holds . : ` or a space is quoted by backquotes",
    ),
    (
        "PATH::<imports>, PATH::<module>",
        "the imports of a file, and its code outside of any symbol",
    ),
]

_ENVIRONMENT = [
    (
        "MUSE_HOOK_SECONDS",
        "how many seconds, a whole number, a hook may take before git goes on without it; 2",
    ),
    ("NO_COLOR", "when set, no colour"),
    ("FORCE_COLOR", "when set, colour also where the output is no terminal"),
    ("TERM", "no colour when it is dumb"),
    (
        "GIT_PAGER, PAGER",
        "the pager for long lists at a terminal, in git's own order with core.pager; "
        "pager.muse-coord says whether there is one, or which",
    ),
    ("GIT_DIR, GIT_WORK_TREE and kin", "choose the repository, as for every git command"),
]

_FILES = [
    (
        "refs/muse/reservations/, refs/muse/releases/, refs/muse/heartbeats/, refs/muse/intents/",
        "one ref to a blob for each record",
    ),
    ("refs/muse-epoch/head", "the value on which reserve --strict compares and swaps"),
    ("refs/muse-archive/head", "records past their time, moved there by gc and sync"),
    ("refs/muse-incoming/", "what a running sync has fetched and not judged yet"),
    ("refs/notes/muse-coord", "facts about commits, as git notes"),
    (
        "refs/heads/muse-coord at a remote",
        "the records, as files, where the host refuses refs/muse/",
    ),
    (
        "$GIT_COMMON_DIR/muse-coord/",
        "caches of records and symbols, shared by all worktrees, and lock files; can be deleted while nothing runs",
    ),
]

_REMEMBERED = (
    "muse-coord.REMOTE.address, .refs, .atomic, .deletions",
    "what sync found out about a remote: at which address, whether it takes refs/muse/, pushes of several refs all or "
    "none, and deletions; git config --remove-section muse-coord.REMOTE has it found out again",
)

_SEE_ALSO = [
    "git(1)",
    "git-for-each-ref(1)",
    "git-cat-file(1)",
    "git-push(1)",
    "git-fetch(1)",
    "git-notes(1)",
]


def all_pages() -> dict[str, str]:
    """The text of every page, by its path."""
    pages = {f"{_NAME}.1": _lines()}
    for name, command, context in program.verbs():
        pages[f"{_NAME}-{name}.1"] = _lines_of(name, command, context)
        pages[f"gitmuse-coord-{name}.1"] = iter([f".so man1/{_NAME}-{name}.1"])
    return {f"{DIRECTORY}/{name}": "\n".join(lines) + "\n" for name, lines in pages.items()}


def _lines_of(
    name: str,
    command: click.Command,
    context: click.Context,
) -> Iterator[str]:
    """The page of a verb."""
    yield from _head(f"{_NAME}-{name}")
    title = _text(_title(command)).rstrip(".")
    yield from (".SH NAME", f"{_text(f'{_NAME}-{name}')} \\- {title}")
    yield from (".SH SYNOPSIS", ".nf", _usage(command, context), ".fi")
    yield ".SH DESCRIPTION"
    yield from _paragraphs(program.paragraphs(command))
    yield from _tagged("OPTIONS", program.options(command, context))
    yield from (".SH SEE ALSO", f".BR {_text(_NAME)} (1),", "for addresses, settings and files.")


def _head(name: str) -> Iterator[str]:
    yield '.\\" Written by scripts/generate from the definitions of the commands.'
    yield f'.TH {_text(name.upper())} 1 "" "git\\-muse\\-coord {__version__}" "Git Manual"'
    yield from (".nh", ".ad l")


def _lines() -> Iterator[str]:
    common = program.common_options()
    group = program.ROOT.command
    yield from _head(_NAME)
    yield from (".SH NAME", f"git\\-muse\\-coord \\- {_text(_title(group)).rstrip('.')}")
    yield from (".SH SYNOPSIS", ".nf")
    for _, command, context in program.verbs():
        yield _usage(command, context)
    yield ".fi"
    yield ".SH DESCRIPTION"
    # the exit codes of the short help have a section of their own here
    yield from _paragraphs(
        part for part in program.paragraphs(group)[1:] if not part.startswith("\b")
    )
    yield from _tagged("COMMON OPTIONS", common)
    yield ".SH COMMANDS"
    for name, command, context in program.verbs():
        yield f".SS {_text(name)}"
        yield from (".PP", _usage(command, context))
        yield from _paragraphs(program.paragraphs(command))
        yield from _tags(one for one in program.options(command, context) if one not in common)
    yield from _tagged("ADDRESSES", _ADDRESSES)
    yield from _tagged("EXIT STATUS", _exit_codes())
    yield from _tagged("ENVIRONMENT", [*_environment_of_options(), *_ENVIRONMENT])
    yield from _tagged("CONFIGURATION", _settings())
    yield from _tagged("FILES", _FILES)
    yield from (
        ".SH SEE ALSO",
        ",\n".join(f".BR {_text(one).replace('(', ' (')}" for one in _SEE_ALSO),
    )


def _title(command: click.Command) -> str:
    first = program.paragraphs(command)[0]
    return first[0].lower() + first[1:]


def _usage(command: click.Command, context: click.Context) -> str:
    words = [_text(word) for word in command.collect_usage_pieces(context)]
    return f"\\fB{_text(context.command_path)}\\fR {' '.join(words)}"


def _exit_codes() -> list[tuple[str, str]]:
    texts: dict[int, list[str]] = {}
    for failure in program.failures():
        texts.setdefault(failure.exit_code, []).append(program.sentence(failure))
    texts[3].append("Also an internal error.")
    known = [(str(code), " ".join(lines)) for code, lines in texts.items()]
    return [("0", "Done. Conflicts are warnings."), *known]


def _environment_of_options() -> list[tuple[str, str]]:
    found: dict[str, list[str]] = {}
    for name, command, _ in program.verbs():
        for one in command.params:
            if isinstance(one, click.Option) and isinstance(one.envvar, str):
                found.setdefault(one.envvar, []).append(f"{name} {one.opts[0]}")
    return [
        (variable, f"the value of {', '.join(uses)} where it is not given")
        for variable, uses in found.items()
    ]


def _settings() -> list[tuple[str, str]]:
    return [*settings.described(), _REMEMBERED]


def _tagged(title: str, entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f".SH {title}"
    yield from _tags(entries)


def _tags(entries: Iterable[tuple[str, str]]) -> Iterator[str]:
    for tag, text in entries:
        yield from (
            ".TP",
            f"\\fB{_text(tag)}\\fR",
            _text(text[:1].upper() + text[1:]).rstrip(".") + ".",
        )


def _paragraphs(parts: Iterable[str]) -> Iterator[str]:
    for part in parts:
        if part.startswith("\b"):
            yield from (".PP", ".nf", *map(_text, part.lstrip("\b\n").splitlines()), ".fi")
        else:
            yield from (".PP", _text(" ".join(part.split())))


def _text(text: str) -> str:
    """Text as roff has it: nothing in it is a request or an escape, and hyphens stay what they are."""
    safe = text.replace("\\", "\\e").replace("-", "\\-").replace("`", "\\(ga").replace("'", "\\(aq")
    safe = re.sub(r"[^\x20-\x7e]", lambda one: f"\\[u{ord(one[0]):04X}]", safe)
    return f"\\&{safe}" if safe.startswith(".") else safe
