"""The page of the library, written from its docstrings, and the list of all that it promises."""

from __future__ import annotations

import ast
import inspect
import textwrap
import typing
from collections.abc import Iterator
from functools import cache
from typing import Any

import git_muse_coord
from documents import answers, program
from git_muse_coord.coordinator.library import Coordinator
from git_muse_coord.coordinator.session import Session
from git_muse_coord.coordinator.watch import Watch
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import MuseCoordError

PATH = "docs/reference/library.md"
SURFACE = "tests/library/surface.txt"

_HEAD = """\
# The library

<!-- Written by scripts/generate from the docstrings. Do not edit: the examples and words at the top are in
     scripts/documents/library.py, the rest is in the code. -->

An orchestrator asks in Python what the command asks in a shell. Nothing else is needed: no server, no daemon, no import
beside this one.

```python
from git_muse_coord import Coordinator, Stopped

coordinator = Coordinator(".")
reserved = coordinator.reserve(["src/billing.py::compute_total"], run_id="ann", op="modify")
for conflict in reserved.conflict_details:
    print(conflict.run_id, conflict.address, conflict.expires_at)
```

Each verb is a method, `-` in its name becomes `_`. It takes addresses or ids as one list, and the long options as
keywords; it returns the value that `--json` prints, with the same fields ([json.md](json.md)), and raises a
`MuseCoordError` where the command would fail:

```python
try:
    coordinator.reserve(["src/billing.py"], run_id="bob", strict=True)
except Stopped as stopped:
    print(stopped.name, stopped.exit_code, stopped.message)
```

What happens is an iterator, for threads and for asyncio; `close`, from any thread, ends it:

```python
with coordinator.watch(address=["src/"]) as watching:
    for event in watching:
        if event.event == "snapshot":
            print(len(event.reservations), "held")
            break
```

```python
import asyncio


async def first_event():
    async for event in coordinator.watch():
        return event.event


print(asyncio.run(first_event()))
```

```python
coordinator.release([reserved.reservation_id], run_id="ann")
```

## What holds

* **Threads**: one Coordinator may be used by any number of threads, and each sees at once what another has written. A
  Watch that several go through gives each event to one of them.
* **Processes**: any number of processes, with the library or the command, may work on one clone at a time. A process
  that forks makes a new Coordinator in its child.
* **Who runs** is said with `run_id`. The library does not read `MUSE_RUN_ID`, which is for the command; where nothing
  is said, git's configuration says it, or a name is derived for the worktree.
* **Durable**: what a method returned from is on the disk. What it raised from is not there, unless the error names
  it.
* **Cheap**: `import git_muse_coord` loads next to nothing; a Coordinator that stays answers in milliseconds, and sees
  changes of others and of the settings with its next call.
* **Stable**: what is on this page is promised; all else may change with any version. Fields may be added to answers,
  and keywords with a default to methods.

A larger example, an orchestrator of agents, is in [`docs/examples`](../examples/orchestrator.py).
"""


def page() -> str:
    """The text of the page."""
    parts = [_HEAD, "## Methods of Coordinator\n"]
    parts += [_method(name, function) for name, function in _methods().items()]
    parts.append("## Watch\n")
    parts.append(_prose(Watch) + "\n")
    parts += [_method(name, function) for name, function in _own_methods(Watch).items()]
    parts.append("## Errors\n")
    parts.append(_errors())
    parts.append("## Answers\n")
    parts += [_answer(cls) for cls in _answers()]
    return "\n".join(parts)


def surface() -> str:
    """All that is promised, a line each."""
    lines = [f"git_muse_coord.{name}" for name in git_muse_coord.__all__]
    lines.append(f"Coordinator{_signature(Session.__init__)}")
    for name, function in _methods().items():
        lines.append(f"Coordinator.{name}{_signature(function)}")
    for name, function in _own_methods(Watch).items():
        lines.append(f"Watch.{name}{_signature(function)}")
    for error in _all_errors():
        lines.append(f"{error.__name__}: {error.name}, exit code {error.exit_code}")
    for cls in _answers():
        for field, annotation in _fields(cls).items():
            lines.append(f"{cls.__name__}.{field}: {annotation}")
    return "\n".join(lines) + "\n"


def _methods() -> dict[str, Any]:
    return {
        name: function
        for name, function in vars(Coordinator).items()
        if inspect.isfunction(function) and not name.startswith("_")
    }


def _own_methods(cls: type) -> dict[str, Any]:
    return {
        name: function
        for name, function in vars(cls).items()
        if inspect.isfunction(function) and not name.startswith("_")
    }


def _signature(function: Any) -> str:
    """The parameters without the object itself, as they stand in the code."""
    node = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(node, ast.FunctionDef)
    arguments = node.args
    arguments.args = arguments.args[1:]
    returns = "" if node.returns is None else f" -> {ast.unparse(node.returns)}"
    return f"({ast.unparse(arguments)}){returns}"


def _method(name: str, function: Any) -> str:
    signature = _signature(function)
    inside, _, returned = signature.rpartition(")")
    parameters = _split(inside.removeprefix("("))
    if len(signature) > 90:
        shown = "(\n" + "".join(f"    {one},\n" for one in parameters) + f"){returned}"
    else:
        shown = signature
    return f"### {name}\n\n```text\n{name}{shown}\n```\n\n{_prose(function)}\n"


def _split(parameters: str) -> list[str]:
    """The parameters one by one: a comma may stand inside of brackets, too."""
    pieces: list[str] = []
    depth = 0
    piece = ""
    for letter in parameters:
        depth += letter in "[("
        depth -= letter in "])"
        if letter == "," and not depth:
            pieces.append(piece.strip())
            piece = ""
        else:
            piece += letter
    return [*pieces, piece.strip()] if piece.strip() else pieces


def _prose(thing: Any) -> str:
    """A docstring as Markdown: what is code there is code here."""
    text = inspect.getdoc(thing) or ""
    return text.replace("``", "`")


def _all_errors() -> list[type[MuseCoordError]]:
    public = [getattr(git_muse_coord, name) for name in git_muse_coord.__all__]
    errors = [one for one in public if isinstance(one, type) and issubclass(one, MuseCoordError)]
    return sorted(errors, key=lambda error: (error.exit_code, error.__name__))


def _errors() -> str:
    rows = ["| error | `name` | `exit_code` | when |", "|---|---|---|---|"]
    for error in _all_errors():
        rows.append(
            f"| `{error.__name__}` | `{error.name}` | {error.exit_code} | {program.sentence(error)} |"
        )
    rows.append(
        "\nAll are `MuseCoordError`s, with `message` in one line, `hint` or None, and `result`: the answer as far as"
        " it is known.\n"
    )
    return "\n".join(rows)


def _answers() -> list[type]:
    """The classes of answers, in the order of the methods, each followed by those that it is made of."""
    found: dict[type, None] = {}
    for function in [*_methods().values(), Watch.look, Watch.overview]:
        for cls in _classes_in(_returned(function)):
            _collect(cls, found)
    return list(found)


def _returned(function: Any) -> Any:
    module = inspect.getmodule(function)
    node = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(node, ast.FunctionDef)
    assert node.returns is not None
    return _resolved(ast.unparse(node.returns), module)


def _resolved(annotation: str, module: Any) -> Any:
    """What an annotation means in a module."""
    _define_once()
    return eval(annotation, {**vars(typing), **vars(module)})  # noqa: S307 - our own source


@cache
def _define_once() -> None:
    answers.define_all_for_annotations()


def _classes_in(annotation: Any) -> Iterator[type]:
    if isinstance(annotation, type) and issubclass(annotation, Declared):
        yield annotation
    for part in typing.get_args(annotation):
        yield from _classes_in(part)


def _collect(cls: type, found: dict[type, None]) -> None:
    if cls in found:
        return
    found[cls] = None
    for base in cls.__mro__:
        for annotation in _own_fields(base).values():
            for part in _classes_in(_resolved(annotation, inspect.getmodule(base))):
                _collect(part, found)


def _fields(cls: type) -> dict[str, str]:
    fields: dict[str, str] = {}
    for base in reversed(cls.__mro__):
        fields |= _own_fields(base)
    return fields


def _own_fields(cls: type) -> dict[str, str]:
    annotations = vars(cls).get("__annotations__", {})
    return {name: str(text) for name, text in annotations.items() if "ClassVar" not in str(text)}


def _answer(cls: type) -> str:
    rows = ["| field | type |", "|---|---|"]
    for name, annotation in _fields(cls).items():
        shown = annotation.replace("|", "\\|")
        rows.append(f"| `{name}` | `{shown}` |")
    table = "\n".join(rows)
    return f"### {cls.__name__}\n\n{_prose(cls)}\n\n{table}\n"
