"""How records travel: as refs under ``refs/muse/``, or as files on a branch where a host refuses such refs.

Either is a listing of names with object ids that can be fetched from and added to, so that
everything above is the same for both. Which records to exchange is decided in ``incoming`` and
``outgoing``.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from typing import Protocol

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import REF_PREFIX
from git_muse_coord.store.git.refs import Refs, RefUpdate, retrying
from git_muse_coord.store.records.ref_names import short_name
from git_muse_coord.store.sync.incoming_refs import IncomingRefs
from git_muse_coord.store.sync.remote import PUSH_MOST, Remote, Update

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef


EXACT_MOST = 400
"""At most this many names are fetched one by one, which is quadratic in git (1,000: 1.4 s, 10,000: 83 s).

Beyond, they are fetched by patterns.
"""

_SPARE_MOST = 4
"""A pattern may bring at most this many times the names that are wanted; beyond, they are fetched by name."""

_PREFIX = re.compile(rf"{REF_PREFIX}[a-z]+/[0-9a-f]{{2}}")

_EXACT_PUSH_MOST = 50


class Carrier(Protocol):
    """``names`` are the refs under ``refs/muse/`` that the remote has, with their object ids.

    ``most_new`` and ``most_gone`` are how many additions and deletions go in one push; ``writable``
    says whether the remote takes any this way.
    """

    names: Oids
    most_new: int
    most_gone: int
    writable: bool

    def obtain(self, refs: Iterable[str]) -> Oids | None:
        """Bring objects here. Returns what was got, by ref, or None when the listing is out of date."""

    def updates(
        self,
        add: OidsByRef,
        replace: OidsByRef,
        delete: OidsByRef,
        /,
    ) -> list[Update]:
        """What to push so that the remote has some records, has them in place of others, and no longer has some.

        ``replace`` and ``delete`` hold the object ids that are there now.
        """

    def landed(
        self,
        add: OidsByRef,
        delete: OidsByRef,
    ) -> None:
        """Take note that a push went through."""


class RefCarrier:
    """Records as refs of the remote."""

    most_new = 2000
    most_gone = PUSH_MOST

    def __init__(
        self,
        remote: Remote,
        refs: Refs,
        incoming: IncomingRefs,
        listing: OidsByRef,
        writable: bool,
    ) -> None:
        self._remote = remote
        self._refs = refs
        self._incoming = incoming
        self.writable = writable
        self.names: Oids = {}
        for ref, oid in listing.items():
            if ref.startswith(REF_PREFIX):
                self.names[ref] = oid

    def obtain(self, refs: Iterable[str]) -> Oids | None:
        """Fetch into the incoming refs."""
        wanted = self._aside(refs)
        for part in self._parts(list(wanted)):
            # a part may be patterns instead of names
            to_fetch = self._aside(part)
            if not self._remote.fetch(to_fetch):
                return None
        # what is there now, not what was asked for: a pattern brings no name that has vanished
        here = self._refs.list(self._incoming.prefix)
        obtained: Oids = {}
        for ref, incoming_ref in wanted.items():
            if incoming_ref in here:
                obtained[ref] = here[incoming_ref]
        return obtained

    def _aside(self, refs: Iterable[str]) -> dict[str, str]:
        """Where refs of the remote are kept here while they are judged."""
        return {ref: self._incoming.name(ref) for ref in refs}

    def _parts(self, wanted: list[str]) -> list[list[str]]:
        """What to fetch at one time: names, or, of many names, patterns that bring few others."""
        if len(wanted) > EXACT_MOST:
            prefixes = set(filter(None, map(_prefix_of, wanted)))
            # what lies beside the wanted ones comes along
            brought = sum(_prefix_of(ref) in prefixes for ref in self.names)
            if brought <= _SPARE_MOST * len(wanted):
                patterns = [f"{prefix}*" for prefix in sorted(prefixes)]
                return [patterns]
        parts: list[list[str]] = []
        for start in range(0, len(wanted), EXACT_MOST):
            end = start + EXACT_MOST
            parts.append(wanted[start:end])
        return parts

    def updates(
        self,
        add: OidsByRef,
        replace: OidsByRef,
        delete: OidsByRef,
    ) -> list[Update]:
        """One update a ref, by object id: by name, git would push an empty ref file as a deletion.

        Many additions go by one pattern, over refs that are made for this push and are therefore
        whole: git compares each exact name with every ref of the remote (200 names, 11,000 refs: 4
        s; 700 by a pattern: 0.8 s).
        """
        fresh: Oids = {}
        replacements: Oids = {}
        for ref, oid in add.items():
            # a lease is on one name, so what replaces something cannot go by the pattern
            if ref in replace:
                replacements[ref] = oid
            else:
                fresh[ref] = oid
        updates: list[Update] = []
        one_by_one: OidsByRef = add
        if len(fresh) > _EXACT_PUSH_MOST:
            updates.append(self._stage(fresh))
            one_by_one = replacements
        for ref, oid in one_by_one.items():
            updates.append(Update(ref, oid, replace.get(ref)))
        for ref, oid in delete.items():
            updates.append(Update(ref, None, oid))
        return updates

    def _stage(self, add: OidsByRef) -> Update:
        """Make refs of this push alone, and return the update that pushes all of them."""
        own_name = f"out-{os.urandom(4).hex()}/"
        place = self._incoming.name(own_name)
        changes: list[RefUpdate] = []
        for ref, oid in add.items():
            staged_ref = place + short_name(ref)
            changes.append(RefUpdate(staged_ref, oid, None))
        retrying(lambda: self._refs.commit(changes, passing=True))
        return Update(f"{REF_PREFIX}*", f"{place}*")

    def landed(
        self,
        add: OidsByRef,
        delete: OidsByRef,
    ) -> None:
        """Keep the listing up to date."""
        self.names.update(add)
        for ref in delete:
            self.names.pop(ref, None)


def _prefix_of(ref: str) -> str | None:
    """A ref up to the first two hex digits of its id; None where it has none."""
    match = _PREFIX.match(ref)
    if match is None:
        return None
    return match[0]
