"""The patches that Codex and its kin write, read as forgivingly as Codex reads them. Pure."""

from __future__ import annotations

from git_muse_coord.model.light import NamedTuple

_BEGIN = "*** Begin Patch"
_END = "*** End Patch"
_ADD = "*** Add File: "
_DELETE = "*** Delete File: "
_UPDATE = "*** Update File: "
_MOVE = "*** Move to: "
_END_OF_FILE = "*** End of File"
_ENVIRONMENT = "*** Environment ID: "
_CONTEXT = "@@"
_NAMED_CONTEXT = "@@ "
_SIGNS = (" ", "+", "-")

_HEREDOCS = ("<<EOF", "<<'EOF'", '<<"EOF"')


class ChunkLine(NamedTuple):
    """A line of the text before, of that after, or of both."""

    text: str
    is_old: bool
    is_new: bool


class Chunk(NamedTuple):
    """Lines that belong somewhere after the line ``context``, or at the end of the file."""

    context: str | None
    lines: list[ChunkLine]
    at_end: bool = False


class Addition(NamedTuple):
    """A file that is made, or written anew."""

    path: str
    lines: list[str]


class Deletion(NamedTuple):
    """A file that goes away."""

    path: str


class FileUpdate(NamedTuple):
    """A file that is changed, and perhaps moved."""

    path: str
    chunks: list[Chunk]
    move_to: str | None = None


Step = Addition | Deletion | FileUpdate
"""What a patch does to one file."""


def steps_of(patch: str) -> list[Step] | None:
    """What a patch does, file by file; None where it is none."""
    body = _body(patch.strip().split("\n"))
    if body is None:
        return None
    steps: list[Step] = []
    for line in body:
        step = _begun(line.strip())
        if step is not None:
            steps.append(step)
        elif not steps or not _continued(steps, line):
            return None
    if not all(map(_is_whole, steps)):
        return None
    return steps


def _body(lines: list[str]) -> list[str] | None:
    """The lines between the marks. Models wrap a patch in what a shell would want to have."""
    if lines[0].strip() in _HEREDOCS and lines[-1].endswith("EOF"):
        lines = lines[1:-1]
    if len(lines) < 2:
        return None
    first, *body, last = lines
    if first.strip() != _BEGIN or last.strip() != _END:
        return None
    if body and body[0].startswith(_ENVIRONMENT):
        del body[0]
    return [line.removesuffix("\r") for line in body]


def _begun(header: str) -> Step | None:
    """The step that a line begins."""
    if header.startswith(_ADD):
        return Addition(header.removeprefix(_ADD), [])
    if header.startswith(_DELETE):
        return Deletion(header.removeprefix(_DELETE))
    if header.startswith(_UPDATE):
        return FileUpdate(header.removeprefix(_UPDATE), [])
    return None


def _continued(steps: list[Step], line: str) -> bool:
    """Take a line into the last step; whether it belongs there."""
    step = steps[-1]
    if isinstance(step, Addition) and line.startswith("+"):
        step.lines.append(line[1:])
        return True
    if not isinstance(step, FileUpdate):
        return False
    mark = line.strip()
    if mark.startswith(_MOVE) and step.move_to is None and not step.chunks:
        target = mark.removeprefix(_MOVE)
        steps[-1] = step._replace(move_to=target)
        return True
    return _chunk_line(step.chunks, line, mark)


def _chunk_line(
    chunks: list[Chunk],
    line: str,
    mark: str,
) -> bool:
    if mark == _CONTEXT:
        chunks.append(Chunk(None, []))
        return True
    if mark.startswith(_NAMED_CONTEXT):
        context = mark.removeprefix(_NAMED_CONTEXT)
        chunks.append(Chunk(context, []))
        return True
    if mark == _END_OF_FILE:
        if chunks:
            chunks[-1] = chunks[-1]._replace(at_end=True)
        return True
    # The first chunk may begin without its mark.
    if not chunks:
        chunks.append(Chunk(None, []))
    if not line.startswith(_SIGNS):
        # Models leave out the blank of an empty line.
        if line:
            return False
        line = " "
    sign = line[0]
    chunk_line = ChunkLine(line[1:], is_old=sign != "+", is_new=sign != "-")
    chunks[-1].lines.append(chunk_line)
    return True


def _is_whole(step: Step) -> bool:
    if not isinstance(step, FileUpdate):
        return True
    has_chunks = bool(step.chunks)
    return has_chunks and all(chunk.lines for chunk in step.chunks)
