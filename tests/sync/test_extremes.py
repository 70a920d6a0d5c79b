"""Extreme values of every field of every kind, stored by a foreign hand: every verb works as if they were not there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from git_muse_coord.model import codec, records
from git_muse_coord.model.codec import FIRST_TIME, LAST_TIME, InvalidRecord
from git_muse_coord.model.kind import Kind
from git_muse_coord.model.records import KINDS
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.rules.state import World
from tests.examples import id_of, one_of_each
from tests.sync.hubs import Hub, plant_many
from tests.sync.test_gc import START
from tests.tools import Repo

pytestmark = pytest.mark.slow

DEEP = codec.canonical({"a": 1}).replace(b"1", b"[" * 60 + b"]" * 60)
VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1, 2, 10**6, -(10**6), 10**9, 10**639, -(10**639)),
    *("", "x", "-x", "--all", "x" * 128, "x" * 256, "x" * 1024, "x" * 4096, "x" * 5000),
    *(
        "\0",
        "\n",
        "\x1b[2J",
        "\u202e",
        "\u2028",
        "\ud800",
        "\udc80",
        "main..HEAD",
        "*",
        "refs/heads/main",
    ),
    *("rename", "delete", "merge", "done", "abandoned", "completed", "failed", "expired"),
    *(
        FIRST_TIME,
        LAST_TIME,
        "0001-01-01T00:00:00.000000+00:00",
        "9999-12-31T23:59:59.999999+00:00",
    ),
    *(
        "2199-12-31T23:59:59.999999+00:00",
        "2000-02-29T00:00:00.000000+00:00",
        codec.format_time(START),
    ),
    *("ab" * 20, "ab" * 32, "sha256:" + "ab" * 32, "sha256:" + "0" * 64, "sha256:" + "f" * 64),
    *(
        [],
        ["./"],
        ["a.py"],
        ["a/" * 500 + "b"],
        ["a.py::" + ".".join("x" * 500)],
        ["a.py", "a.py::f"],
        ["\udc80.py"],
    ),
    *(["sha256:" + "ab" * 32], [1], {}, {"a": 1}, codec.load_canonical(DEEP)),
]
VERBS = (
    *(
        ["list"],
        ["list", "--all"],
        ["list", "--conflicts"],
        ["status"],
        ["dag"],
        ["dag", "--format", "dot"],
    ),
    *(["fsck"], ["forecast"], ["reconcile"], ["check"], ["gc"], ["gc", "--unknown"], ["doctor"]),
    *(
        ["reserve", "src/", "--dry-run", "--run-id", "z"],
        ["sync"],
        ["gc", "--execute", "--remote"],
        ["list", "--all"],
    ),
)


def extremes() -> Iterator[tuple[str, bytes]]:
    """Every kind with each of its fields at each value, by the ref that it would have."""
    for kind, record in one_of_each(START).items():
        plain = records.to_json(record)
        for number, (name, value) in enumerate(
            (name, value) for name in record.fields for value in VALUES
        ):
            blob = codec.canonical({**plain, "nonce": f"{kind}{number}", name: value})
            yield _ref(KINDS[kind], blob, number), blob
            if name == KINDS[kind].begins:
                same = {other: value for other, rule in record.fields.items() if rule is codec.TIME}
                blob = codec.canonical({**plain, "nonce": f"{kind}{number} at once", **same})
                yield _ref(KINDS[kind], blob, number + 10_000), blob


def _ref(kind: type[records.Record], blob: bytes, number: int) -> str:
    try:
        return records.ref_name(records.decode(blob), codec.content_id(blob))
    except InvalidRecord:
        name = (
            f"{number:064x}" if kind.is_keyed() else codec.content_id(blob).removeprefix("sha256:")
        )
        return f"refs/muse/{kind.folder}/{name}{'-1' if kind.folder == 'claims' else ''}"


@pytest.fixture
def planted(hub: Hub) -> dict[str, bytes]:
    """All that are sound and some that are not, by ref, as they are at the hub; of two of one name the last."""
    blobs = {
        ref: blob
        for number, (ref, blob) in enumerate(dict(extremes()).items())
        if _is_sound(blob) or number % 10 == 0
    }
    plant_many(hub.path, blobs)
    return blobs


def test_no_value_of_any_field_stops_a_verb_and_all_clones_judge_alike(
    hub: Hub, planted: dict[str, bytes]
) -> None:
    """One clone has seen all the others when it judges a record, one has seen none: the bytes alone decide."""
    bad = {ref for ref, blob in planted.items() if not _is_sound(blob)}
    assert len(bad) > 200
    assert len(planted) - len(bad) > 300
    here, there = hub.clone("here"), hub.clone("there")
    held = here.reserve("src/billing.py", "--run-id", "a")
    here.git("fetch", "-q", "origin", "refs/muse/*:refs/muse/*")

    assert here.bad().keys() == bad
    told = there.json("sync")
    assert (told["rejected"], told["not_understood"]) == (len(bad), 0)
    assert there.bad() == {}
    for repo in (here, there):
        for verb in [*VERBS, ["show", held], ["release", held, "--run-id", "a"]]:
            ran = repo.muse(*verb, "--json")
            assert ran.code in (0, 1, 4), (verb, ran)
            assert "internal" not in ran.out + ran.err, (verb, ran)
            assert verb[0] in ("fsck", "doctor", "show", "release") or ran.code == 0, (verb, ran)
        repo.git("fsck", "--strict")
    assert held not in there.held()


def test_a_record_that_cannot_be_judged_is_named_as_bad_and_goes_nowhere(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There is none that our checks let through, so one has to be made unbearable."""
    one, two = hub.clone("one"), hub.clone("two")
    evil = one.reserve("evil.py", "--run-id", "mallory")
    good = one.reserve("good.py", "--run-id", "a")
    # what nothing else is about ends at its own time, and fsck judges none such one by one
    one.json("heartbeat", evil, "--run-id", "mallory")
    expiry = World.effective_expiry

    def fails(self: World, reservation_id: str) -> Any:
        if reservation_id == evil:
            raise OverflowError
        return expiry(self, RecordId(reservation_id))

    with monkeypatch.context() as broken:
        broken.setattr(World, "effective_expiry", fails)
        assert one.json("sync")["pushed"] == {"reservations": 1}
        assert _judged_active(one) == [good]
        assert f"refs/muse/reservations/{evil.removeprefix('sha256:')}" in one.bad()
        assert one.json("gc", "--execute", "--remote")["archived"] == 0
    one.json("sync")
    with monkeypatch.context() as broken:
        broken.setattr(World, "effective_expiry", fails)
        told = two.json("sync")
        assert (told["fetched"], told["rejected"]) == ({"reservations": 1}, 2)
        assert _judged_active(two) == [good]


def _judged_active(repo: Repo) -> list[str]:
    """What is active, as a process that stays judges it; others read the ends from their cache."""
    return [held.reservation_id for held in repo.coordinator().list().reservations]


def _is_sound(blob: bytes) -> bool:
    try:
        return isinstance(records.decode(blob), Kind)
    except InvalidRecord:
        return False


def test_the_examples_themselves_are_sound() -> None:
    assert all(
        _is_sound(records.encode(record)) and id_of(record)
        for record in one_of_each(START).values()
    )
