"""What notes say of commits, newest first: read from the history of the notes, and checked, as others wrote them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.model import codec
from git_muse_coord.model.codec import ADDRESS, ID, InvalidRecord
from git_muse_coord.model.kind import RUN_ID
from git_muse_coord.model.names import NOTES
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.store.git.objects import Objects

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.model.codec import Json
    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.store.records.cached_record import Bodies

_LOG = (
    "log",
    "--raw",
    "--no-abbrev",
    "--no-renames",
    "--no-ext-diff",
    "--no-show-signature",
    "--root",
    "--format=tformat:%ct",
)
_MOST_BYTES = 64 << 10
"""A longer note is passed over: a fact has a few KB."""
_LINES = codec.text_set(ADDRESS, 1000)
_IDS = codec.text_set(ID, 1000)
_HEX = frozenset("0123456789abcdef")


class Overridden(NamedTuple):
    """A reservation of another run that a commit met all the same."""

    address: str
    reservation_id: RecordId
    run_id: RunId


class NotedFact(NamedTuple):
    """What was noted about a commit, and when."""

    at: datetime
    commit: str
    run_id: RunId
    reservations: tuple[RecordId, ...]
    symbols: tuple[str, ...]
    overridden: tuple[Overridden, ...]


class _Written(NamedTuple):
    at: int
    commit: str
    oid: str


def newest_facts(repository: Repository, most: int) -> list[NotedFact]:
    """The facts of the newest notes, at most of so many; newest first. What is no fact is passed over."""
    written = list(_written(repository, most))
    oids = [note.oid for note in written]
    objects = Objects(repository)
    texts: Bodies = {}
    for stored in objects.read(oids, _MOST_BYTES):
        texts[stored.oid] = stored.blob or b""
    facts: dict[tuple[str, bytes], NotedFact] = {}
    for note in written:
        text = texts.get(note.oid, b"")
        for line in text.split(b"\n"):
            fact = _fact(note, line)
            # A note that grew holds its older facts, too: each is as old as the first that has it.
            if fact is not None:
                facts[(note.commit, line)] = fact
    return sorted(facts.values(), key=_age, reverse=True)


def _written(repository: Repository, most: int) -> Iterator[_Written]:
    """The notes that were written last, newest first."""
    git = repository.git
    told = git.ask("-c", "log.showRoot=true", *_LOG, f"-n{most}", NOTES, "--")
    at = 0
    rows = told.out.decode("utf-8", "replace")
    for row in rows.split("\n"):
        if row.isdecimal():
            at = int(row)
        elif row.startswith(":"):
            facts, _, path = row.partition("\t")
            # git spreads many notes over folders
            commit = path.replace("/", "")
            oid = facts.split(" ")[3]
            is_removed = not oid.strip("0")
            if _HEX.issuperset(commit) and not is_removed:
                yield _Written(at, commit, oid)


def _fact(note: _Written, line: bytes) -> NotedFact | None:
    # Anybody may have pushed it: what is of another shape than a fact fails somewhere in here.
    try:
        value = codec.load_canonical(line)
        run_id = RUN_ID.read(value.get("run_id"))
        symbols = _LINES.read(_sorted(value.get("symbols")))
        overridden = map(_overridden, value.get("overridden", ()))
        return NotedFact(
            at=datetime.fromtimestamp(note.at, UTC),
            commit=note.commit,
            run_id=RunId(run_id),
            reservations=_IDS.read(value.get("reservations")),
            symbols=tuple(sorted(symbols)),
            overridden=tuple(overridden),
        )
    except (InvalidRecord, TypeError, AttributeError, OverflowError, ValueError):
        return None


def _overridden(value: Json) -> Overridden:
    address = ADDRESS.read(value.get("held_address"))
    reservation_id = ID.read(value.get("reservation_id"))
    run_id = RUN_ID.read(value.get("run_id"))
    return Overridden(address, RecordId(reservation_id), RunId(run_id))


def _sorted(value: Json) -> list[str]:
    """The symbols of a note stand in the order in which they were changed."""
    return sorted(set(value))


def _age(fact: NotedFact) -> datetime:
    # Of the same second they stay as git has told them, newest first.
    return fact.at
