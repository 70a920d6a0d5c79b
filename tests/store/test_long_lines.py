"""Many places that others wait for, and many that are held: nobody compares each two of them."""

from __future__ import annotations

import pytest

from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.address import Address
from git_muse_coord.model.records import Intent
from git_muse_coord.model.text_types import RunId
from git_muse_coord.model.ticket import ticket_facts
from tests.tools import FAR, Repo, a_reservation


def test_status_finds_by_place_who_waits(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    compared = 0
    overlaps = Address.overlaps

    def counted(one: Address, other: Address) -> bool:
        nonlocal compared
        compared += 1
        return overlaps(one, other)

    held = a_reservation("f.py", *(f"d/{place}.py" for place in range(300)), run_id="me", **FAR)
    ticket = Intent(
        run_id=RunId("other"),
        nonce="x",
        extra=dict(ticket_facts(1, (), 30)),
        branch=None,
        addresses=tuple(sorted(f"e/{place}.py" for place in range(300))),
        operation="modify",
        detail=None,
        reservation_id=None,
        **FAR,
    )
    Session(str(repo.path)).store.write([held, ticket])
    monkeypatch.setattr(Address, "overlaps", counted)

    assert repo.muse("status", "--run-id", "me").code == 0
    assert compared < 5000
