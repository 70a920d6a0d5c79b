"""Whether refs of ours may have changed, told by the times of their directories: cheap enough to ask all the time.

A directory's time tells of a ref that came or went, and ``packed-refs`` of all that is packed. Two
changes in one tick of the file system's clock look like one, so what was changed just before it was
looked at is said to have changed once more, a moment later.
"""

from __future__ import annotations

import os
import time

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git.file_times import stamp_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from git_muse_coord.store.git.file_times import Stamp

_TICK_NS = 50_000_000
_MOMENT_SECONDS = 0.1


class RefStamps:
    """The stamps of some directories of refs, and of what is packed."""

    def __init__(self, common_dir: str, folders: Iterable[str]) -> None:
        self._paths: list[str] = []
        for folder in folders:
            parts = folder.split("/")
            path = os.path.join(common_dir, *parts)
            self._paths.append(path)
        packed = os.path.join(common_dir, "packed-refs")
        self._paths.append(packed)
        self._noted: list[Stamp | None] = []
        self._is_settled = True
        self._noted_at = 0.0

    def note(self) -> None:
        """Note how they are, before the refs are looked at."""
        self._noted = self._stamps()
        self._noted_at = time.monotonic()
        changed_at = 0
        for stamp in self._noted:
            if stamp is not None:
                changed_at = max(changed_at, stamp[-1])
        age = time.time_ns() - changed_at
        self._is_settled = abs(age) > _TICK_NS

    def have_changed(self) -> bool:
        """Whether to look again."""
        if not self._is_settled:
            waited = time.monotonic() - self._noted_at
            if waited > _MOMENT_SECONDS:
                return True
        return self._stamps() != self._noted

    def _stamps(self) -> list[Stamp | None]:
        return list(map(_stamp, self._paths))


def _stamp(path: str) -> Stamp | None:
    try:
        facts = os.stat(path)
    except OSError:
        return None
    return stamp_of(facts)
