"""The files without code in which merges of this project conflict time and again: nobody announces those."""

from __future__ import annotations

from collections.abc import Iterable

from git_muse_coord.model.spelling import fold
from git_muse_coord.rules.hot_files import SEEN_LEAST, HotFile
from git_muse_coord.source.merging.merge_memory import MergeMemory
from git_muse_coord.source.merging.project_record import files_in_conflict
from git_muse_coord.symbols.extract import is_generated
from git_muse_coord.symbols.languages import DOCUMENTS, extension_of, language_by_name


def frequent_conflicts(memory: MergeMemory, tracked: Iterable[str]) -> list[HotFile]:
    """The tracked files that merges conflicted in most often, without those of code."""
    in_conflict = files_in_conflict(memory, SEEN_LEAST)
    if not in_conflict:
        return []
    merges = memory.learnt().merges
    hot: list[HotFile] = []
    for path in tracked:
        # They are counted under one spelling, and told as they are written here.
        tally = in_conflict.get(fold(path))
        if tally is not None and not _is_code(path):
            hot.append(HotFile(path, tally, merges))
    return hot


def _is_code(path: str) -> bool:
    """Whether there are symbols in a file that somebody would announce."""
    if is_generated(path):
        return False
    name = path.rpartition("/")[2]
    language = language_by_name(name, extension_of(name))
    return bool(language) and language not in DOCUMENTS
