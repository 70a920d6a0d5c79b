"""All that this program left in a clone: refs, files in the git directory, settings of the clone. And taking it out."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from git_muse_coord.model.errors import StoreFailed
from git_muse_coord.model.names import ARCHIVE, NOTES
from git_muse_coord.model.records import REF_PREFIX
from git_muse_coord.rules.setting_names import SECTION
from git_muse_coord.store.git.process import fields_of
from git_muse_coord.store.git.refs import (
    ATTEMPTS,
    Refs,
    deletions,
    pause,
)
from git_muse_coord.store.git.repository import DIRECTORY, Repository

_OURS = (REF_PREFIX.rstrip("/"), "refs/muse-*/**", NOTES)
_WORKTREE_SETTINGS = "config.worktree"


class Traces(NamedTuple):
    """What refs of ours hold: how many records, and whether there is an archive and there are notes."""

    records: int
    archive: bool
    notes: bool

    @classmethod
    def among(cls, refs: Mapping[str, str]) -> Traces:
        """What some refs of ours hold."""
        records = [ref for ref in refs if ref.startswith(REF_PREFIX)]
        return cls(len(records), ARCHIVE in refs, NOTES in refs)


def delete_refs(refs: Refs) -> Traces:
    """Delete all refs of ours, also such as come meanwhile, and tell what they held. Raises StoreFailed."""
    gone: dict[str, str] = {}
    for attempt in range(ATTEMPTS):
        listed = refs.list(*_OURS)
        if not listed:
            return Traces.among(gone)
        # each as it was listed: what another process puts there meanwhile is met in the next round
        if refs.commit(deletions(listed)):
            gone.update(listed)
        else:
            pause(attempt)
    raise StoreFailed("others keep writing records here", "end them, then try again")


def forget_settings(repository: Repository) -> list[str]:
    """Take our sections out of the settings of the clone and of its worktrees, and tell what was set."""
    forgotten: list[str] = []
    sources = [["--local"]]
    for git_dir in _git_dirs(repository):
        path = os.path.join(git_dir, _WORKTREE_SETTINGS)
        if os.path.exists(path):
            sources.append(["--file", path])
    git = repository.git
    for source in sources:
        told = git.ask(
            "config",
            *source,
            "--null",
            "--name-only",
            "--list",
        )
        names = [name for name in fields_of(told.out) if name.startswith(f"{SECTION}.")]
        # Subsections, one for each remote, are sections to git.
        sections = dict.fromkeys(name.rpartition(".")[0] for name in names)
        for section in sections:
            git.run_apart("config", *source, "--remove-section", section)
        forgotten += names
    return forgotten


def delete_files(repository: Repository) -> bool:
    """Delete our files in the git directory, and in those of the worktrees. False: there were none.

    Raises StoreFailed.
    """
    is_done = False
    for git_dir in _git_dirs(repository):
        path = os.path.join(git_dir, DIRECTORY)
        try:
            shutil.rmtree(path)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise StoreFailed(f"{path} cannot be deleted: {error.strerror}") from None
        is_done = True
    return is_done


def _git_dirs(repository: Repository) -> Iterator[str]:
    """The git directory of the clone, and those of its linked worktrees in it."""
    yield repository.common_dir
    home = os.path.join(repository.common_dir, "worktrees")
    with contextlib.suppress(FileNotFoundError):
        for name in os.listdir(home):
            yield os.path.join(home, name)
