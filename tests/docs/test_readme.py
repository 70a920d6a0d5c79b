"""What the README and the page of answers show is what happens."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from git_muse_coord.commands import VERBS
from git_muse_coord.model.errors import MuseCoordError
from tests.docs.places import PAGES, TOP
from tests.docs.sessions import check_page
from tests.tools import Repo

ANSWERS = "docs/reference/answers.md"


def text_of(page: str) -> str:
    return (TOP / page).read_text(encoding="utf-8")


@pytest.mark.slow
def test_what_the_readme_shows(repo: Repo, tmp_path: Path) -> None:
    """Ann renames what Bob begins to call: its reader is told so, and does nothing for it."""
    shop = Repo(repo.path.rename(tmp_path / "shop"))
    shop.git("checkout", "-q", "-b", "bob")
    shop.write(
        "src/report.py",
        "from src.billing import compute_total\n\n\n"
        "def monthly(invoices):\n    return [compute_total(lines) for lines in invoices]\n",
    )
    shop.commit("Add a monthly report")
    shop.git("checkout", "-q", "-b", "ann", "main")
    for path in ("src/billing.py", "src/shop.py"):
        shop.write(path, (shop.path / path).read_text().replace("compute_total", "total_of"))
    shop.commit("Call it total_of")
    shop.git("checkout", "-q", "main")

    check_page("README.md", shop.path)


def test_the_library_does_not_read_who_runs_from_the_environment(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSE_RUN_ID", "ann")

    assert repo.coordinator().reserve(["src/"]).run_id.startswith("somebody:")


def test_the_exit_codes() -> None:
    table = {int(code) for code in re.findall(r"^\| (\d+) \|", text_of(ANSWERS), re.MULTILINE)}

    assert table == {0, 130} | {failure.exit_code for failure in MuseCoordError.__subclasses__()}


def test_every_verb_that_the_documents_name_is_one() -> None:
    named = {
        verb
        for page in PAGES
        for verb in re.findall(
            r"git muse-coord ([a-z][a-z-]*)", (TOP / page).read_text(encoding="utf-8")
        )
    }

    assert named <= {*VERBS, "help"}


def test_records_travel_by_plain_git(repo: Repo, tmp_path: Path) -> None:
    refspec = re.findall(r"^    git (push|fetch) origin '(.+)'$", text_of(ANSWERS), re.MULTILINE)
    assert [verb for verb, _ in refspec] == ["push", "fetch"]
    repo.git("clone", "-q", "--bare", ".", str(tmp_path / "hub"))
    repo.git("remote", "add", "origin", str(tmp_path / "hub"))
    repo.git("clone", "-q", str(tmp_path / "hub"), str(tmp_path / "other"))
    other = Repo(tmp_path / "other")
    reserved = repo.reserve("src/billing.py", "--run-id", "ann")

    repo.git("push", "-q", "origin", refspec[0][1])
    other.git("fetch", "-q", "origin", refspec[1][1])

    assert [one["reservation_id"] for one in other.json("list")["reservations"]] == [reserved]
