"""Who else was at work lately, by the records that everybody shares: those who would miss them."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from git_muse_coord.model.light_time import datetime, timedelta
from git_muse_coord.model.records import Record
from git_muse_coord.model.text_types import RunId
from git_muse_coord.rules.kin import are_kin

LATELY = timedelta(days=7)


def bystanders(
    records: Iterable[Record],
    own: Collection[RunId],
    now: datetime,
) -> dict[RunId, datetime]:
    """The other runs that made a record in the last 7 days, and when the last one, the latest first."""
    last_acts: dict[RunId, datetime] = {}
    for record in records:
        if now - record.made_at > LATELY:
            continue
        last = last_acts.get(record.run_id)
        if last is None or last < record.made_at:
            last_acts[record.run_id] = record.made_at
    others: dict[RunId, datetime] = {}
    for run_id in sorted(last_acts, key=lambda run_id: last_acts[run_id], reverse=True):
        is_own = any(run_id == mine or are_kin(run_id, mine) for mine in own)
        if not is_own:
            others[run_id] = last_acts[run_id]
    return others
