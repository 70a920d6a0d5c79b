"""Lines that are no message of the protocol: whoever sent one is told so, and need not wait for an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import mcp_types as types
from mcp.shared.message import SessionMessage

if TYPE_CHECKING:
    from types import TracebackType

    from mcp.shared._stream_protocols import ReadStream, WriteStream

    Incoming = ReadStream[SessionMessage | Exception]


class ReadableOnly:
    """What comes in, without what could not be read: the kit hands that on as an exception, and drops it later."""

    def __init__(self, incoming: Incoming, outgoing: WriteStream[SessionMessage]) -> None:
        self._incoming = incoming
        self._outgoing = outgoing

    @property
    def last_context(self) -> Any:
        """Of the sender of the last message, where the stream knows it."""
        return getattr(self._incoming, "last_context", None)

    async def receive(self) -> SessionMessage | Exception:
        """The next message; before it, each line that is none is answered."""
        item = await self._incoming.receive()
        while isinstance(item, Exception):
            await self._outgoing.send(_complaint())
            item = await self._incoming.receive()
        return item

    async def aclose(self) -> None:
        """Close what is read from."""
        await self._incoming.aclose()

    def __aiter__(self) -> ReadableOnly:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        item = await self._incoming.__anext__()
        while isinstance(item, Exception):
            await self._outgoing.send(_complaint())
            item = await self._incoming.__anext__()
        return item

    async def __aenter__(self) -> ReadableOnly:
        await self._incoming.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        return await self._incoming.__aexit__(kind, error, trace)


def _complaint() -> SessionMessage:
    # by the protocol without an id, for that could not be read either
    error = types.ErrorData(
        code=types.PARSE_ERROR, message="this line is no message of the protocol"
    )
    return SessionMessage(
        types.JSONRPCError(
            jsonrpc="2.0",
            id=None,
            error=error,
        )
    )
