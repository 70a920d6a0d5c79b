"""Which lines of work come together where a hook is called: merges, rebases and picks, as git tells of each.

What they are called is for people: a branch where one is known, else the first digits of a commit.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.wording import short_id
from git_muse_coord.source.merging.join import Join, JoinedLine
from git_muse_coord.store.git import commits
from git_muse_coord.store.git.process import input_lines
from git_muse_coord.store.hooks.rewritten import rewritten

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from git_muse_coord.store.git.process import Git
    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.store.hooks.pushed_ranges import Pushed

_PUSHED_MOST = 10
"""Merges of one push that are looked at, the newest."""

Tip = tuple[str, str]
"""What people call a commit, and its id."""


def joins_in_index(repository: Repository, merging: Mapping[str, str]) -> Iterator[Join]:
    """The merge that is about to be committed, also with ``--squash``; ``merging`` names the commits if git does."""
    head = repository.head()
    if head.commit is None:
        return
    parents = list(merging) or commits.merging(repository) or commits.squashed(repository)
    our_name = head.branch or short_id(head.commit)
    tips: list[Tip] = [(our_name, head.commit)]
    for parent in parents:
        name = merging.get(parent) or _name_of(repository.git, parent)
        tips.append((name, parent))
    for number, ours in enumerate(tips):
        # Of a merge of several each two come together.
        for theirs in tips[number + 1 :]:
            yield from _join(repository.git, ours, theirs, commit=None)


def joins_of_pick(repository: Repository) -> Iterator[Join]:
    """The commit that was just picked onto this branch: its own work, and what it had not seen of the branch."""
    picked = commits.picked(repository)
    head = repository.head()
    if picked is None or head.commit is None:
        return
    git = repository.git
    below = commits.parents(git, head.commit)
    parents = commits.parents(git, picked)
    if len(below) != 1 or len(parents) != 1:
        return
    # A merge that is picked says by -m which of its parents counts, and no hook hears of that.
    (tip_before,) = below
    ours = (head.branch or short_id(tip_before), tip_before)
    theirs = (short_id(picked), picked)
    for join in _join(git, ours, theirs, head.commit):
        picked_alone = join.theirs._replace(base=parents[0])
        yield join._replace(theirs=picked_alone)


def joins_of_rebase(repository: Repository, given: bytes) -> Iterator[Join]:
    """The branch that was rebased, as it was, and what it stands upon now.

    ``given`` are git's pairs of old and new. The pre-commit framework keeps them to itself; then
    what the branch was is where git keeps that, and what is new are the replayed commits, too.
    """
    head = repository.head()
    if head.commit is None:
        return
    git = repository.git
    # Without the list, all that came to be by the rebase stands for what it went upon.
    upstream: str | None = head.commit
    before = git.line_or_none("rev-parse", "-q", "--verify", "ORIG_HEAD^{commit}")
    pairs = rewritten(given)
    if pairs:
        _, first_new = pairs[0]
        before, _ = pairs[-1]
        replayed = {new for _, new in pairs}
        upstream = _below(git, replayed, first_new)
    if upstream is None or before is None:
        return
    ours = (_name_of(git, upstream), upstream)
    theirs = (head.branch or short_id(before), before)
    yield from _join(git, ours, theirs, head.commit)


def joins_of_push(git: Git, pushed: Pushed) -> Iterator[Join]:
    """The merges among the commits that are pushed, as they stand in the last of these."""
    # all that is reachable from what is pushed, but not from what is known there
    reachable = [pushed.tip]
    for span in pushed.spans:
        base, _, _ = span.partition("..")
        reachable.append(f"^{base}")
    rows = git.run(
        "rev-list",
        "--parents",
        "--min-parents=2",
        "--max-parents=2",
        f"--max-count={_PUSHED_MOST}",
        "--stdin",
        given=input_lines(reachable),
    )
    for row in rows.decode().splitlines():
        _, our_tip, their_tip = row.split()
        ours = (short_id(our_tip), our_tip)
        theirs = (short_id(their_tip), their_tip)
        yield from _join(git, ours, theirs, pushed.tip)


def join_with_default(
    git: Git,
    remote: str,
    pushed: Pushed,
) -> Iterator[Join]:
    """What is pushed to a branch of a remote, and the one there that all work goes onto, as it was last seen."""
    from git_muse_coord.store.git.branches import Branches  # which pushes alone ask for

    # As it was last seen: hooks never ask a remote.
    default = Branches(git, remote).shared_default()
    if default is None or default.name == f"{remote}/{pushed.name}":
        return
    ours = (default.name, default.commit)
    theirs = (pushed.name, pushed.tip)
    for join in _join(git, ours, theirs, commit=None):
        yield join._replace(is_made=False)


def _join(
    git: Git,
    ours: Tip,
    theirs: Tip,
    commit: str | None,
) -> Iterator[Join]:
    """Two lines of work, since they parted; nothing where one holds the other."""
    our_name, our_tip = ours
    their_name, their_tip = theirs
    bases = commits.bases(git, our_tip, their_tip)
    if not bases:
        return
    base = bases[0]
    if base in (our_tip, their_tip):
        return
    # Each use is told with the name of its side.
    if their_name == our_name:
        their_name = short_id(their_tip)
    yield Join(
        JoinedLine(our_name, base, our_tip),
        JoinedLine(their_name, base, their_tip),
        commit,
    )


def _below(
    git: Git,
    replayed: Collection[str],
    commit: str,
) -> str | None:
    """The first commit below one that is none of some; None where that has no parent."""
    below = commit
    while below in replayed:
        parents = commits.parents(git, below)
        if not parents:
            return None
        below = parents[0]
    return below


def _name_of(git: Git, commit: str) -> str:
    """A branch that stands at a commit, else the commit."""
    answer = git.ask(
        "for-each-ref",
        "--count=1",
        f"--points-at={commit}",
        "--format=%(refname:short)",
        "refs/heads/",
        "refs/remotes/",
    )
    name = answer.out.decode("utf-8", "surrogateescape").strip()
    return name or short_id(commit)
