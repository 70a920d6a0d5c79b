"""From a merge to what a forecast would have seen of it: who announced how much of what each side did in the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from merging import File

from evaluating.observed import Observed, Sides
from git_muse_coord.model.address import Key
from git_muse_coord.rules.evidence import Touch, meetings
from git_muse_coord.rules.merge_record import FileMerge, MetFile, came_true, counted_at, met_in

_DATA = ("heading", "key", "file")
"""Kinds of what is no symbol of code."""


class Place(NamedTuple):
    """Where two sides meet: the kinds of evidence that this is, its key, and whether git conflicts there.

    ``share`` is how much of it our side had changed when all its commits were there; None where that
    cannot be said, as of something new. ``alike`` says that both did the very same there.
    """

    kinds: tuple[str, ...]
    key: Key
    conflicted: bool
    share: float | None
    alike: bool


class Case(NamedTuple):
    """A merge as one kind of forecast sees it, and whether git conflicts in it."""

    conflicted: bool
    shares_a_file: bool
    places: list[Place]
    conflicts_now: bool = False


Announced = Callable[[Touch], bool]
"""Whether somebody would have announced a touch."""


def everything(touch: Touch) -> bool:
    """Whatever is touched."""
    return bool(touch.address.path)


def code(touch: Touch) -> bool:
    """Symbols of code, imports and top-level code among them: no headings, keys or whole files."""
    return bool(touch.address.segments) and touch.kind not in _DATA


def existing(touch: Touch) -> bool:
    """Symbols of code that were there before."""
    return code(touch) and touch.verb != "add"


def foreseen(touch: Touch) -> Touch:
    """As ``forecast`` sees it before it is done: of something new neither how long it will be nor between what."""
    if touch.verb == "add":
        return touch._replace(kind="", lines=0, gap=None)
    return touch


def finished(one: Observed) -> Case:
    """Both sides are done, and what they did is known to the line."""
    return _case(one, (_file(file, everything, _as_it_is) for file in one.whole.files))


def announced(one: Observed, chosen: Announced = everything) -> Case:
    """Both sides had announced what they touched in the end, as far as somebody would."""
    return _case(one, (_file(file, chosen, foreseen) for file in one.whole.files))


def half_done(one: Observed, chosen: Announced = code) -> Case:
    """As ``announced``; and half of the commits of each side are there, with all that they touch."""
    early = one.half or Sides((frozenset(), frozenset()), [], frozenset(), clean=True)
    done = {file.path: file for file in early.files}
    files: list[File] = []
    for file in one.whole.files:
        foreseen_of_it = _file(file, chosen, foreseen)
        seen = done.get(file.path)
        if seen is not None:
            ours = list(dict.fromkeys((*seen.ours, *foreseen_of_it.ours)))
            theirs = list(dict.fromkeys((*seen.theirs, *foreseen_of_it.theirs)))
            foreseen_of_it = foreseen_of_it._replace(ours=ours, theirs=theirs)
        files.append(foreseen_of_it)
    return _case(one, files)._replace(conflicts_now=not early.clean)


def counted_files(one: Observed) -> list[MetFile]:
    """What goes into the record of the project once the merge is over."""
    return [met_in(file_merge(file, file.alike)) for file in one.whole.files]


def _as_it_is(touch: Touch) -> Touch:
    return touch


def _file(file: File, chosen: Announced, seen_as: Callable[[Touch], Touch]) -> File:
    ours = [seen_as(touch) for touch in file.ours if chosen(touch)]
    theirs = [seen_as(touch) for touch in file.theirs if chosen(touch)]
    return file._replace(ours=ours, theirs=theirs)


def _case(one: Observed, files: Iterable[File]) -> Case:
    places = [place for file in files for place in _places(file)]
    return Case(not one.whole.clean, one.whole.share_a_file, places)


def _places(file: File) -> Iterator[Place]:
    past = file_merge(file, set())
    touched = [*file.ours, *file.theirs]
    for pair in meetings(file.ours, file.theirs):
        key = pair.ours.address.key
        yield Place(
            pair.keys,
            counted_at(pair),
            came_true(pair, past, touched),
            file.shares[0].get(key),
            key in file.alike or pair.theirs.address.key in file.alike,
        )


def file_merge(file: File, alike: set[Key]) -> FileMerge:
    hit = None if file.hit is None else frozenset(file.hit)
    ours, theirs = tuple(file.ours), tuple(file.theirs)
    return FileMerge(file.path, ours, theirs, file.conflicts, hit, frozenset(alike))
