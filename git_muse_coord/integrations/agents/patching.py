"""What a patch makes of the files that it names."""

from __future__ import annotations

from git_muse_coord.integrations.agents.chunks import chunk_undone, with_chunks
from git_muse_coord.integrations.agents.edits import absolute, changed
from git_muse_coord.integrations.agents.patch import (
    Addition,
    Deletion,
    FileUpdate,
    steps_of,
)
from git_muse_coord.integrations.agents.texts import encoded
from git_muse_coord.model.agents import Edit
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.integrations.agents.dialect import ToolCall
    from git_muse_coord.integrations.agents.patch import Step

_MOST_STEPS = 500


class _CannotApply(Exception):
    """A step does not fit the files as they are: then nothing of the patch is done."""


def edits_of_patch(call: ToolCall, patch: str | None) -> Iterator[Edit]:
    """What a patch does, or has done, to files; nothing where it would not apply."""
    if not patch:
        return
    steps = steps_of(patch)
    if not steps or len(steps) > _MOST_STEPS:
        return
    if call.is_done:
        steps = _undone(steps)
    files = _Files(call)
    try:
        for step in steps:
            files.apply(step)
    except _CannotApply:
        return
    yield from files.edits()


def _undone(steps: list[Step]) -> list[Step]:
    """The steps that lead back. What was deleted is lost, so that nothing leads back to it."""
    undone: list[Step] = []
    for step in reversed(steps):
        if isinstance(step, Addition):
            undone.append(Deletion(step.path))
        elif isinstance(step, FileUpdate):
            undone.append(_update_undone(step))
    return undone


def _update_undone(step: FileUpdate) -> FileUpdate:
    back = list(map(chunk_undone, step.chunks))
    if step.move_to is None:
        return FileUpdate(step.path, back)
    return FileUpdate(step.move_to, back, step.path)


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
            after = encoded(text)
            self._then[path] = _certain(after)
            return
        # All others need a file that is there.
        content = _certain(before)
        if isinstance(step, Deletion):
            self._then[path] = None
        else:
            self._update(path, content, step)

    def edits(self) -> Iterator[Edit]:
        """What all the steps together changed."""
        for path, then in self._then.items():
            now = self._now[path]
            if now == then:
                continue
            # Led back to, "then" is what was there before.
            if self._call.is_done:
                yield Edit(path, then, now)
            else:
                yield Edit(path, now, then)

    def _update(
        self,
        path: str,
        before: bytes,
        step: FileUpdate,
    ) -> None:
        after = changed(before, lambda text: with_chunks(text, step.chunks))
        target = path
        if step.move_to is not None:
            target = self._path(step.move_to)
            self._content(target)
            self._then[path] = None
        self._then[target] = _certain(after)

    def _path(self, path: str) -> str:
        whole = absolute(self._call, path)
        if whole is None:
            raise _CannotApply
        return whole

    def _content(self, path: str) -> bytes | None:
        """A file as the steps before left it."""
        if path not in self._now:
            self._now[path] = self._call.read(path)
        return self._then.get(path, self._now[path])


def _certain(content: bytes | None) -> bytes:
    if content is None:
        raise _CannotApply
    return content
