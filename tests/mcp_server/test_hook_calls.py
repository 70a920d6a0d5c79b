"""Hooks of agents' programs that call a tool of the server: they answer as a process does, and give way to it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp")

import anyio
from mcp import Client
from mcp.shared.exceptions import MCPError

from git_muse_coord.integrations.mcp.hook_calls import HookCalls
from git_muse_coord.store.agents.hook_calls import line_beside_it
from git_muse_coord.store.agents.programs import command_line
from tests.mcp_server.client import call, talk, text_of
from tests.tools import Repo, git_in

F = "src/billing.py::compute_total"
FILE = "src/billing.py"
_CALLS = count()
LINE = line_beside_it("claude", command_line("claude"))


def event(top: Path, name: str = "PreToolUse", **fields: Any) -> dict[str, Any]:
    """An edit of a function, as Claude Code tells its hooks of it; each time another call."""
    text = (top / FILE).read_text()
    line = next(line for line in text.splitlines() if line.startswith("def compute_total"))
    return {
        "hook_event_name": name,
        "session_id": "s1",
        "cwd": str(top),
        "tool_name": "Edit",
        "tool_input": {
            "file_path": str(top / FILE),
            "old_string": line,
            "new_string": f"{line}\n    items = list(items)",
        },
        "tool_use_id": f"t{next(_CALLS)}",
        **fields,
    }


def is_answered_by_process(repo: Repo, session: str) -> bool:
    """Whether the command beside a call does its work: then what is about to be written is reserved."""
    given = {"file_path": str(repo.path / "src/new.py"), "content": "x = 1\n"}
    told = event(repo.path, session_id=session, tool_name="Write", tool_input=given)
    assert process(repo.path, told, LINE) == ""
    rows = repo.json("list", "--run-id", f"claude:{session}")["reservations"]
    return any("src/new.py" in row["addresses"] for row in rows)


def in_texts(told: dict[str, Any]) -> dict[str, str]:
    """What Claude Code makes of an event where a hook calls a tool: texts, of which some are empty."""
    texts = {"program": "claude", "agent_id": "", "tool_response": ""}
    for name, value in told.items():
        texts[name] = value if isinstance(value, str) else json.dumps(value)
    return texts


async def hook(client: Client, told: dict[str, Any]) -> str:
    """What the tool answers an event: the text that a hook prints."""
    answer = await client.call_tool("hook", in_texts(told))
    assert not answer.is_error, answer
    return text_of(answer.content[0])


def process(top: Path, told: dict[str, Any], line: str = command_line("claude")) -> str:
    """What the line of a hook prints, as a program runs it."""
    ran = subprocess.run(
        ["/bin/sh", "-c", line],
        cwd=top,
        input=json.dumps(told, separators=(",", ":")).encode(),
        capture_output=True,
        env={**os.environ, "CLAUDE_CODE_SESSION_ID": str(told["session_id"])},
        check=True,
    )
    assert ran.stderr == b""
    return ran.stdout.decode().strip()


def holders(repo: Repo) -> set[str]:
    return {row["run_id"] for row in repo.json("list")["reservations"]}


@pytest.fixture
def held(repo: Repo) -> Repo:
    repo.git("config", "muse-coord.autoReserve", "true")
    repo.reserve(F, "--run-id", "bob", "--reason", "it is mine")
    return repo


def test_the_tool_is_in_no_list(repo: Repo) -> None:
    async def look(client: Client) -> None:
        tools = (await client.list_tools()).tools
        assert "hook" not in {tool.name for tool in tools}

    talk(repo.path, look)


def test_it_answers_as_a_process_does(held: Repo) -> None:
    held.git("config", "muse-coord.autoReserve", "false")

    async def edit(client: Client) -> None:
        for mode in ("inform", "ask", "block"):
            held.git("config", "muse-coord.agentMode", mode)
            by_process = process(held.path, event(held.path, session_id=f"p-{mode}"))
            assert "it is mine" in by_process
            assert await hook(client, event(held.path, session_id=f"c-{mode}")) == by_process

    talk(held.path, edit, run_id="")


def test_what_is_edited_is_reserved_for_the_session_or_its_sub_agent(repo: Repo) -> None:
    repo.git("config", "muse-coord.autoReserve", "true")

    async def edit(client: Client) -> None:
        assert await hook(client, event(repo.path)) == ""
        await hook(client, event(repo.path, agent_id="a1", session_id="s2"))

    talk(repo.path, edit, run_id="")

    assert holders(repo) == {"claude:s1", "claude:s2/a1"}


def test_of_call_and_process_one_answers(held: Repo) -> None:
    async def edit(client: Client) -> None:
        told = event(held.path)
        assert "it is mine" in await hook(client, told)
        assert process(held.path, told) == ""
        told = event(held.path, session_id="s2")
        assert "it is mine" in process(held.path, told)
        assert await hook(client, told) == ""

    talk(held.path, edit, run_id="")


def test_each_event_counts_where_its_agent_stands(held: Repo, tmp_path: Path) -> None:
    tree = tmp_path / "bäum mit raum"
    held.git("worktree", "add", "-q", "-b", "other", str(tree))
    elsewhere = tmp_path / "elsewhere"
    git_in(tmp_path, "clone", "-q", str(held.path), str(elsewhere))
    git_in(elsewhere, "config", "muse-coord.autoReserve", "true")

    async def edit(client: Client) -> None:
        assert "it is mine" in await hook(client, event(tree))
        below = event(held.path, cwd=str(held.path / "src"), session_id="s2")
        assert "it is mine" in await hook(client, below)
        assert await hook(client, event(elsewhere, session_id="s3")) == ""
        nowhere = event(held.path, cwd=str(tmp_path), session_id="s4")
        assert await hook(client, nowhere) == ""

    talk(held.path, edit, run_id="")

    assert holders(Repo(elsewhere)) == {"claude:s3"}
    branches = {row["run_id"]: row["branch"] for row in held.json("list")["reservations"]}
    assert branches["claude:s1"] == "other"
    assert {"claude:s3", "claude:s4"}.isdisjoint(branches)


def test_a_repository_that_is_made_anew_is_seen(held: Repo, tmp_path: Path) -> None:
    async def edit(client: Client) -> None:
        assert "it is mine" in await hook(client, event(held.path))
        (held.path / ".git").rename(tmp_path / "gone")
        git_in(held.path, "init", "-q")
        assert await hook(client, event(held.path, session_id="s2")) == ""

    talk(held.path, edit, run_id="")


def test_a_message_is_told_once_and_counts_as_heard(repo: Repo) -> None:
    async def hear(client: Client) -> None:
        await hook(client, event(repo.path))
        repo.muse("tell", "claude:s1", "Begin with g.", "--run-id", "bob")
        told = event(repo.path, tool_name="Bash", tool_input={"command": "true"})
        assert "Begin with g." in await hook(client, {**told, "hook_event_name": "PostToolUse"})
        again = event(repo.path, tool_name="Bash", tool_input={"command": "true"})
        assert await hook(client, {**again, "hook_event_name": "PostToolUse"}) == ""

    talk(repo.path, hear, run_id="")

    assert repo.json("inbox", "--run-id", "claude:s1")["messages"] == []


MALFORMED: list[dict[str, Any]] = [
    {},
    {"program": "claude"},
    {"program": "nobody", "hook_event_name": "PreToolUse", "session_id": "s"},
    {"program": "claude", "hook_event_name": 1, "session_id": "s"},
    {"program": "claude", "hook_event_name": "PreToolUse", "session_id": "s", "cwd": []},
]
ODD = [
    {"tool_input": "{"},
    {"tool_input": "[" * 100_000},
    {"tool_input": "x" * (17 << 20)},
    {"cwd": "\0"},
    {"cwd": "/nowhere"},
    {"session_id": "a b"},
    {"session_id": ""},
    {"session_id": "../../x"},
    {"tool_use_id": "x" * 100_000},
    {"hook_event_name": "Nothing"},
]


def test_malformed_calls_and_odd_words_harm_nobody(held: Repo) -> None:
    async def ask(client: Client) -> None:
        for given in MALFORMED:
            with pytest.raises(MCPError, match="hook: "):
                await client.call_tool("hook", given)
        for odd in ODD:
            await client.call_tool("hook", {**in_texts(event(held.path, session_id="s2")), **odd})
        # it lives on
        assert "it is mine" in await hook(client, event(held.path))

    talk(held.path, ask, run_id="")


def test_the_command_beside_a_call_rests_while_the_server_answers(held: Repo) -> None:
    async def edit(client: Client) -> None:
        # Nobody knows yet that it does.
        assert "it is mine" in process(held.path, event(held.path), LINE)
        await hook(client, event(held.path, session_id="s2"))
        assert not is_answered_by_process(held, "s2")
        # That says nothing of another session, whose program may have no server.
        assert "it is mine" in process(held.path, event(held.path, session_id="s3"), LINE)

    talk(held.path, edit, run_id="")

    assert is_answered_by_process(held, "s2")


def test_a_server_that_was_killed_answers_no_more(held: Repo) -> None:
    marks = Path(os.environ["HOME"], ".cache/git-muse-coord/answering")

    async def edit(client: Client) -> None:
        await hook(client, event(held.path, session_id="s2"))
        (mark,) = marks.iterdir()
        server = int(mark.read_text())
        os.kill(server, signal.SIGKILL)
        # as a program does that sees its server end
        with suppress(ChildProcessError):
            os.waitpid(server, 0)

    talk(held.path, edit, run_id="")
    assert len(list(marks.iterdir())) == 1
    assert is_answered_by_process(held, "s2")

    async def begin(client: Client) -> None:
        await hook(client, event(held.path, session_id="s4"))
        assert [mark.name.partition("-")[2] for mark in marks.iterdir()] == ["s4"]

    talk(held.path, begin, run_id="")
    assert list(marks.iterdir()) == []


# This expression keeps all threads from running for hours, as a parser that hangs does.
STUCK = """
import os, re, anyio
from git_muse_coord.integrations.mcp import hook_calls

hook_calls._SECONDS_UNTIL_ENDED = 0.5
hooks = hook_calls.HookCalls(os.environ)
hooks._answer = lambda given: re.match("(a+)+$", "a" * 60 + "b")
told = {"program": "claude", "hook_event_name": "PreToolUse", "session_id": "s1"}
anyio.run(hooks.call, told, {})
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no such timer")
def test_a_server_that_is_stuck_ends_so_that_processes_answer() -> None:
    ran = subprocess.run([sys.executable, "-c", STUCK], timeout=60, check=False)

    assert ran.returncode == -signal.SIGALRM


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="there is no such timer")
def test_a_call_that_was_answered_ends_nobody(held: Repo) -> None:
    hooks = HookCalls(os.environ)

    async def edit() -> None:
        await hooks.call(in_texts(event(held.path)), {})
        assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)

    anyio.run(edit)


def test_a_silent_environment_is_heard(held: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSE_COORD", "off")

    async def edit(client: Client) -> None:
        assert await hook(client, event(held.path)) == ""

    talk(held.path, edit, run_id="")


def test_a_person_who_names_the_agent_is_heard(repo: Repo) -> None:
    repo.git("config", "muse-coord.autoReserve", "true")

    async def edit(client: Client) -> None:
        await hook(client, event(repo.path))
        # for the tools that the agent calls it is the same run
        assert (await call(client, "status"))["mine"]

    talk(repo.path, edit, run_id="ann")

    assert holders(repo) == {"ann"}


CODEX = line_beside_it("codex", command_line("codex"))


def of_codex(repo: Repo, name: str, **fields: str) -> dict[str, Any]:
    """A file that is about to be made, as Codex tells its hooks of it."""
    patch = f"*** Begin Patch\n*** Add File: src/{name}\n+x = 1\n*** End Patch\n"
    given = {"command": patch}
    told = event(repo.path, tool_name="apply_patch", tool_input=given, turn_id="u1")
    return {**told, **fields}


def test_of_codex_each_sub_agent_has_a_server_of_its_own(repo: Repo) -> None:
    repo.git("config", "muse-coord.autoReserve", "true")

    async def by_call(client: Client, name: str, thread: str) -> None:
        given = {"program": "codex", **of_codex(repo, name)}
        facts: Any = {"threadId": thread}
        answer = await client.call_tool("hook", given, meta=facts)
        assert not answer.is_error, answer
        repo.write(f"src/{name}", "x = 1\n")

    def by_command(name: str, **fields: str) -> None:
        process(repo.path, of_codex(repo, name, **fields), CODEX)
        repo.write(f"src/{name}", "x = 1\n")

    async def edit(client: Client) -> None:
        await by_call(client, "of_agent.py", "a1")
        # Its session may have no server, though this one answers.
        by_command("before.py")
        await by_call(client, "of_session.py", "s1")
        by_command("rested.py")
        by_command("another.py", agent_id="a2")

    talk(repo.path, edit, run_id="")

    by_command("after.py")
    held: dict[str, str] = {}
    for row in repo.json("list")["reservations"]:
        held |= dict.fromkeys(row["addresses"], row["run_id"])
    assert held == {
        "src/of_agent.py": "codex:s1/a1",
        "src/before.py": "codex:s1",
        "src/of_session.py": "codex:s1",
        "src/another.py": "codex:s1/a2",
        "src/after.py": "codex:s1",
    }
