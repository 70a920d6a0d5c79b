"""What a hostile or damaged remote sends never changes what is ours, and is not kept."""

from __future__ import annotations

import hashlib
import os

import pytest

from git_muse_coord.model import codec, records
from git_muse_coord.store.git.objects import blob_oid
from git_muse_coord.store.sync.incoming import within
from tests.docs.test_schemas import answer
from tests.sync.hubs import Hub, plant_many
from tests.tools import Repo, a_reservation, git_in

pytestmark = pytest.mark.slow

NOBODY = "f" * 64
RESERVATIONS = "refs/muse/reservations/"


def ref_of(content_id: str) -> str:
    return RESERVATIONS + content_id.removeprefix("sha256:")


@pytest.fixture
def settled(hub: Hub) -> tuple[Repo, Repo, str]:
    """Two clones with one reservation, already synced."""
    one, two = hub.clone("one"), hub.clone("two")
    held = one.reserve("a.py", "--run-id", "a")
    one.json("sync")
    two.json("sync")
    return one, two, held


def kept(clone: Repo) -> dict[str, str]:
    return clone.refs("refs/muse/") | clone.refs("refs/muse-incoming/")


BAD_NAMES = (
    "refs/muse/reservations/short",
    f"refs/muse/reservations/{NOBODY.upper()}",
    f"refs/muse/reservations/{NOBODY}/deeper",
    f"refs/muse/Inventions/{NOBODY}",
    "refs/muse/lonely",
    f"refs/muse/claims/{NOBODY}",
    "refs/muse/reservations/naïve",
    f"refs/muse-incoming/{NOBODY}",
)


@pytest.mark.parametrize("ref", BAD_NAMES)
def test_a_ref_with_a_bad_name_is_counted_and_left_there(
    hub: Hub, settled: tuple[Repo, Repo, str], ref: str
) -> None:
    one, _, held = settled
    hub.plant(ref, records.encode(a_reservation("evil.py")))
    before = kept(one)

    told = answer(one, "sync")
    assert told["rejected"] == (1 if ref.startswith("refs/muse/") else 0)
    assert told["fetched"] == told["pushed"] == {}
    assert kept(one) == before
    assert one.held() == [held]


JUNK = {
    "garbage": b"garbage",
    "nothing": b"",
    "not canonical": b'{"kind": "reservation"}',
    "of a format to come": b'{"format":2,"kind":"reservation"}',
    "another record": records.encode(a_reservation("other.py")),
    "too deep": b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "just over the limit": b"x" * (codec.MAX_RECORD_BYTES + 1),
}


@pytest.mark.parametrize("blob", JUNK.values(), ids=JUNK)
def test_a_blob_that_is_no_record_of_its_name_is_counted_and_not_kept(
    hub: Hub, settled: tuple[Repo, Repo, str], blob: bytes
) -> None:
    one, _, held = settled
    hub.plant(RESERVATIONS + NOBODY, blob)
    before = kept(one)

    for _ in range(2):
        told = answer(one, "sync")
        assert told["rejected"] == 1
        assert any("no sound record" in warning for warning in told["warnings"])
        assert told["fetched"] == told["pushed"] == {}
        assert kept(one) == before
    assert one.held() == [held]
    one.sound()


@pytest.mark.parametrize("kind", ["commit", "tag", "tree"])
def test_a_ref_to_what_is_no_blob_is_counted_and_not_kept(
    hub: Hub, settled: tuple[Repo, Repo, str], kind: str
) -> None:
    one, _, held = settled
    hub.git("-c", "user.name=x", "-c", "user.email=x", "tag", "-m", "x", "v1", "main")
    hub.git(
        "update-ref",
        RESERVATIONS + NOBODY,
        {"commit": "main", "tag": "v1", "tree": "main^{tree}"}[kind],
    )
    before = kept(one)

    assert one.json("sync")["rejected"] == 1
    assert kept(one) == before
    assert one.held() == [held]


def test_thousands_of_junk_blobs_among_good_records_are_seen_once(
    hub: Hub, settled: tuple[Repo, Repo, str]
) -> None:
    one, two, held = settled
    plant_many(
        hub.path,
        {RESERVATIONS + hashlib.sha256(b"%d" % n).hexdigest(): b"junk %d" % n for n in range(3000)},
    )
    good = two.reserve("good.py", "--run-id", "b")
    two.json("sync", "--push-only")

    told = one.json("sync")
    assert told["rejected"] == 3000
    assert told["fetched"] == {"reservations": 1}
    assert one.held() == [held, good]
    assert len(kept(one)) == 2
    one.git("gc", "-q", "--prune=now")
    assert one.json("sync")["rejected"] == 3000
    assert one.git("cat-file", "-t", blob_oid(b"junk 7", "sha1"), check=False) == ""


def test_a_huge_blob_is_taken_once_and_never_again(
    hub: Hub, settled: tuple[Repo, Repo, str]
) -> None:
    one, _, held = settled
    for place in (hub.path, one.path):
        git_in(place, "config", "core.compression", "0")
    oid = hub.plant(RESERVATIONS + NOBODY, os.urandom(1 << 20) * 50)

    assert one.json("sync")["rejected"] == 1
    assert one.held() == [held]
    one.git("prune", "--expire=now")
    assert one.git("cat-file", "-t", oid, check=False) == ""
    assert one.json("sync")["rejected"] == 1
    assert one.git("cat-file", "-t", oid, check=False) == ""


def test_junk_that_the_cache_has_no_room_for_keeps_no_good_record_back(
    hub: Hub, settled: tuple[Repo, Repo, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, held = settled
    monkeypatch.setattr("git_muse_coord.store.sync.carriers.EXACT_MOST", 10)
    monkeypatch.setattr("git_muse_coord.store.records.known_objects.SPARE", 5)
    plant_many(
        hub.path, {RESERVATIONS + f"{number:064x}": b"junk %d" % number for number in range(60)}
    )
    good = [two.reserve(f"g{number}.py", "--run-id", "b") for number in range(15)]
    two.json("sync")

    assert one.json("sync")["rejected"] == 60
    assert one.held() == [held, *good]
    late = two.reserve("late.py", "--run-id", "b")
    two.json("sync")
    hub.git("config", "transfer.hideRefs", f"{RESERVATIONS}{59:064x}")
    assert one.json("sync")["rejected"] == 59
    assert one.held() == [held, *good, late]


def test_a_forged_blob_at_the_remote_never_replaces_ours_and_ours_is_pushed_over_it(
    hub: Hub, settled: tuple[Repo, Repo, str]
) -> None:
    one, two, held = settled
    ours = one.refs()
    forged = hub.git("cat-file", "blob", ours[ref_of(held)]).replace('"run_id":"a"', '"run_id":"z"')
    hub.plant(ref_of(held), forged.encode())

    told = answer(two, "sync")
    assert told["rejected"] == 1
    assert told["pushed"] == {"reservations": 1}
    assert one.refs() == two.refs() == hub.refs() == ours
    assert one.json("sync")["rejected"] == 0


def test_a_forged_release_changes_nothing_and_is_not_passed_on(
    hub: Hub, settled: tuple[Repo, Repo, str]
) -> None:
    one, two, held = settled
    forged = a_reservation("b.py")
    hub.plant(f"refs/muse/releases/{held.removeprefix('sha256:')}", records.encode(forged))

    assert one.json("sync")["rejected"] == 1
    assert one.held() == [held]
    assert one.json("release", held, "--run-id", "a")["released"] == [held]
    assert one.json("sync")["pushed"] == {"releases": 1}
    two.json("sync")
    assert two.held() == []


def test_a_record_damaged_here_is_replaced_by_the_sound_one_of_the_remote(
    hub: Hub, settled: tuple[Repo, Repo, str]
) -> None:
    one, _, held = settled
    one.plant(ref_of(held), b"damaged")
    assert one.held() == []

    told = one.json("sync")
    assert told["fetched"] == {"reservations": 1}
    assert told["pushed"] == {}
    assert one.held() == [held]
    assert one.refs() == hub.refs()


def test_of_two_releases_of_one_reservation_the_one_at_the_remote_stands(
    hub: Hub, settled: tuple[Repo, Repo, str]
) -> None:
    one, two, held = settled
    one.json("release", held, "--run-id", "a")
    two.json("release", held, "--run-id", "a", "--outcome", "abandoned")
    one.json("sync")
    two.json("sync")

    assert one.refs() == two.refs() == hub.refs()
    assert two.json("show", held)["related"][0]["record"]["outcome"] == "done"


EPOCHS = {
    "garbage": b"garbage",
    "too deep": b'{"reservations":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "no list": b'{"reservations":7}',
    "strange ids": b'{"reservations":["","sha256:","../../x",null,[],"sha256:' + b"f" * 64 + b'"]}',
    "huge": b"[" * (codec.MAX_RECORD_BYTES + 1),
}


@pytest.mark.parametrize("blob", EPOCHS.values(), ids=EPOCHS)
def test_an_epoch_that_is_junk_stops_neither_sync_nor_strict(
    hub: Hub, settled: tuple[Repo, Repo, str], blob: bytes
) -> None:
    one, two, _ = settled
    hub.plant("refs/muse-epoch/head", blob)

    assert one.json("sync")["rejected"] == 0
    assert one.json("reserve", "b.py", "--run-id", "a", "--strict")["conflicts"] == []
    assert two.muse("reserve", "b.py", "--run-id", "b", "--strict").code == 2
    assert two.muse("reserve", "a.py", "--run-id", "b", "--strict").code == 2


@pytest.mark.parametrize("kind", ["commit", "tag", "tree"])
def test_an_epoch_of_another_type_stops_nothing(
    hub: Hub, settled: tuple[Repo, Repo, str], kind: str
) -> None:
    one, two, _ = settled
    hub.git("-c", "user.name=x", "-c", "user.email=x", "tag", "-m", "x", "v1", "main")
    hub.git(
        "update-ref",
        "refs/muse-epoch/head",
        {"commit": "main", "tag": "v1", "tree": "main^{tree}"}[kind],
    )

    assert one.json("reserve", "b.py", "--run-id", "a", "--strict")["conflicts"] == []
    assert two.muse("reserve", "b.py", "--run-id", "b", "--strict").code == 2


MOVING = ("refs/muse-archive/head", "refs/notes/muse-coord")


@pytest.mark.parametrize("ref", MOVING)
@pytest.mark.parametrize("kind", ["blob", "huge", "tag", "tree", "commit"])
def test_an_archive_or_notes_that_are_none_are_not_taken(
    hub: Hub, settled: tuple[Repo, Repo, str], ref: str, kind: str
) -> None:
    one, _, held = settled
    if kind in ("blob", "huge"):
        hub.plant(ref, b"junk" * (5 << 20 if kind == "huge" else 1))
    else:
        hub.git("-c", "user.name=x", "-c", "user.email=x", "tag", "-m", "x", "v1", "main")
        hub.git("update-ref", ref, {"commit": "main", "tag": "v1", "tree": "main^{tree}"}[kind])
    there = hub.refs(ref)

    for _ in range(2):
        told = answer(one, "sync")
        assert told["rejected"] == 1
        assert one.refs("refs/muse-incoming/") == {}
    assert one.refs(ref) == {}
    assert one.held("--all") == [held]
    assert hub.refs(ref) == there
    one.sound()


def test_a_flood_comes_in_piece_by_piece_and_keeps_no_good_record_back(
    hub: Hub, settled: tuple[Repo, Repo, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, held = settled
    monkeypatch.setattr("git_muse_coord.store.sync.incoming.TAKEN_MOST", 30)
    monkeypatch.setattr("git_muse_coord.store.sync.carriers.EXACT_MOST", 10)
    plant_many(
        hub.path,
        {RESERVATIONS + hashlib.sha256(b"%d" % n).hexdigest(): b"junk %d" % n for n in range(100)},
    )
    good = two.reserve("good.py", "--run-id", "b")
    two.json("sync", "--push-only")

    told = answer(one, "sync")
    assert told["rejected"] + sum(told["fetched"].values()) == 30
    assert any(
        "71 refs at 'origin' were left for the next sync" in warning for warning in told["warnings"]
    )
    for _ in range(3):
        told = one.json("sync")
    assert told["rejected"] == 100
    assert not any("left for the next" in warning for warning in told["warnings"])
    assert one.held() == [held, good]


def test_who_asks_strictly_takes_in_all_of_a_flood_or_nothing(
    hub: Hub, settled: tuple[Repo, Repo, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two, _ = settled
    plant_many(
        hub.path,
        {RESERVATIONS + hashlib.sha256(b"%d" % n).hexdigest(): b"junk %d" % n for n in range(100)},
    )
    two.reserve("good.py", "--run-id", "b")
    two.json("sync", "--push-only")
    monkeypatch.setattr("git_muse_coord.store.sync.incoming.TAKEN_MOST", 5)

    ran = one.muse("reserve", "free.py", "--run-id", "c", "--strict")
    assert ran.code == 5
    assert "holds more records than can be read at one time" in ran.err
    monkeypatch.setattr("git_muse_coord.store.sync.incoming.TAKEN_MOST", 30)
    assert one.muse("reserve", "good.py", "--run-id", "c", "--strict").code == 2
    assert one.muse("reserve", "free.py", "--run-id", "c", "--strict").code == 0


def test_the_names_of_a_flood_are_fetched_by_patterns_that_bring_little_else(
    hub: Hub, settled: tuple[Repo, Repo, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _, held = settled
    monkeypatch.setattr("git_muse_coord.store.sync.carriers.EXACT_MOST", 3)
    junk = {f"{RESERVATIONS}00{n:062x}": b"junk %d" % n for n in range(60)}
    plant_many(hub.path, junk)
    assert one.json("sync")["rejected"] == 60
    one.git("prune", "--expire=now")
    new = {f"{RESERVATIONS}00{n:062x}": b"more %d" % n for n in range(60, 64)}
    plant_many(hub.path, new)

    assert one.json("sync")["rejected"] == 64
    assert one.git("cat-file", "-t", next(iter(hub.refs().values())), check=False) == ""
    assert one.held() == [held]


def test_of_more_than_may_be_taken_those_that_begin_alike_are_taken() -> None:
    refs = {
        f"{folder}{n:02x}{'0' * 62}": "x"
        for n in range(256)
        for folder in (RESERVATIONS, "refs/muse/releases/")
    }

    for _ in range(20):
        taken = within(refs, 100)
        assert len(taken) == 100
        assert len({ref.rsplit("/", 1)[1] for ref in taken}) == 50
    assert within(refs, 512) == refs
