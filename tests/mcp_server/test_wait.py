"""Waiting by way of the MCP server: it says for whom, ends when the way is free, and can be given up."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from typing import Any

import pytest

pytest.importorskip("mcp")

import anyio
from mcp import Client

from tests.mcp_server.client import call, talk
from tests.tools import Repo

F = "src/billing.py::compute_total"


def test_a_wait_says_for_whom_and_ends_with_the_release(repo: Repo) -> None:
    held = repo.reserve(F, "--run-id", "bob")
    told: list[str] = []

    async def hear(progress: float, total: float | None, message: str | None) -> None:
        told.append(message or "")
        if len(told) == 1:
            await anyio.to_thread.run_sync(lambda: repo.muse("release", held, "--run-id", "bob"))

    async def wait(client: Client) -> None:
        asked: dict[str, Any] = {"addresses": [F], "strict": True, "wait": 60}
        answer = await client.call_tool("reserve", asked, progress_callback=hear)
        assert not answer.is_error, answer
        assert (answer.structured_content or {})["addresses"] == [F]

    talk(repo.path, wait)

    assert "bob" in told[0]
    assert [row["run_id"] for row in repo.json("list")["reservations"]] == ["ann"]


def test_other_calls_are_answered_meanwhile_and_a_wait_given_up_leaves_nothing(repo: Repo) -> None:
    repo.muse("reserve", F, "--run-id", "bob")

    async def give_up(client: Client) -> None:
        async with anyio.create_task_group() as calls:
            asked = {"addresses": [F], "strict": True, "wait": 600}
            calls.start_soon(client.call_tool, "reserve", asked)
            while not repo.json("who", F)["waiting"]:
                await anyio.sleep(0.1)
            assert (await call(client, "status"))["active_reservations"] == 1
            calls.cancel_scope.cancel()
        with anyio.fail_after(30):
            while repo.json("who", F)["waiting"]:
                await anyio.sleep(0.1)

    talk(repo.path, give_up)


def test_a_wait_that_is_over_is_a_failure_that_stores_nothing(repo: Repo) -> None:
    repo.muse("reserve", F, "--run-id", "bob")

    async def wait(client: Client) -> None:
        answer = await client.call_tool("reserve", {"addresses": [F], "strict": True, "wait": 1})
        assert answer.is_error
        assert (answer.structured_content or {})["exit_code"] == 4

    talk(repo.path, wait)

    assert [row["run_id"] for row in repo.json("list")["reservations"]] == ["bob"]


_HELLO = {
    "protocolVersion": "2025-06-18",
    "capabilities": {},
    "clientInfo": {"name": "test", "version": "1"},
}


@pytest.mark.skipif(sys.platform == "win32", reason="signals are not sent there")
@pytest.mark.parametrize("how", ["end of input", "SIGTERM", "SIGINT"])
def test_a_server_that_ends_leaves_nobody_in_the_line(repo: Repo, how: str) -> None:
    repo.muse("reserve", F, "--run-id", "bob")
    asked = {"name": "reserve", "arguments": {"addresses": [F], "wait": 600}}
    with subprocess.Popen(
        [sys.executable, "-m", "git_muse_coord", "mcp"],
        cwd=repo.path,
        env={**os.environ, "MUSE_RUN_ID": "ann"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as server:
        assert server.stdin
        for said in (
            {"id": 1, "method": "initialize", "params": _HELLO},
            {"method": "notifications/initialized"},
            {"id": 2, "method": "tools/call", "params": asked},
        ):
            line = json.dumps({"jsonrpc": "2.0", **said})
            server.stdin.write(line.encode() + b"\n")
        server.stdin.flush()
        while not repo.json("who", F)["waiting"]:
            assert server.poll() is None
            time.sleep(0.1)
        if how == "end of input":
            server.stdin.close()
        else:
            server.send_signal(getattr(signal, how))
        try:
            code = server.wait(60)
        finally:
            server.kill()

    assert code == (0 if how == "end of input" else 130)
    assert repo.json("who", F)["waiting"] == []


def test_many_who_wait_leave_the_others_their_turn(repo: Repo) -> None:
    repo.muse("reserve", F, "--run-id", "bob")
    many = 42

    async def crowd(client: Client) -> None:
        async with anyio.create_task_group() as calls:
            for number in range(many):
                asked = {"addresses": [F], "wait": 600, "run_id": f"run-{number}"}
                calls.start_soon(client.call_tool, "reserve", asked)
            with anyio.fail_after(60):
                while len(repo.json("who", F)["waiting"]) < many:
                    await anyio.sleep(0.2)
                assert (await call(client, "status"))["active_reservations"] == 1
            calls.cancel_scope.cancel()

    talk(repo.path, crowd)


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break in another way there")
def test_a_client_that_reads_no_more_is_gone(repo: Repo) -> None:
    line = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": _HELLO})
    with subprocess.Popen(
        [sys.executable, "-m", "git_muse_coord", "mcp"],
        cwd=repo.path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as server:
        assert server.stdin
        assert server.stdout
        assert server.stderr
        server.stdout.close()
        server.stdin.write(line.encode() + b"\n")
        server.stdin.close()
        said = server.stderr.read()

    assert (server.returncode, said) == (0, b"")
