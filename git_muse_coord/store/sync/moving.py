"""The two refs that move, the archive and the notes: a remote's is fetched aside, checked, and united with ours.

What cannot be read whole, within bounds, is left as it is, and not fetched again while it stays
what it is.
"""

from __future__ import annotations

from git_muse_coord.model.names import ARCHIVE, NOTES
from git_muse_coord.store.git.foreign import Unsound
from git_muse_coord.store.git.refs import ATTEMPTS, RefUpdate, pause
from git_muse_coord.store.records import foreign_notes, notes
from git_muse_coord.store.records.cached_record import DAMAGED
from git_muse_coord.store.sync.exchange import Exchange
from git_muse_coord.store.sync.remote import Update

_ROUNDS = 3


def pull_archive(exchange: Exchange) -> None:
    """Unite the archive there with ours; else ``exchange.archive_trouble`` says why not.

    Raises RemoteFailed and StoreFailed.
    """
    store = exchange.store
    for attempt in range(ATTEMPTS):
        theirs = exchange.listing.get(ARCHIVE)
        ours = store.refs.oid_of(ARCHIVE)
        exchange.archive_trouble = None
        if theirs in (None, ours):
            return
        if ours and store.archive.holds(ours, theirs):
            return
        try:
            merged = _merge_archive(exchange, ours, theirs)
        except Unsound as error:
            exchange.archive_trouble = str(error)
            exchange.judge.rejected.add(ARCHIVE)
            return
        # The next listing brings what the remote has by now.
        if merged in (None, ours):
            return
        update = RefUpdate(ARCHIVE, merged, ours)
        if store.refs.commit([update]):
            return
        # Another process of this clone moved ours meanwhile: what it put in must be in it, too.
        pause(attempt)


def exchange_notes(exchange: Exchange, *, push: bool) -> None:
    """Unite the notes of both sides; where that cannot be, a warning of the exchange says why.

    Raises RemoteFailed and StoreFailed.
    """
    refs = exchange.store.refs
    for attempt in range(_ROUNDS):
        theirs = exchange.listing.get(NOTES)
        ours = refs.oid_of(NOTES)
        if theirs == ours:
            return
        if theirs is not None:
            try:
                _merge_notes(exchange, ours, theirs)
            except Unsound as error:
                exchange.judge.rejected.add(NOTES)
                warning = f"the notes at {exchange.remote.name!r} were left there: {error}"
                exchange.said.append(warning)
                return
            ours = refs.oid_of(NOTES)
        if not push or ours in (None, theirs):
            return
        # Without force: it goes through only where ours has grown out of theirs.
        if exchange.remote.push([Update(NOTES, ours)]):
            return
        # Another clone was first, so its notes are to be united with ours before the next try.
        pause(attempt)
        exchange.list()


def _merge_archive(
    exchange: Exchange,
    ours: str | None,
    theirs: str,
) -> str | None:
    """The archive to have from now on, or None where the remote's has moved. Raises Unsound and RemoteFailed."""
    tip = _bring(exchange, ARCHIVE, theirs)
    if tip is None:
        return None
    try:
        return exchange.store.archive.merge(ours, tip)
    except Unsound as error:
        # Remembered, so that it is not fetched and looked through again at each sync.
        exchange.store.refuse(tip, str(error))
        raise


def _merge_notes(
    exchange: Exchange,
    ours: str | None,
    theirs: str,
) -> None:
    """Raises Unsound, RemoteFailed and StoreFailed."""
    tip = _bring(exchange, NOTES, theirs)
    if tip is None:
        return
    try:
        clean = foreign_notes.clean_notes(exchange.repository, tip, ours)
    except Unsound as error:
        exchange.store.refuse(tip, str(error))
        raise
    if clean.left_out:
        exchange.said.append(
            f"{clean.left_out:,} files of notes at {exchange.remote.name!r} held what are no facts, which was left out"
        )
    notes.merge(exchange.repository, clean.tip)


def _bring(
    exchange: Exchange,
    ref: str,
    oid: str,
) -> str | None:
    """Fetch a ref that moves; None where it has moved again. Raises Unsound where it was refused before."""
    known = exchange.store.known(oid)
    if known is None:
        return exchange.bring(ref)
    # Only blobs and what was refused are known, and this should be a commit.
    if known.verdict != DAMAGED:
        raise Unsound("it is no commit")
    raise Unsound(known.mentions.decode())
