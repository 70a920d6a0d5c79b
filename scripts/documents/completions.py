"""Completion for bash, zsh and fish: static words, so that a TAB never waits for Python.

Each serves ``git-muse-coord`` and, through the shell's own completion of git, ``git muse-coord``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from documents import program
from git_muse_coord.commands.reserve import OPERATION
from git_muse_coord.model.records import OPERATIONS

DIRECTORY = "git_muse_coord/share/completions"
_WRITTEN = "Written by scripts/generate from the definitions of the commands."


def all_scripts() -> dict[str, str]:
    """The text of every script, by its path."""
    made = {"bash": _bash(), "zsh": _zsh(), "fish": _fish()}
    return {
        f"{DIRECTORY}/git-muse-coord.{shell}": "\n".join(lines) + "\n"
        for shell, lines in made.items()
    }


def _verbs() -> Iterator[tuple[str, click.Command, list[click.Option]]]:
    """Each verb with its own options."""
    common = {_name(one) for one in _COMMON}
    for name, command, context in program.verbs():
        yield name, command, [one for one in _options(command, context) if _name(one) not in common]


def _options(command: click.Command, context: click.Context) -> list[click.Option]:
    return [
        one
        for one in command.get_params(context)
        if isinstance(one, click.Option) and not one.hidden
    ]


_COMMON = _options(program.ROOT.command, program.ROOT)


def _name(option: click.Option) -> str:
    """The long name, where there is one."""
    return max(option.opts, key=len)


def _takes_value(option: click.Option) -> bool:
    return not (option.is_flag or option.count)


def _choices(one: click.Parameter) -> list[str]:
    if one.metavar == OPERATION:
        return list(OPERATIONS)
    return list(one.type.choices) if isinstance(one.type, click.Choice) else []


def _arguments(command: click.Command) -> list[str]:
    """What the arguments of a verb may be, where that is a choice."""
    return [
        word for one in command.params if isinstance(one, click.Argument) for word in _choices(one)
    ]


def _about(text: str | None) -> str:
    """The first sentence of a help text."""
    return " ".join((text or "").split()).split(". ")[0].rstrip(".")


def _words(options: Sequence[click.Option]) -> str:
    return " ".join(map(_name, options))


def _bash() -> Iterator[str]:
    verbs = list(_verbs())
    yield from (f"# bash completion for git muse-coord and git-muse-coord. {_WRITTEN}", "")
    yield from ("_git_muse_coord ()", "{")
    yield f'\tlocal verbs="{" ".join(name for name, _, _ in verbs)}"'
    yield f'\tlocal common="{_words(_COMMON)}"'
    yield from _BASH_START.splitlines()
    yield from ("\tif [[ $cur == -* ]]; then", "\t\tcase $verb in")
    yield from (
        f'\t\t{name}) words="{_words(options)}" ;;' for name, _, options in verbs if options
    )
    yield from ("\t\tesac", '\t\twords="$common $words"', "\telse", '\t\tcase "$verb $option" in')
    yield from _bash_values('*"', _COMMON)
    for name, command, options in verbs:
        yield from _bash_values(f'"{name}', options)
        if _arguments(command):
            yield f'\t\t"{name} "*) words="{" ".join(_arguments(command))}" ;;'
    yield from ('\t\t" "*) words=$verbs ;;', "\t\tesac", "\tfi")
    yield from _BASH_END.splitlines()


def _bash_values(start: str, options: Sequence[click.Option]) -> Iterator[str]:
    """What an option takes; of a place, the shell completes the name."""
    for one in options:
        if _choices(one):
            yield f'\t\t{start} {_name(one)}") words="{" ".join(_choices(one))}" ;;'
        elif _is_place(one):
            yield f'\t\t{start} {_name(one)}") ;;'


_BASH_START = """\
	local IFS=$' \\t\\n' at verb='' words=''
	local cur=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]}
	if [[ $cur == "=" ]]; then # bash takes --option=value apart
		cur=
	elif [[ $option == "=" ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	# the verb is the first word that names one, whatever alias of git's stands before it
	for at in "${COMP_WORDS[@]:1:COMP_CWORD - 1}"; do
		if [[ " $verbs " == *" $at "* ]]; then
			verb=$at
			break
		fi
	done
"""

_BASH_END = """\
	# where we have nothing to say, the shell completes names of files
	# shellcheck disable=SC2207
	COMPREPLY=($(compgen -W "$words" -- "$cur"))
	compopt +o nospace 2>/dev/null # which git's own completion sets
	return 0
}

complete -o bashdefault -o default -F _git_muse_coord git-muse-coord
"""


def _zsh() -> Iterator[str]:
    yield from (
        "#compdef git-muse-coord",
        f"# zsh completion for git muse-coord and git-muse-coord. {_WRITTEN}",
        "",
    )
    yield "local curcontext=$curcontext state"
    yield "local -a line common verbs"
    yield "typeset -A opt_args"
    yield from ("common=(", *(f"  {_zsh_option(one)}" for one in _COMMON), ")")
    yield from (
        "verbs=(",
        *(f"  {_quoted(f'{name}:{_about(command.help)}')}" for name, command, _ in _verbs()),
        ")",
    )
    yield from _ZSH_START.splitlines()
    for name, command, options in _verbs():
        words = _arguments(command)
        rest = f"*:argument:({' '.join(words)})" if words else "*:file:_files"
        yield f"  {name}) _arguments $common \\"
        yield from (f"    {_zsh_option(one)} \\" for one in options)
        yield f"    {_quoted(rest)} ;;"
    yield from ("  esac", "  ;;", "esac")


_ZSH_START = """\
_arguments -C $common '1: :->verb' '*:: :->rest' && return
case $state in
verb) _describe -t verbs 'git muse-coord verb' verbs ;;
rest)
  case $words[1] in
"""


def _zsh_option(option: click.Option) -> str:
    name = _name(option)
    about = _about(option.help).replace("[", r"\[").replace("]", r"\]").replace(":", r"\:")
    many = "*" if option.multiple else ""
    if not _takes_value(option):
        return _quoted(f"{many}{name}[{about}]")
    values = (
        f"({' '.join(_choices(option))})"
        if _choices(option)
        else "_files -/"
        if _is_place(option)
        else " "
    )
    ending = "=" if name.startswith("--") else "+"
    optional = ":" if option._flag_needs_value else ""  # click has no public name for it
    what = (option.metavar or option.name or "").strip("[]")
    return _quoted(f"{many}{name}{ending}[{about}]{optional}:{what}:{values}")


def _is_place(option: click.Option) -> bool:
    return option.metavar == "PATH"


def _fish() -> Iterator[str]:
    verbs = list(_verbs())
    start = "complete -c git-muse-coord"
    yield from (f"# fish completion for git muse-coord and git-muse-coord. {_WRITTEN}", "")
    yield f"set -l verbs {' '.join(name for name, _, _ in verbs)}"
    for name, command, _ in verbs:
        yield f'{start} -n "not __fish_seen_subcommand_from $verbs" -f -a {name} -d {_quoted(_about(command.help))}'
    yield from (f"{start} {_fish_option(one)}" for one in _COMMON)
    for name, command, options in verbs:
        seen = f"{start} -n '__fish_seen_subcommand_from {name}'"
        yield from (f"{seen} {_fish_option(one)}" for one in options)
        if _arguments(command):
            yield f"{seen} -f -a {_quoted(' '.join(_arguments(command)))}"


def _fish_option(option: click.Option) -> str:
    name = _name(option)
    words = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"]
    if _choices(option):
        words.append(f"-x -a {_quoted(' '.join(_choices(option)))}")
    elif _is_place(option):
        words.append("-x -a '(__fish_complete_directories)'")
    elif _takes_value(option) and not option._flag_needs_value:
        words.append("-x")
    return " ".join([*words, f"-d {_quoted(_about(option.help))}"])


def _quoted(text: str) -> str:
    """Text in single quotes, as all three shells read it."""
    return "'" + text.replace("'", r"'\''") + "'"
