"""A client of our MCP server: the official one, which starts the server as a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
from mcp import Client
from mcp.client.stdio import StdioServerParameters, stdio_client

Talk = Callable[[Client], Awaitable[None]]


@asynccontextmanager
async def served(path: Path, run_id: str = "ann") -> AsyncIterator[Client]:
    """A client of a server that is at work at a path, for a run."""
    server = StdioServerParameters(
        command=sys.executable,
        args=["-m", "git_muse_coord", "mcp"],
        cwd=path,
        env={**os.environ, "MUSE_RUN_ID": run_id},
    )
    async with Client(stdio_client(server)) as client:
        yield client


def talk(path: Path, what: Talk, run_id: str = "ann") -> None:
    """Start a server, and say something to it."""

    async def main() -> None:
        async with served(path, run_id) as client:
            await what(client)

    anyio.run(main)


async def call(client: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """What a tool answers, which must be no failure."""
    answer = await client.call_tool(tool, arguments)
    assert not answer.is_error, answer
    told: dict[str, Any] = answer.structured_content or {}
    return told


def text_of(part: Any) -> str:
    """The text of a part of an answer, which must be one."""
    assert part.text is not None
    text: str = part.text
    return text
