"""The completions, in the shells that are installed: of ``git-muse-coord``, and of ``git muse-coord``."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from git_muse_coord.commands import VERBS
from git_muse_coord.model.identity import PROGRAMS as AGENT_PROGRAMS
from git_muse_coord.model.records import OPERATIONS
from git_muse_coord.store.hooks import NAMES
from tests.docs.places import SHARE, TOP

SCRIPTS = SHARE / "completions"
GITS_OWN = Path("/usr/share/bash-completion/completions/git")
SHELL_SCRIPTS = [
    SCRIPTS / "git-muse-coord.bash",
    *sorted((TOP / "hooks").iterdir()),
    *(TOP / "scripts" / name for name in ("coverage", "demo", "setup", "test")),
    TOP / ".ci" / "run",
]
PROGRAMS = pytest.mark.parametrize(
    "program", ["git-muse-coord", "git muse-coord", "git -C there muse-coord"]
)


def shell(name: str, script: str, *arguments: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    bare = {"bash": ["--norc"], "zsh": ["-f"], "fish": ["--no-config"]}[name]
    done = subprocess.run(
        [path, *bare, "-c", script, *arguments], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def bash(line: str, function: str = "_git_muse_coord", more: str = "") -> list[str]:
    """What bash offers for the last word of a line, which it takes apart at ``=`` and ``:``."""
    words = [word for word in re.split(r"\s|([=:]+)", line) if word] + (
        [""] if line.endswith(" ") else []
    )
    script = f"""{more}
source "$0"
COMP_LINE=$1 COMP_POINT=${{#1}}; shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
{function}
printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    return shell("bash", script, str(SCRIPTS / "git-muse-coord.bash"), line, *words).split()


@PROGRAMS
def test_bash_completes_verbs_options_and_choices(program: str) -> None:
    assert bash(f"{program} ") == list(VERBS)
    assert bash(f"{program} rel") == ["release"]
    assert bash(f"{program} --col") == ["--color"]
    assert bash(f"{program} -C ") == []
    assert "--depends-on" in bash(f"{program} reserve --")
    assert "--depends-on" not in bash(f"{program} release --")
    assert bash(f"{program} reserve src/a.py --dr") == ["--dry-run"]
    assert bash(f"{program} reserve --op ") == list(OPERATIONS)
    assert bash(f"{program} reserve --op=m") == ["move", "modify"]
    assert bash(f"{program} schema rel") == ["release"]
    assert bash(f"{program} check --format=") == [
        "text",
        "json",
        "sarif",
        "github",
        "gitlab",
    ]
    assert bash(f"{program} hook ") == [*NAMES, *AGENT_PROGRAMS]
    assert bash(f"{program} reserve src/") == []  # a file, says the shell


def test_bash_completes_behind_an_alias_of_gits() -> None:
    assert bash("git mc reserve --op mo") == ["move", "modify"]


@pytest.mark.skipif(not GITS_OWN.exists(), reason="git's own completion is not installed")
def test_bash_is_called_by_gits_own_completion() -> None:
    assert bash("git muse-coord rel", "__git_wrap__git_main", f"source {GITS_OWN}") == ["release"]


def test_bash_registers_the_function_for_the_program() -> None:
    told = shell(
        "bash", 'source "$0"; complete -p git-muse-coord', str(SCRIPTS / "git-muse-coord.bash")
    )

    assert told == "complete -o bashdefault -o default -F _git_muse_coord git-muse-coord\n"


def test_zsh_takes_the_script() -> None:
    shell("zsh", 'eval "f() { $(<$0) }"', str(SCRIPTS / "git-muse-coord.zsh"))


def fish(line: str) -> list[str]:
    told = shell(
        "fish", "source $argv[1]; complete -C $argv[2]", str(SCRIPTS / "git-muse-coord.fish"), line
    )
    return [row.split("\t")[0] for row in told.splitlines()]


def test_fish_completes_verbs_options_and_choices() -> None:
    assert sorted(fish("git-muse-coord ")) == sorted(VERBS)
    assert sorted(fish("git-muse-coord re")) == sorted(
        verb for verb in VERBS if verb.startswith("re")
    )
    assert "--depends-on" in fish("git-muse-coord reserve --")
    assert "--depends-on" not in fish("git-muse-coord release --")
    assert sorted(fish("git-muse-coord reserve --op ")) == sorted(OPERATIONS)
    assert sorted(fish("git-muse-coord hook p")) == sorted(NAMES)


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize("path", SHELL_SCRIPTS, ids=lambda path: path.name)
def test_shellcheck_has_nothing_to_say(path: Path) -> None:
    dialect = ["--shell=bash"] if path.parent == SCRIPTS else []  # the others say it themselves
    done = subprocess.run(
        ["shellcheck", *dialect, path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout
