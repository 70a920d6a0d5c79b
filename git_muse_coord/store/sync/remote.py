"""Talking to one remote with git's own transport: list, fetch and push exact refs.

Settings of the user's that would bend a push are kept out of the way. What to exchange is decided
in ``incoming`` and ``outgoing``.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from git_muse_coord.model.errors import LoginFailed, RemoteFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.store.git.patience import Patience
from git_muse_coord.store.git.process import Answer, Git, input_lines
from git_muse_coord.store.git.refs import pause
from git_muse_coord.store.sync.login import refuses_login

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids


PUSH_MOST = 200
"""Refs in one push: a push of many exact refspecs is quadratic in git (1,000: 1.4 s, 4,000: 13 s)."""

_SHOW_LIFE = ("--quiet", "--progress")
"""Git then says how far a transfer is, which shows that it moves, and nothing else."""

# What users may have configured, and what would bend a fetch or a push of ours.
_FETCH_NO_MORE = (
    "--no-tags",
    "--no-prune",  # it would delete all that was not pushed yet
    "--refmap=",
    "--no-write-fetch-head",
    "--no-auto-maintenance",
    "--no-recurse-submodules",
)
_PUSH_NO_OPTIONS = ("-c", "push.pushOption=")
_PUSH_NO_MORE = (
    "--no-verify",
    "--no-signed",
    "--no-follow-tags",
    "--recurse-submodules=no",
)

_PROGRESS = "% ("
_WORDS_LINES = 3
_WORDS_MOST = 300
_TRIES = 3
_KEPT = "local records are kept"
_LAST_WORDS = 128
"""Git's exit code when it could not talk to the remote at all; a refusal of refs is 1."""


class Update(NamedTuple):
    """A change of a ref at the remote.

    ``new`` None: delete it. ``lease`` is what it must be there now, ``""`` for absent; None: what
    git allows unforced.
    """

    ref: str
    new: str | None
    lease: str | None = None


class Remote:
    """A configured remote, at the address that git would push to.

    Listing and fetching use that address too, or compare-and-swap would look at another repository
    than it writes. What is configured for the remote by its name is passed on. ``refusal`` is what
    the other side said to the last push that it did not take whole.
    """

    def __init__(
        self,
        git: Git,
        name: str,
        patience: Patience,
    ) -> None:
        self._git = git
        self.name = name
        self.address = push_address(git, name)
        self.refusal: str | None = None
        self._patience = patience
        self._own = _own_settings(git, name)

    def list(self, *patterns: str) -> Oids:
        """The refs that match, with their object ids. Raises RemoteFailed."""
        told = self._talk(
            *self._proxy,
            "ls-remote",
            "--refs",
            *self._program("upload-pack"),
            *self._place,
            *patterns,
        )
        listing: Oids = {}
        for row in told.out.decode("utf-8", "surrogateescape").split("\n"):
            oid, _, ref = row.partition("\t")
            if ref:
                listing[ref] = oid
        return listing

    def fetch(self, wanted: Mapping[str, str]) -> bool:
        """Fetch refs of the remote into local ones that are passing: objects are flushed to disk, these refs are not.

        False: one of them is gone, and nothing was fetched. Raises RemoteFailed.
        """
        answer = self._talk(
            *self._proxy,
            "-c",
            "core.fsync=loose-object,pack",
            "fetch",
            "--stdin",
            *_SHOW_LIFE,
            *_FETCH_NO_MORE,
            # an earlier round of this run may have fetched the same name, which has moved since
            "--force",
            *self._program("upload-pack"),
            *self._place,
            given=input_lines(f"{theirs}:{ours}" for theirs, ours in wanted.items()),
            fatal=False,
        )
        return answer.code == 0

    def push(
        self,
        updates: Sequence[Update],
        *,
        atomic: bool = False,
    ) -> bool:
        """Push changes; all or none of them where ``atomic``. False: some were refused, so look again.

        Raises RemoteFailed when the remote cannot be reached, or knows no atomic pushes.
        """
        leases: list[str] = []
        refspecs: list[str] = []
        for update in updates:
            if update.lease is not None:
                leases.append(f"--force-with-lease={update.ref}:{update.lease}")
            refspecs.append(f"{update.new or ''}:{update.ref}")
        answer = self._talk(
            *self._proxy,
            *_PUSH_NO_OPTIONS,
            "push",
            "--porcelain",
            *_SHOW_LIFE,
            *_PUSH_NO_MORE,
            *self._program("receive-pack"),
            *(["--atomic"] if atomic else []),
            *leases,
            *self._place,
            *refspecs,
        )
        self.refusal = _words(answer) if answer.code else None
        return answer.code == 0

    def _talk(
        self,
        *arguments: str,
        given: bytes = b"",
        fatal: bool = True,
    ) -> Answer:
        for attempt in range(_TRIES):
            answer = self._ask(*arguments, given=given)
            if answer.code != _LAST_WORDS:
                return answer
            if refuses_login(answer.err):
                raise LoginFailed(self._unusable(answer), _KEPT)
            # a busy server resets connections, so once is not enough to give up
            if attempt < _TRIES - 1:
                pause(attempt)
        if not fatal and self._is_there():
            return answer
        raise RemoteFailed(self._unusable(answer), _KEPT)

    def _unusable(self, answer: Answer) -> str:
        return f"remote {self.name!r} cannot be used: {answer.complaint}"

    def _is_there(self) -> bool:
        ask = (*self._proxy, "ls-remote", *self._program("upload-pack"), *self._place, "HEAD")
        return self._ask(*ask).code == 0

    def _ask(self, *arguments: str, given: bytes = b"") -> Answer:
        return self._git.ask_remote(
            *arguments,
            given=given,
            patience=self._patience,
            whom=f"remote {self.name!r}",
        )

    @property
    def _place(self) -> Sequence[str]:
        """The address as an argument: one that begins with a dash is no option, which could run any program."""
        return ("--", self.address)

    @property
    def _proxy(self) -> Sequence[str]:
        if "proxy" not in self._own:
            return ()
        return ("-c", f"http.proxy={self._own['proxy']}")

    def _program(self, name: str) -> Sequence[str]:
        told = self._own.get(name.replace("-", ""))
        return [f"--{name}={told}"] if told else []


def _words(refused: Answer) -> str:
    """What the other side said to a push that it refused, on one line: for people, never to decide by."""
    lines = refused.err.decode("utf-8", "replace").splitlines()
    theirs = [line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")]
    said = [line for line in theirs if line and _PROGRESS not in line]
    words = " ".join(said[:_WORDS_LINES])
    return words[:_WORDS_MOST] or _reason(refused.out.decode("utf-8", "replace"))


def _reason(porcelain: str) -> str:
    """Git's own reason for the first ref that was refused: a line ``! FROM:TO [remote rejected] (hook declined)``."""
    for line in porcelain.splitlines():
        if line.startswith("!"):
            return line.rpartition("\t")[2]
    return "no reason was given"


def _own_settings(git: Git, name: str) -> dict[str, str]:
    """What is configured for a remote that we must pass on, since we name it by its address."""
    start = f"remote.{name}."
    pattern = r"^remote\..*\.(proxy|uploadpack|receivepack)$"
    told = os.fsdecode(git.ask("config", "-z", "--get-regexp", pattern).out)
    own: dict[str, str] = {}
    for row in told.split("\0"):
        key, _, value = row.partition("\n")
        if key.startswith(start):
            own[key.removeprefix(start)] = value
    return own


def push_address(git: Git, name: str) -> str:
    """Where git would push to, after all its rewriting. Raises StoreFailed for a remote that is not there."""
    # a remote may have several: the first is the one that is asked and written
    told = os.fsdecode(git.run("remote", "get-url", "--push", "--", name))
    return told.split("\n", 1)[0]
