"""One text where a list of them is asked for: refused, as to Python it is a list of its letters."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from git_muse_coord import BadInput, Coordinator
from tests.tools import Repo

F = "src/billing.py::compute_total"

CALLS: dict[str, Callable[[Coordinator, str], object]] = {
    "reserve": lambda coordinator, _: coordinator.reserve(F),
    "depends_on": lambda coordinator, held: coordinator.reserve([F], depends_on=held),
    "release": lambda coordinator, _: coordinator.release(F),
    "heartbeat": lambda coordinator, held: coordinator.heartbeat(held),
    "intent": lambda coordinator, _: coordinator.intent(addresses=F, op="modify"),
    "list": lambda coordinator, _: coordinator.list(address=F),
    "log": lambda coordinator, _: coordinator.log(address=F),
    "watch": lambda coordinator, _: coordinator.watch(address=F),
    "shard": lambda coordinator, _: coordinator.shard(agents=2, path="src/"),
    "reconcile": lambda coordinator, _: coordinator.reconcile(branch="main"),
    "symbols": lambda coordinator, _: coordinator.symbols("src/billing.py"),
}


@pytest.mark.parametrize("verb", CALLS)
def test_a_text_is_no_list_of_its_letters(repo: Repo, verb: str) -> None:
    coordinator = repo.coordinator()
    held = coordinator.reserve([F]).reservation_id
    assert held is not None

    with pytest.raises(BadInput, match="is a text where a list of them is asked for"):
        CALLS[verb](coordinator, held)

    assert [row.reservation_id for row in coordinator.list().reservations] == [held]
