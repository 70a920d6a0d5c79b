"""Completion for bash, zsh and fish: verbs, options and choices as static words, so that for them a TAB never waits.

What a repository holds is asked of the program: ids, run ids, branches and symbols. Others wrote
that, so no shell ever evaluates it, and each quotes what it puts on the line.

Each script serves ``git-muse-coord`` and, through the shell's own completion of git, ``git muse-coord``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from documents import program
from git_muse_coord.commands import VERBS
from git_muse_coord.commands.reserve import OPERATION
from git_muse_coord.model.records import OPERATIONS

DIRECTORY = "git_muse_coord/share/completions"
_WRITTEN = "Written by scripts/generate from the definitions of the commands."


def all_scripts() -> dict[str, str]:
    """The text of every script, by its path."""
    made = {"bash": _bash(), "zsh": _zsh(), "fish": _fish()}
    made["of-git.fish"] = _fish_of_git()
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
    if one.metavar == "VERB":
        return list(VERBS)
    return list(one.type.choices) if isinstance(one.type, click.Choice) else []


def _arguments(command: click.Command) -> list[str]:
    """What the arguments of a verb may be, where that is a choice."""
    return [
        word for one in command.params if isinstance(one, click.Argument) for word in _choices(one)
    ]


_KINDS = {
    "ID": ["ids"],
    "ID|ADDR": ["ids", "addresses"],
    "ADDR": ["addresses"],
    "PATH": ["addresses"],
    OPERATION: ["addresses"],
    "BRANCH": ["branches"],
    "REVISION": ["branches"],
    "MORE": ["branches"],
    "RUN": ["runs"],
    "RUN|ID": ["runs", "ids"],
}
_KINDS_BY_NAME = {
    "re": [],  # a message, which the program does not offer
    "run_id": ["runs"],
    "branch": ["branches"],
    "ours": ["branches"],
    "theirs": ["branches"],
    "branches": ["branches"],
}


def _kinds(one: click.Parameter) -> str:
    """What the program is asked for, for a value of a parameter; empty where it knows nothing."""
    if _is_place(one):
        return ""
    metavar = (
        (one.metavar or "").removesuffix("...").strip("[]" if one.metavar != OPERATION else "")
    )
    kinds = _KINDS_BY_NAME.get(one.name or "", _KINDS.get(metavar, []))
    return ",".join(kinds)


def _kinds_of_arguments(command: click.Command) -> str:
    kinds = [_kinds(one) for one in command.params if isinstance(one, click.Argument)]
    return next(filter(None, kinds), "")


def _about(text: str | None) -> str:
    """The first sentence of a help text."""
    return " ".join((text or "").split()).split(". ")[0].rstrip(".")


def _words(options: Sequence[click.Option]) -> str:
    return " ".join(map(_name, options))


def _bash() -> Iterator[str]:
    verbs = list(_verbs())
    yield from (f"# bash completion for git muse-coord and git-muse-coord. {_WRITTEN}", "")
    yield from _BASH_OFFERS.splitlines()
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
        elif _kinds_of_arguments(command):
            yield f'\t\t"{name} "*) kinds={_kinds_of_arguments(command)} ;;'
    yield from ('\t\t" "*) words=$verbs ;;', "\t\tesac", "\tfi")
    yield from _BASH_END.splitlines()


def _bash_values(start: str, options: Sequence[click.Option]) -> Iterator[str]:
    """What an option takes; of a place, the shell completes the name."""
    for one in options:
        words = f' words="{" ".join(_choices(one))}"' if _choices(one) else ""
        kinds = f" kinds={_kinds(one)}" if _kinds(one) else ""
        if _takes_value(one) and not one._flag_needs_value:  # click has no public name for it
            yield f'\t\t{start} {_name(one)}"){words}{kinds} ;;'
        elif words:
            yield f'\t\t{start} {_name(one)}"){words} ;;'


_BASH_OFFERS = """\
# ask the program what fits: of which kinds, for what is typed, from which directories on
_git_muse_coord_offers ()
{
	local kinds=$1 typed=$2 quote='' before='' word about at first=${#COMPREPLY[@]}
	local -a abouts=()
	shift 2
	if [[ $typed == [\\"\\']* ]]; then
		quote=${typed:0:1} typed=${typed:1}
	else
		# bash puts what is offered in the place of what stands behind the last : or =
		[[ $typed == *[:=]* ]] && before=${typed%"${typed##*[:=]}"}
		typed=${typed//\\\\/} before=${before//\\\\/}
	fi
	while IFS=$'\\t' read -r word about; do
		[[ $word == "$typed"* ]] || continue
		word=${word:${#before}}
		if [[ -z $quote ]]; then
			printf -v word %q "$word" # whoever wrote it: on the line it is a word and does nothing
		elif [[ $word == *[!A-Za-z0-9_./:@%+,-]* ]]; then
			continue
		fi
		COMPREPLY+=("$word") abouts+=("$about")
	done < <(command git-muse-coord --complete "$kinds" "$typed" "$@" 2>/dev/null)
	# only in a list: what a key puts on the line must be the word alone
	[[ ${#COMPREPLY[@]} -lt 2 || $COMP_TYPE == 37 || $COMP_TYPE == 42 ]] && return
	for at in "${!abouts[@]}"; do
		COMPREPLY[first + at]+="  (${abouts[at]})"
	done
}

"""

_BASH_START = """\
	local IFS=$' \\t\\n' at=$COMP_CWORD verb='' words='' kinds=''
	local cur=${COMP_WORDS[COMP_CWORD]} typed=${COMP_WORDS[COMP_CWORD]} option
	local -a there=()
	# bash takes words apart at = and :
	while ((at > 1)) && [[ $typed == [:=]* || ${COMP_WORDS[at - 1]} == *[:=] ]]; do
		at=$((at - 1))
		typed=${COMP_WORDS[at]}$typed
	done
	option=${COMP_WORDS[at - 1]}
	if [[ $typed == --*=* ]]; then
		option=${typed%%=*} typed=${typed#*=}
	fi
	[[ $cur == "=" ]] && cur=
	# the verb is the first word that names one, whatever alias of git's stands before it
	for ((at = 1; at < COMP_CWORD; at++)); do
		if [[ ${COMP_WORDS[at]} == -C ]]; then
			at=$((at + 1))
			there+=("${COMP_WORDS[at]/#\\~\\//$HOME/}")
		elif [[ " $verbs " == *" ${COMP_WORDS[at]} "* ]]; then
			verb=${COMP_WORDS[at]}
			break
		fi
	done
"""

_BASH_END = """\
	# where we have nothing to say, the shell completes names of files
	# shellcheck disable=SC2207
	COMPREPLY=($(compgen -W "$words" -- "$cur"))
	[[ $kinds == addresses && $typed != *::* ]] && kinds=
	if [[ -n $kinds && $cur != -* ]]; then
		_git_muse_coord_offers "$kinds" "$typed" ${there[@]+"${there[@]}"}
	fi
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
    yield from _ZSH_OFFERS.splitlines()
    yield "local curcontext=$curcontext state"
    yield "local -a line common verbs there"
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
        kinds = _kinds_of_arguments(command)
        rest = "*:file:_files"
        if words:
            rest = f"*:argument:({' '.join(words)})"
        elif kinds:
            rest = f"*:argument: _git_muse_coord_offers {kinds}"
        yield f"  {name}) _arguments $common \\"
        yield from (f"    {_zsh_option(one)} \\" for one in options)
        yield f"    {_quoted(rest)} ;;"
    yield from ("  esac", "  ;;", "esac")


_ZSH_OFFERS = """\
# ask the program what fits: of which kinds; what follows is offered as well
_git_muse_coord_offers() {
  local kinds=$1 word about typed=${(Q)PREFIX}
  local -a offered shown
  shift
  (( $# )) && compadd -- $@
  if [[ $kinds == addresses && $typed != *::* ]]; then
    (( $# )) || _files
    return
  fi
  while IFS=$'\\t' read -r word about; do
    offered+=("$word") shown+=("$word  ($about)")
  done < <(command git-muse-coord --complete $kinds "$typed" $there 2>/dev/null)
  (( $#offered )) && compadd -l -d shown -a offered
}
"""

_ZSH_START = """\
_arguments -C -A '-*' $common '1: :->verb' '*:: :->rest' && return
there=(${(Q)opt_args[-C]})
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
    values = _zsh_values(option)
    ending = "=" if name.startswith("--") else "+"
    optional = ":" if option._flag_needs_value else ""  # click has no public name for it
    what = (option.metavar or option.name or "").strip("[]")
    return _quoted(f"{many}{name}{ending}[{about}]{optional}:{what}:{values}")


def _zsh_values(option: click.Option) -> str:
    words = " ".join(_choices(option))
    kinds = _kinds(option)
    if kinds:
        # with a blank before it, zsh gives the function nothing but these words
        return f" _git_muse_coord_offers {kinds} {words}".rstrip()
    if words:
        return f"({words})"
    return "_files -/" if _is_place(option) else " "


def _is_place(option: click.Parameter) -> bool:
    return option.metavar == "PATH"


def _fish() -> Iterator[str]:
    verbs = list(_verbs())
    start = "complete -c git-muse-coord"
    yield from (f"# fish completion for git muse-coord and git-muse-coord. {_WRITTEN}", "")
    yield from _FISH_OFFERS.splitlines()
    yield f"set -l verbs {' '.join(name for name, _, _ in verbs)}"
    for name, command, _ in verbs:
        yield f'{start} -n "not __fish_seen_subcommand_from $verbs" -f -a {name} -d {_quoted(_about(command.help))}'
    yield from (f"{start} {_fish_option(one)}" for one in _COMMON)
    for name, command, options in verbs:
        seen = f"{start} -n '__fish_seen_subcommand_from {name}'"
        yield from (f"{seen} {_fish_option(one)}" for one in options)
        if _arguments(command):
            yield f"{seen} -f -a {_quoted(' '.join(_arguments(command)))}"
        elif kinds := _kinds_of_arguments(command):
            # names of files are no ids, but addresses
            no_files = "" if "addresses" in kinds else " -f"
            yield f"{seen}{no_files} -a '(__git_muse_coord_offers {kinds})'"


_FISH_OFFERS = """\
# ask the program what fits: of which kinds
function __git_muse_coord_offers
	set -l typed (string replace -r -- '^--[^=]*=' '' (commandline -ct))
	if test $argv[1] = addresses; and not string match -q -- '*::*' $typed
		return
	end
	set -l word (string unescape -- $typed; or echo $typed)
	set -l words (commandline -opc)
	set -l there
	for at in (seq 2 (count $words))
		test $words[(math $at - 1)] = -C; and set -a there $words[$at]
	end
	command git-muse-coord --complete $argv[1] "$word" $there 2>/dev/null
end
# a symbol is no name of a file
complete -c git-muse-coord -n 'string match -q -- "*::*" (commandline -ct)' -f
"""

_FISH_OF_GIT = """\
function __git_muse_coord_in_git
	set -l words (commandline -opc)
	contains -- muse-coord $words[2..]
end

function __git_muse_coord_of_git
	set -l words (commandline -opc)
	set -l at (contains -i -- muse-coord $words)
	set -l after $words[(math $at + 1)..]
	# what git takes before its command, such as -C
	set -l before
	test $at -gt 2; and set before $words[2..(math $at - 1)]
	complete -C (string join ' ' -- git-muse-coord (string escape -- $before $after) (commandline -ct))
end

complete -c git -n __git_muse_coord_in_git -f -a '(__git_muse_coord_of_git)'
"""


def _fish_of_git() -> Iterator[str]:
    """What fish reads at its start: by its own completion of git, fish 3.6 finds no other commands of git's."""
    yield f"# fish completion for git muse-coord. {_WRITTEN}"
    yield from _FISH_OF_GIT.splitlines()


def _fish_option(option: click.Option) -> str:
    name = _name(option)
    words = [f"-l {name[2:]}" if name.startswith("--") else f"-s {name[1:]}"]
    kinds = _kinds(option)
    if kinds:
        choices = " ".join(_choices(option))
        offered = f"{choices} (__git_muse_coord_offers {kinds})".lstrip()
        words.append(f"-x -a {_quoted(offered)}")
    elif _choices(option):
        words.append(f"-x -a {_quoted(' '.join(_choices(option)))}")
    elif _is_place(option):
        words.append("-x -a '(__fish_complete_directories)'")
    elif _takes_value(option) and not option._flag_needs_value:
        words.append("-x")
    return " ".join([*words, f"-d {_quoted(_about(option.help))}"])


def _quoted(text: str) -> str:
    """Text in single quotes, as all three shells read it."""
    return "'" + text.replace("'", r"'\''") + "'"
