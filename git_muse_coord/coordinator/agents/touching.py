"""What an edit touches: from whole texts before and after it to addresses, and to what is worth to be held."""

from __future__ import annotations

import os

from git_muse_coord.model.address import Address, is_exact
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_tools import MappingProxyType
from git_muse_coord.rules.touched import Touched
from git_muse_coord.store.git.paths import Paths
from git_muse_coord.store.git.process import fields_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.agents import Edit
    from git_muse_coord.source.changed import Differences
    from git_muse_coord.symbols.values import FileSymbols

MODIFY = "modify"
_OPERATIONS = {
    "deleted": "delete",
    "renamed": "rename",
    "moved": "move",
}
"""What a change of a symbol is called in a reservation, where it is more than a modification."""

_BREAKING = ("signature", *_OPERATIONS)
"""Changes after which a caller may have to change as well."""

Places = dict[Address, None]
"""Addresses in order, each once."""

if TYPE_CHECKING:
    # Both by the path from the root of the worktree.
    Texts = dict[str, bytes]
    Edits = Mapping[str, Edit]


class Touching(NamedTuple):
    """What some edits touch.

    ``addresses`` are what to hold, by operation; ``broken`` those whose callers may break;
    ``symbols`` the files as they were, or as they are made; ``edits`` the edits by path.
    """

    touched: list[Touched]
    addresses: dict[str, list[Address]]
    broken: list[Address]
    symbols: Mapping[str, FileSymbols]
    edits: Edits


def touching(
    session: Session,
    edits: Edits,
    oids_before: Mapping[str, str] = MappingProxyType({}),
) -> Touching:
    """What edits touch; ``oids_before`` are what some files held before, where edits say what they held earlier."""
    # Loading what reads source takes longer than all else here.
    from git_muse_coord.coordinator.touched_symbols import by_symbols
    from git_muse_coord.source.text_differences import differences_of_texts

    before = _texts_before(edits)
    after = _texts_after(edits)
    sources = session.sources()
    changed = differences_of_texts(sources, before, after, oids_before)
    touched = [*by_symbols(changed), *_gone(after, changed)]
    broken: list[Address] = []
    for change in changed.changes:
        # Others know a symbol by the address that it had.
        if change.change in _BREAKING:
            broken.append(change.from_address or change.address)
    return Touching(
        touched=touched,
        addresses=_to_hold(changed, before, after),
        broken=broken,
        symbols={**changed.after, **changed.before},
        edits=edits,
    )


def _texts_before(edits: Edits) -> Texts:
    """Without the files that are made."""
    texts: Texts = {}
    for path, edit in edits.items():
        if edit.before is not None:
            texts[path] = edit.before
    return texts


def _texts_after(edits: Edits) -> Texts:
    """Without the files that are deleted."""
    texts: Texts = {}
    for path, edit in edits.items():
        if edit.after is not None:
            texts[path] = edit.after
    return texts


def edits_in_tree(session: Session, edits: Iterable[Edit]) -> dict[str, Edit]:
    """Those of some edits that change a file of this worktree that git does not ignore, by path."""
    by_path: dict[str, Edit] = {}
    for edit in edits:
        path = path_in_tree(session, edit.path)
        if path is not None and edit.before != edit.after:
            by_path[path] = edit
    if not by_path:
        return {}
    # Git says it of files alone that it does not track.
    for path in _ignored(session, list(by_path)):
        del by_path[path]
    return by_path


def _ignored(session: Session, paths: list[str]) -> list[str]:
    listed = "\0".join(paths)
    top = session.repository.top or "."
    answer = session.repository.git.ask(
        "-C",
        top,
        "check-ignore",
        "-z",
        "--stdin",
        given=os.fsencode(listed),
    )
    return fields_of(answer.out)


def path_in_tree(session: Session, absolute: str) -> str | None:
    """A path from the root of the worktree; None for what lies elsewhere, in git's own folder or another worktree."""
    top = session.repository.top
    if top is None:
        return None
    # The folder of a file that is yet to be made is there, or made with it.
    real_path = os.path.realpath(absolute)
    real_top = os.path.realpath(top)
    path = os.path.relpath(real_path, real_top)
    path = path.replace(os.sep, "/")
    steps = path.split("/")
    if steps[0] in ("..", ".") or ".git" in steps:
        return None
    if Paths(session.repository).nested(path) is not None:
        return None
    # There are names of files that no address can be written for.
    if not is_exact(Address(path)):
        return None
    return path


def _gone(after: Texts, changed: Differences) -> Iterator[Touched]:
    """Files that are deleted: met as wholes, where no symbol of theirs is."""
    for path in changed.before:
        if path not in after:
            place = Address(path)
            yield Touched(place, inside=True, fallback=True)


def _to_hold(
    changed: Differences,
    before: Texts,
    after: Texts,
) -> dict[str, list[Address]]:
    by_operation: dict[str, Places] = {}
    for change in changed.changes:
        if change.is_formatting:
            continue
        operation = _OPERATIONS.get(change.change, MODIFY)
        places = by_operation.setdefault(operation, {})
        for place in (change.address, change.from_address):
            if place is None:
                continue
            # A file that is made or goes is held as a whole: nobody else can have a part of it.
            stays = place.path in before and place.path in after
            if not stays:
                place = Address(place.path)
            places[place] = None
    modified = by_operation.setdefault(MODIFY, {})
    modified.update(_unread(changed))
    to_hold: dict[str, list[Address]] = {}
    for operation, places in by_operation.items():
        exact = filter(is_exact, places)
        to_hold[operation] = sorted(exact, key=str)
    return to_hold


def _unread(changed: Differences) -> Places:
    """The files in which no change was read, and not all could be: it may be anywhere in them."""
    read = {change.address.path for change in changed.changes}
    places: Places = {}
    for side in (changed.before, changed.after):
        for path, file in side.items():
            if file.unread and path not in read:
                places[Address(path)] = None
    return places
