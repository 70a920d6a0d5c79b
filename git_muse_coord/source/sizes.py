"""How many symbols each file of a tree has, and which of the files are meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from git_muse_coord.model.address import Address
from git_muse_coord.model.errors import BadInput
from git_muse_coord.source.by_path import file_ids
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.tree_files import TreeFiles
from git_muse_coord.store.git.trees import Version
from git_muse_coord.symbols.counts import COUNTS, Counted
from git_muse_coord.symbols.languages import DOCUMENTS

_QUOTED = 100
"""Characters of what somebody typed that a complaint repeats, at most."""


def count_symbols(sources: Sources, revision: str | None) -> list[Counted]:
    """All files of a commit, or the tracked ones of the working tree, by path. Raises BadInput."""
    trees = TreeFiles(sources.repository)
    if revision is None:
        versions = trees.tracked()
    else:
        versions = trees.at(revision)
    hashed = sources.contents.hashed(versions)
    files: dict[str, Version] = {}
    for path, version in hashed.items():
        if version.is_file and version.oid:
            files[path] = version
    # The cache gives a number without the symbols, which would take far longer to decode.
    counts = sources.cache_of(COUNTS)
    cached = counts.get(file_ids(files))
    counted = list(cached.values())
    for path, _ in cached:
        del files[path]
    # What is left the cache does not know.
    for file in sources.read(files):
        count = len(file.symbols)
        count_of_file = Counted(file.path, file.language, count)
        counted.append(count_of_file)
    return sorted(counted)


def choose_files(
    files: Iterable[Counted],
    languages: Collection[str] = (),
    places: Collection[Address] = (),
) -> list[Counted]:
    """The files in some languages, or with code, at some addresses. Raises BadInput where there are none."""
    near: list[Counted] = []
    languages_there: set[str] = set()
    for file in files:
        if not _is_at(file, places):
            continue
        near.append(file)
        if file.language:
            languages_there.add(file.language)
    _check_languages(languages, languages_there)
    wanted = set(languages)
    if not wanted:  # agents divide code among them; prose and settings only where they are named
        wanted = languages_there - DOCUMENTS
    chosen = [file for file in near if file.language in wanted]
    if not chosen:
        raise BadInput(
            "no tracked file holds code there",
            "git muse-coord symbols lists what is read; see --language",
        )
    return chosen


def _is_at(file: Counted, places: Collection[Address]) -> bool:
    if not places:
        return True
    address = Address(file.path)
    for place in places:
        if place.covers(address):
            return True
    return False


def _check_languages(languages: Collection[str], there: set[str]) -> None:
    absent = sorted(set(languages) - there)
    if not absent:
        return
    quoted = absent[0][:_QUOTED]
    hint = "no source is tracked there"
    if there:
        names = ", ".join(sorted(there))
        hint = f"there is {names}"
    raise BadInput(f"no file is in the language {quoted!r}", hint)
