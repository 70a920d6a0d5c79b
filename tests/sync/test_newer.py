"""What only a newer version understands is left alone in peace: not damaged, not touched, not carried, not counted."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from git_muse_coord.model import codec, records
from git_muse_coord.store.records import cache
from tests.docs.test_schemas import answer
from tests.examples import one_of_each
from tests.sync.hubs import Hub, at_upload, plant_many
from tests.sync.test_gc import START, at
from tests.tools import Repo, a_reservation

pytestmark = pytest.mark.slow

LATER = START + timedelta(hours=1)
LONG_AFTER = timedelta(days=2)
Known = tuple[Repo, Repo, str]


@pytest.fixture
def settled(hub: Hub) -> Known:
    """Two clones with one reservation, already synced."""
    one, two = hub.clone("one"), hub.clone("two")
    held = one.reserve("a.py", "--run-id", "a")
    one.json("sync")
    two.json("sync")
    return one, two, held


def widget(expires_at: datetime | None = LATER, number: int = 0) -> bytes:
    """A record of a kind that nobody has thought of yet."""
    value = {"kind": "widget", "format": 1, "run_id": "z", "nonce": "n", "number": number}
    end = {} if expires_at is None else {"expires_at": codec.format_time(expires_at)}
    return codec.canonical({**value, **end})


def newer(kind: str, **changes: object) -> bytes:
    """A record of the next format of a kind."""
    return codec.canonical(
        {**records.to_json(one_of_each(START)[kind]), "format": 2, "later": [1], **changes}
    )


def named(folder: str, blob: bytes) -> str:
    return f"refs/muse/{folder}/{hashlib.sha256(blob).hexdigest()}"


def newer_release(held: str) -> tuple[str, bytes]:
    blob = newer("release", reservation_id=held)
    return f"refs/muse/releases/{held.removeprefix('sha256:')}", blob


STRANGE: dict[str, Callable[[str], tuple[str, bytes]]] = {
    "of an unknown kind": lambda _: (named("widgets", widget()), widget()),
    "of an unknown kind that is not stored as ours are": lambda _: (
        named("widgets", b"\xff"),
        b"\xff",
    ),
    "of a newer format": lambda _: (
        named("reservations", newer("reservation")),
        newer("reservation"),
    ),
    "of a newer format, of another reservation": lambda _: newer_release("sha256:" + "e" * 64),
    "of a newer format, of a kind named by its key": lambda _: (
        f"refs/muse/claims/{'d' * 64}-1",
        newer("claim"),
    ),
}


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
def test_it_stays_at_the_remote_and_comes_not_here(
    hub: Hub, settled: Known, strange: Callable[[str], tuple[str, bytes]]
) -> None:
    one, _, held = settled
    ref, blob = strange(held)
    hub.plant(ref, blob)
    before = one.refs("refs/")

    for _ in range(2):
        told = answer(one, "sync")
        assert (told["rejected"], told["not_understood"]) == (0, 1)
        assert told["fetched"] == told["pushed"] == {}
        assert told["warnings"] == []
        assert one.refs("refs/") == before
        assert ref in hub.refs()
    ran = one.muse("sync")
    assert "1 record of a newer version left alone" in ran.out
    assert ran.err == ""
    assert one.bad() == {}
    one.json("gc", "--execute", "--remote")
    assert ref in hub.refs()


@pytest.mark.parametrize("strange", STRANGE.values(), ids=STRANGE)
def test_where_it_is_here_it_stays_here_and_no_verb_speaks_of_it(
    hub: Hub, settled: Known, strange: Callable[[str], tuple[str, bytes]]
) -> None:
    one, _, held = settled
    ref, blob = strange(held)
    one.plant(ref, blob)

    for verb in (["list"], ["status"], ["dag"], ["gc", "--execute"], ["sync"]):
        ran = one.muse(*verb)
        assert (ran.code, ran.err) == (0, "")
    told = answer(one, "fsck")
    assert (told["bad"], told["not_understood"]) == ([], [ref])
    assert "1 record of a newer version left alone" in one.muse("fsck").out
    shown = one.muse("show", ref.rsplit("/", 1)[1][:64])
    assert (shown.code, "only a newer version" in shown.err) == (4, True)
    assert ref in one.refs()
    assert ref not in hub.refs()
    assert one.held() == [held]


def test_a_release_that_is_not_understood_releases_in_every_clone_and_is_not_overwritten(
    hub: Hub, settled: Known
) -> None:
    one, two, held = settled
    ref, blob = newer_release(held)
    oid = hub.plant(ref, blob)

    two.json("sync")
    assert two.held() == []
    assert two.json("list", "--all")["reservations"][0]["state"] == "released"
    assert two.muse("heartbeat", held, "--run-id", "a").code == 4
    again = two.muse("release", held, "--run-id", "a")
    assert (again.code, "already released" in again.err) == (4, True)

    one.json("release", held, "--run-id", "a")
    one.json("sync")
    assert hub.refs()[ref] == oid
    assert one.held() == []
    for clone in (one, two):
        clone.sound()


def test_a_newer_release_is_let_in_only_where_its_reservation_is(hub: Hub, settled: Known) -> None:
    one, two, _ = settled
    plant_many(hub.path, dict(newer_release(f"sha256:{number:064x}") for number in range(30)))

    assert one.json("sync")["not_understood"] == 30
    assert len(one.refs()) == 1
    late = two.reserve("late.py", "--run-id", "b")
    two.json("sync")
    ref, blob = newer_release(late)
    hub.plant(ref, blob)
    one.json("sync")
    assert ref in one.refs()
    assert late not in one.held()


def test_the_law_of_names_holds_in_newer_formats_too(hub: Hub, settled: Known) -> None:
    """Or whoever claims to be of a newer format could take the place of any record."""
    one, _, held = settled
    ours = hub.refs()
    ref = f"refs/muse/reservations/{held.removeprefix('sha256:')}"
    hub.plant(ref, newer("reservation"))

    told = one.json("sync")
    assert (told["rejected"], told["not_understood"]) == (1, 0)
    assert hub.refs() == ours


def test_what_ended_long_ago_is_cleared_without_being_understood(hub: Hub, settled: Known) -> None:
    one, _, _ = settled
    ended, lasting, endless = widget(LATER), widget(LATER + timedelta(days=365)), widget(None)
    old = newer("reservation")
    for place in (hub, one):
        for blob in (ended, lasting, endless):
            place.plant(named("widgets", blob), blob)
        place.plant(named("reservations", old), old)
    kept = {named("widgets", lasting), named("widgets", endless)}

    at(one, timedelta()).gc(execute=True, remote=True)
    assert {
        named("widgets", ended),
        named("reservations", old),
        *kept,
    } <= hub.refs().keys() & one.refs().keys()

    at(one, LONG_AFTER).gc(execute=True, remote=True)
    assert hub.refs().keys() == one.refs().keys() == kept


def test_a_release_that_is_not_understood_stays_as_long_as_what_it_releases(
    hub: Hub, settled: Known
) -> None:
    one, _, held = settled
    blob = newer(
        "release", reservation_id=held, expires_at=codec.format_time(START - timedelta(days=30))
    )
    ref = f"refs/muse/releases/{held.removeprefix('sha256:')}"
    hub.plant(ref, blob)
    one.json("sync")

    one.json("gc", "--execute", "--remote")
    assert ref in one.refs()
    assert ref in hub.refs()
    assert one.held() == []

    at(one, LONG_AFTER).gc(execute=True, remote=True)
    at(one, LONG_AFTER).gc(execute=True, remote=True)
    assert one.refs() == hub.refs() == {}


def test_a_person_has_the_rest_removed_after_being_told_of_what_kinds_it_is(
    hub: Hub, settled: Known
) -> None:
    one, _, held = settled
    blobs = [widget(None, number) for number in range(3)]
    plant_many(hub.path, {named("widgets", blob): blob for blob in blobs})
    reservation = newer("reservation")
    hub.plant(named("reservations", reservation), reservation)
    one.plant(named("widgets", blobs[0]), blobs[0])
    before = one.refs(), hub.refs()

    told = answer(one, "gc", "--remote", "--unknown")
    assert told["not_understood"] == {"reservations": 1, "widgets": 3}
    assert (told["deleted"], told["deleted_remotely"], told["dry_run"]) == (1, 4, True)
    assert (
        "4 records not understood: 1 in reservations, 3 in widgets"
        in one.muse("gc", "--remote", "--unknown").out
    )
    assert (one.refs(), hub.refs()) == before

    assert answer(one, "gc", "--unknown", "--execute")["deleted"] == 1
    assert hub.refs() == before[1]
    told = answer(one, "gc", "--remote", "--unknown", "--execute")
    assert (told["deleted"], told["deleted_remotely"]) == (0, 4)
    assert one.refs() == hub.refs()
    assert one.held() == [held]
    assert one.json("sync")["not_understood"] == 0


def test_a_branch_keeps_what_is_not_understood(hub: Hub) -> None:
    hub.hook(
        "pre-receive", 'while read old new ref; do case "$ref" in refs/muse*) exit 1;; esac; done'
    )
    one, two = hub.clone("one"), hub.clone("two")
    held = one.reserve("a.py", "--run-id", "a")
    one.json("sync")
    blob = widget()
    folder = one.path.parent / "other"
    one.git("fetch", "-q", "origin", "muse-coord")
    one.git("worktree", "add", "-q", "--detach", str(folder), "FETCH_HEAD")
    file = folder / "muse/widgets" / hashlib.sha256(blob).hexdigest()
    file.parent.mkdir()
    file.write_bytes(blob)
    other = Repo(folder)
    other.commit("A newer version was here")
    other.git("push", "-q", "origin", "HEAD:muse-coord")

    late = two.reserve("b.py", "--run-id", "b")
    told = two.json("sync")
    assert (told["rejected"], told["not_understood"]) == (0, 1)
    assert two.held() == [held, late]
    paths = hub.git("ls-tree", "-r", "--name-only", "muse-coord").split()
    assert f"muse/widgets/{file.name}" in paths
    assert len(paths) == 3

    assert two.json("gc", "--unknown", "--remote", "--execute")["deleted_remotely"] == 1
    assert len(hub.git("ls-tree", "-r", "--name-only", "muse-coord").split()) == 2


def test_a_sync_that_finds_nothing_else_to_do_asks_once(
    hub: Hub, settled: Known, tmp_path: Path
) -> None:
    one, _, _ = settled
    for blob in (widget(), newer("reservation")):
        hub.plant(named("widgets" if b"widget" in blob else "reservations", blob), blob)
        one.plant(named("widgets", widget(None)), widget(None))
    one.json("sync")
    asked = at_upload(one, tmp_path, 0, ":")

    assert one.json("sync")["not_understood"] == 2
    assert len(asked.read_text().splitlines()) == 1


def test_doctor_tells_of_a_remote_that_is_full_of_it(
    hub: Hub, settled: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _, _ = settled
    monkeypatch.setattr("git_muse_coord.coordinator.doctor.UNREAD_MOST", 2)
    plant_many(
        hub.path,
        {named("widgets", blob): blob for blob in (widget(None, number) for number in range(3))},
    )
    one.json("sync")

    said = [
        one["detail"]
        for one in one.muse("doctor", "--json").json["findings"]
        if one["name"] == "remote"
    ]
    assert "origin: 3 records there are not understood by this version" in said


def test_a_version_that_understands_more_is_not_held_by_the_verdicts_of_one_that_did_not(
    hub: Hub, settled: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _, _ = settled
    made = a_reservation("new.py", created_at=START, expires_at=LATER)
    ref = named("reservations", records.encode(made))
    hub.plant(ref, records.encode(made))
    assert cache.UNDERSTOOD in cache.NAME
    with monkeypatch.context() as older:
        older.setattr(
            "git_muse_coord.store.records.cache.NAME",
            cache.NAME.replace(cache.UNDERSTOOD, "0-older"),
        )
        older.setattr("git_muse_coord.model.records.FORMAT", 0)
        assert one.json("sync")["not_understood"] == 2
        assert ref not in one.refs()

    assert one.json("sync")["fetched"] == {"reservations": 1}
    assert ref in one.refs()
