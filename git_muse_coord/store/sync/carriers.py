"""How records travel: as refs under ``refs/muse/``, or as files on a branch where a host refuses such refs.

Either is a listing of names with object ids that can be fetched from and added to, so that
everything above is the same for both. Which records to exchange is decided in ``exchange``.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Protocol

from git_muse_coord.model.errors import RemoteFailed
from git_muse_coord.model.names import INCOMING, is_well_formed
from git_muse_coord.model.records import REF_PREFIX
from git_muse_coord.store.git import foreign
from git_muse_coord.store.git.foreign import Unsound
from git_muse_coord.store.git.process import IDENTITY, Git
from git_muse_coord.store.git.refs import Refs, RefUpdate, retrying
from git_muse_coord.store.sync.remote import PUSH_MOST, Remote, Update

EXACT_MOST = 400
"""So many names are fetched one by one, which is quadratic in git (1,000: 1.4 s, 10,000: 83 s); beyond, by patterns."""

_SPARE_MOST = 4
"""A pattern may bring so many times the names that are wanted; beyond that, they are fetched by name all the same."""

_PREFIX = re.compile(rf"{REF_PREFIX}[a-z]+/[0-9a-f]{{2}}")

_EXACT_PUSH_MOST = 50
_STALE_SECONDS = 3600
_MESSAGE = b"Coordination records [skip ci]\n"


class Carrier(Protocol):
    """``names`` are the refs under ``refs/muse/`` that the remote has, with their object ids.

    ``most_new`` and ``most_gone`` are how many additions and deletions go in one push; ``writable``
    says whether the remote takes any this way.
    """

    names: dict[str, str]
    most_new: int
    most_gone: int
    writable: bool

    def obtain(self, refs: Iterable[str]) -> dict[str, str] | None:
        """Bring objects here. Returns what was got, by ref, or None when the listing is out of date."""

    def updates(
        self, add: Mapping[str, str], replace: Mapping[str, str], delete: Mapping[str, str], /
    ) -> list[Update]:
        """What to push so that the remote has some records, has them in place of others, and no longer has some.

        ``replace`` and ``delete`` hold the object ids that are there now.
        """

    def landed(self, add: Mapping[str, str], delete: Mapping[str, str]) -> None:
        """Take note that a push went through."""


class Incoming:
    """Where what a fetch brings is kept while it is judged: refs of this run alone, gone when it is done.

    ``is_empty`` says that there are none, nor any that a run which died left behind.
    """

    def __init__(self, refs: Refs, address: str) -> None:
        self._refs = refs
        self._remote = f"{INCOMING}{hashlib.sha256(address.encode()).hexdigest()[:16]}/"
        self.is_empty = False
        self.prefix = f"{self._remote}{int(time.time())}-{os.urandom(4).hex()}/"

    def name(self, ref: str) -> str:
        """The local name for a ref of the remote."""
        self.is_empty = False
        return self.prefix + ref.removeprefix("refs/")

    def clear(self) -> None:
        """Drop what this run fetched, and what a run that died left behind an hour ago or more."""
        if self.is_empty:
            return
        old = time.time() - _STALE_SECONDS
        found = self._refs.list(self._remote)
        drop = [
            RefUpdate(ref, None, oid)
            for ref, oid in found.items()
            if ref.startswith(self.prefix) or _age(ref) < old
        ]
        if drop:
            self._refs.commit(drop, passing=True)


def _age(ref: str) -> float:
    stamp = ref.removeprefix(INCOMING).split("/")[1].split("-")[0]
    return float(stamp) if stamp.isdigit() else 0.0


class RefCarrier:
    """Records as refs of the remote."""

    most_new = 2000
    most_gone = PUSH_MOST

    def __init__(
        self,
        remote: Remote,
        refs: Refs,
        incoming: Incoming,
        listing: Mapping[str, str],
        writable: bool,
    ) -> None:
        self._remote = remote
        self._refs = refs
        self._incoming = incoming
        self.writable = writable
        self.names = {ref: oid for ref, oid in listing.items() if ref.startswith(REF_PREFIX)}

    def obtain(self, refs: Iterable[str]) -> dict[str, str] | None:
        """Fetch into the incoming refs."""
        wanted = {ref: self._incoming.name(ref) for ref in refs}
        for part in self._parts(list(wanted)):
            if not self._remote.fetch({ref: self._incoming.name(ref) for ref in part}):
                return None
        here = self._refs.list(self._incoming.prefix)
        return {ref: here[ours] for ref, ours in wanted.items() if ours in here}

    def _parts(self, wanted: list[str]) -> list[list[str]]:
        """What to fetch at one time: names, or, of many names, patterns that bring few others."""
        if len(wanted) > EXACT_MOST:
            prefixes = {match[0] for ref in wanted if (match := _PREFIX.match(ref))}
            brought = sum(
                match is not None and match[0] in prefixes
                for match in map(_PREFIX.match, self.names)
            )
            if brought <= _SPARE_MOST * len(wanted):
                return [[f"{prefix}*" for prefix in sorted(prefixes)]]
        return [wanted[start : start + EXACT_MOST] for start in range(0, len(wanted), EXACT_MOST)]

    def updates(
        self, add: Mapping[str, str], replace: Mapping[str, str], delete: Mapping[str, str]
    ) -> list[Update]:
        """One update a ref, by object id: by name, git would push an empty ref file as a deletion.

        Many additions go by one pattern, over refs that are made for this push and are therefore
        whole: git compares each exact name with every ref of the remote (200 names, 11,000 refs: 4
        s; 700 by a pattern: 0.8 s).
        """
        fresh = {ref: oid for ref, oid in add.items() if ref not in replace}
        staged = [self._stage(fresh)] if len(fresh) > _EXACT_PUSH_MOST else []
        return [
            *staged,
            *(
                Update(ref, oid, replace.get(ref))
                for ref, oid in add.items()
                if not staged or ref in replace
            ),
            *(Update(ref, None, oid) for ref, oid in delete.items()),
        ]

    def _stage(self, add: Mapping[str, str]) -> Update:
        place = self._incoming.name(f"out-{os.urandom(4).hex()}/")
        changes = [
            RefUpdate(place + ref.removeprefix(REF_PREFIX), oid, None) for ref, oid in add.items()
        ]
        retrying(lambda: self._refs.commit(changes, passing=True))
        return Update(f"{REF_PREFIX}*", f"{place}*")

    def landed(self, add: Mapping[str, str], delete: Mapping[str, str]) -> None:
        """Keep the listing up to date."""
        self.names.update(add)
        for ref in delete:
            self.names.pop(ref, None)


class BranchCarrier:
    """Records as files of an orphan branch, whose tip decides who was first.

    ``is_ours`` says that the branch holds nothing else.
    """

    most_new = most_gone = 1_000_000
    writable = True

    def __init__(
        self, git: Git, remote: Remote, refs: Refs, incoming: Incoming, branch: str, tip: str | None
    ) -> None:
        self._git = git
        self._remote = remote
        self._refs = refs
        self._incoming = incoming
        self._ref = f"refs/heads/{branch}"
        self.tip = tip
        self._next: str | None = None
        self.names: dict[str, str] = {}
        self.is_ours = tip is None or self._read()

    def obtain(self, refs: Iterable[str]) -> dict[str, str] | None:
        """All objects came with the branch."""
        return {ref: self.names[ref] for ref in refs if ref in self.names}

    def updates(
        self, add: Mapping[str, str], _replace: Mapping[str, str], delete: Mapping[str, str]
    ) -> list[Update]:
        """One commit on the tip that was seen. It keeps what may be of a kind still to come, and drops other files."""
        kept = {
            ref: oid for ref, oid in self.names.items() if ref not in delete and is_well_formed(ref)
        }
        content = {**kept, **add}
        folders: dict[str, list[str]] = defaultdict(list)
        for ref, oid in content.items():
            folder, _sep, name = ref.removeprefix(REF_PREFIX).partition("/")
            folders[folder].append(f"100644 blob {oid}\t{name}\n")
        trees = "".join(
            f"040000 tree {self._tree(rows)}\t{folder}\n" for folder, rows in folders.items()
        )
        top = self._tree([f"040000 tree {self._tree([trees])}\tmuse\n"])
        parent = ["-p", self.tip] if self.tip else []
        self._next = (
            self._git.run(*IDENTITY, "commit-tree", top, *parent, given=_MESSAGE).decode().strip()
        )
        return [Update(self._ref, self._next, self.tip or "")]

    def landed(self, add: Mapping[str, str], delete: Mapping[str, str]) -> None:
        """The next commit goes on this one."""
        self.tip = self._next
        self.names.update(add)
        for ref in delete:
            self.names.pop(ref, None)

    def _tree(self, rows: Iterable[str]) -> str:
        return self._git.run("mktree", given="".join(rows).encode()).decode().strip()

    def _read(self) -> bool:
        """Fetch the branch, and say whether it is ours. Raises RemoteFailed."""
        here = self._incoming.name("branch")
        if not self._remote.fetch({self._ref: here}):
            raise RemoteFailed(f"remote {self._remote.name!r} keeps changing", "try again")
        self.tip = self._refs.list(here).get(here)
        try:
            files = foreign.list_files(self._git, here)
        except Unsound:
            return False
        self.names = {
            f"refs/{path}": file.oid for path, file in files.items() if file.mode == "100644"
        }
        return all(f"refs/{path}".startswith(REF_PREFIX) for path in files)
