"""Listing refs without git shows what git shows, whatever is done to them in between."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings, strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from git_muse_coord.model.names import ARCHIVE, EPOCH
from git_muse_coord.store.git import local_disk, loose_refs, packed_refs, ref_look
from git_muse_coord.store.git.file_times import FileClock
from git_muse_coord.store.git.plain_refs import OddRef
from git_muse_coord.store.git.ref_files import RefFiles, RefListing
from git_muse_coord.store.git.repository import Repository
from tests.store import listing_race
from tests.tools import Repo, git_in, tries

SETTLED_SECONDS = 0.03
"""After this long a change is no longer one of just now."""


def open_files(path: Path) -> RefFiles:
    repository = Repository(str(path), stays=True)
    with contextlib.suppress(FileExistsError):
        os.mkdir(repository.own_folder)
    return RefFiles(repository, "refs/muse", (EPOCH, ARCHIVE))


def shown(listing: RefListing | None) -> dict[str, str]:
    assert listing is not None
    return {**listing.singles, **listing.refs}


def looked(path: Path) -> dict[str, str]:
    """What a command finds that is over afterwards; the lines as git prints them, and in its order."""
    lines = listing_race.Looks(path).listing()
    assert lines is not None
    rows = git_in(path, "for-each-ref", "--format=%(objectname) %(refname)", "refs/muse")
    assert lines.text.decode().splitlines() == rows.splitlines()
    singles = {EPOCH: lines.epoch, ARCHIVE: lines.archive_tip}
    return {**{ref: oid for ref, oid in singles.items() if oid}, **lines.refs}


@pytest.fixture
def files(repo: Repo) -> RefFiles:
    return open_files(repo.path)


@pytest.fixture
def oids(repo: Repo) -> list[str]:
    return [repo.git("hash-object", "-w", "--stdin", given=b"%d" % number) for number in range(3)]


def listed_by_git(repo: Repo) -> dict[str, str]:
    return {**repo.refs(EPOCH), **repo.refs(ARCHIVE), **repo.refs("refs/muse")}


def test_a_look_tells_what_has_changed_and_nothing_else(
    repo: Repo, files: RefFiles, oids: list[str]
) -> None:
    one, two, _ = oids
    nothing = files.listing()
    assert nothing is not None
    assert nothing.refs == {}

    repo.git("update-ref", "refs/muse/a/x", one)
    repo.git("update-ref", "refs/muse/b/c/y", two)
    first = files.listing()
    assert first is not None
    assert first.put == first.refs == {"refs/muse/a/x": one, "refs/muse/b/c/y": two}
    assert first.number == nothing.number + 1

    repo.git("pack-refs", "--all")
    packed = files.listing()
    assert packed is not None
    assert packed.refs is first.refs
    assert packed.number == first.number

    repo.git("update-ref", "-d", "refs/muse/a/x")
    repo.git("update-ref", "refs/muse/b/c/y", one)
    repo.git("update-ref", "refs/muse/b/z", two)
    last = files.listing()
    assert last is not None
    assert last.put == last.refs == {"refs/muse/b/c/y": one, "refs/muse/b/z": two}
    assert last.gone == ["refs/muse/a/x"]
    assert first.refs == {"refs/muse/a/x": one, "refs/muse/b/c/y": two}


def test_refs_of_others_are_not_shown(repo: Repo, files: RefFiles, oids: list[str]) -> None:
    for ref in ("refs/muse-incoming/x", "refs/mus/x", "refs/notes/muse", "refs/muse-epoch/other"):
        repo.git("update-ref", ref, oids[0])
    assert shown(files.listing()) == {}
    repo.git("pack-refs", "--all")
    assert shown(files.listing()) == {}


def test_where_nothing_changes_nothing_is_read(
    repo: Repo, files: RefFiles, oids: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    repo.git("update-ref", "refs/muse/a/x", oids[0])
    repo.git("update-ref", EPOCH, oids[1])
    repo.git("pack-refs", "--all")
    repo.git("update-ref", "refs/muse/a/y", oids[0])
    time.sleep(SETTLED_SECONDS)
    before = files.listing()
    opened: list[object] = []
    really_open = os.open

    def noting(path: str, *arguments: int, **options: Any) -> int:
        opened.append(path)
        return really_open(path, *arguments, **options)

    monkeypatch.setattr(os, "open", noting)
    assert files.listing() == before
    assert opened == [str(repo.git_dir / EPOCH)]  # what moves is read each time


@pytest.fixture
def ticking_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of older kernels: it ticks, here every 10 ms. An inode is given anew at once, at worst."""
    tick = 10_000_000

    def ticking(facts: os.stat_result) -> tuple[int, int, int, int, int]:
        whole = facts.st_ctime_ns // tick * tick
        return facts.st_dev, 1, facts.st_size, whole, whole

    for module in (loose_refs, packed_refs):
        monkeypatch.setattr(module, "stamp_of", ticking)


@pytest.mark.usefixtures("ticking_clock")
def test_what_changes_twice_in_a_tick_of_the_clock_is_seen(
    repo: Repo, files: RefFiles, oids: list[str]
) -> None:
    """Renamed into place by hand, many times as fast as git could, with the same size each time."""
    repo.git("update-ref", "refs/muse/a/x", oids[0])
    folder = repo.git_dir / "refs/muse/a"
    for number in range(600):
        oid = f"{number + 1:040x}"
        name = f"y{number % 7}"
        if number % 3 == 0:
            (folder / "beside.lock").write_text(f"{oid}\n")
            (folder / "beside.lock").rename(folder / name)
            assert shown(files.listing())[f"refs/muse/a/{name}"] == oid
        elif number % 3 == 1:
            (folder / name).write_text(f"{oid}\n")
            assert shown(files.listing())[f"refs/muse/a/{name}"] == oid
        else:
            for there in folder.glob("y*"):
                there.unlink()
            assert shown(files.listing()) == {"refs/muse/a/x": oids[0]}


@pytest.mark.usefixtures("ticking_clock")
def test_a_packed_refs_that_is_replaced_in_a_tick_of_the_clock_is_seen(
    repo: Repo, files: RefFiles, oids: list[str]
) -> None:
    repo.git("update-ref", "refs/muse/a/x", oids[0])
    repo.git("pack-refs", "--all")
    packed = repo.git_dir / "packed-refs"
    text = packed.read_text()
    for number in range(1, 200):
        oid = f"{number:040x}"
        (repo.git_dir / "packed-refs.new").write_text(text.replace(oids[0], oid))
        (repo.git_dir / "packed-refs.new").rename(packed)
        assert shown(files.listing()) == {"refs/muse/a/x": oid}


def _link_the_folder(git_dir: Path) -> None:
    (git_dir / "refs/muse").rename(git_dir / "elsewhere")
    (git_dir / "refs/muse").symlink_to(git_dir / "elsewhere")


def _link_a_folder_in_it(git_dir: Path) -> None:
    (git_dir / "refs/muse/a").rename(git_dir / "elsewhere")
    (git_dir / "refs/muse/a").symlink_to(git_dir / "elsewhere")


def _link_all_refs(git_dir: Path) -> None:
    (git_dir / "refs").rename(git_dir / "elsewhere")
    (git_dir / "refs").symlink_to(git_dir / "elsewhere")


def _link_packed_refs(git_dir: Path) -> None:
    (git_dir / "packed-refs").rename(git_dir / "elsewhere")
    (git_dir / "packed-refs").symlink_to(git_dir / "elsewhere")


def _link_a_ref(git_dir: Path) -> None:
    (git_dir / "refs/muse/a/z").symlink_to("x")


def _replace(file: Path, text: str) -> None:
    """As git does; what is written into the file of a ref is not noticed, and is a wrong record in any case."""
    file.unlink()
    file.write_text(text)


def _empty_a_ref(git_dir: Path) -> None:
    _replace(git_dir / "refs/muse/a/x", "")


def _add_a_blank(git_dir: Path) -> None:
    file = git_dir / "refs/muse/a/x"
    _replace(file, f"{file.read_text().strip()}  \n")


def _write_in_capitals(git_dir: Path) -> None:
    file = git_dir / "refs/muse/a/x"
    _replace(file, file.read_text().upper())


def _write_zeros(git_dir: Path) -> None:
    (git_dir / "refs/muse/a/z").write_text("0" * 40 + "\n")


def _make_it_symbolic(git_dir: Path) -> None:
    (git_dir / "refs/muse/a/z").write_text("ref: refs/muse/a/x\n")


def _give_an_odd_name(git_dir: Path) -> None:
    (git_dir / "refs/muse/a/x").rename(git_dir / "refs/muse/a/x~1")


def _give_a_name_that_git_takes(git_dir: Path) -> None:
    (git_dir / "refs/muse/a/x").rename(git_dir / "refs/muse/a/naïve.txt")


def _put_a_file_for_the_folder(git_dir: Path) -> None:
    shutil.rmtree(git_dir / "refs/muse")
    (git_dir / "refs/muse").write_text((git_dir / "ORIG").read_text())


def _pack_by_an_old_git(git_dir: Path) -> None:
    packed = git_dir / "packed-refs"
    packed.write_text("".join(packed.read_text().splitlines(keepends=True)[1:]))


def _pack_an_odd_name(git_dir: Path) -> None:
    packed = git_dir / "packed-refs"
    packed.write_text(packed.read_text().replace("refs/muse/b/y", "refs/muse/b/y.txt"))


def _name_the_storage(git_dir: Path) -> None:
    with (git_dir / "config").open("a") as file:
        file.write("[extensions]\n\trefStorage = files\n")


ODD: list[Callable[[Path], None]] = [
    _link_the_folder,
    _link_a_folder_in_it,
    _link_all_refs,
    _link_packed_refs,
    _link_a_ref,
    _empty_a_ref,
    _add_a_blank,
    _write_in_capitals,
    _write_zeros,
    _make_it_symbolic,
    _give_an_odd_name,
    _give_a_name_that_git_takes,
    _put_a_file_for_the_folder,
    _pack_by_an_old_git,
    _pack_an_odd_name,
    _name_the_storage,
]


@pytest.mark.parametrize("spoil", ODD, ids=[odd.__name__.strip("_") for odd in ODD])
def test_what_is_not_plain_is_left_to_git(
    repo: Repo, files: RefFiles, oids: list[str], spoil: Callable[[Path], None]
) -> None:
    repo.git("update-ref", "refs/muse/b/y", oids[1])
    repo.git("pack-refs", "--all")
    repo.git("update-ref", "refs/muse/a/x", oids[0])
    (repo.git_dir / "ORIG").write_text(f"{oids[0]}\n")
    assert shown(files.listing()) == listed_by_git(repo)

    spoil(repo.git_dir)

    assert files.listing() is None
    assert open_files(repo.path).listing() is None
    assert listing_race.Looks(repo.path).listing() is None


def test_once_it_is_plain_again_nothing_was_missed(
    repo: Repo, files: RefFiles, oids: list[str]
) -> None:
    repo.git("update-ref", "refs/muse/a/x", oids[0])
    assert shown(files.listing()) == listed_by_git(repo)
    broken = repo.git_dir / "refs/muse/c"
    broken.write_text("")
    repo.git("update-ref", "refs/muse/a/y", oids[1])
    assert files.listing() is None
    repo.git("update-ref", "-d", "refs/muse/a/x")
    broken.unlink()

    assert shown(files.listing()) == listed_by_git(repo) == {"refs/muse/a/y": oids[1]}


def test_a_file_system_without_parts_of_seconds_is_left_to_git(
    repo: Repo, files: RefFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    really_stat = os.stat

    def coarse(path: str, **options: bool) -> os.stat_result:
        facts = really_stat(path, **options)
        whole = [*facts]
        return os.stat_result(whole, {"st_ctime_ns": facts.st_ctime_ns // 10**9 * 10**9})

    clock = FileClock(str(repo.git_dir))
    clock.device = repo.git_dir.stat().st_dev
    assert clock.now() > 0
    monkeypatch.setattr(os, "stat", coarse)
    with pytest.raises(OddRef):
        clock.now()


def test_the_clock_of_another_disk_is_not_believed(repo: Repo) -> None:
    clock = FileClock(str(repo.git_dir))
    clock.device = -1
    with pytest.raises(OddRef):
        clock.now()


def test_a_file_system_that_is_not_known_is_left_to_git(
    repo: Repo, files: RefFiles, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local_disk, "_LOCAL", set())
    assert files.listing() is None


def test_what_is_no_disk_is_not_taken_for_one(repo: Repo) -> None:
    assert local_disk.is_on_local_disk(str(repo.git_dir))
    assert not local_disk.is_on_local_disk("/proc/self")
    assert not local_disk.is_on_local_disk(str(repo.git_dir / "absent"))


def test_where_nothing_of_ours_is_there_yet_it_is_left_to_git(
    repo: Repo, files: RefFiles, oids: list[str]
) -> None:
    repo.git("update-ref", "refs/muse/a/x", oids[0])
    (repo.git_dir / "muse-coord").rmdir()
    assert files.listing() is None
    assert not (repo.git_dir / "muse-coord").exists()


class Refs(RuleBasedStateMachine):
    """Refs are made, changed, packed and deleted by git, from the repository and from a worktree of it."""

    names = st.sampled_from(["a/x", "a/y", "a/x/z", "b", "c/d/e", "c/d", "a"])
    prefixes = st.sampled_from(["refs/muse/", "refs/muse-epoch/", "refs/worktree/", "refs/bisect/"])
    contents = st.integers(0, 3)

    @initialize()
    def begin(self) -> None:
        self.home = tempfile.mkdtemp(dir=os.environ.get("PYTEST_DEBUG_TEMPROOT"))
        path = Path(self.home) / "naïve répo"
        self.repo = Repo.make(path)
        (path / "file").write_text("x")
        self.repo.commit("first")
        self.repo.git("worktree", "add", "-q", "../other")
        self.places = [path, path.parent / "other"]
        self.oids = [
            self.repo.git("hash-object", "-w", "--stdin", given=b"%d" % number)
            for number in range(4)
        ]
        self.listers = [open_files(place) for place in self.places]

    def teardown(self) -> None:
        shutil.rmtree(self.home, ignore_errors=True)

    @rule(prefix=prefixes, name=names, content=contents, place=st.integers(0, 1))
    def put(self, prefix: str, name: str, content: int, place: int) -> None:
        git_in(self.places[place], "update-ref", prefix + name, self.oids[content], check=False)

    @rule(ref=st.sampled_from([EPOCH, ARCHIVE]), content=contents)
    def move(self, ref: str, content: int) -> None:
        self.repo.git("update-ref", ref, self.oids[content])

    @rule(prefix=prefixes, name=names, place=st.integers(0, 1))
    def delete(self, prefix: str, name: str, place: int) -> None:
        git_in(self.places[place], "update-ref", "-d", prefix + name, check=False)

    @rule(ref=st.sampled_from([EPOCH, ARCHIVE]))
    def delete_single(self, ref: str) -> None:
        self.repo.git("update-ref", "-d", ref)

    @rule(place=st.integers(0, 1), option=st.sampled_from([["--all"], ["--all", "--no-prune"], []]))
    def pack(self, place: int, option: list[str]) -> None:
        git_in(self.places[place], "pack-refs", *option)

    @rule()
    def collect(self) -> None:
        self.repo.git("gc", "-q")

    @rule(name=names, content=contents)
    def overwrite_by_fetch(self, name: str, content: int) -> None:
        self.repo.git(
            "push", "-q", "-f", ".", f"{self.oids[content]}:refs/muse/{name}", check=False
        )

    @rule(name=names)
    def lock(self, name: str) -> None:
        lock = self.repo.git_dir / f"refs/muse/{name}.lock"
        try:
            lock.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):  # a ref stands where its folder would be
            return
        lock.touch()
        self.compare()
        lock.unlink()

    @rule()
    def let_time_pass(self) -> None:
        time.sleep(SETTLED_SECONDS)

    @invariant()
    def compare(self) -> None:
        expected = listed_by_git(self.repo)
        for place in self.places:
            assert looked(place) == expected
        for lister in self.listers:
            before = lister._listing
            listing = lister.listing()
            assert shown(listing) == expected
            assert listing is not None
            if listing.number != before.number:
                gone = dict.fromkeys(listing.gone)
                kept = {ref: oid for ref, oid in before.refs.items() if ref not in gone}
                assert {**kept, **listing.put} == listing.refs
                assert listing.number == before.number + 1


TestRefs = Refs.TestCase
TestRefs.settings = settings(max_examples=6, stateful_step_count=20, deadline=None)


def test_more_loose_refs_than_are_read_so_are_left_to_git(
    repo: Repo,
    oids: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ref_look, "_MOST_FILES", 2)
    for name in ("a/x", "b/y"):
        repo.git("update-ref", f"refs/muse/{name}", oids[0])
    assert looked(repo.path) == listed_by_git(repo)
    repo.git("update-ref", "refs/muse/b/z", oids[0])
    assert listing_race.Looks(repo.path).listing() is None


def test_what_is_written_by_hand_into_packed_refs_is_left_to_git(
    repo: Repo, oids: list[str]
) -> None:
    for name in ("a/x", "a/y", "b/z"):
        repo.git("update-ref", f"refs/muse/{name}", oids[0])
    repo.git("pack-refs", "--all")
    packed = repo.git_dir / "packed-refs"
    text = packed.read_text()
    first, *rows = text.splitlines(keepends=True)
    for odd in (
        first + "".join(reversed(rows)),  # not in order, whatever the header says
        text.replace(" refs/muse/a/y", "  refs/muse/a/y"),
        text.replace(f"{oids[0]} refs/muse/a/y", f"{oids[0][:-1]} refs/muse/a/y"),
        text.replace(f"{oids[0]} refs/muse/a/y", f"{'0' * 40} refs/muse/a/y"),
        text.replace("refs/muse/a/y\n", f"refs/muse/a/y\n^{oids[1]}\n"),
        text.replace("refs/muse/a/y\n", "refs/muse/a/y\n\n"),
        text.replace(" sorted", ""),
        text.removesuffix("\n"),
    ):
        packed.write_text(odd)
        assert listing_race.Looks(repo.path).listing() is None
    packed.write_text(text)
    assert looked(repo.path) == listed_by_git(repo)


@pytest.mark.slow
@pytest.mark.parametrize("open_lister", [open_files, listing_race.Looks])
def test_no_listing_misses_what_was_acknowledged_while_git_packs_and_collects(
    repo: Repo, open_lister: Callable[[Path], RefFiles | listing_race.Looks]
) -> None:
    """A short one; ``scripts/race_listings`` makes a million."""
    race = listing_race.Race(repo, open_lister(repo.path))
    changes, listings = tries(60, thorough=150), tries(1200, thorough=3000)

    listing_race.run(race, lambda: race.changes < changes or race.listings < listings)

    assert (race.missed, race.returned) == ([], [])
    assert race.by_git < race.listings / 10
    assert race.packed > 0


def test_a_command_answers_by_git_where_a_packed_ref_is_odd(repo: Repo, oids: list[str]) -> None:
    held = repo.reserve("a.py", "--run-id", "me")
    repo.git("update-ref", "refs/muse/reservations/naïve.txt", oids[0])
    loose = repo.json("list")
    repo.git("pack-refs", "--all")
    packed = repo.json("list")
    for answer in (loose, packed, repo.json("list")):
        assert [row["reservation_id"] for row in answer["reservations"]] == [held]
        assert len(answer["warnings"]) == 1
