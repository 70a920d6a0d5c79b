"""Whatever is done in whichever order: what is held and has not landed is never let go of."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from tests.landed.clone import Clone

NAMES = ("one", "two", "three")
STEPS = 24

Values = Mapping[str, str]


def text_of(values: Values) -> str:
    return "\n\n".join(f"def {name}():\n    return {values[name]}\n" for name in NAMES)


def values_of(text: str) -> Values:
    return dict(re.findall(r"def (\w+)\(\):\n    return (\d+)", text))


class Work:
    """One clone without a remote, in which all of it happens on ``topic`` and ``main``."""

    def __init__(self, clone: Clone, choice: random.Random) -> None:
        self.clone = clone
        self.choice = choice
        self.number = 10

    def at(self, revision: str) -> Values:
        return values_of(self.clone.git("show", f"{revision}:work.py"))

    def on_disk(self) -> Values:
        return values_of((self.clone.path / "work.py").read_text())

    def edit(self) -> None:
        self.number += 1
        values = {**self.on_disk(), self.choice.choice(NAMES): str(self.number)}
        self.clone.write("work.py", text_of(values))

    def commit(self) -> None:
        self.edit()
        self.clone.git("commit", "-q", "-a", "-m", "Work")

    def amend(self) -> None:
        self.edit()
        self.clone.git("commit", "-q", "-a", "--amend", "--no-edit")

    def stage(self) -> None:
        self.edit()
        self.clone.git("add", "-A")

    def clean(self) -> None:
        self.clone.git("checkout", "-q", "HEAD", "--", "work.py")

    def back(self) -> None:
        self.clone.git("reset", "-q", "--hard", "HEAD~1")

    def revert(self) -> None:
        self.tidy()
        self.try_to("revert", "--no-edit", "HEAD")

    def update(self) -> None:
        self.tidy()
        self.try_to("merge", "-q", "--no-edit", "main")

    def rebase(self) -> None:
        self.tidy()
        self.try_to("rebase", "-q", "main")

    def land(self) -> None:
        self.on_main("merge", "-q", "--no-edit", "topic")

    def land_squashed(self) -> None:
        self.on_main("merge", "-q", "--squash", "topic")

    def land_one(self) -> None:
        self.on_main("cherry-pick", self.choice.choice(["topic", "topic~1"]))

    def undo_on_main(self) -> None:
        self.on_main("revert", "--no-edit", "HEAD")

    def others(self) -> None:
        self.tidy()
        self.clone.git("checkout", "-q", "main")
        self.edit()
        self.clone.git("commit", "-q", "-a", "-m", "Of others")
        self.clone.git("checkout", "-q", "topic")

    def on_main(self, *arguments: str) -> None:
        self.tidy()
        self.clone.git("checkout", "-q", "main")
        self.try_to(*arguments)
        self.clone.git("commit", "-q", "-m", "Squashed", check=False)
        self.tidy()
        self.clone.git("checkout", "-q", "topic")

    def try_to(self, *arguments: str) -> None:
        """What ends in a conflict is given up."""
        self.clone.git(*arguments, check=False)
        if self.clone.git("status", "--porcelain", "--untracked-files=no").find("UU") >= 0:
            self.clone.git(arguments[0], "--abort", check=False)
            self.tidy()

    def tidy(self) -> None:
        self.clone.git("reset", "-q", "--hard")

    def steps(self) -> list[Callable[[], None]]:
        often = [self.commit] * 4 + [self.land, self.land_squashed, self.clean] * 2
        seldom = [self.edit, self.amend, self.stage, self.back, self.revert, self.update]
        return [*often, *seldom, self.rebase, self.land_one, self.undo_on_main, self.others]

    def unlanded(self, held: list[str]) -> set[str]:
        """What of the held the branch or the worktree has, and the default branch has not."""
        tip, main, disk = self.at("topic"), self.at("main"), self.on_disk()
        index = values_of(self.clone.git("show", ":work.py"))
        base = self.at(self.clone.git("merge-base", "main", "topic"))
        unlanded: set[str] = set()
        for name in held:
            is_changed = tip[name] != base[name] and tip[name] != main[name]
            is_dirty = disk[name] != tip[name] or index[name] != tip[name]
            if is_changed or is_dirty:
                unlanded.add(name)
        return unlanded


@pytest.mark.parametrize("seed", range(6))
def test_nothing_that_has_not_landed_is_let_go(tmp_path: Path, seed: int) -> None:
    choice = random.Random(seed)
    clone = Clone(Clone.make(tmp_path / "work").path)
    clone.write("work.py", text_of(dict.fromkeys(NAMES, "1")))
    clone.commit("The first")
    for number in range(STEPS):  # for steps back
        clone.git("commit", "-q", "--allow-empty", "-m", str(number))
    clone.git("checkout", "-q", "-b", "topic")
    work = Work(clone, choice)
    held: dict[str, list[str]] = {}
    for _ in range(STEPS):
        while len(held) < 2:
            names = choice.sample(NAMES, choice.choice([1, 2]))
            addresses = [f"work.py::{name}" for name in names]
            held[clone.reserve(*addresses, "--run-id", "ann", "--new")] = names
        step = choice.choice(work.steps())
        step()
        if choice.random() < 0.6:
            continue  # so that several things have happened when it is looked at
        state = {revision: work.at(revision) for revision in ("topic", "main")}
        for reservation_id in clone.let_go():
            names = held.pop(reservation_id)
            assert not work.unlanded(names), (step.__name__, names, state)
    # at the end all that is left lands, so that each run has shown that something can
    work.tidy()
    work.commit()
    last = clone.reserve("work.py", "--run-id", "ann", "--new")
    work.commit()
    clone.git("push", "-qf", ".", "topic:main")
    assert last in clone.let_go()
