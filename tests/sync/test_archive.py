"""What others put into the archive: read within bounds, kept where it is of a later version, never overwritten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from git_muse_coord.model import records
from git_muse_coord.model.names import ARCHIVE
from git_muse_coord.model.records import Reservation
from git_muse_coord.store.git import foreign
from git_muse_coord.store.records import segments
from tests.docs.test_schemas import answer
from tests.sync.hubs import EVERYTHING, Hub, plant_records
from tests.tools import Repo, a_reservation, git_in

pytestmark = pytest.mark.slow

DAY = "2026-03-18"
NOW = datetime.now(UTC)
IDENTITY = ("-c", "user.name=x", "-c", "user.email=x")


def old(*names: str) -> list[Reservation]:
    made = NOW - timedelta(days=1)
    return [
        a_reservation(
            f"{name}.py", nonce=name, created_at=made, expires_at=made + timedelta(hours=1)
        )
        for name in names
    ]


def archive(place: Hub | Repo, files: dict[str, tuple[str, bytes]], parent: str = "") -> str:
    """Put an archive with some files of some modes under its ref, and return the commit."""
    rows = []
    for path, (mode, content) in files.items():
        oid = place.git("hash-object", "-w", "--stdin", given=content)
        rows.append(f"{mode} {oid}\t{path}\n")
    index = {"GIT_INDEX_FILE": str(Path(str(place.path)) / "an-index")}
    tree = in_index(place.path, index, "".join(rows))
    parents = ["-p", parent] if parent else []
    commit = place.git(*IDENTITY, "commit-tree", "-m", "x", *parents, tree)
    place.git("update-ref", ARCHIVE, commit)
    return commit


def in_index(path: Path, variables: dict[str, str], rows: str) -> str:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in variables.items():
            patched.setenv(name, value)
        git_in(path, "read-tree", "--empty")
        git_in(path, "update-index", "--index-info", given=rows.encode())
        return git_in(path, "write-tree")


def files(place: Hub | Repo) -> set[str]:
    return set(place.git("ls-tree", "-r", "--name-only", ARCHIVE).splitlines())


def segment(*made: Reservation) -> bytes:
    return b"".join(line + b"\n" for line in sorted(map(records.encode, made)))


SMALL = segment(a_reservation("kept.py"))
UNREADABLE = {
    "no records": {"README.md": ("100644", b"hello")},
    "a link in place of a segment": {f"{DAY}/0000.jsonl": ("120000", b"/etc/passwd")},
    "a file in place of a day": {
        DAY: ("100644", b"hello"),
        "2026-03-19/0000.jsonl": ("100644", SMALL),
    },
    "a folder in place of a segment": {f"{DAY}/0000.jsonl/deep": ("100644", b"hello")},
    "too large a segment": {f"{DAY}/0000.jsonl": ("100644", b"x" * (6 << 20))},
    "too many lines": {f"{DAY}/0000.jsonl": ("100644", b"\n" * 1001)},
    "one bad among good": {
        f"{DAY}/0000.jsonl": ("100644", SMALL),
        f"{DAY}/0001.jsonl": ("100644", b"\n" * 2000),
    },
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_an_archive_that_cannot_be_read_is_left_as_it_is_and_nothing_is_deleted(
    hub: Hub, clones: tuple[Repo, Repo], kind: str
) -> None:
    one, _ = clones
    theirs = archive(hub, UNREADABLE[kind])
    plant_records(one.path, old("a", "b"))
    one.git("push", "-q", "origin", EVERYTHING)
    new = one.reserve("new.py", "--run-id", "a")

    for _ in range(2):
        told = answer(one, "sync")
        assert told["rejected"] == 1
        assert any(
            "archive at 'origin' was left as it is" in warning for warning in told["warnings"]
        )
    assert len(one.held("--all")) == 3
    before = hub.refs("refs/")
    assert f"refs/muse/reservations/{new[7:]}" in before
    for line in (["gc", "--execute", "--remote"], ["sync", "--gc"]):
        ran = one.muse(*line)
        assert ran.code == 5
        assert "nothing is deleted at 'origin', because its archive cannot be united" in ran.err
    assert hub.refs("refs/") == before
    assert hub.refs(ARCHIVE)[ARCHIVE] == theirs


def test_an_archive_ref_that_is_no_commit_is_left_as_it_is(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, _ = clones
    plant_records(one.path, old("a"))
    one.json("gc", "--execute")
    oid = hub.plant(ARCHIVE, records.encode(a_reservation("a.py")))

    assert one.json("sync")["rejected"] == 1
    assert one.muse("gc", "--execute", "--remote").code == 5
    assert hub.refs(ARCHIVE) == {ARCHIVE: oid}


def test_what_is_too_much_for_an_archive_is_known_from_its_listing(
    hub: Hub, clones: tuple[Repo, Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = clones
    monkeypatch.setattr(segments, "ARCHIVE_BYTES", 2 * len(SMALL) - 1)
    archive(hub, {f"{DAY}/{number:04}.jsonl": ("100644", SMALL) for number in range(2)})

    assert any("larger than" in warning for warning in one.json("sync")["warnings"])
    assert one.refs(ARCHIVE) == {}


@pytest.mark.parametrize("by", ["refs", "a branch"])
def test_a_tree_that_names_billions_of_files_is_given_up(
    hub: Hub, clones: tuple[Repo, Repo], monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    one, _ = clones
    monkeypatch.setattr(foreign, "LISTING_BYTES", 1 << 20)  # read to its end, it would take years
    tree = hub.git(
        "mktree", given=b"100644 blob %s\tf\n" % hub.git("hash-object", "-w", "--stdin").encode()
    )
    for _ in range(8):
        tree = hub.git(
            "mktree", given="".join(f"040000 tree {tree}\t{n:02}\n" for n in range(50)).encode()
        )
    hub.git("update-ref", ARCHIVE, hub.git(*IDENTITY, "commit-tree", "-m", "x", tree))
    for ref in (
        ["refs/notes/muse-coord"]
        if by == "refs"
        else ["refs/notes/muse-coord", "refs/heads/muse-coord"]
    ):
        hub.git("update-ref", ref, ARCHIVE)

    told = one.json("sync")
    assert sum("the list of its files is longer" in warning for warning in told["warnings"]) == 2
    held = one.reserve("a.py", "--run-id", "a")
    assert one.json("sync")["pushed"] == {"reservations": 1}
    assert one.held() == [held]


def test_files_of_a_later_version_are_kept_when_archives_unite(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, two = clones
    later = {
        "index/by-path": ("100644", b"v1"),
        f"{DAY}/0000.sig": ("100755", b"signed"),
        "VERSION": ("120000", b"2"),
    }
    theirs = archive(hub, {**later, f"{DAY}/0000.jsonl": ("100644", SMALL)})
    for clone in clones:
        plant_records(clone.path, old(clone.path.name))
        clone.json("gc", "--execute", "--remote")

    yesterday = f"{NOW - timedelta(days=1):%Y-%m-%d}/0000.jsonl"
    assert files(hub) == {*later, f"{DAY}/0000.jsonl", yesterday}
    for path in later:
        assert hub.git("ls-tree", ARCHIVE, path) == hub.git("ls-tree", theirs, path)
    assert len(two.held("--all")) == 3
    two.json("sync")
    plant_records(one.path, [a_reservation("more.py", expires_at=a_reservation().created_at)])
    archive(hub, {**later, "index/by-path": ("100644", b"v2"), f"{DAY}/0000.jsonl": ("100644", SMALL)},
            parent=hub.git("rev-parse", ARCHIVE))  # fmt: skip
    one.json("gc", "--execute", "--remote")
    assert hub.git("show", f"{ARCHIVE}:index/by-path") == "v2"
    assert set(later) < files(hub)


def test_one_file_of_a_later_version_that_both_sides_changed_unites_with_neither(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, _ = clones
    records_too = {f"{DAY}/0000.jsonl": ("100644", SMALL)}
    archive(one, {"index": ("100644", b"ours"), **records_too})
    theirs = archive(hub, {"index": ("100644", b"theirs"), **records_too})

    assert one.muse("gc", "--execute", "--remote").code == 5
    assert hub.refs(ARCHIVE) == {ARCHIVE: theirs}


def test_lines_of_a_later_version_are_kept_when_their_day_is_written_again(
    hub: Hub, clones: tuple[Repo, Repo]
) -> None:
    one, _ = clones
    day = f"{NOW - timedelta(days=1):%Y-%m-%d}"
    later = b'{"expires_at":"2026-03-18T12:30:00.000000+00:00","format":2,"kind":"reservation"}'
    unknown = b'{"format":1,"kind":"thought"}'
    content = b"\n".join([later, unknown, b"garbage", b"\x1b[2J", b'{"b":1, "a":2}']) + b"\n"
    archive(hub, {f"{day}/0000.jsonl": ("100644", content)})
    plant_records(one.path, old("a"))
    one.json("gc", "--execute", "--remote")

    lines = hub.git("show", f"{ARCHIVE}:{day}/0000.jsonl").splitlines()
    assert set(lines) == {
        later.decode(),
        unknown.decode(),
        *(records.encode(one).decode() for one in old("a")),
    }


def test_an_archive_of_our_own_that_git_cannot_read_stops_nobody_who_looks(
    clones: tuple[Repo, Repo],
) -> None:
    one, _ = clones
    one.plant(ARCHIVE, b"no commit")
    held = one.reserve("a.py", "--run-id", "a")

    assert one.held() == [held]
    assert one.held("--all") == [held]
    plant_records(one.path, old("a"))
    ran = one.muse("gc", "--execute")
    assert ran.code == 3
    assert "the archive of this clone cannot be read" in ran.err


def test_days_have_four_digits_of_a_year() -> None:
    early = a_reservation(created_at=datetime(33, 4, 3, tzinfo=UTC))
    assert segments.day_of(early) == "0033-04-03"
