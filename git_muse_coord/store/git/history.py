"""Which paths were changed together: what commits of the past touched. Which of it matters is for the rules to say."""

from __future__ import annotations

import os
from collections.abc import Iterator

from git_muse_coord.store.git.process import Git

# one field a commit and one a path; a path cannot be empty
_LOG = (
    "log",
    "-z",
    "--name-only",
    "--no-merges",
    "--no-renames",
    "--no-relative",
    "--no-ext-diff",
    "--no-show-signature",
)
_MARK = "\x01\x01"


def changed_together(
    git: Git,
    revisions: str,
    limit: int | None = None,
) -> Iterator[list[str]]:
    """The paths that each commit of a range changes, the newest first, merges left out; at most ``limit`` commits."""
    options = [f"--format=tformat:{_MARK}"]
    if limit is not None:
        options.append(f"-n{limit}")
    output = git.run(*_LOG, *options, "--end-of-options", revisions, "--")
    _, *commits = os.fsdecode(output).split(_MARK)
    for commit in commits:
        # After the mark stands the end of its own row, and then the paths.
        listed = commit.lstrip("\0").removeprefix("\n")
        paths = filter(None, listed.split("\0"))
        yield list(paths)
