"""What is printed of stored reservations as they lie in the cache is what is printed of them as objects."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial

import pytest

from git_muse_coord.commands.held_table import held_table
from git_muse_coord.coordinator.answers import active_rows
from git_muse_coord.coordinator.answers.active_rows import ActiveRows
from git_muse_coord.coordinator.answers.reservation import held
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.records import Heartbeat
from git_muse_coord.model.results import json_text
from git_muse_coord.model.text_types import RecordId, RunId
from tests.examples import id_of
from tests.tools import NOON, Repo, a_reservation

ODD = [
    "plain",
    "with blanks, and commas",
    'a "quoted" text',
    '","branch":"b","commit":null',
    ',"format":1,"kind":"reservation","nonce":"0","operation":"delete","reason":',
    ',"run_id":"somebody else"',
    "back\\slash\\",
    "ends with a comma,",
    "ümläut 日本 \U0001f980",
    "lone \ud800 surrogate",
    "turned \u202e round",
    "deleted \x7f",
    "claude:0d5e7a31-5c0f-4f0e-9b52-0f8f1c1a7d10/a1b2c3d4e5f6",
]


@pytest.mark.parametrize("all_at_once", [0, 20_000])
def test_rows_are_as_if_each_were_an_object(
    repo: Repo,
    all_at_once: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(active_rows, "_ALL_AT_ONCE", all_at_once)
    monkeypatch.setattr(active_rows, "_PORTION", 7)
    for number, text in enumerate(ODD):
        # of these neither may be in an address, nor the last in a run id
        path = "".join(character for character in text if character not in "\ud800\\:\x7f")
        reservation = a_reservation(
            f"src/{path}.py::f",
            f"src/number{number}.py",
            run_id=RunId(text.replace("\x7f", "")),
            reason=text,
            branch=[None, "main", 'a"b'][number % 3],
            commit=[None, "0" * 40][number % 2],
            operation=[None, "modify", "delete"][number % 3],
            created_at=NOON + timedelta(minutes=number % 4),
            expires_at=NOON + timedelta(minutes=30 + number),
        )
        repo.plant_record(reservation)
        if number % 5 == 0:
            beat = Heartbeat(
                run_id=reservation.run_id,
                nonce=f"{number:032x}",
                subject=RecordId(id_of(reservation)),
                beat_at=NOON,
                expires_at=NOON + timedelta(hours=2),
            )
            repo.plant_record(beat)

    for moment in (NOON, NOON + timedelta(minutes=36), NOON + timedelta(hours=1)):
        session = Session(str(repo.path), stays=False, clock=partial(_same, moment))
        snapshot = session.store.look()
        world = snapshot.world()
        objects = [held(id_, world, moment) for id_ in world.active(moment)]
        assert objects
        rows = ActiveRows(snapshot, moment)
        assert len(rows) == len(objects)
        assert "".join(rows.json_pieces()) == json_text(objects)
        assert list(held_table(rows)) == list(held_table(objects))


def _same(moment: datetime) -> datetime:
    return moment
