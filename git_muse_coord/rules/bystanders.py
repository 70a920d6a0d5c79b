"""Who else was at work lately, by the records that everybody shares: those who would miss them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from operator import itemgetter

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
        run_id = record.run_id
        moment = record.made_at
        if now - moment > LATELY:
            continue
        last = last_acts.get(run_id, moment)
        last_acts[run_id] = max(last, moment)
    latest_first = sorted(last_acts.items(), key=itemgetter(1), reverse=True)
    others: dict[RunId, datetime] = {}
    for run_id, moment in latest_first:
        if not _is_own(run_id, own):
            others[run_id] = moment
    return others


def _is_own(run_id: RunId, own: Collection[RunId]) -> bool:
    """Whether a run is one of ours, or of the family of one."""
    if run_id in own:
        return True
    return any(are_kin(run_id, mine) for mine in own)
