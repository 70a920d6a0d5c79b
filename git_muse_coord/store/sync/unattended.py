"""The environment of a sync at which nobody sits: it asks nobody for anything, and forgets no password of anybody.

Git asks for passwords in many ways (a terminal, askpass programs, windows of credential helpers,
ssh), and after a refusal it tells the helpers to erase what they gave it. One wrong answer of a
proxy would delete the user's password, unseen.
"""

from __future__ import annotations

import os
import shlex
from collections.abc import Mapping

from git_muse_coord.store.settings import Settings

_FAILS = "false"
"""A program that is everywhere, prints nothing and fails: git and ssh take that for no answer."""

_NEVER_ASK = {
    "GIT_TERMINAL_PROMPT": "0",
    "GCM_INTERACTIVE": "never",
    "GIT_ASKPASS": _FAILS,
    "SSH_ASKPASS": _FAILS,
    "SSH_ASKPASS_REQUIRE": "force",
}
_DISPLAYS = ("DISPLAY", "WAYLAND_DISPLAY", "GPG_TTY")
"""Where a helper, or what it starts, could open a window or write a question."""

_BATCH = {
    "plink": "-batch",
    "putty": "-batch",
    "tortoiseplink": "",
    "simple": "",
}
"""How others than OpenSSH are told not to ask. Git itself tells TortoisePlink; a simple one takes no options."""

_COUNT = "GIT_CONFIG_COUNT"


def unattended(
    environment: Mapping[str, str],
    settings: Settings,
) -> dict[str, str]:
    """An environment in which git and what it starts ask nobody."""
    variables = {name: value for name, value in environment.items() if name not in _DISPLAYS}
    variables.update(_NEVER_ASK)
    variables["GIT_SSH_COMMAND"] = _ssh_command(environment, settings)
    _add_settings(variables)
    return variables


def _ssh_command(environment: Mapping[str, str], settings: Settings) -> str:
    """The user's ssh, told not to ask. Git looks for it in this order."""
    command = environment.get("GIT_SSH_COMMAND") or settings.values.get("core.sshcommand")
    if not command:
        # this one is the path of a program, and no line for a shell
        command = shlex.quote(environment.get("GIT_SSH") or "ssh")
    variant = environment.get("GIT_SSH_VARIANT") or settings.values.get("ssh.variant") or "auto"
    if variant == "auto":
        variant = _program_name(command)
    option = _BATCH.get(variant.lower(), "-o BatchMode=yes")
    return f"{command} {option}".rstrip()


def _program_name(command: str) -> str:
    try:
        words = shlex.split(command)
    except ValueError:
        return ""
    name = os.path.basename(words[0].replace("\\", "/")) if words else ""
    return name.lower().removesuffix(".exe")


def _add_settings(variables: dict[str, str]) -> None:
    """Put one helper in the place of all: it asks the user's own by git itself, and neither stores nor erases."""
    told = variables.get(_COUNT, "")
    count = int(told) if told.isdigit() else 0
    # What the inner git must not know, or it would ask us again, comes last: it counts no further.
    inner = count + 1
    helper = f'!f() {{ test "$1" = get || exit 0; {_COUNT}={inner} exec git credential fill; }}; f'
    added = (
        ("credential.interactive", "false"),
        ("credential.helper", ""),
        ("credential.helper", helper),
    )
    for number, (key, value) in enumerate(added, count):
        variables[f"GIT_CONFIG_KEY_{number}"] = key
        variables[f"GIT_CONFIG_VALUE_{number}"] = value
    variables[_COUNT] = str(count + len(added))
