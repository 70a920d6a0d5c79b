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
        ours = store.refs.list(ARCHIVE).get(ARCHIVE)
        exchange.archive_trouble = None
        if theirs in (None, ours) or (ours and store.archive.holds(ours, theirs)):
            return
        try:
            merged = _merge_archive(exchange, ours, theirs)
        except Unsound as error:
            exchange.archive_trouble = str(error)
            exchange.judge.rejected.add(ARCHIVE)
            return
        if merged in (None, ours) or store.refs.commit([RefUpdate(ARCHIVE, merged, ours)]):
            return
        pause(attempt)


def exchange_notes(exchange: Exchange, *, push: bool) -> None:
    """Unite the notes of both sides; where that cannot be, a warning of the exchange says why.

    Raises RemoteFailed and StoreFailed.
    """
    refs = exchange.store.refs
    for attempt in range(_ROUNDS):
        theirs = exchange.listing.get(NOTES)
        ours = refs.list(NOTES).get(NOTES)
        if theirs == ours:
            return
        if theirs is not None:
            try:
                _merge_notes(exchange, ours, theirs)
            except Unsound as error:
                exchange.judge.rejected.add(NOTES)
                exchange.said.append(
                    f"the notes at {exchange.remote.name!r} were left there: {error}"
                )
                return
            ours = refs.list(NOTES).get(NOTES)
        if not push or ours in (None, theirs) or exchange.remote.push([Update(NOTES, ours)]):
            return
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
    if known is not None:
        raise Unsound(known.mentions.decode() if known.verdict == DAMAGED else "it is no commit")
    return exchange.bring(ref)
