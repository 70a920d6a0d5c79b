"""What is to be learned from a merge for the table: of each kind of evidence, how often git conflicts in that place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from merging import File

from evaluating.cases import Case, file_merge
from evaluating.observed import Observed, Sides
from evaluating.tables import Lessons
from git_muse_coord.model.address import Address, directories
from git_muse_coord.rules.evidence import Evidence, Meeting, Touch, meetings
from git_muse_coord.rules.merge_record import came_true, is_hit

UNFINISHED = "unfinished"
"""Under what it counts how often branches that conflict at half their commits do so at the end."""


class Sample(NamedTuple):
    """Two touches that met, and whether git conflicts there."""

    meeting: Meeting
    came_true: bool


def lessons(one: Observed, foreseen: Case) -> Lessons:
    """All that a merge teaches; ``foreseen`` is how it looked before it was known where something new would stand."""
    taught: Lessons = defaultdict(list)
    samples = [sample for file in one.whole.files for sample in _in_file(file)]
    for sample in (*samples, *_in_directories(one.whole)):
        for kind in sample.meeting.keys:
            taught[kind].append(sample.came_true)
    for place in foreseen.places:
        if place.kinds[0] == Evidence.SOMEWHERE and not place.alike:
            for kind in place.kinds:
                taught[kind].append(place.conflicted)
    if one.half is not None and not one.half.clean:
        taught[UNFINISHED].append(not one.whole.clean)
    return taught


def _in_file(file: File) -> Iterator[Sample]:
    """Every pair of related touches; and what it would have been to hold a container of them as a whole."""
    ours = [touch for touch in file.ours if touch.address.key not in file.alike]
    theirs = [touch for touch in file.theirs if touch.address.key not in file.alike]
    past = file_merge(file, file.alike)
    for pair in meetings(ours, theirs):
        yield Sample(pair, came_true(pair, past, [*ours, *theirs]))
    if ours and theirs:
        whole = Touch(Address(file.path))
        yield Sample(Meeting(whole, whole, Evidence.FILE), file.conflicts)
        for holder, other in ((ours, theirs), (theirs, ours)):
            yield from _held_as_wholes(file, holder, other)


def _held_as_wholes(
    file: File, holder: Sequence[Touch], other: Iterable[Touch]
) -> Iterator[Sample]:
    """One side holds the file, or a class, in which it touches something; the other touches a symbol inside."""
    past = file_merge(file, file.alike)
    for touch in other:
        if not touch.address.segments:
            continue
        hit = is_hit(past, [touch])
        yield Sample(Meeting(Touch(Address(file.path)), touch, Evidence.IN_FILE), hit)
        for depth in range(1, len(touch.address.segments)):
            around = touch.address._replace(segments=touch.address.segments[:depth])
            if any(around.covers(each.address) for each in holder):
                yield Sample(Meeting(Touch(around), touch, Evidence.AROUND), hit)


def _in_directories(sides: Sides) -> Iterator[Sample]:
    """One or both sides hold a directory in which they touch something."""
    conflicts = sides.conflicts | {file.path for file in sides.files if file.conflicts}
    homes = [
        {place for path in paths for place in directories(path)[1:][-1:]} for paths in sides.paths
    ]
    for place in homes[0] & homes[1]:
        touch = Touch(Address(place))
        hit = any(path.startswith(place) for path in conflicts)
        yield Sample(Meeting(touch, touch, Evidence.DIRECTORY), hit)
    for holder, paths in ((homes[0], sides.paths[1]), (homes[1], sides.paths[0])):
        for path in paths:
            for place in [place for place in directories(path)[1:] if place in holder][-1:]:
                inside = Meeting(Touch(Address(place)), Touch(Address(path)), Evidence.IN_DIRECTORY)
                yield Sample(inside, path in conflicts)
