"""A stand-in for the APIs of three vendors' models: it plays scripts of tool calls to the real programs of agents.

A word in what the user said tells what a conversation is about, and the calls that it holds how far it has come:
nothing is kept between requests, and agents may talk to it side by side.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator, Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, NamedTuple

Json = dict[str, Any]


class Use(NamedTuple):
    """A tool with arguments, called by its name; in Codex that of a server has the name of the server before it."""

    tool: str
    arguments: Json
    namespace: str = ""


class Patch(NamedTuple):
    """Codex's tool that takes a text as it is."""

    text: str


class Search(NamedTuple):
    """Codex's way to tools that it has not told of: those of servers, mostly."""

    text: str


class Say(NamedTuple):
    """A text, which ends the turn."""

    text: str


Step = Use | Patch | Search | Say
DONE = Say("done")


class ModelStandIn:
    """Listens on loopback for as long as the ``with`` lasts. ``scripts`` go by a word that the user's prompt holds."""

    def __init__(self, scripts: Mapping[str, Sequence[Step]]) -> None:
        self.heard: list[Json] = []
        stand_in = self

        class Handler(_Handler):
            model = stand_in

        self._scripts = scripts
        self._numbers = itertools.count(1)
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> ModelStandIn:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where the programs find it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def told(self, word: str) -> list[str]:
        """What the agent that works at ``word`` was told after each of its steps; at first what it begins with."""
        told: dict[int, str] = {}
        for body in self.heard:
            talk = _talk(body)
            if word in _said(talk) and body.get("tools"):
                calls = sum(map(_is_call, _parts(talk)))
                told[calls] = json.dumps(_since_last_call(talk), ensure_ascii=False)
        return [told[calls] for calls in sorted(told)]

    def next_step(self, body: Json) -> Step:
        """What comes next in the conversation that a request holds."""
        self.heard.append(body)
        # Requests without tools are chores of the program: a title, a summary.
        if not body.get("tools"):
            return DONE
        talk = _talk(body)
        said = _said(talk)
        for word, steps in self._scripts.items():
            if word in said:
                calls = sum(map(_is_call, _parts(talk)))
                return steps[calls] if calls < len(steps) else DONE
        return DONE

    def number(self) -> int:
        """A number that no answer had before."""
        return next(self._numbers)


def _talk(body: Json) -> list[Json]:
    talk = body.get("messages") or body.get("input") or body.get("contents")
    return talk if isinstance(talk, list) else []


def _parts(talk: Sequence[Json]) -> Iterator[Json]:
    """Messages and what is in them: each vendor nests differently."""
    for message in talk:
        yield message
        for name in ("content", "parts"):
            inner = message.get(name)
            if isinstance(inner, list):
                yield from (part for part in inner if isinstance(part, dict))


def _is_call(part: Json) -> bool:
    kinds = ("tool_use", "function_call", "custom_tool_call", "tool_search_call")
    return part.get("type") in kinds or "functionCall" in part


def _since_last_call(talk: Sequence[Json]) -> Sequence[Json]:
    for place in range(len(talk) - 1, -1, -1):
        if any(map(_is_call, _parts(talk[place : place + 1]))):
            return talk[place + 1 :]
    return talk


def _said(talk: Sequence[Json]) -> str:
    """What the user, or the agent that started this one, said to begin with."""
    said = []
    for message in talk:
        if any(map(_is_call, _parts([message]))):
            break
        if message.get("role") == "user":
            said.append(message)
    return json.dumps(said)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    model: ModelStandIn

    def log_message(self, *_: object) -> None:
        """Keep quiet: standard error is the test's."""

    def do_GET(self) -> None:
        self._answer({"data": [], "models": []})

    def do_HEAD(self) -> None:
        self._answer({})

    def do_POST(self) -> None:
        length = int(self.headers.get("content-length") or 0)
        body = json.loads(self.rfile.read(length) or b"{}")
        if "count" in self.path.lower():
            self._answer({"input_tokens": 5, "totalTokens": 5})
            return
        step = self.model.next_step(body)
        number = self.model.number()
        if "/messages" in self.path:
            self._anthropic(step, number, body)
        elif "/responses" in self.path:
            self._stream(_openai(step, number))
        elif "stream" in self.path:
            self._stream([_gemini(step)])
        else:
            self._answer(_gemini(step))

    def _anthropic(self, step: Step, number: int, body: Json) -> None:
        if body.get("stream"):
            self._stream(_anthropic_events(step, number, body.get("model")))
        else:
            self._answer(_anthropic_message(step, number, body.get("model")))

    def _answer(self, body: Json) -> None:
        content = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def _stream(self, events: Sequence[Json]) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        for event in events:
            name = f"event: {event['type']}\n" if "type" in event else ""
            self.wfile.write(f"{name}data: {json.dumps(event)}\n\n".encode())
        self.close_connection = True


def _block(step: Step, number: int) -> Json:
    """A step as Anthropic's API says it."""
    if isinstance(step, Use):
        return {
            "type": "tool_use",
            "id": f"toolu_{number:08d}",
            "name": step.tool,
            "input": step.arguments,
        }
    return {"type": "text", "text": step.text}


def _stop_reason(step: Step) -> str:
    return "tool_use" if isinstance(step, Use) else "end_turn"


def _anthropic_message(step: Step, number: int, model: str | None) -> Json:
    return {
        "id": f"msg_{number:08d}",
        "type": "message",
        "role": "assistant",
        "model": model,
        "content": [_block(step, number)],
        "stop_reason": _stop_reason(step),
        "stop_sequence": None,
        "usage": {"input_tokens": 10, "output_tokens": 1},
    }


def _anthropic_events(step: Step, number: int, model: str | None) -> list[Json]:
    message = _anthropic_message(step, number, model)
    block = _block(step, number)
    if isinstance(step, Use):
        delta = {"type": "input_json_delta", "partial_json": json.dumps(step.arguments)}
        block = {**block, "input": {}}
    else:
        delta = {"type": "text_delta", "text": step.text}
        block = {**block, "text": ""}
    end = {"stop_reason": _stop_reason(step), "stop_sequence": None}
    return [
        {"type": "message_start", "message": {**message, "content": [], "stop_reason": None}},
        {"type": "content_block_start", "index": 0, "content_block": block},
        {"type": "content_block_delta", "index": 0, "delta": delta},
        {"type": "content_block_stop", "index": 0},
        {"type": "message_delta", "delta": end, "usage": {"output_tokens": 5}},
        {"type": "message_stop"},
    ]


def _openai(step: Step, number: int) -> list[Json]:
    """A step as events of OpenAI's API of responses."""
    call = {"call_id": f"call_{number}", "status": "completed"}
    item: Json
    if isinstance(step, Patch):
        item = {
            "type": "custom_tool_call",
            "id": f"ctc_{number}",
            "name": "apply_patch",
            "input": step.text,
            **call,
        }
    elif isinstance(step, Search):
        item = {
            "type": "tool_search_call",
            "id": f"ts_{number}",
            "execution": "client",
            "arguments": {"query": step.text},
            **call,
        }
    elif isinstance(step, Use):
        arguments = json.dumps(step.arguments)
        item = {
            "type": "function_call",
            "id": f"fc_{number}",
            "name": step.tool,
            "arguments": arguments,
            **({"namespace": step.namespace} if step.namespace else {}),
            **call,
        }
    else:
        content = [{"type": "output_text", "text": step.text, "annotations": []}]
        item = {
            "type": "message",
            "id": f"msg_{number}",
            "role": "assistant",
            "status": "completed",
            "content": content,
        }
    response = {"id": f"resp_{number}"}
    usage = {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2}
    return [
        {"type": "response.created", "response": response},
        {"type": "response.output_item.added", "output_index": 0, "item": item},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": {**response, "output": [item], "usage": usage}},
    ]


def _gemini(step: Step) -> Json:
    """A step as Gemini's API says it."""
    part: Json
    if isinstance(step, Use):
        part = {"functionCall": {"name": step.tool, "args": step.arguments}}
    else:
        part = {"text": step.text}
    content = {"role": "model", "parts": [part]}
    return {
        "candidates": [{"content": content, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2},
        "modelVersion": "stand-in",
    }
