"""The environment of a sync at which nobody sits."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from git_muse_coord.store.settings import Settings
from git_muse_coord.store.sync.login import refuses_login
from git_muse_coord.store.sync.unattended import unattended
from tests.tools import Repo


@pytest.mark.parametrize(
    ("variables", "settings", "command"),
    [
        ({}, {}, "ssh -o BatchMode=yes"),
        ({"GIT_SSH": "/opt/my ssh"}, {}, "'/opt/my ssh' -o BatchMode=yes"),
        ({"GIT_SSH": "x"}, {"core.sshcommand": "ssh -i k"}, "ssh -i k -o BatchMode=yes"),
        (
            {"GIT_SSH_COMMAND": "ssh -v"},
            {"core.sshcommand": "ssh -i k"},
            "ssh -v -o BatchMode=yes",
        ),
        ({"GIT_SSH": "C:\\x\\plink.exe"}, {}, "'C:\\x\\plink.exe' -batch"),
        ({"GIT_SSH_COMMAND": "TortoisePlink"}, {}, "TortoisePlink"),
        ({"GIT_SSH_COMMAND": "mine"}, {"ssh.variant": "simple"}, "mine"),
        ({"GIT_SSH_COMMAND": "mine", "GIT_SSH_VARIANT": "plink"}, {}, "mine -batch"),
        ({"GIT_SSH_COMMAND": "un'closed"}, {}, "un'closed -o BatchMode=yes"),
    ],
)
def test_ssh_is_told_not_to_ask(
    variables: dict[str, str], settings: dict[str, str], command: str
) -> None:
    assert unattended(variables, Settings(settings))["GIT_SSH_COMMAND"] == command


def test_helpers_of_every_place_are_asked_and_told_nothing(repo: Repo, tmp_path: Path) -> None:
    log = tmp_path / "log"

    def helper(name: str, answer: str = "") -> str:
        return f"!f() {{ echo {name} $1 >>'{log}'; {answer}:; }}; f"

    knows = "echo username=me; echo password=secret; "
    repo.git("config", "credential.helper", helper("plain"))
    repo.git("config", "credential.https://example.invalid.helper", helper("scoped"))
    variables = {
        **os.environ,
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": "credential.helper",
        "GIT_CONFIG_VALUE_0": helper("of-the-environment", knows),
    }
    environment = unattended(variables, Settings({}))

    def credential(verb: str, given: str) -> str:
        return subprocess.run(
            ["git", "credential", verb],
            cwd=repo.path,
            env=environment,
            input=given,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    asked = "protocol=https\nhost=example.invalid\n"
    filled = credential("fill", asked)
    assert "password=secret" in filled
    credential("reject", filled)
    credential("approve", filled)

    assert log.read_text().splitlines() == ["plain get", "scoped get", "of-the-environment get"]


def test_nothing_of_the_screen_is_left() -> None:
    told = unattended({"DISPLAY": ":0", "WAYLAND_DISPLAY": "w", "HOME": "/h"}, Settings({}))
    assert not told.keys() & {"DISPLAY", "WAYLAND_DISPLAY"}
    assert told["HOME"] == "/h"
    assert told["GIT_ASKPASS"] == told["SSH_ASKPASS"] == "false"


@pytest.mark.parametrize(
    "said",
    [
        "fatal: Authentication failed for 'https://x/'",
        "fatal: could not read Username for 'https://x': terminal prompts disabled",
        "git@x: Permission denied (publickey).\nfatal: Could not read from remote repository.",
        "Host key verification failed.",
        "fatal: unable to access 'https://x/': The requested URL returned error: 403",
        "error: RPC failed; HTTP 407 The requested URL returned error: 407",
    ],
)
def test_a_login_that_failed_is_told_from_other_trouble(said: str) -> None:
    assert refuses_login(said.encode())


@pytest.mark.parametrize(
    "said",
    [
        "",
        "fatal: '/x' does not appear to be a git repository",
        "fatal: unable to access 'https://x/': Could not resolve host: x",
        "fatal: unable to access 'https://x/': The requested URL returned error: 503",
        "fatal: unable to access 'https://x/': The requested URL returned error: 4010",
        "error: could not lock config file: Permission denied",
    ],
)
def test_other_trouble_passes_by_itself(said: str) -> None:
    assert not refuses_login(said.encode())
