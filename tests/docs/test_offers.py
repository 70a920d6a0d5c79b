"""What real shells offer at a terminal when somebody presses TAB, and that it is nothing but words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from git_muse_coord.model.records import Record
from tests.docs.shells import CLEAR, TAB, Shell, shell_with_completions
from tests.tools import FAR, Repo, a_reservation, program

pytestmark = pytest.mark.slow

SOURCE = "class Invoice:\n    def total(self):\n        return 1\n\n\ndef late():\n    return 2\n"
SHELLS = pytest.mark.parametrize("shell", ["bash", "zsh", "fish"], indirect=True)
NAMES = pytest.mark.parametrize("name", ["git-muse-coord", "git muse-coord"])

HOSTILE = "$(touch pwned) `touch pwned`;touch pwned'\"\\ *?[x]{a,b}~!!%s #|&<>"


@pytest.fixture
def shop(repo: Repo) -> Repo:
    repo.write("src/shop.py", SOURCE)
    repo.commit("shop")
    return repo


@pytest.fixture
def shell(request: pytest.FixtureRequest, shop: Repo, tmp_path: Path) -> Iterator[Shell]:
    with shell_with_completions(request.param, shop.path, tmp_path / "home") as made:
        yield made


@SHELLS
@NAMES
def test_ids_and_symbols_are_offered(shop: Repo, shell: Shell, name: str) -> None:
    first = shop.reserve("a.py", "--run-id", "ann").removeprefix("sha256:")[:12]
    second = shop.reserve("b.py", "--run-id", "bob").removeprefix("sha256:")[:12]

    shell.type(f"{name} release {TAB}{TAB}")
    shown = shell.wait_for(rf"(?s)({first}|{second}).*?({first}|{second})")
    assert {shown[1], shown[2]} == {first, second}

    shell.type(f"{CLEAR}{name} show {first[:5]}{TAB}")
    shell.wait_for(first[5:])
    shell.type("--json --fields id\n")
    shell.wait_for(f'"id":"sha256:{first}')

    shell.type(f"{name} reserve src/shop.py::{TAB}{TAB}")
    shell.wait_for(r"(?s)Invoice.*late")

    shell.type(f"{CLEAR}{name} reserve --run-id eve --op modify src/shop.py::la{TAB}")
    shell.wait_for("::late")
    shell.type("\n")
    shell.wait_for("Reserved 1 address")
    assert shop.json("list", "--run-id", "eve")["reservations"][0]["addresses"] == [
        "src/shop.py::late"
    ]


@SHELLS
def test_what_others_wrote_does_nothing(shop: Repo, shell: Shell, tmp_path: Path) -> None:
    shop.reserve("a.py", "--run-id", HOSTILE)

    shell.type(f"git-muse-coord list --json --run-id {TAB}")
    shell.wait_for("pwned.*pwned")
    shell.type(" --fields run_id\n")
    shell.wait_for(re.escape('{"run_id":"$(touch pwned)'))
    assert not (shop.path / "pwned").exists()

    # Without a repository nothing is offered, and nobody complains.
    shell.type(f"cd '{tmp_path}'\n")
    shell.type(f"git-muse-coord show {TAB}")
    shell.type(f"{CLEAR}echo go''od\n")
    shell.wait_for("good\n")
    assert "rror" not in shell.seen


def complete(repo: Repo, kinds: str, word: str) -> list[str]:
    """The words that the program offers."""
    ran = program("--complete", kinds, word, cwd=repo.path)
    assert (ran.code, ran.err) == (0, "")
    return [line.split("\t")[0] for line in ran.out.splitlines()]


def test_the_program_offers_what_begins_as_typed(shop: Repo) -> None:
    shop.git("branch", "feature")
    held = shop.reserve("a.py", "--run-id", "ann")
    bare = held.removeprefix("sha256:")

    assert complete(shop, "ids", "") == [bare[:12]]
    assert complete(shop, "ids", held[:9]) == [held[:19]]
    assert complete(shop, "ids", bare[:20]) == [bare[:20]]
    assert complete(shop, "ids", "zz") == []
    assert complete(shop, "runs", "a") == ["ann"]
    assert complete(shop, "branches", "fe") == ["feature"]
    assert complete(shop, "addresses", "src/shop.py::Inv") == [
        "src/shop.py::Invoice",
        "src/shop.py::Invoice.total",
    ]
    assert complete(shop, "addresses", "./src/shop.py::la") == ["./src/shop.py::late"]
    assert complete(shop, "addresses", "modify=src/shop.py::la") == ["modify=src/shop.py::late"]
    assert complete(shop, "ids,addresses", "src/shop.py::la") == ["src/shop.py::late"]


def test_the_program_never_complains(shop: Repo, tmp_path: Path) -> None:
    shop.reserve("a.py", "--run-id", "--force")

    assert complete(shop, "runs", "") == []
    assert complete(shop, "addresses", "no/such.py::") == []
    assert complete(shop, "addresses", "../out.py::") == []
    assert complete(shop, "bogus", "") == []
    for line in (["--complete"], ["--complete", "ids"], ["--complete", "ids", "", str(tmp_path)]):
        assert program(*line, cwd=tmp_path).code == 0
        assert program(*line, cwd=tmp_path).err == ""


def test_what_is_offered_is_bounded(repo: Repo) -> None:
    records: list[Record] = []
    for number in range(105):
        records.append(a_reservation(f"{number}.py", run_id=f"run-{number}" + "x" * 200, **FAR))
    repo.coordinator().store.write(records)

    ran = program("--complete", "ids", "", cwd=repo.path)

    lines = ran.out.splitlines()
    assert len(lines) == 100
    assert max(map(len, lines)) < 70
