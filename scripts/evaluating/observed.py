"""What is kept of each merge of a project, so that it is made again once and judged as often as one likes."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from merging import File, Merge, Remerged, remerged, say

from git_muse_coord.store.git import commits
from git_muse_coord.store.git.process import input_lines
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.symbols.cache import SourceCache
from git_muse_coord.symbols.kinds import SYMBOLS

VERSION = 1
"""Of what is kept: raised when it is something else."""


class Sides(NamedTuple):
    """Two sides as they were at one time: the paths of each, the files of both, and the paths that conflict."""

    paths: tuple[frozenset[str], frozenset[str]]
    files: list[File]
    conflicts: frozenset[str]
    clean: bool

    @property
    def share_a_file(self) -> bool:
        """Whether there is a path that both changed."""
        return bool(self.files) or not self.paths[0].isdisjoint(self.paths[1])


class Observed(NamedTuple):
    """A merge, when it was made, and its two sides at the end and after half of their commits.

    ``commits`` are their numbers, along the first parents. ``half`` is None where one had not begun
    by then.
    """

    merge: Merge
    when: int
    whole: Sides
    half: Sides | None
    commits: tuple[int, int]
    moves: list[tuple[str, str]]


def observed(
    path: Path,
    sample: str,
    choose: Callable[[Repository], list[Merge]],
    kept_in: Path | None,
) -> list[Observed]:
    """The merges of a project, oldest first; from where they are kept if this sample was made again before."""
    title = title_of(path)
    if kept_in is None:
        return list(_made_again(path, title, choose, None))
    kept = kept_in / f"{title}-{sample}-{VERSION}.pickle"
    if not kept.exists():
        made = list(_made_again(path, title, choose, kept_in))
        kept_in.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_suffix(".part")
        unfinished.write_bytes(pickle.dumps(made))
        unfinished.replace(kept)
    return pickle.loads(kept.read_bytes())  # noqa: S301 - what this script wrote itself


def title_of(path: Path) -> str:
    """A project by the name of its directory, or of the one around it where that is a bare repository."""
    full = path.resolve()
    return full.parent.name if full.name in ("repo", ".git") else full.name


def _made_again(
    path: Path,
    title: str,
    choose: Callable[[Repository], list[Merge]],
    kept_in: Path | None,
) -> Iterator[Observed]:
    repository = Repository(str(path), stays=True)
    merges = choose(repository)
    say(f"{title}: {len(merges):,} merges")
    when = _times(repository, merges)
    merges.sort(key=lambda merge: when[merge.commit])
    numbers, halves = _halves(repository, merges)
    with tempfile.TemporaryDirectory() as temporary:
        cache = SourceCache(SYMBOLS, (kept_in or Path(temporary)) / f"{title}.sqlite3")
        early: dict[str, Sides] = {}
        for one in remerged(repository, list(halves.values()), cache):
            if not one.merged.problem:
                early[one.merge.commit] = _sides(one)
        for one in remerged(repository, merges, cache):
            commit = one.merge.commit
            if one.merged.problem:  # which tells nothing of what people did
                continue
            yield Observed(
                one.merge, when[commit], _sides(one), early.get(commit), numbers[commit], one.moves
            )
        cache.close()


def _sides(one: Remerged) -> Sides:
    ours, theirs = one.paths
    conflicts = frozenset(file.path for file in one.merged.conflicts)
    return Sides((frozenset(ours), frozenset(theirs)), one.files, conflicts, one.merged.is_clean)


def _times(repository: Repository, merges: Iterable[Merge]) -> dict[str, int]:
    """When each merge was committed."""
    asked = input_lines(merge.commit for merge in merges)
    rows = repository.git.run(
        "rev-list", "--no-walk=unsorted", "--timestamp", "--stdin", given=asked
    )
    times: dict[str, int] = {}
    for row in rows.decode().splitlines():
        time, commit = row.split()
        times[commit] = int(time)
    return times


def _halves(
    repository: Repository, merges: Sequence[Merge]
) -> tuple[dict[str, tuple[int, int]], dict[str, Merge]]:
    """How many commits each side has, and the merges of their first halves; of an odd number the smaller half.

    A side of a single commit is there with it: what of a commit was there before it was made, nobody knows.
    """
    numbers: dict[str, tuple[int, int]] = {}
    halves: dict[str, Merge] = {}
    for merge in merges:
        ours = _chain(repository, merge.base, merge.ours)
        theirs = _chain(repository, merge.base, merge.theirs)
        numbers[merge.commit] = len(ours), len(theirs)
        if not ours or not theirs:
            continue
        our_half = ours[max(1, len(ours) // 2) - 1]
        their_half = theirs[max(1, len(theirs) // 2) - 1]
        bases = commits.bases(repository.git, our_half, their_half)
        if bases and bases[0] not in (our_half, their_half):
            halves[merge.commit] = Merge(merge.commit, our_half, their_half, bases[0])
    return numbers, halves


def _chain(repository: Repository, base: str, side: str) -> list[str]:
    """The commits of a side, oldest first, along first parents."""
    output = repository.git.run("rev-list", "--first-parent", "--reverse", side, f"^{base}")
    return output.decode().split()
