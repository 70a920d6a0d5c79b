"""What a push brings to a remote, as far as this clone knows it: nothing here asks the remote."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.store.git.process import input_lines

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from git_muse_coord.store.git.process import Git

_HEADS = "refs/heads/"
_MOST = 4
"""Criss-cross merges can have many bases; at most so many are compared."""


class Pushed(NamedTuple):
    """A branch that is pushed: its name there, the commit, and the ranges from what the remote has already."""

    name: str
    tip: str
    spans: list[str]


def ranges(
    git: Git,
    arguments: Sequence[str],
    given: bytes,
) -> Iterator[Pushed]:
    """For each branch that is pushed, the ranges from what the remote has already.

    ``arguments`` and ``given`` (its stdin) are what git hands to its hook: a remote, and a list.

    There are several where branches that the remote has were merged in: a change is new to it only
    when every range shows it. A remote of which nothing is known yet, such as a new fork, is taken
    to have what the others have; where nothing is known of any, there is nothing to compare with,
    and so no range.
    """
    remote = arguments[0] if arguments else ""
    # Names of refs are bytes: what is no UTF-8 must reach git as it came.
    listed = given.decode("utf-8", "surrogateescape")
    for line in listed.split("\n"):  # a name may hold what else ends a line for Python
        words = line.split(" ")
        if len(words) != 4:
            continue
        _, local, ref_there, there = words
        if not ref_there.startswith(_HEADS) or _is_nought(local):
            continue  # a tag, or records of ours; a deletion
        known = _known(git, remote, there)
        bases = _bases(git, local, known)
        # what the remote has already is its own base
        if not bases or bases == [local]:
            continue
        name = ref_there.removeprefix(_HEADS)
        spans = [f"{base}..{local}" for base in bases[:_MOST]]
        yield Pushed(name, local, spans)


def _known(
    git: Git,
    remote: str,
    there: str,
) -> list[str]:
    """The commits that the remote has, as far as they are here: its branch itself, and what we last saw of others."""
    wanted: list[str] = []
    if not _is_nought(there):
        wanted.append(there)
    if remote:
        wanted += _seen(git, f"{remote}/")
    if not wanted:
        wanted = _seen(git, "")
    question = input_lines(dict.fromkeys(wanted))
    answer = git.ask("cat-file", "--batch-check", given=question)
    commits: list[str] = []
    for row in answer.out.decode().splitlines():
        # somebody may have pushed to it what was never fetched: then it is missing here
        facts = row.split(" ")
        if len(facts) != 3:
            continue
        oid, kind, _ = facts
        if kind == "commit":
            commits.append(oid)
    return commits


def _is_nought(oid: str) -> bool:
    """Whether it is the id by which git says that there is nothing."""
    return not oid.strip("0")


def _seen(git: Git, whose: str) -> list[str]:
    answer = git.ask("for-each-ref", "--format=%(objectname)", f"refs/remotes/{whose}")
    return answer.out.decode().split()


def _bases(
    git: Git,
    local: str,
    known: list[str],
) -> list[str]:
    if not known:
        return []
    answer = git.ask("merge-base", "--all", local, *known)
    return answer.out.decode().split()
