"""Listing refs without git, in a process that stays, where git keeps them in files of a local disk.

A git process costs such a process as much as all else that a look at the refs takes. Where anything
is not quite plain, the answer is None, and git itself is asked.
"""

from __future__ import annotations

import os
import threading

from git_muse_coord.model.layered import Layered
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.store.git.file_times import FileClock
from git_muse_coord.store.git.local_disk import is_on_local_disk
from git_muse_coord.store.git.loose_refs import LooseRefs
from git_muse_coord.store.git.packed_refs import PackedRefs
from git_muse_coord.store.git.plain_refs import DIGITS, OddRef, refs_must_be_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from git_muse_coord.store.git.repository import Repository


class RefListing(NamedTuple):
    """What one look at the refs showed, in no order. Nobody changes what is in it.

    ``number`` counts the states of the refs, the ``singles`` apart; ``put`` (with their object ids)
    and ``gone`` lead from the state before to this one.
    """

    number: int
    singles: Mapping[str, str]
    refs: Layered[str, str]
    put: Mapping[str, str]
    gone: Sequence[str]


class RefFiles:
    """The refs below one directory, and some single ones, which move.

    The order is what makes a listing true, and is git's own. The single ones come first, because
    what they say is about the others. Loose refs come before packed ones: a ref that is packed
    meanwhile is in ``packed-refs`` before its own file goes, and one that is deleted leaves
    ``packed-refs`` first.
    """

    def __init__(
        self,
        repository: Repository,
        root: str,
        singles: Sequence[str],
    ) -> None:
        common_dir = repository.common_dir
        digits = DIGITS[repository.object_format]
        self._repository = repository
        self._singles = singles
        self._folder = os.path.join(common_dir, "refs")
        self._clock = FileClock(repository.own_folder)
        self._loose = LooseRefs(common_dir, root, digits, self._clock)
        self._packed = PackedRefs(
            common_dir,
            root,
            singles,
            digits,
            self._clock,
        )
        self._packed_then: Mapping[str, str] = {}
        self._listing = RefListing(
            0,
            {},
            Layered.of({}),
            {},
            (),
        )
        self._turn = threading.Lock()

    def listing(self) -> RefListing | None:
        """All of them as they are now; None: git itself is to be asked."""
        with self._turn:
            try:
                self._must_be_files_here()
                return self._look()
            except (OddRef, OSError):
                return None

    def _must_be_files_here(self) -> None:
        """Raises OddRef where git keeps refs in another way, or where times of files cannot be trusted."""
        facts = refs_must_be_files(self._repository)
        if facts.st_dev == self._clock.device:
            return
        if not is_on_local_disk(self._folder):
            raise OddRef(self._folder)
        self._clock.device = facts.st_dev

    def _look(self) -> RefListing:
        singles: dict[str, str] = {}
        for ref in self._singles:
            oid = self._loose.value(ref)
            if oid is None:
                packed = self._packed.look()
                oid = packed.singles.get(ref)
            if oid is not None:
                singles[ref] = oid
        self._loose.look()
        packed = self._packed.look()
        loose_refs = self._loose.refs
        packed_refs = packed.refs
        before = self._listing.refs
        names: Iterable[str] = self._loose.touched
        if packed_refs is not self._packed_then:
            names = before.keys() | packed_refs.keys() | loose_refs.keys()
        put: dict[str, str] = {}
        gone: list[str] = []
        for ref in names:
            oid = loose_refs.get(ref) or packed_refs.get(ref)
            if oid is None:
                gone.append(ref)
            elif oid != before.get(ref):
                put[ref] = oid
        if put or gone:
            self._listing = _after(self._listing, put, gone)
        # only now: whoever was interrupted before compares once more
        self._packed_then = packed_refs
        self._loose.touched.clear()
        return self._listing._replace(singles=singles)


def _after(
    listing: RefListing,
    put: Mapping[str, str],
    gone: Sequence[str],
) -> RefListing:
    refs = listing.refs.changed(put, gone)
    return RefListing(
        listing.number + 1,
        listing.singles,
        refs,
        put,
        gone,
    )
