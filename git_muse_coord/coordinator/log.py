"""Use case: what happened, newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

from git_muse_coord.coordinator.freshness import stay_informed
from git_muse_coord.coordinator.past_commits import NOTES_MOST, told_by_notes, with_subjects
from git_muse_coord.coordinator.past_records import Search, one_place, past_records
from git_muse_coord.coordinator.session import Session, ignored
from git_muse_coord.coordinator.symbol_past import Followed, follow_back
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.results import Dated
from git_muse_coord.model.text_types import RunId, list_of_texts
from git_muse_coord.rules.past import PastEvent, latest_first, told_by_records

SHOWN_MOST = 50
"""So many events are told where nobody says how many."""

_NOW = timedelta(seconds=2)


class LogEvent(Declared):
    """Something that happened.

    ``event`` is reserved, extended, met (a commit changed what its own run holds), overridden (what
    another holds: ``whose``), released, landed, or changed (a commit changed the symbol that is
    followed). ``detail`` is the operation, the outcome or the kind of change; ``text`` the reason of a
    reservation or the first line of a commit's message, and ``author`` who made that;
    ``from_address`` is what a symbol was called before.
    """

    at: datetime
    event: str
    run_id: str | None
    addresses: tuple[str, ...]
    reservation_id: str | None
    commit: str | None
    branch: str | None
    whose: str | None
    until: datetime | None
    detail: str | None
    text: str | None
    from_address: str | None
    author: str | None


class LogResult(Dated):
    """What happened, newest first; ``more`` says that there is more.

    ``names`` are those that a symbol had which is followed.
    """

    events: tuple[LogEvent, ...]
    more: bool
    names: tuple[str, ...]


def log(
    session: Session,
    *,
    address: Iterable[str] = (),
    run_id: str | None = None,
    branch: str | None = None,
    since: str | None = None,
    follow_symbol: str | None = None,
    most: int = SHOWN_MOST,
) -> LogResult:
    """Tell what happened, from live records, the archive and the notes; at most ``most`` events, 0 for all.

    ``address`` keeps what overlaps one of some, ``since`` is a time as git takes it, and
    ``follow_symbol`` an address that is followed through renames. Raises BadInput.
    """
    if most < 0:
        raise BadInput(f"{most} is no number of events", "0 means all")
    # All of them are fewer than this.
    limit = most or 1 << 60
    named = list_of_texts(address)
    # Whoever follows a symbol means all of its names at once.
    followed = Followed((), ())
    if follow_symbol is not None:
        symbol = one_place(session, follow_symbol)
        followed = follow_back(session, symbol)
    # Without a name given, all places are meant.
    places = session.addresses(named) if named else []
    places += followed.places
    search = Search(
        # One more shows whether there is more.
        most=limit + 1,
        places=tuple(places),
        run_id=_as_run(run_id),
        branch=branch,
        since=_moment(session, since),
    )
    events = list(_told(session, search))
    events += followed.changes
    kept = _kept(events, search)
    chosen = latest_first(kept)
    shown = with_subjects(session, chosen[:limit])
    skipped = ignored(session.store.look())
    result = LogResult(
        events=tuple(map(_answer, shown)),
        more=len(chosen) > limit,
        names=tuple(map(str, followed.places)),
        warnings=[*followed.warnings, *skipped],
    )
    stay_informed(session, result)
    return result


def _told(session: Session, search: Search) -> Iterator[PastEvent]:
    past = past_records(session, search)
    yield from told_by_records(past.records, past.subjects)
    # Whoever asks for all needs the newest notes; who searches, more of them.
    notes = NOTES_MOST
    if search.is_for_all:
        notes = min(search.most, NOTES_MOST)
    yield from told_by_notes(session, past.subjects, notes)


def _kept(events: Iterable[PastEvent], search: Search) -> Iterator[PastEvent]:
    """The events that are asked for."""
    since = search.since
    for event in events:
        if since is not None and event.at < since:
            continue
        runs = (event.run_id, event.whose)
        if search.run_id is not None and search.run_id not in runs:
            continue
        # Of commits it is not known on which branch they were made.
        is_there = search.branch in (None, event.branch)
        if not is_there:
            continue
        if not search.places or search.is_at(event.addresses):
            yield event


def _as_run(run_id: str | None) -> RunId | None:
    return None if run_id is None else RunId(run_id)


def _moment(session: Session, text: str | None) -> datetime | None:
    """The time that somebody means, in all the words that git takes; None for none. Raises BadInput."""
    if text is None:
        return None
    option = session.repository.git.line_or_none("rev-parse", f"--since={text}") or ""
    # It answers with an option of its own: --max-age=1742256000
    _, _, seconds = option.partition("=")
    wrong = BadInput(f"{text[:80]!r} is no time", "such as 2026-03-18, '2 hours ago', yesterday")
    if not seconds.isdecimal():
        raise wrong
    moment = datetime.fromtimestamp(int(seconds), UTC)
    # git takes what it does not understand for now.
    away = moment - session.now()
    is_now = abs(away) <= _NOW
    if is_now and text.strip().lower() != "now":
        raise wrong
    return moment


def _answer(event: PastEvent) -> LogEvent:
    # The same names, because an answer is what a rule has told.
    fields = event._asdict()
    return LogEvent(**fields)
