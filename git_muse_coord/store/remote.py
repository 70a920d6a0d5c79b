"""Talking to one remote with git's own transport: list, fetch and push exact refs.

Settings of the user's that would bend a push are kept out of the way. What to exchange is decided in ``exchange``.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from git_muse_coord.model.errors import BadInput, RemoteFailed
from git_muse_coord.store.git import Answer, Git, lines
from git_muse_coord.store.refs import pause

PUSH_MOST = 200
"""Refs in one push: a push of many exact refspecs is quadratic in git (1,000: 1.4 s, 4,000: 13 s)."""

_TRIES = 3
_LAST_WORDS = 128
"""Git's exit code when it could not talk to the remote at all; a refusal of refs is 1."""


class Update(NamedTuple):
    """A change of a ref at the remote.

    ``new`` None: delete it. ``lease`` is what it must be there now, ``""`` for absent; None: what git allows unforced.
    """

    ref: str
    new: str | None
    lease: str | None = None


class Deadline:
    """How long talking may take in all; without a number of seconds, as long as it takes."""

    def __init__(self, seconds: float | None = None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds

    @property
    def left(self) -> float | None:
        """Seconds left. Raises RemoteFailed when there are none."""
        if self._end is None:
            return None
        left = self._end - time.monotonic()
        if left <= 0:
            raise RemoteFailed("the remote did not answer in time", "try again")
        return left


class Remote:
    """A configured remote, at the address that git would push to.

    Listing and fetching use that address too, or compare-and-swap would look at another repository than it writes.
    What is configured for the remote by its name is passed on.
    """

    def __init__(self, git: Git, name: str, deadline: Deadline) -> None:
        self._git = git
        self.name = name
        self.address = _address(git, name)
        self._deadline = deadline
        self._own = _own_settings(git, name)

    def list(self, *patterns: str) -> dict[str, str]:
        """The refs that match, with their object ids. Raises RemoteFailed."""
        told = self._talk(*self._proxy, "ls-remote", "--refs", *self._program("upload-pack"), self.address, *patterns)
        rows = told.out.decode("utf-8", "surrogateescape").split("\n")
        return {ref: oid for oid, _, ref in (row.partition("\t") for row in rows) if ref}

    def fetch(self, wanted: Mapping[str, str]) -> bool:
        """Fetch refs of the remote into local ones that are passing: objects are flushed to disk, these refs are not.

        False: one of them is gone, and nothing was fetched. Raises RemoteFailed.
        """
        answer = self._talk(
            *(
                *self._proxy,
                "-c",
                "core.fsync=loose-object,pack",
                "fetch",
                "--stdin",
                "--quiet",
                "--no-tags",
                "--no-prune",
            ),
            *("--refmap=", "--no-write-fetch-head", "--no-auto-maintenance", "--no-recurse-submodules", "--force"),
            *(*self._program("upload-pack"), self.address),
            given=lines(f"{theirs}:{ours}" for theirs, ours in wanted.items()),
            fatal=False,
        )
        return answer.code == 0

    def push(self, updates: Sequence[Update], *, atomic: bool = False) -> bool:
        """Push changes; all or none of them where ``atomic``. False: some were refused, so look again.

        Raises RemoteFailed when the remote cannot be reached, or knows no atomic pushes.
        """
        leases = [f"--force-with-lease={one.ref}:{one.lease}" for one in updates if one.lease is not None]
        answer = self._talk(
            *(*self._proxy, "-c", "push.pushOption=", "push", "--porcelain", "--quiet", "--no-verify", "--no-signed"),
            *("--no-follow-tags", "--recurse-submodules=no", *self._program("receive-pack")),
            *(["--atomic"] if atomic else []),
            *leases,
            self.address,
            *(f"{one.new or ''}:{one.ref}" for one in updates),
        )
        return answer.code == 0

    def _talk(self, *arguments: str, given: bytes = b"", fatal: bool = True) -> Answer:
        for attempt in range(_TRIES):
            answer = self._git.ask_remote(*arguments, given=given, seconds=self._deadline.left)
            if answer.code != _LAST_WORDS:
                return answer
            if attempt < _TRIES - 1:  # a busy server resets connections
                pause(attempt)
        if not fatal and self._is_there():
            return answer
        raise RemoteFailed(f"remote {self.name!r} cannot be used: {answer.complaint}", "local records are kept")

    def _is_there(self) -> bool:
        ask = (*self._proxy, "ls-remote", *self._program("upload-pack"), self.address, "HEAD")
        return self._git.ask_remote(*ask, seconds=self._deadline.left).code == 0

    @property
    def _proxy(self) -> Sequence[str]:
        return ("-c", f"http.proxy={self._own['proxy']}") if "proxy" in self._own else ()

    def _program(self, name: str) -> Sequence[str]:
        told = self._own.get(name.replace("-", ""))
        return [f"--{name}={told}"] if told else []


def choose(git: Git, named: str | None, configured: str | None, branch: str | None) -> str | None:
    """The remote to use: the one that is named, the setting, the upstream's, else ``origin``; None where there is none.

    Raises BadInput, with the list of remotes, for a name that is not configured.
    """
    known = git.ask("remote").out.decode("utf-8", "replace").split()
    for wanted in (named, configured):
        if wanted:
            if wanted in known:
                return wanted
            raise BadInput(f"no remote {wanted!r}", f"there is: {', '.join(known)}" if known else "there is none")
    upstream = git.ask("config", f"branch.{branch}.remote").out.decode().strip() if branch else ""
    return next((one for one in (upstream, "origin") if one in known), known[0] if len(known) == 1 else None)


def _own_settings(git: Git, name: str) -> dict[str, str]:
    start = f"remote.{name}."
    told = os.fsdecode(git.ask("config", "-z", "--get-regexp", r"^remote\..*\.(proxy|uploadpack|receivepack)$").out)
    rows = (row.partition("\n") for row in told.split("\0") if row.startswith(start))
    return {key.removeprefix(start): value for key, _, value in rows}


def _address(git: Git, name: str) -> str:
    told = os.fsdecode(git.run("remote", "get-url", "--push", name))
    return told.split("\n", 1)[0]
