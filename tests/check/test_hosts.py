"""``check --format github`` and ``gitlab``: what code hosts show beside the code."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.tools import Repo, program

SHOP = "def total(items):\n    return sum(items)\n\n\ndef tax(amount):\n    return amount * 0.2\n"


@pytest.fixture
def shop(repo: Repo) -> Repo:
    """A repository in which ``ann`` holds ``tax``, which is changed and staged."""
    repo.write("src/my shop, 100%.py", SHOP)
    repo.commit("Sums")
    repo.reserve("src/my shop, 100%.py::tax", "--run-id", "ann", "--reason", "new rates")
    repo.write("src/my shop, 100%.py", SHOP.replace("0.2", "0.3"))
    repo.git("add", "-A")
    return repo


def gitlab(repo: Repo, *options: str, code: int = 0) -> list[dict[str, Any]]:
    ran = repo.muse("check", "--format", "gitlab", "--run-id", "ci", *options)
    assert ran.code == code
    report: list[dict[str, Any]] = json.loads(ran.out)
    return report


def github(repo: Repo, *options: str, **environment: str) -> list[str]:
    words = ("check", "--format", "github", *options)
    ran = program(*words, cwd=repo.path, given=b"", **environment)
    return ran.out.splitlines()


def test_github_annotates_the_line(shop: Repo) -> None:
    first, last = github(shop, "--run-id", "ci")
    fields, _, message = first.removeprefix("::").partition("::")
    assert fields == ("warning file=src/my shop%2C 100%25.py,line=5,title=Reserved by run-id 'ann'")
    assert message.startswith("src/my shop, 100%25.py::tax is reserved by run-id 'ann' since ")
    assert last == "1 change, 1 conflict"
    assert github(shop, "--run-id", "ann") == ["1 change, 0 conflicts"]


def test_kin_is_a_notice(shop: Repo) -> None:
    assert github(shop, "--run-id", "ann/helper")[0].startswith("::notice file=src/my shop")


def test_github_summarises_the_job_behind_what_is_there(shop: Repo, tmp_path: Path) -> None:
    page = tmp_path / "summary.md"
    page.write_text("# Before\n")
    github(shop, "--run-id", "ci", GITHUB_STEP_SUMMARY=str(page))
    text = page.read_text()
    assert text.startswith("# Before\n## git muse-coord check\n")
    assert "| src&#47;my shop&#44; 100&#37;&#46;py&#58;&#58;tax &#40;line 5&#41; | ann | " in text
    assert text.count("\n| ") == 2
    github(shop, "--run-id", "ann", GITHUB_STEP_SUMMARY=str(page))
    assert "No conflict." in page.read_text()


def test_a_summary_that_cannot_be_written_stops_nothing(shop: Repo, tmp_path: Path) -> None:
    ran = program(
        *("check", "--format", "github", "--run-id", "ci"),
        cwd=shop.path,
        GITHUB_STEP_SUMMARY=str(tmp_path / "not" / "there"),
    )
    assert ran.code == 0
    assert ran.out.startswith("::warning ")


def test_what_others_wrote_ends_no_line_and_means_nothing(repo: Repo, tmp_path: Path) -> None:
    evil = "x\n::stop-commands::t\r\n::set-env name=PATH::/tmp%0A|</td><img src=x>[a](b)@all`*"
    repo.write("a.py", SHOP)
    repo.commit("Sums")
    repo.reserve("a.py", "--run-id", "ann", "--reason", evil)
    repo.write("a.py", SHOP.replace("0.2", "0.3"))
    repo.git("add", "-A")
    page = tmp_path / "summary.md"
    lines = github(repo, "--run-id", "ci", GITHUB_STEP_SUMMARY=str(page))
    assert [line[:9] for line in lines] == ["::warning", "1 change,"]
    assert "%250A" in lines[0]
    (row,) = [line for line in page.read_text().splitlines() if line.startswith("| a")]
    assert row.count("|") == 5
    assert re.search(r"[<>@\[`*]", row) is None


def test_gitlab_shows_it_at_the_line(shop: Repo) -> None:
    (finding,) = gitlab(shop)
    assert finding["location"] == {"path": "src/my shop, 100%.py", "lines": {"begin": 5}}
    assert finding["severity"] == "major"
    assert finding["check_name"] == "reserved-by-another-run"
    assert "is reserved by run-id 'ann'" in finding["description"]
    assert re.fullmatch(r"[0-9a-f]{64}", finding["fingerprint"])


def test_gitlab_knows_a_finding_again_when_lines_have_moved(shop: Repo) -> None:
    (before,) = gitlab(shop)
    shop.write("src/my shop, 100%.py", "import os\n" + SHOP.replace("0.2", "0.3"))
    shop.git("add", "-A")
    (after,) = gitlab(shop)
    assert after["location"]["lines"]["begin"] == 6
    assert after["fingerprint"] == before["fingerprint"]


def test_gitlab_gets_a_report_where_nothing_is_met_and_where_check_stops(shop: Repo) -> None:
    assert len(gitlab(shop, "--strict", code=2)) == 1
    shop.json("release", "--all", "--run-id", "ann")
    assert gitlab(shop) == []


def test_what_was_renamed_is_shown_where_it_is_now(repo: Repo) -> None:
    body = "".join(f"    amount += {number}\n" for number in range(20))
    repo.write("a.py", f"def tax(amount):\n{body}    return amount\n")
    repo.commit("Tax")
    repo.reserve("a.py::tax", "--run-id", "ann")
    repo.write("a.py", f"import os\n\n\ndef duty(amount):\n{body}    return amount\n")
    repo.git("add", "-A")
    (finding,) = gitlab(repo)
    assert finding["location"] == {"path": "a.py", "lines": {"begin": 4}}


def test_a_name_that_is_no_utf8_breaks_no_report(repo: Repo) -> None:
    name = b"src/\xff.py"
    place = bytes(repo.path) + b"/" + name
    with open(place, "w") as file:
        file.write(SHOP)
    repo.commit("Sums")
    repo.reserve("src/", "--run-id", "ann")
    with open(place, "w") as file:
        file.write(SHOP.replace("0.2", "0.3"))
    repo.git("add", "-A")
    assert len(gitlab(repo)) == 1
    assert len(github(repo, "--run-id", "ci")) == 2


@pytest.mark.parametrize("name", ["a::b.py", "x::error::y|z.py"])
def test_colons_in_the_name_of_a_file_stop_no_check(repo: Repo, name: str) -> None:
    repo.write(f"src/{name}", SHOP)
    repo.commit("Sums")
    repo.reserve("src/", "--run-id", "ann")
    repo.write(f"src/{name}", SHOP.replace("0.2", "0.3"))
    repo.git("add", "-A")
    (finding,) = gitlab(repo)
    assert finding["location"] == {"path": f"src/{name}", "lines": {"begin": 5}}
    assert len(github(repo, "--run-id", "ci")) == 2
    repo.commit("Rates")
    words = ("check", "--range", "HEAD~1..HEAD", "--run-id", "ci", "--strict")
    assert repo.muse(*words).code == 2
