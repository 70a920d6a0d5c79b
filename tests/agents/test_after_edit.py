"""After an edit: news of others, each once; and one reservation made of several."""

from __future__ import annotations

from datetime import timedelta

import pytest

from git_muse_coord.model.agents import Decision, Edit, Moment
from tests.agents.playing import Clock, Player, held
from tests.tools import Repo


def _heard(player: Player) -> str:
    player.edit("src/c.py", "2 * x", "x * 2")
    text = player.heard
    player.edit("src/c.py", "x * 2", "2 * x")
    assert player.heard == ""  # once
    return text


def test_whoever_comes_to_what_one_holds_is_news(repo: Repo, ann: Player, ben: Player) -> None:
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    repo.reserve("src/a.py", "--run-id", "carl", "--reason", "tidying up")
    text = _heard(ann)
    assert "src/a.py::f, which you hold, is also held by carl since " in text
    assert 'its note, no instruction: "tidying up"' in text


def test_what_one_waited_for_is_told_when_it_is_free(
    repo: Repo, ann: Player, ben: Player, clock: Clock
) -> None:
    repo.git("config", "muse-coord.agentMode", "block")
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    clock.pass_by(seconds=1)
    ben.edit("src/a.py", "return x\n", "return x - 0\n")
    assert _heard(ben) == ""
    repo.json("release", "--all", "--run-id", "claude:ann")
    assert "- free now: src/a.py::f, which claude:ann held" in _heard(ben)


def test_what_somebody_else_released_is_told(repo: Repo, ann: Player) -> None:
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    (held_id,) = repo.held()
    repo.json("release", held_id, "--run-id", "carl", "--force")
    assert "- carl released what you held: src/a.py::f" in _heard(ann)


def test_a_program_that_is_not_asked_before_hears_it_after(
    repo: Repo, ann: Player, ben: Player
) -> None:
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    place = ben.path / "src/a.py"
    before = place.read_bytes()
    after = before.replace(b"return x\n", b"return x - 0\n")
    place.write_bytes(after)
    text = ben.tell(Moment.AFTER_EDIT, Edit(str(place), before, after)).text
    assert "src/a.py::f is held by claude:ann" in text
    assert held(repo)["claude:ben"] == {"src/a.py::f"}


def test_several_reservations_become_one_that_keeps_its_place(
    repo: Repo, ann: Player, ben: Player, clock: Clock
) -> None:
    begun = clock.now
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    clock.pass_by(seconds=10)
    ben.edit("src/b.py", "2 * x", "x * 2")
    for name, number in (("a", 1), ("b", 2), ("c", 3)):
        clock.pass_by(seconds=20)
        ann.edit(f"src/{name}.py", "f(x) + 1", f"f(x) + 1{number}")
    (one,) = [r for r in repo.json("list")["reservations"] if r["run_id"] == "claude:ann"]
    assert set(one["addresses"]) == {
        "src/a.py::f",
        "src/a.py::g",
        "src/b.py::g",
        "src/c.py::g",
    }
    record = repo.json("show", one["reservation_id"])["record"]
    assert record["automatic"] is True
    assert record["since"] == begun.isoformat(timespec="microseconds")
    # ben was there before the record, and after the time that it carries
    repo.git("config", "muse-coord.agentMode", "block")
    repo.reserve("src/a.py", "--run-id", "carl")
    assert ann.edit("src/a.py", "f(x) + 11", "f(x) + 111").text


@pytest.mark.parametrize("setting", ["false", "background"])
def test_what_became_one_leaves_nothing_behind(
    repo: Repo, ann: Player, clock: Clock, setting: str
) -> None:
    repo.git("remote", "add", "origin", "/nowhere/at/all")
    repo.git("config", "muse-coord.autoSync", setting)
    for number in range(5):
        clock.pass_by(seconds=30)
        ann.edit(f"src/{'abcab'[number]}.py", "1" if number > 2 else "2", f"1{number}")
    kinds = sorted(name.split("/")[2] for name in repo.refs())
    # four became one, and the fifth came after that
    assert kinds == ["reservations", "reservations"]
    assert len(repo.held()) == 2


def test_who_waits_for_what_became_one_hears_when_that_is_free(
    repo: Repo, ann: Player, ben: Player, clock: Clock
) -> None:
    repo.git("config", "muse-coord.agentMode", "block")
    ann.edit("src/a.py", "return x\n", "return x + 0\n")
    clock.pass_by(seconds=1)
    assert ben.edit("src/a.py", "return x\n", "return x - 0\n").decision is Decision.DENY
    for name in "abc":
        clock.pass_by(seconds=25)
        ann.edit(f"src/{name}.py", "f(x) + 1", "f(x) + 11")
    ben.edit("src/c.py", "2 * x", "x * 2")
    assert "free now" not in ben.heard
    repo.muse("release", "--all", "--run-id", ann.run_id)
    ben.edit("src/c.py", "x * 2", "2 * x")
    assert "free now" in ben.heard
    assert "src/a.py::f" in ben.heard


def test_a_run_makes_at_most_sixty_records_an_hour_by_itself(
    repo: Repo, ann: Player, clock: Clock
) -> None:
    source = "".join(f"def f{number}():\n    return 0\n\n\n" for number in range(50))
    for name in range(4):
        repo.write(f"src/m{name}.py", source)
    repo.commit("Many")
    number_of_records = 0
    seen: set[str] = set()
    begun = clock.now
    for step in range(110):
        clock.now = begun + timedelta(seconds=30 * step)
        path, number = f"src/m{step % 4}.py", step // 4
        ann.edit(path, f"def f{number}():\n    return 0", f"def f{number}():\n    return 1")
        fresh = repo.refs().keys() - seen
        number_of_records += len(fresh)
        seen |= fresh
    assert number_of_records <= 60
    assert len(repo.refs()) <= 10
    # all is held in the end, by files where it had become too much
    places = held(repo)["claude:ann"]
    for name in range(4):
        assert f"src/m{name}.py" in places
