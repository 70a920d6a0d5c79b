"""A sync with one remote that is under way: what is there, by which ways it is reached, and what was done.

What comes in is in ``incoming``, what goes out in ``outgoing``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import datetime
from git_muse_coord.model.names import ARCHIVE, INCOMING, NOTES
from git_muse_coord.model.records import REF_PREFIX
from git_muse_coord.rules.lifetime import Limits
from git_muse_coord.store.git.refs import retrying
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.records.records import RecordStore
from git_muse_coord.store.records.snapshot import Snapshot
from git_muse_coord.store.sync.branch_carrier import BranchCarrier
from git_muse_coord.store.sync.capabilities import Capabilities
from git_muse_coord.store.sync.carriers import Carrier, RefCarrier
from git_muse_coord.store.sync.exchange_log import ExchangeLog
from git_muse_coord.store.sync.incoming_refs import IncomingRefs
from git_muse_coord.store.sync.judging import Judge
from git_muse_coord.store.sync.remote import Remote

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids


def always() -> bool:
    """Tidying never has to wait."""
    return True


class Terms(NamedTuple):
    """What a sync goes by: time, randomness, how long records are kept, and the branch for hosts without our refs.

    ``may_tidy`` is asked before refs are deleted or packed here, which locks ``packed-refs``.
    """

    now: Callable[[], datetime]
    nonce: Callable[[], str]
    limits: Limits
    branch: str
    may_tidy: Callable[[], bool] = always


class Exchange:
    """A sync under way, and the counts of what it did.

    ``judge`` knows which refs at the remote are damaged or not understood. ``archive_trouble`` says
    why the archive there could not be united with ours; nothing is deleted there then. ``left``
    counts the records there that the last pull left for the next one, ``said`` holds warnings about
    notes.
    """

    def __init__(
        self,
        repository: Repository,
        store: RecordStore,
        remote: Remote,
        capabilities: Capabilities,
        terms: Terms,
        log: ExchangeLog,
    ) -> None:
        self.repository = repository
        self.store = store
        self.remote = remote
        self.capabilities = capabilities
        self.terms = terms
        self._log = log
        self._listed_at: datetime | None = None
        self.judge = Judge(store)
        self.listing: Oids = {}
        self.carriers: list[Carrier] = []
        self.fetched: Counter[str] = Counter()
        self.archived = 0
        self.revived = 0
        self.left = 0
        self.archive_trouble: str | None = None
        self.said: list[str] = []
        self._incoming = IncomingRefs(store.refs, remote.address)

    def __enter__(self) -> Exchange:
        return self

    def __exit__(self, *_: object) -> None:
        if self.terms.may_tidy():
            self._incoming.clear()

    def list(self) -> None:
        """Ask the remote what it has, and by which ways it can be reached. Raises RemoteFailed."""
        branch = f"refs/heads/{self.terms.branch}"
        # before it is asked: what comes to it meanwhile may be missing in the answer
        self._listed_at = self.terms.now()
        self.listing = self.remote.list(f"{REF_PREFIX}*", "refs/muse-*", NOTES, branch)
        refuses_refs = self.capabilities.refs is False
        refs = self.store.refs
        refs_there = RefCarrier(
            self.remote,
            refs,
            self._incoming,
            self.listing,
            not refuses_refs,
        )
        # refs are read all the same: a clone to which they are not refused may write them
        self.carriers = [refs_there]
        if branch not in self.listing and not refuses_refs:
            return
        carrier = BranchCarrier(
            self.repository.git,
            self.remote,
            refs,
            self._incoming,
            self.terms.branch,
            self.listing.get(branch),
        )
        if carrier.is_ours:
            self.carriers.append(carrier)
        elif refuses_refs:
            # a foreign branch of this name matters only where we would have to write to it
            raise BadInput(
                f"the branch {self.terms.branch!r} of remote {self.remote.name!r} is not ours",
                "name another one: git config muse-coord.branch NAME",
            )

    def written(self, blobs: Sequence[bytes]) -> Sequence[str]:
        """The objects of some bytes, which are written first where they are not here: a push takes only what is."""
        return retrying(lambda: self.store.objects.write(blobs))

    def note(self) -> None:
        """Remember that all that the remote had at the last listing is here."""
        if self._listed_at is not None:
            self._log.note(self._listed_at)

    def bring(self, ref: str) -> str | None:
        """Fetch one ref of the remote aside, and return its object id, if it is (still) there. Raises RemoteFailed."""
        if ref not in self.listing:
            return None
        aside = self._incoming.name(ref)
        if not self.remote.fetch({ref: aside}):
            return None
        return self.store.refs.oid_of(aside)

    @property
    def live(self) -> int:
        """How many records the remote has."""
        # not the sum: what is on the branch may be refs besides
        numbers = [len(carrier.names) for carrier in self.carriers]
        return max(numbers, default=0)

    @property
    def there(self) -> set[str]:
        """The objects of all records that the remote has, by whichever way."""
        oids: set[str] = set()
        for carrier in self.carriers:
            oids.update(carrier.names.values())
        return oids

    @property
    def ways(self) -> Sequence[Carrier]:
        """The carriers to write by. Everything is read by all of them, so that no two clones miss each other."""
        return [carrier for carrier in self.carriers if carrier.writable]

    def differs(self, snapshot: Snapshot) -> bool:
        """Whether the remote, as listed, and this clone hold different things, or something here needs mending."""
        # in the order of what it costs: listings first, then a process of git for the archive, then
        # one that looks for every object
        incoming = self.store.refs.list(NOTES, INCOMING)
        notes = incoming.pop(NOTES, None)
        self._incoming.is_empty = not incoming
        if incoming or notes != self.listing.get(NOTES):
            return True
        if any(self._differs_from(carrier, snapshot) for carrier in self.carriers):
            return True
        their_archive = self.listing.get(ARCHIVE)
        if not self._has_archive(their_archive, snapshot.archive_tip):
            return True
        oids = list(snapshot.listed.values())
        absent = self.store.objects.absent(oids)
        return bool(absent)

    def _differs_from(
        self,
        carrier: Carrier,
        snapshot: Snapshot,
    ) -> bool:
        """Whether a carrier and this clone hold different things, apart from what neither passes on."""
        if carrier.names == snapshot.listed and not snapshot.unread:
            return False
        if self.judge.missing(carrier, snapshot):
            return True
        ours = snapshot.listed.items() - carrier.names.items()
        return any(ref not in snapshot.unread for ref, _ in ours)

    def _has_archive(
        self,
        theirs: str | None,
        ours: str | None,
    ) -> bool:
        """Whether our archive holds all that theirs does."""
        if theirs in (None, ours):
            return True
        if ours is None:
            return False
        return self.store.archive.holds(ours, str(theirs))
