"""The commits that a rebase or an amendment has put in the place of others, as git tells the hook post-rewrite."""

from __future__ import annotations


def rewritten(given: bytes) -> list[tuple[str, str]]:
    """The pairs of an old commit and the new one; none where the list is not git's.

    Several old commits have the same new one where some were squashed.
    """
    pairs: list[tuple[str, str]] = []
    for line in given.decode("ascii", "replace").splitlines():
        # git may say more behind the two
        words = line.split()[:2]
        if len(words) != 2:
            return []
        old, new = words
        pairs.append((old, new))
    return pairs
