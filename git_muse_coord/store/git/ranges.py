"""What a range of commits is called, such as ``A..B``, and the two ends that git compares for it."""

from __future__ import annotations

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git.commits import UNRELATED

if TYPE_CHECKING:
    from collections.abc import Iterable

    from git_muse_coord.store.git.process import Git


_HEAD = "HEAD"
_ALONE = "^!"
"""What stands behind a commit of which only its own changes are meant."""


def ends_of(git: Git, revisions: str) -> tuple[str, str]:
    """The commits or trees to compare, the older first. Raises BadInput for what names no commits.

    ``A..B`` goes from A to B; ``A...B``, or ``A`` for ``A...HEAD``, from where they parted; ``A^!`` is
    what the commit A itself changes.
    """
    if "..." in revisions:
        old, _, new = revisions.partition("...")
        return _since_they_parted(git, old or _HEAD, new or _HEAD, revisions)
    if ".." in revisions:
        old, _, new = revisions.partition("..")
        old_tree = _named(git, f"{old or _HEAD}^{{tree}}", revisions)
        new_tree = _named(git, f"{new or _HEAD}^{{tree}}", revisions)
        return old_tree, new_tree
    if revisions.endswith(_ALONE):
        revision = revisions.removesuffix(_ALONE)
        commit = _named(git, f"{revision}^{{commit}}", revisions)
        parent = resolved(git, f"{commit}^1^{{tree}}")
        # the first commit has none
        if parent is None:
            parent = empty_tree(git)
        return parent, commit
    return _since_they_parted(git, revisions or _HEAD, _HEAD, revisions)


def commits_of(
    git: Git,
    revisions: str,
    most: int,
) -> list[str]:
    """The newest commits of a range that ``ends_of`` has read, at most so many; none where its ends are trees."""
    if revisions.endswith(_ALONE):
        revision = revisions.removesuffix(_ALONE)
        commit = resolved(git, f"{revision}^{{commit}}")
        return [commit] if commit else []
    old, _, new = revisions.partition("..")
    new = new.removeprefix(".")
    old_commit = resolved(git, f"{old or _HEAD}^{{commit}}")
    new_commit = resolved(git, f"{new or _HEAD}^{{commit}}")
    if not old_commit or not new_commit:
        return []
    answer = git.ask("rev-list", f"--max-count={most}", new_commit, f"^{old_commit}", "--")
    return answer.words


def commits_of_all(
    git: Git,
    ranges: Iterable[str],
    most: int,
) -> list[str]:
    """The newest commits of some ranges, at most so many of each; those of one push mostly share what is new."""
    commits: dict[str, None] = {}
    for revisions in ranges:
        commits.update(dict.fromkeys(commits_of(git, revisions, most)))
    return list(commits)


def resolved(git: Git, revision: str) -> str | None:
    """The id of what a text names; None where it names nothing."""
    # git would take -x for an option and ^x for an exclusion; no argument can hold a null byte
    is_option = revision.startswith(("-", "^"))
    if is_option or "\0" in revision:
        return None
    return git.line_or_none("rev-parse", "-q", "--verify", revision)


def empty_tree(git: Git) -> str:
    """The id of a tree with nothing in it."""
    return git.line("hash-object", "-t", "tree", "--stdin")


def _since_they_parted(
    git: Git,
    old: str,
    new: str,
    revisions: str,
) -> tuple[str, str]:
    """The merge base of two commits, and the newer of them."""
    old_commit = _named(git, f"{old}^{{commit}}", revisions)
    new_commit = _named(git, f"{new}^{{commit}}", revisions)
    answer = git.ask("merge-base", old_commit, new_commit)
    if answer.code:
        raise BadInput(
            f"the two ends of {revisions!r} {UNRELATED}",
            "compare them as they are: A..B",
        )
    (base,) = answer.words
    return base, new_commit


def _named(
    git: Git,
    revision: str,
    revisions: str,
) -> str:
    """The id of an end of a range. Raises BadInput, which names the whole range."""
    oid = None
    if revisions:
        oid = resolved(git, revision)
    if oid is None:
        raise BadInput(
            f"{revisions[:100]!r} is no range of commits here",
            "write A..B, A...B, or A for what HEAD adds to it",
        )
    return oid
