"""What the chunks of a patch make of a text: places and line ends as Codex finds them. Pure."""

from __future__ import annotations

from git_muse_coord.integrations.agents.line_search import sought_lines
from git_muse_coord.integrations.agents.patch import ChunkLine
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from git_muse_coord.integrations.agents.patch import Chunk


class _Place(NamedTuple):
    """From which line on how many make way, and for what."""

    start: int
    length: int
    new: list[str]


class _Line(NamedTuple):
    """A line and how it ends."""

    text: str
    end: str


def with_chunks(text: str, chunks: Sequence[Chunk]) -> str | None:
    """A text after some chunks of a patch; None where one of them finds no place."""
    lines = _lines(text)
    texts = [line.text for line in lines]
    places = _places(texts, chunks)
    if places is None:
        return None
    # New lines end as the first one of the file does, and after an edit the last one ends, too.
    end = "\n"
    if lines and lines[0].end:
        end = lines[0].end
    written: list[str] = []
    for line in lines:
        own_end = line.end or end
        written.append(line.text + own_end)
    # From below, so that the numbers of the lines above stay true.
    for place in reversed(places):
        stop = place.start + place.length
        written[place.start : stop] = [text + end for text in place.new]
    return "".join(written)


def chunk_undone(chunk: Chunk) -> Chunk:
    """The chunk that leads back: what came in goes away."""
    lines: list[ChunkLine] = []
    for line in chunk.lines:
        undone = ChunkLine(line.text, is_old=line.is_new, is_new=line.is_old)
        lines.append(undone)
    return chunk._replace(lines=lines)


def _lines(text: str) -> list[_Line]:
    lines = []
    *ended, last = text.split("\n")
    for line in ended:
        if line.endswith("\r"):
            lines.append(_Line(line[:-1], "\r\n"))
        else:
            lines.append(_Line(line, "\n"))
    if last:
        lines.append(_Line(last, ""))
    return lines


def _places(lines: Sequence[str], chunks: Sequence[Chunk]) -> list[_Place] | None:
    """Where all the chunks go, from top to bottom; each is looked for below the one before."""
    places: list[_Place] = []
    below = 0
    for chunk in chunks:
        if chunk.context is not None:
            context = sought_lines(lines, [chunk.context], below)
            if context is None:
                return None
            below = context + 1
        old = _old(chunk)
        # Without old lines nothing says where: Codex adds at the end.
        if not old:
            places += _pieces(chunk, len(lines))
            continue
        start = sought_lines(lines, old, below, chunk.at_end)
        if start is None:
            chunk = _without_last(chunk)
            old = _old(chunk)
            start = sought_lines(lines, old, below, chunk.at_end)
        if start is None:
            return None
        places += _pieces(chunk, start)
        below = start + len(old)
    return sorted(places, key=_start)


def _start(place: _Place) -> int:
    return place.start


def _old(chunk: Chunk) -> list[str]:
    return [line.text for line in chunk.lines if line.is_old]


def _without_last(chunk: Chunk) -> Chunk:
    """A chunk without the empty lines at its end, which count the end of the last line as a line of its own."""
    lines = chunk.lines.copy()
    last_old = 0
    last_new: int | None = None
    for number, line in enumerate(lines):
        if line.is_old:
            last_old = number
        if line.is_new:
            last_new = number
    if lines[last_old].text:
        return chunk
    if last_new is None:
        last_new = last_old
    lines[last_old] = lines[last_old]._replace(is_old=False)
    # It can be the same line, which stays then neither before nor after.
    if not lines[last_new].text:
        lines[last_new] = lines[last_new]._replace(is_new=False)
    return chunk._replace(lines=lines)


def _pieces(chunk: Chunk, start: int) -> list[_Place]:
    """What changes between the lines that stay: those are left as the file has them."""
    pieces = [_Place(start, 0, [])]
    for line in chunk.lines:
        piece = pieces[-1]
        if line.is_old and line.is_new:
            below = piece.start + piece.length + 1
            pieces.append(_Place(below, 0, []))
        elif line.is_old:
            length = piece.length + 1
            pieces[-1] = piece._replace(length=length)
        elif line.is_new:
            piece.new.append(line.text)
    return pieces
