"""What a push brings to a remote, as far as this clone knows it: nothing here asks the remote."""

from __future__ import annotations

from collections.abc import Iterator

from git_muse_coord.store.git.process import Git, input_lines

_HEADS = "refs/heads/"
_MOST = 4
"""Criss-cross merges can have many bases; so many are compared."""


def ranges(git: Git, remote: str, told: str) -> Iterator[list[str]]:
    """For each branch that is pushed, the ranges from what the remote has already; ``told`` is git's own list.

    There are several where branches that the remote has were merged in: a change is new to it only
    when every range shows it. A remote of which nothing is known yet, such as a new fork, is taken
    to have what the others have; where nothing is known of any, there is nothing to compare with,
    and so no range.
    """
    for line in told.split("\n"):  # a name may hold what else ends a line for Python
        words = line.split(" ")
        if len(words) != 4 or not words[2].startswith(_HEADS) or not words[1].strip("0"):
            continue  # a deletion, a tag, or records of ours
        local, there = words[1], words[3]
        bases = _bases(git, local, _known(git, remote, there))
        if bases and bases != [local]:
            yield [f"{base}..{local}" for base in bases[:_MOST]]


def _known(git: Git, remote: str, there: str) -> list[str]:
    """The commits that the remote has, as far as they are here: its branch itself, and what we last saw of others."""
    wanted = [there] if there.strip("0") else []
    wanted += _seen(git, f"{remote}/") if remote else []
    wanted = wanted or _seen(git, "")
    checked = git.ask(
        "cat-file", "--batch-check", given=input_lines(dict.fromkeys(wanted))
    ).out.decode()
    rows = (row.split(" ") for row in checked.splitlines())
    return [row[0] for row in rows if len(row) == 3 and row[1] == "commit"]


def _seen(git: Git, whose: str) -> list[str]:
    return (
        git.ask("for-each-ref", "--format=%(objectname)", f"refs/remotes/{whose}")
        .out.decode()
        .split()
    )


def _bases(git: Git, local: str, known: list[str]) -> list[str]:
    if not known:
        return []
    return git.ask("merge-base", "--all", local, *known).out.decode().split()
