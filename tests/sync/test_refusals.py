"""A hook at the remote that dislikes one record keeps back that one and says why; nobody is moved to a branch."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.store.sync.refusals import PUSHES_MOST, isolate
from tests.docs.test_schemas import answer
from tests.sync.hubs import Hub
from tests.tools import Repo

pytestmark = pytest.mark.slow

JUDGE = """judge() { # REF OBJECT
  case $1 in refs/muse/*) ;; *) return 0;; esac
  ! git cat-file blob $2 2>/dev/null | grep -q poison || { echo 'RULE-9: no poison here' >&2; return 1; }
}
"""
ONE_BY_ONE = JUDGE + "judge $1 $3"
ALL_OR_NONE = JUDGE + "while read old new ref; do judge $ref $new || exit 1; done"
BRANCH = "refs/heads/muse-coord"


@pytest.fixture(
    params=[("update", ONE_BY_ONE), ("pre-receive", ALL_OR_NONE)], ids=["update", "pre-receive"]
)
def picky(request: pytest.FixtureRequest, hub: Hub) -> Hub:
    """A remote that takes everything but records with a certain word in them."""
    hub.hook(*request.param)
    return hub


def poisoned(clone: Repo) -> str:
    return clone.reserve("bad.py", "--run-id", "a", "--reason", "poison")


def test_one_refused_record_is_named_with_what_the_remote_said_and_the_rest_arrives(
    picky: Hub,
) -> None:
    one = picky.clone("one")
    good = {one.reserve(f"f{number}.py", "--run-id", "a") for number in range(9)}
    bad = poisoned(one)

    told = answer(one, "sync", code=5)
    assert bad.removeprefix("sha256:")[:12] in told["error"]["message"]
    assert "RULE-9: no poison here" in told["error"]["message"]
    assert told["pushed"] == {"reservations": 9}
    assert told["via"] == "refs"
    assert {ref.rpartition("/")[2] for ref in picky.refs()} == {
        one.removeprefix("sha256:") for one in good
    }
    assert picky.refs(BRANCH) == {}
    assert one.git("config", "muse-coord.origin.refs") == "true"


def test_a_refused_record_that_is_alone_moves_nobody_to_a_branch(picky: Hub) -> None:
    one = picky.clone("one")
    bad = poisoned(one)

    for _ in range(2):
        told = answer(one, "sync", code=5)
        assert bad.removeprefix("sha256:")[:12] in told["error"]["message"]
    assert picky.refs() == {}
    assert one.git("config", "muse-coord.origin.refs") == "true"
    one.json("release", bad, "--run-id", "a")
    assert one.held() == []


def test_a_strict_reservation_that_the_remote_refuses_stores_nothing_and_says_why(
    picky: Hub,
) -> None:
    one = picky.clone("one")

    told = answer(one, "reserve", "x.py", "--run-id", "a", "--strict", "--reason", "poison", code=5)
    assert "RULE-9: no poison here" in told["error"]["message"]
    assert "nothing was stored" in told["error"]["hint"]
    assert one.held() == []
    assert picky.refs(BRANCH) == {}
    assert one.json("reserve", "x.py", "--run-id", "a", "--strict")["conflicts"] == []


def test_where_nothing_is_taken_at_all_the_reason_of_the_remote_is_told(hub: Hub) -> None:
    hub.hook("pre-receive", "echo 'POLICY-17: no robots \x1b[31m' >&2; exit 1")
    one = hub.clone("one")
    one.reserve("a.py", "--run-id", "a")

    ran = one.muse("sync")
    assert ran.code == 5
    assert "POLICY-17: no robots" in ran.err
    assert "\x1b" not in ran.err
    assert len(ran.err.splitlines()) == 1


@given(st.sets(st.integers(0, 199), max_size=2))
def test_what_is_refused_is_found_and_all_else_is_pushed(refused: set[int]) -> None:
    arrived: set[str] = set()

    def push(some: Mapping[str, str]) -> bool:
        if any(int(name) in refused for name in some):
            return False
        arrived.update(some)
        return True

    found = isolate(push, lambda: "because", {str(number): "oid" for number in range(200)})
    assert {int(name) for name in found.reasons} == refused
    assert arrived == {str(number) for number in range(200)} - {str(number) for number in refused}
    assert found.untried == 0


def test_looking_for_what_is_refused_comes_to_an_end() -> None:
    asked = 0

    def push(_: Mapping[str, str]) -> bool:
        nonlocal asked
        asked += 1
        return False

    found = isolate(push, lambda: None, {str(number): "oid" for number in range(1000)})
    assert asked == PUSHES_MOST
    assert len(found.reasons) + found.untried == 1000
