"""Records come from other clones: whatever is there, the good ones are seen and each bad one is named and counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings, strategies as st

from git_muse_coord.model import codec, records
from git_muse_coord.model.records import Heartbeat, Release
from git_muse_coord.model.text_types import RecordId, RunId
from tests.model.test_records import STORED
from tests.tools import FAR, NOON, Repo, a_reservation

pytestmark = pytest.mark.slow

HEX = "c" * 64
SOUND = records.encode(a_reservation("src/billing.py", nonce="0", **FAR))
SOUND_HEX = codec.content_id(SOUND).removeprefix("sha256:")


def altered(**changes: object) -> bytes:
    return codec.canonical({**records.to_json(records.decode(SOUND)), **changes})


def under_its_hash(folder: str, blob: bytes) -> Callable[[Repo], str]:
    """Store bytes as a foreign writer would who names them by their hash."""

    def plant(repo: Repo) -> str:
        ref = f"refs/muse/{folder}/{codec.content_id(blob).removeprefix('sha256:')}"
        repo.plant(ref, blob)
        return ref

    return plant


def under(ref: str, blob: bytes) -> Callable[[Repo], str]:
    def plant(repo: Repo) -> str:
        repo.plant(ref, blob)
        return ref

    return plant


def pointing_at(target: str) -> Callable[[Repo], str]:
    def plant(repo: Repo) -> str:
        repo.git("tag", "-a", "-m", "One", "v1")
        repo.git("update-ref", f"refs/muse/reservations/{HEX}", target)
        return f"refs/muse/reservations/{HEX}"

    return plant


def _with_a_missing_object(repo: Repo) -> str:
    repo.loose(repo.plant(f"refs/muse/reservations/{HEX}", b"lost")).unlink()
    return f"refs/muse/reservations/{HEX}"


def _symbolic(repo: Repo) -> str:
    repo.git("symbolic-ref", f"refs/muse/reservations/{HEX}", "refs/heads/main")
    return f"refs/muse/reservations/{HEX}"


def _wrongly_keyed_release(repo: Repo) -> str:
    about = Release(
        run_id=RunId("b"),
        nonce="n",
        reservation_id=RecordId("sha256:" + "d" * 64),
        outcome="done",
        released_at=NOON,
        expires_at=NOON,
    )
    repo.plant(f"refs/muse/releases/{HEX}", records.encode(about))
    return f"refs/muse/releases/{HEX}"


HOSTILE: dict[str, tuple[Callable[[Repo], str], str]] = {
    "not JSON": (under_its_hash("reservations", b"reservation"), "not JSON"),
    "empty": (under_its_hash("reservations", b""), "not JSON"),
    "not UTF-8": (under_its_hash("reservations", b"\xff\xfe"), "not UTF-8"),
    "not canonical": (under_its_hash("reservations", SOUND + b"\n"), "not canonical JSON"),
    "a list": (under_its_hash("reservations", b"[1]"), "not a JSON object"),
    "a list for a field": (
        under_its_hash("reservations", altered(run_id=["a"])),
        "run_id is not text",
    ),
    "an object for addresses": (
        under_its_hash("reservations", altered(addresses={})),
        "addresses is not a list",
    ),
    "a date without a zone": (
        under_its_hash("reservations", altered(expires_at="2026-01-01T00:00:00.000000")),
        "expires_at is not a UTC time with microseconds",
    ),
    "too many addresses": (
        under_its_hash("reservations", altered(addresses=[f"{one:04}" for one in range(1001)])),
        "addresses has 1,001 entries, not 1 to 1,000",
    ),
    "an address outside": (
        under_its_hash("reservations", altered(addresses=["../x"])),
        "leaves the repository",
    ),
    "format 2 under another hash": (
        under(f"refs/muse/reservations/{HEX}", altered(format=2)),
        "of format 2",
    ),
    "an unknown kind": (
        under_its_hash("reservations", altered(kind="lock")),
        "of a kind that is not known here",
    ),
    "deep": (
        under_its_hash("reservations", b'{"a":' * 50_000 + b"1" + b"}" * 50_000),
        "nested too deeply",
    ),
    "nested deeper than allowed": (
        under_its_hash(
            "reservations",
            altered(later=0).replace(b'"later":0', b'"later":' + b"[" * 400 + b"]" * 400),
        ),
        "nested too deeply",
    ),
    "1 byte over 1 MiB": (
        under_its_hash("reservations", b" " * (2**20 + 1)),
        "larger than 1,048,576 bytes",
    ),
    "50 MB": (under_its_hash("reservations", b"[" * 50_000_000), "larger than 1,048,576 bytes"),
    "a wrong name": (
        under(f"refs/muse/reservations/{HEX}", SOUND),
        "its name does not match its record",
    ),
    "a wrong folder": (
        under(f"refs/muse/intents/{SOUND_HEX}", SOUND),
        "its record belongs under refs/muse/reservations/",
    ),
    "a folder deeper": (
        under(f"refs/muse/reservations/{SOUND_HEX}/x", SOUND),
        "its name does not match its record",
    ),
    "no folder": (
        under(f"refs/muse/{SOUND_HEX}", SOUND),
        "its record belongs under refs/muse/reservations/",
    ),
    "a junk name": (under("refs/muse/junk", b"{}"), "of a kind that is not known here"),
    "a name outside ASCII": (
        under("refs/muse/reservations/\u202ehex", SOUND),
        "its name does not match its record",
    ),
    "a release of another": (_wrongly_keyed_release, "its name does not match its record"),
    "a commit": (pointing_at("HEAD"), "points at a commit, not at a blob"),
    "a tree": (pointing_at("HEAD^{tree}"), "points at a tree, not at a blob"),
    "a tag": (pointing_at("refs/tags/v1"), "points at a tag, not at a blob"),
    "a symbolic ref": (_symbolic, "points at a commit, not at a blob"),
}


@pytest.mark.parametrize(("plant", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_ref_is_ignored_counted_once_and_named(
    repo: Repo, plant: Callable[[Repo], str], reason: str
) -> None:
    good = repo.reserve("src/billing.py", "--run-id", "a")
    ref = plant(repo)

    for _ in range(2):  # the second time out of the cache
        assert repo.held() == [good]
        listed = repo.muse("list")
        assert listed.code == 0
        assert (
            listed.err
            == "warning: 1 damaged or foreign record was ignored; git muse-coord fsck names them\n"
        )
    found = repo.bad()
    assert list(found) == [ref]
    assert reason in found[ref]


def test_a_ref_whose_object_is_missing_is_told_apart_because_git_itself_stumbles_over_it(
    repo: Repo,
) -> None:
    good = repo.reserve("src/billing.py", "--run-id", "a")
    ref = _with_a_missing_object(repo)

    assert repo.held() == [good]
    said = "warning: git has lost the objects of 1 record, so its gc fails; git muse-coord fsck --repair mends it\n"
    assert repo.muse("list").err == said
    assert repo.bad() == {ref: "its object is missing"}


def test_all_hostile_refs_together_hide_nothing_from_any_verb(repo: Repo) -> None:
    good = repo.reserve("src/billing.py", "--run-id", "a")
    planted: set[str] = set()
    for plant, _ in HOSTILE.values():
        try:
            planted.add(plant(repo))
        except AssertionError:
            continue  # two of them want the same name
    assert len(planted) > 20

    warned = repo.json("reserve", "src/", "--run-id", "b", "--depends-on", good)
    repo.json("heartbeat", good, "--run-id", "a")
    shown = repo.json("show", good[:20])
    waits = repo.json("dag")
    status = repo.json("status", "--run-id", "a")
    released = repo.json("release", good, "--run-id", "a")

    assert [one["reservation_id"] for one in warned["conflict_details"]] == [good]
    assert shown["state"] == "active"
    assert waits["order"] == [good, warned["reservation_id"]]
    assert [one["reservation_id"] for one in status["waiting_for_me"]] == [warned["reservation_id"]]
    assert released["became_ready"] == [warned["reservation_id"]]
    for answer in (warned, shown, waits, status, released):
        assert answer["warnings"] == [
            f"{len(planted):,} damaged or foreign records were ignored; git muse-coord fsck names them"
        ]
    assert set(repo.bad()) == planted


def test_a_ref_that_stands_in_the_way_of_all_is_named(repo: Repo) -> None:
    repo.git("update-ref", "refs/muse", "HEAD")

    assert repo.muse("reserve", "a.py").code == 3
    assert list(repo.bad()) == ["refs/muse"]


@pytest.mark.parametrize("counts", [True, False])
def test_a_release_counts_only_for_the_reservation_that_it_names(repo: Repo, counts: bool) -> None:
    one, other = repo.reserve("a.py", "--run-id", "a"), repo.reserve("b.py", "--run-id", "a")
    release = Release(
        run_id=RunId("x"),
        nonce="n",
        reservation_id=RecordId(one),
        outcome="done",
        released_at=NOON,
        expires_at=NOON,
    )
    named = one if counts else other
    repo.plant(f"refs/muse/releases/{named.removeprefix('sha256:')}", records.encode(release))

    assert repo.held() == ([other] if counts else [one, other])
    assert bool(repo.bad()) is not counts


def test_a_foreign_heartbeat_is_sound_and_extends_nothing(repo: Repo) -> None:
    one = repo.reserve("a.py", "--run-id", "a", "--ttl", "60")
    beat = Heartbeat(
        run_id=RunId("b"),
        nonce="n",
        subject=RecordId(one),
        beat_at=NOON.replace(year=2100),
        expires_at=NOON.replace(year=2101),
    )
    repo.plant_record(beat)

    assert repo.json("list")["reservations"][0]["seconds_left"] <= 60
    assert repo.bad() == {}


def test_records_of_kinds_without_a_verb_yet_are_sound(repo: Repo) -> None:
    for file in sorted(STORED.glob("*.json")):
        if file.name != "expected.json":
            repo.plant_record(records.decode(file.read_bytes()))

    assert repo.bad() == {}
    assert repo.muse("list", "--all").err == ""


@settings(max_examples=30)
@given(
    st.lists(
        st.binary(max_size=60) | st.sampled_from([SOUND, SOUND[:-1], altered(format=2)]), max_size=5
    )
)
def test_a_record_is_counted_if_and_only_if_its_name_is_its_hash(
    repo: Repo, blobs: list[bytes]
) -> None:
    for ref in repo.refs():
        repo.git("update-ref", "-d", ref)
    for number, blob in enumerate(blobs):
        repo.plant(f"refs/muse/reservations/{number:064x}", blob)
        repo.plant(f"refs/muse/reservations/{codec.content_id(blob).removeprefix('sha256:')}", blob)

    snapshot = repo.coordinator().store.look()

    assert set(snapshot.records()) == {codec.content_id(blob) for blob in blobs if blob == SOUND}
    assert snapshot.checked == len(repo.refs())
    assert len(snapshot.unread) == (1 if altered(format=2) in blobs else 0)
    assert len(snapshot.bad) == snapshot.checked - len(snapshot.entries) - len(snapshot.unread)
