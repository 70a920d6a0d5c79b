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
    end = lines[0].end if lines else ""
    end = end or "\n"
    result = [line.text + (line.end or end) for line in lines]
    # From below, so that the numbers of the lines above stay true.
    for place in reversed(places):
        stop = place.start + place.length
        result[place.start : stop] = [line + end for line in place.new]
    return "".join(result)


def chunk_undone(chunk: Chunk) -> Chunk:
    """The chunk that leads back: what came in goes away."""
    lines = [ChunkLine(line.text, line.is_new, line.is_old) for line in chunk.lines]
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
        # Without old lines nothing says where: Codex adds at the end.
        if not _old(chunk):
            places += _pieces(chunk, len(lines))
            continue
        start = sought_lines(lines, _old(chunk), below, chunk.at_end)
        if start is None:
            chunk = _without_last(chunk)
            start = sought_lines(lines, _old(chunk), below, chunk.at_end)
        if start is None:
            return None
        places += _pieces(chunk, start)
        below = start + len(_old(chunk))
    return sorted(places, key=lambda place: place.start)


def _old(chunk: Chunk) -> list[str]:
    return [line.text for line in chunk.lines if line.is_old]


def _without_last(chunk: Chunk) -> Chunk:
    """A chunk without the empty lines at its end, which count the end of the last line as a line of its own."""
    lines = chunk.lines.copy()
    old = max(place for place, line in enumerate(lines) if line.is_old)
    if lines[old].text:
        return chunk
    new = max((place for place, line in enumerate(lines) if line.is_new), default=old)
    lines[old] = lines[old]._replace(is_old=False)
    if not lines[new].text:
        lines[new] = lines[new]._replace(is_new=False)
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
            pieces[-1] = piece._replace(length=piece.length + 1)
        elif line.is_new:
            piece.new.append(line.text)
    return pieces
