"""What a patch makes of the files that it names: places are found as Codex finds them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from git_muse_coord.integrations.agents.dialect import ToolCall
from git_muse_coord.integrations.agents.edits import absolute, changed
from git_muse_coord.integrations.agents.patch import (
    Addition,
    Chunk,
    Deletion,
    FileUpdate,
    Step,
    steps_of,
)
from git_muse_coord.integrations.agents.texts import encoded
from git_muse_coord.model.agents import Edit

_ALIKE = {
    "-": "\u2010\u2011\u2012\u2013\u2014\u2015\u2212",
    "'": "\u2018\u2019\u201a\u201b",
    '"': "\u201c\u201d\u201e\u201f",
    " ": "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000",
}
_PLAIN = str.maketrans({fancy: plain for plain, kinds in _ALIKE.items() for fancy in kinds})
_MOST_STEPS = 500


class _CannotApply(Exception):
    """A step does not fit the files as they are: then nothing of the patch is done."""


def edits_of_patch(call: ToolCall, patch: str | None) -> Iterator[Edit]:
    """What a patch does, or has done, to files; nothing where it would not apply."""
    steps = steps_of(patch) if patch else None
    if not steps or len(steps) > _MOST_STEPS:
        return
    if call.is_done:
        steps = [back for step in reversed(steps) for back in _undone(step)]
    files = _Files(call)
    try:
        for step in steps:
            files.apply(step)
    except _CannotApply:
        return
    yield from files.edits()


def _undone(step: Step) -> Iterator[Step]:
    """The steps that lead back. What was deleted is lost, so that nothing leads back to it."""
    if isinstance(step, Addition):
        yield Deletion(step.path)
    elif isinstance(step, FileUpdate):
        back = [Chunk(chunk.context, chunk.new, chunk.old, chunk.at_end) for chunk in step.chunks]
        if step.move_to is None:
            yield FileUpdate(step.path, back)
        else:
            yield FileUpdate(step.move_to, back, step.path)


class _Files:
    """The files of a patch, as they are and as they become, step by step."""

    def __init__(self, call: ToolCall) -> None:
        self._call = call
        self._now: dict[str, bytes | None] = {}
        self._then: dict[str, bytes | None] = {}

    def apply(self, step: Step) -> None:
        """Do one step."""
        path = self._path(step.path)
        before = self._content(path)
        if isinstance(step, Addition):
            text = "".join(f"{line}\n" for line in step.lines)
            self._then[path] = _certain(encoded(text))
        elif isinstance(step, Deletion):
            _certain(before)
            self._then[path] = None
        else:
            after = changed_by_chunks(_certain(before), step.chunks)
            self._move(path, step, _certain(after))

    def edits(self) -> Iterator[Edit]:
        """What all the steps together changed."""
        for path, then in self._then.items():
            now = self._now[path]
            if now == then:
                continue
            yield Edit(path, then, now) if self._call.is_done else Edit(path, now, then)

    def _move(self, path: str, step: FileUpdate, after: bytes) -> None:
        if step.move_to is None:
            self._then[path] = after
            return
        target = self._path(step.move_to)
        self._content(target)
        self._then[path] = None
        self._then[target] = after

    def _path(self, path: str) -> str:
        whole = absolute(self._call, path)
        if whole is None:
            raise _CannotApply
        return whole

    def _content(self, path: str) -> bytes | None:
        if path not in self._now:
            self._now[path] = self._call.read(path)
        return self._then.get(path, self._now[path])


def _certain(content: bytes | None) -> bytes:
    if content is None:
        raise _CannotApply
    return content


def changed_by_chunks(content: bytes, chunks: Sequence[Chunk]) -> bytes | None:
    """The bytes of a file after some chunks of a patch; None where one of them finds no place."""
    return changed(content, lambda text: with_chunks(text, chunks))


def with_chunks(text: str, chunks: Sequence[Chunk]) -> str | None:
    """A text after some chunks of a patch; None where one of them finds no place."""
    ends = _ends_of(text)
    lines = _lines_of(text)
    places = _places(lines, chunks)
    if places is None:
        return None
    # New lines end as the first one of the file does, and after an edit the last one ends, too.
    own = ends[0] if ends and ends[0] else "\n"
    result = []
    for line, end in zip(lines, ends, strict=True):
        result.append(line + (end or own))
    for start, length, new in reversed(places):
        result[start : start + length] = [line + own for line in new]
    return "".join(result)


def _lines_of(text: str) -> list[str]:
    lines = text.split("\n")
    if not lines[-1]:
        del lines[-1]
    return [line.removesuffix("\r") for line in lines]


def _ends_of(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    ends = ["\r\n" if line.endswith("\r") else "\n" for line in lines]
    return [*ends, ""] if last else ends


Place = tuple[int, int, Sequence[str]]
"""From which line on how many make way, and for what."""


def _places(lines: Sequence[str], chunks: Sequence[Chunk]) -> list[Place] | None:
    places: list[Place] = []
    at = 0
    for chunk in chunks:
        if chunk.context is not None:
            context = _sought(lines, [chunk.context], at, at_end=False)
            if context is None:
                return None
            at = context + 1
        place = _place(lines, chunk, at)
        if place is None:
            return None
        places.append(place)
        if chunk.old:
            at = place[0] + place[1]
    return sorted(places, key=lambda place: place[0])


def _place(lines: Sequence[str], chunk: Chunk, at: int) -> Place | None:
    old, new = chunk.old, chunk.new
    # Without old lines nothing says where: Codex adds at the end.
    if not old:
        return len(lines), 0, new
    start = _sought(lines, old, at, chunk.at_end)
    # A patch may count the end of the last line as a line of its own.
    if start is None and not old[-1]:
        old = old[:-1]
        new = new if not new or new[-1] else new[:-1]
        start = _sought(lines, old, at, chunk.at_end)
    return None if start is None else (start, len(old), new)


def _sought(
    lines: Sequence[str],
    pattern: Sequence[str],
    start: int,
    at_end: bool,
) -> int | None:
    """Where some lines stand, compared ever more forgivingly: first as they are, at last without fancy punctuation."""
    if not pattern:
        return start
    last = len(lines) - len(pattern)
    if at_end and last >= 0:
        start = last
    for form in _FORMS:
        formed = list(map(form, pattern))
        for place in range(start, last + 1):
            # Most places fall out at their first line.
            if form(lines[place]) == formed[0] and _stands(lines, formed, place, form):
                return place
    return None


def _stands(
    lines: Sequence[str],
    formed: Sequence[str],
    place: int,
    form: Callable[[str], str],
) -> bool:
    return all(form(lines[place + i]) == line for i, line in enumerate(formed))


def _as_is(line: str) -> str:
    return line


def _without_fancy(line: str) -> str:
    return line.strip().translate(_PLAIN)


_FORMS: tuple[Callable[[str], str], ...] = (_as_is, str.rstrip, str.strip, _without_fancy)
