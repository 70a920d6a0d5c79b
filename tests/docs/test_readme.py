"""What the README shows is what happens: the tour, command by command, and the use as a library."""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from git_muse_coord.commands import VERBS
from git_muse_coord.model.errors import MuseCoordError
from tests.docs.places import PAGES, TOP, blocks, run
from tests.tools import Repo

README = (TOP / "README.md").read_text(encoding="utf-8")
HEX = re.compile(r"\b[0-9a-f]{12,64}\b")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d")


def session(document: str) -> Iterator[tuple[str, str]]:
    """The command lines of the console blocks, each with its output."""
    for block in blocks(document, "console"):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


class Names:
    """Which id of the document stands for which id of this run."""

    def __init__(self) -> None:
        self.known: dict[str, str] = {}

    def learn(self, shown: str, happened: str) -> None:
        for theirs, ours in zip(HEX.findall(shown), HEX.findall(happened), strict=False):
            if len(theirs) == len(ours) == 64:
                self.known.setdefault(theirs, ours)

    def translate(self, text: str) -> str:
        def one(match: re.Match[str]) -> str:
            start = match[0]
            return next(
                (
                    ours[: len(start)]
                    for theirs, ours in self.known.items()
                    if theirs.startswith(start)
                ),
                start,
            )

        return TIME.sub("TIME", HEX.sub(one, text))


def comparable(command: str, output: str) -> list[str]:
    lines = TIME.sub("TIME", output).splitlines()
    return sorted(lines) if "for-each-ref" in command else lines  # sorted by ids, which differ


@pytest.mark.slow
def test_the_tour(repo: Repo, tmp_path: Path) -> None:
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "hub"))
    repo.git("remote", "add", "origin", str(tmp_path / "hub"))
    repo.git("clone", "-q", str(tmp_path / "hub"), str(tmp_path / "other"))
    names = Names()
    for command, shown in session("README.md"):
        ran = run("bash", "-c", names.translate(command), cwd=repo.path)
        assert ran.returncode == 0, ran.stderr
        names.learn(shown, ran.stdout)
        assert comparable(command, ran.stdout) == comparable(command, names.translate(shown)), (
            command
        )


def test_the_library(repo: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    repo.reserve("src/", "--run-id", "bob")
    monkeypatch.chdir(repo.path)
    (code,) = blocks("README.md", "python")
    printed = io.StringIO()

    with contextlib.redirect_stdout(printed):
        exec(compile(code, "README.md", "exec"), {})  # noqa: S102 - our own text

    assert printed.getvalue().startswith("bob src/billing.py::compute_total 2")


def test_the_library_does_not_read_who_runs_from_the_environment(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSE_RUN_ID", "ann")

    assert repo.coordinator().reserve(["src/"]).run_id.startswith("somebody:")


def test_the_exit_codes() -> None:
    table = {int(code) for code in re.findall(r"^\| (\d+) \|", README, re.MULTILINE)}

    assert table == {0, 130} | {failure.exit_code for failure in MuseCoordError.__subclasses__()}


def test_every_verb_that_the_documents_name_is_one() -> None:
    named = {
        verb
        for page in PAGES
        for verb in re.findall(
            r"git muse-coord ([a-z][a-z-]*)", (TOP / page).read_text(encoding="utf-8")
        )
    }

    assert named <= set(VERBS)


def test_records_travel_by_plain_git(repo: Repo, tmp_path: Path) -> None:
    refspec = re.findall(r"^    git (push|fetch) origin '(.+)'$", README, re.MULTILINE)
    assert [verb for verb, _ in refspec] == ["push", "fetch"]
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "hub"))
    repo.git("remote", "add", "origin", str(tmp_path / "hub"))
    repo.git("clone", "-q", str(tmp_path / "hub"), str(tmp_path / "other"))
    other = Repo(tmp_path / "other")
    reserved = repo.reserve("src/billing.py", "--run-id", "ann")

    repo.git("push", "-q", "origin", refspec[0][1])
    other.git("fetch", "-q", "origin", refspec[1][1])

    assert [one["reservation_id"] for one in other.json("list")["reservations"]] == [reserved]
