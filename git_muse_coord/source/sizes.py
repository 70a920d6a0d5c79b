"""How many symbols each file of a tree has, and which of the files are meant."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from git_muse_coord.model.address import Address
from git_muse_coord.model.errors import BadInput
from git_muse_coord.source.sources import Sources
from git_muse_coord.store.git.trees import Trees
from git_muse_coord.symbols.counts import COUNTS, Counted
from git_muse_coord.symbols.languages import DOCUMENTS


def count_symbols(sources: Sources, revision: str | None) -> list[Counted]:
    """All files of a commit, or the tracked ones of the working tree, by path. Raises BadInput."""
    trees = Trees(sources.repository)
    versions = sources.contents.hashed(trees.tracked() if revision is None else trees.at(revision))
    here = {path: one for path, one in versions.items() if one.is_file and one.oid}
    known = sources.known(COUNTS).get((path, one.oid) for path, one in here.items())
    unread = {path: one for path, one in here.items() if (path, one.oid) not in known}
    read = (Counted(one.path, one.language, len(one.symbols)) for one in sources.read(unread))
    return sorted([*known.values(), *read])


def choose_files(
    files: Iterable[Counted], languages: Collection[str] = (), places: Collection[Address] = ()
) -> list[Counted]:
    """The files in some languages, or with code, at some addresses. Raises BadInput where there are none."""
    near = [
        one
        for one in files
        if not places or any(place.covers(Address(one.path)) for place in places)
    ]
    there = sorted({one.language for one in near if one.language})
    if absent := sorted(set(languages).difference(there)):
        hint = f"there is {', '.join(there)}" if there else "no source is tracked there"
        raise BadInput(f"no file is in the language {absent[0][:100]!r}", hint)
    wanted = set(languages) or set(there) - DOCUMENTS
    if found := [one for one in near if one.language in wanted]:
        return found
    raise BadInput(
        "no tracked file holds code there",
        "git muse-coord symbols lists what is read; see --language",
    )
