"""What a check tells when its time is up: near files first, and never less than is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from git_muse_coord.coordinator.answers.checked import CheckResult
from git_muse_coord.coordinator.comparison import compare as compare_sides
from git_muse_coord.coordinator.session import Session
from git_muse_coord.integrations.git_hooks import hook
from git_muse_coord.model.errors import HookStopped
from git_muse_coord.model.text_types import RunId
from git_muse_coord.source import piecemeal
from git_muse_coord.source.allowance import Allowance
from git_muse_coord.store.git.objects import StoredObject
from git_muse_coord.store.git.trees import Trees
from git_muse_coord.store.records import known_objects
from tests.tools import Repo

SOURCE = "def f{0}():\n    return {0}\n\n\ndef g{0}():\n    return [{0}]\n"
FILES = 12


class Countdown(Allowance):
    """Time that is up when somebody has asked for it often enough."""

    def __init__(self, questions: int) -> None:
        super().__init__(1, 1)
        self.left = questions

    @property
    def spent(self) -> float:
        self.left -= 1
        return 0.0 if self.left >= 0 else 1.0


@pytest.fixture
def works(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> Repo:
    """Files a00 to a11, of which each is a piece of its own."""
    monkeypatch.setattr(piecemeal, "_PIECE", 1)
    for number in range(FILES):
        repo.write(f"a{number:02}.py", SOURCE.format(number))
    repo.commit("Some work")
    return repo


def change(
    repo: Repo, *numbers: int, old: str = "    return {0}", new: str = "    return -{0}"
) -> None:
    for number in numbers:
        path = repo.path / f"a{number:02}.py"
        path.write_text(path.read_text().replace(old.format(number), new.format(number), 1))
    repo.git("add", "-A")


def compare(repo: Repo, questions: int) -> tuple[CheckResult, list[CheckResult]]:
    """What a check answers that may look at its watch so often, and what it told before."""
    case = Session(str(repo.path))
    case.allowance = Countdown(questions)
    early: list[CheckResult] = []
    return compare_sides(
        case, [Trees(case.repository).staged()], RunId("ann"), case.store.look(), early.append
    ), early


def addresses(result: CheckResult) -> set[str]:
    return {one.address for one in result.conflict_details}


def cached(repo: Repo) -> int:
    """How many of the staged versions the cache knows."""
    case = Session(str(repo.path))
    deltas = Trees(case.repository).staged()
    return len(
        case.sources().recall(
            (delta.path, one.oid) for delta in deltas for one in (delta.old, delta.new) if one
        )
    )


def test_files_that_nobody_holds_are_not_even_read(works: Repo) -> None:
    works.reserve("a11.py::f11", "--run-id", "bob")
    change(works, *range(FILES))

    result, early = compare(works, 1000)

    assert addresses(result) == {"a11.py::f11"}
    assert result.warnings == []
    assert all(addresses(one) <= addresses(result) for one in early)
    assert cached(works) == 2


def test_each_piece_is_told_as_soon_as_it_is_known(works: Repo) -> None:
    for number in range(3):
        works.reserve(f"a{number:02}.py::f{number}", "--run-id", "bob")
    change(works, 0, 1, 2)

    result, early = compare(works, 1000)

    assert [len(addresses(one)) for one in early] == [1, 2]
    assert len(addresses(result)) == 3


def test_files_of_the_same_bytes_are_read_once(works: Repo) -> None:
    for name in ("one", "two", "three"):
        works.write(f"{name}.py", "def f():\n    return 1\n")
        works.reserve(f"{name}.py::f", "--run-id", "bob")
    works.git("add", "-A")

    result, _ = compare(works, 1000)

    assert addresses(result) == {"one.py::f", "two.py::f", "three.py::f"}


@pytest.mark.slow
def test_what_there_was_no_time_for_is_said_and_read_the_next_time(works: Repo) -> None:
    for number in range(FILES):
        works.reserve(f"a{number:02}.py::f{number}", "--run-id", "bob")
    change(works, *range(FILES))
    known = -1
    for _ in range(FILES + 1):
        result, _ = compare(works, 6)
        assert len(result.changes) >= FILES
        if not result.warnings:
            break
        assert "there was no time to read" in result.warnings[0]
        assert cached(works) > known
        known = cached(works)
    assert len(addresses(result)) == FILES


@pytest.mark.parametrize("held", ["a00.py", "./"])
def test_what_is_held_as_a_whole_need_not_be_read(works: Repo, held: str) -> None:
    works.reserve(held, "--run-id", "bob")
    change(works, *range(FILES))
    works.write("new.py", "x = 1\n")
    (works.path / "a01.py").unlink()
    works.git("add", "-A")

    result, _ = compare(works, 0)

    everything = {*(f"a{number:02}.py" for number in range(FILES)), "new.py"}
    assert addresses(result) == ({"a00.py"} if held == "a00.py" else everything)
    those = "1 file was" if held == "a00.py" else "13 files were"
    assert result.warnings == [f"{those} compared as files only, without looking inside"]


def test_formatting_of_what_is_held_as_a_whole_meets_nobody_while_there_is_time(
    works: Repo,
) -> None:
    works.reserve("./", "--run-id", "bob")
    change(works, 3, old="    return [{0}]", new="    return [ {0} ]")

    assert addresses(compare(works, 1000)[0]) == set()


def test_what_has_left_a_held_file_is_looked_for_while_there_is_time(works: Repo) -> None:
    text = "def f():\n    return sorted(name for name in dir() if not name.startswith('what is long enough'))\n"
    works.write("a00.py", f"x = 1\n\n\n{text}")
    works.commit("Long")
    works.reserve("a00.py::f", "--run-id", "bob")
    works.write("a00.py", "x = 1\n")
    works.write("b.py", f"y = 2\n\n\n{text}")
    works.git("add", "-A")

    short, early = compare(works, 2)
    full, _ = compare(works, 1000)

    moved = {one.address: one.from_address for one in full.changes if one.change == "moved"}
    assert moved == {"b.py::f": "a00.py::f"}
    assert early
    assert addresses(full) == addresses(short) == addresses(early[-1]) == {"a00.py::f"}
    assert short.warnings == ["1 file was compared as files only, without looking inside"]


def test_a_hook_names_its_mode_where_it_had_no_time(works: Repo) -> None:
    works.reserve("a00.py::f0", "a01.py", "--run-id", "bob")
    works.git("config", "muse-coord.hookMode", "block")
    change(works, 0)
    session = Session(str(works.path))
    session.allowance = Countdown(0)

    result = hook(session, "pre-commit", run_id="ann")

    assert result.conflicts == ()
    (warning,) = result.warnings
    assert warning.startswith("there was no time to read 1 file")
    assert warning.endswith("(hookMode block)")
    change(works, 1)
    session.allowance = Countdown(0)
    with pytest.raises(HookStopped):
        hook(session, "pre-commit", run_id="ann")


@pytest.mark.slow
def test_records_are_remembered_piece_by_piece(
    works: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is stopped while it verifies many records for the first time goes on there the next time."""
    monkeypatch.setattr(known_objects, "_LEARNED", 10)
    for number in range(FILES):
        works.reserve(f"a{number:02}.py", "--run-id", "bob")
        works.reserve(f"b{number:02}.py", "--run-id", "bob")
    for path in (works.git_dir / "muse-coord").glob("records-*"):
        path.unlink()
    store = Session(str(works.path)).store
    read = store.objects.read

    def stopping(oids: Sequence[str]) -> Iterator[StoredObject]:
        for number, stored in enumerate(read(oids)):
            if number == 22:
                raise KeyboardInterrupt
            yield stored

    monkeypatch.setattr(store.objects, "read", stopping)
    with pytest.raises(KeyboardInterrupt):
        store.look()
    assert len(Session(str(works.path)).store.cache.entries()) == 20
