"""How many symbols each file of a tree has, and which of the files are meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from git_muse_coord.model.address import Address
from git_muse_coord.model.errors import BadInput
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.trees import Trees, Version
from git_muse_coord.symbols.counts import COUNTS, Counted
from git_muse_coord.symbols.languages import DOCUMENTS

_QUOTED = 100
"""Characters of what somebody typed that a complaint repeats, at most."""


def count_symbols(sources: Sources, revision: str | None) -> list[Counted]:
    """All files of a commit, or the tracked ones of the working tree, by path. Raises BadInput."""
    trees = Trees(sources.repository)
    versions = trees.tracked() if revision is None else trees.at(revision)
    files: dict[str, Version] = {}
    for path, version in sources.contents.hashed(versions).items():
        if version.is_file and version.oid:
            files[path] = version
    # The cache gives a number without the symbols, which would take far longer to decode.
    pairs = [(path, version.oid) for path, version in files.items()]
    cached = sources.cache_of(COUNTS).get(pairs)
    unread = {pair[0]: files[pair[0]] for pair in pairs if pair not in cached}
    counted = list(cached.values())
    for file in sources.read(unread):
        counted.append(Counted(file.path, file.language, len(file.symbols)))
    return sorted(counted)


def choose_files(
    files: Iterable[Counted],
    languages: Collection[str] = (),
    places: Collection[Address] = (),
) -> list[Counted]:
    """The files in some languages, or with code, at some addresses. Raises BadInput where there are none."""
    near = [file for file in files if _is_at(file, places)]
    languages_there = {file.language for file in near if file.language}
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
    return any(place.covers(address) for place in places)


def _check_languages(languages: Collection[str], there: set[str]) -> None:
    absent = sorted(set(languages) - there)
    if not absent:
        return
    hint = f"there is {', '.join(sorted(there))}" if there else "no source is tracked there"
    raise BadInput(f"no file is in the language {absent[0][:_QUOTED]!r}", hint)
