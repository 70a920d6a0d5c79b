"""What ``forecast`` tells in a real repository."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.tools import Repo, git_in

pytestmark = pytest.mark.slow

BILLING = """\
from src.rates import rate


def compute_total(items):
    return sum(item.price for item in items) * rate()


def report(items):
    return str(compute_total(items))
"""
RATES = """\
def rate():
    return table()["full"]


def table():
    return {"full": 1.19}
"""
OTHER = """\
class Cart:
    def rate(self):
        return 5

    def show(self):
        return self.rate()
"""

ALL = ("--min-confidence", "0")


@pytest.fixture
def shop(repo: Repo) -> Repo:
    repo.write("src/billing.py", BILLING)
    repo.write("src/rates.py", RATES)
    repo.write("src/cart ü.py", OTHER)
    repo.write("notes.md", "# Notes\n\n## Plans\n\ntext\n")
    repo.commit("A shop")
    return repo


def found(repo: Repo, *options: str, code: int = 0) -> list[tuple[str, list[str], list[str]]]:
    return [kinds(one) for one in repo.json("forecast", *options, code=code)["conflicts"]]


def kinds(one: dict[str, Any]) -> tuple[str, list[str], list[str]]:
    return one["conflict_type"], one["addresses"], one["agents"]


def test_nothing_announced_is_no_conflict(shop: Repo) -> None:
    assert shop.json("forecast") | {"duration_ms": 0} == {
        "schema_version": "1", "command": "forecast", "exit_code": 0, "duration_ms": 0, "warnings": [],
        "active_reservations": 0, "intents": 0, "branch_filter": None, "min_confidence": 0.16, "conflicts": [],
        "hidden": 0, "left_out": 0,
        "high_risk": 0, "medium_risk": 0, "low_risk": 0, "partial_forecast": False, "radar": None, "learnt": None,
        "remote": None, "synced_at": None,
    }  # fmt: skip
    assert shop.muse("forecast").out.strip().endswith("no conflict in sight")


@pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
def test_caller_and_callee_in_two_files_collide(shop: Repo, order: tuple[str, str]) -> None:
    places = {"a": "src/rates.py::rate", "b": "src/billing.py::compute_total"}
    for run in order:
        shop.reserve(places[run], "--run-id", run)

    (one,) = shop.json("forecast", *ALL)["conflicts"]

    assert kinds(one) == ("blast_radius_overlap", ["src/rates.py::rate", places["b"]], ["a", "b"])
    assert "compute_total → rate (src/billing.py:5)" in one["description"]
    assert 0 < one["confidence"] < 0.1


def test_who_calls_what_another_holds_is_seldom_broken_and_stops_nobody(shop: Repo) -> None:
    shop.reserve("src/rates.py::rate", "--run-id", "a", "--op", "rename")
    shop.reserve("src/billing.py::compute_total", "--run-id", "b")

    given = shop.json("forecast", "--strict")
    assert (given["conflicts"], given["hidden"], given["left_out"]) == ([], 1, 1)
    assert shop.muse("forecast").out == (
        "2 active reservations, 0 intents: nothing to look at,"
        " 1 less likely than 16% hidden (--min-confidence 0 shows all)\n"
    )
    given = shop.json("forecast", "--strict", *ALL)
    assert (len(given["conflicts"]), given["hidden"]) == (1, 0)


def test_a_call_over_one_step_is_near_enough(shop: Repo) -> None:
    shop.reserve("src/rates.py::table", "--run-id", "a")
    shop.reserve("src/billing.py::compute_total", "--run-id", "b")
    (one,) = shop.json("forecast", *ALL)["conflicts"]
    assert "compute_total → rate → table" in one["description"]


def test_symbols_that_only_share_their_name_do_not_collide(shop: Repo) -> None:
    shop.reserve("src/rates.py::rate", "--run-id", "a")
    shop.reserve("src/cart ü.py::Cart.show", "--run-id", "b")
    shop.reserve("src/cart ü.py::Cart.rate", "--run-id", "c")
    assert found(shop, *ALL) == [
        (
            "blast_radius_overlap",
            ["src/cart ü.py::Cart.rate", "src/cart ü.py::Cart.show"],
            ["b", "c"],
        )
    ]


def test_what_is_left_out_is_counted(shop: Repo) -> None:
    for run in ("a", "b"):
        shop.reserve("src/rates.py::rate", "--run-id", run)

    assert shop.json("forecast", "--run-id", "c")["left_out"] == 1
    assert shop.muse("forecast", "--run-id", "c").out.endswith(
        "nothing to look at, 1 of others left out\n"
    )
    assert shop.json("forecast")["left_out"] == 0


def test_the_same_symbol_and_a_file_around_it(shop: Repo) -> None:
    shop.reserve("src/rates.py::rate", "--run-id", "a", "--op", "modify")
    shop.reserve("src/rates.py", "--run-id", "b", "--op", "delete")
    shop.json("intent", "src/rates.py::rate", "--op", "inline", "--run-id", "c")

    given = shop.json("forecast")

    assert (given["active_reservations"], given["intents"]) == (2, 1)
    assert sorted(kinds(one)[0] for one in given["conflicts"]) == [
        "address_overlap",
        "address_overlap",
        "operation_conflict",
    ]
    confidences = [one["confidence"] for one in given["conflicts"]]
    assert confidences == sorted(confidences, reverse=True)
    assert given["high_risk"] + given["medium_risk"] + given["low_risk"] == 3


def test_two_that_add_to_one_class(shop: Repo) -> None:
    shop.reserve("src/cart ü.py::Cart.pay", "--run-id", "a")
    shop.reserve("src/cart ü.py::Cart.clear", "--run-id", "b")
    assert found(shop) == [
        ("address_overlap", ["src/cart ü.py::Cart.pay", "src/cart ü.py::Cart.clear"], ["a", "b"])
    ]


def test_two_constants_side_by_side(shop: Repo) -> None:
    shop.write("src/settings.py", "A = 1\nB = 2\nC = 3\n")
    shop.commit("Settings")
    shop.reserve("src/settings.py::A", "--run-id", "a")
    shop.reserve("src/settings.py::C", "--run-id", "c")
    assert found(shop) == []
    shop.reserve("src/settings.py::B", "--run-id", "b")
    assert [one[1:] for one in found(shop)] == [
        (["src/settings.py::A", "src/settings.py::B"], ["a", "b"]),
        (["src/settings.py::B", "src/settings.py::C"], ["b", "c"]),
    ]


def test_headings_are_known_too(shop: Repo) -> None:
    shop.reserve("notes.md::Plans", "--run-id", "a")
    shop.reserve("notes.md::Notes", "--run-id", "b")
    assert found(shop) == []
    shop.reserve("notes.md::Plans", "--run-id", "b")
    assert found(shop) == [("address_overlap", ["notes.md::Plans"], ["a", "b"])]


def test_branches_that_do_not_merge(shop: Repo, tmp_path: Path) -> None:
    for run, text in (("a", "1.07"), ("b", "1.21")):
        shop.git("checkout", "-q", "-b", f"work-{run}", "HEAD" if run == "a" else "HEAD~1")
        shop.write("src/rates.py", RATES.replace("1.19", text))
        shop.commit(f"Rate {text}")
        shop.reserve(f"src/{run}.py", "--run-id", run)

    # Neither announced the table, but both are seen to have changed it.
    assert found(shop) == [
        ("branch_conflict", ["src/rates.py::table"], ["a", "b"]),
        ("address_overlap", ["src/rates.py::table"], ["a", "b"]),
    ]
    given = shop.json("forecast", "--strict", code=2)
    assert given["high_risk"] == len(given["conflicts"]) == 2
    assert [one["confidence"] == 1 for one in given["conflicts"]] == [True, False]
    said = "git cannot merge work-a of 'a' and work-b of 'b' by itself: src/rates.py::table"
    assert said in shop.muse("forecast").out
    assert shop.git("status", "--porcelain") == ""


def test_a_caller_that_breaks_on_the_branches_as_they_are(shop: Repo) -> None:
    shop.git("branch", "work-ü")
    shop.git("checkout", "-q", "-b", "tariff")
    shop.write("src/rates.py", RATES.replace("def rate", "def tariff"))
    shop.write(
        "src/billing.py", BILLING.replace("rate", "tariff").replace("src.tariffs", "src.rates")
    )
    shop.commit("Tariffs")
    shop.reserve("src/rates.py::rate", "--run-id", "a", "--op", "rename")
    shop.git("checkout", "-q", "work-ü")
    shop.reserve("src/billing.py::report", "--run-id", "b")
    assert found(shop) == [], "nobody has a new use yet"
    shop.write("src/shop.py", "from src.rates import rate\n\n\ndef sell():\n    return rate()\n")
    shop.commit("Sell")

    (one,) = shop.json("forecast")["conflicts"]
    assert kinds(one) == (
        "blast_radius_overlap",
        ["src/rates.py::rate", "src/shop.py::sell"],
        ["a", "b"],
    )
    assert (one["confidence"], one["basis"]) == (1, "present")
    assert one["description"] == (
        "merging tariff and work-ü, where 'a' and 'b' are at work, breaks src/shop.py::sell"
        " (src/shop.py:5): tariff renames src/rates.py::rate; and 1 more such"
    )
    assert shop.muse("forecast", "--strict").code == 2
    assert shop.git("status", "--porcelain") == ""


def test_a_caller_in_a_file_that_only_its_branch_has(shop: Repo) -> None:
    shop.git("checkout", "-q", "-b", "later")
    shop.write(
        "src/a blob later.py", "from src.rates import table\n\n\ndef show():\n    return table()\n"
    )
    shop.commit("Show the table")
    shop.reserve("src/a blob later.py::show", "--run-id", "b")
    shop.git("checkout", "-q", "-")
    shop.reserve("src/rates.py::table", "--run-id", "a")

    expected = [
        ("blast_radius_overlap", ["src/rates.py::table", "src/a blob later.py::show"], ["a", "b"])
    ]
    assert found(shop, *ALL) == expected
    shop.git("branch", "-q", "-D", "later")
    assert found(shop, *ALL) == []


def test_a_branch_that_is_not_here_makes_the_forecast_partial(shop: Repo) -> None:
    shop.git("checkout", "-q", "-b", "far")
    shop.reserve("src/a.py", "--run-id", "a")
    shop.git("checkout", "-q", "-")
    shop.git("branch", "-D", "far")
    shop.reserve("src/b.py", "--run-id", "b")
    given = shop.json("forecast")
    assert given["partial_forecast"]
    assert given["warnings"] == [
        "not here, so nobody knows whether it merges: far; git fetch may bring it"
    ]


def test_work_that_has_begun_too_early_is_certain(shop: Repo) -> None:
    first = shop.reserve("src/cart ü.py", "--run-id", "a")
    shop.reserve("src/rates.py::rate", "--run-id", "b", "--depends-on", first)
    (waiting,) = shop.json("forecast")["conflicts"]
    assert waiting["conflict_type"] == "dependency_violation"
    assert (waiting["confidence"], waiting["basis"]) == (0, "waiting")
    assert shop.muse("forecast", "--strict").out.startswith("wait  dependency_violation")
    shop.write("src/rates.py", RATES.replace("return 5", "return 6").replace('"full"]', '"half"]'))
    (begun,) = shop.json("forecast")["conflicts"]
    assert (begun["confidence"], begun["basis"]) == (1, "present")
    assert shop.muse("forecast").out.startswith(" now  dependency_violation")
    assert "'b' has begun before 'a'" in begun["description"]
    shop.muse("release", first, "--run-id", "a")
    assert found(shop) == []


def test_filters(shop: Repo) -> None:
    for run in ("a", "b", "c"):
        shop.reserve("src/rates.py::rate" if run != "c" else "src/billing.py", "--run-id", run)
    assert len(found(shop)) == 1
    assert len(found(shop, *ALL)) == 3
    among_c = found(shop, "--run-id", "c", *ALL)
    assert [one[0] for one in among_c] == ["blast_radius_overlap"] * 2
    assert found(shop, "--run-id", "nobody", *ALL) == []
    assert found(shop, "--min-confidence", "1") == []
    assert found(shop, "--strict", "--min-confidence", "1") == []
    branch = shop.git("branch", "--show-current")
    assert len(found(shop, "--branch", branch, *ALL)) == 3
    assert found(shop, "--branch", "elsewhere", *ALL) == []


def test_strict_stops_where_a_conflict_is_likely(shop: Repo) -> None:
    for run in ("a", "b"):
        shop.reserve("src/billing.py", "--run-id", run)
    given = shop.json("forecast", "--strict")
    assert 0.16 <= given["conflicts"][0]["confidence"] < 0.7
    shop.json("forecast", "--strict", "--min-confidence", "0.16", code=2)
    for run in ("a", "b"):
        shop.reserve("src/rates.py::rate", "--run-id", run)
    ran = shop.muse("forecast", "--strict")
    assert ran.code == 2
    assert "address_overlap" in ran.out
    assert len(ran.err.splitlines()) == 1


@pytest.mark.parametrize("value", ["-0.1", "1.5", "nan", "much"])
def test_a_confidence_that_is_none(shop: Repo, value: str) -> None:
    ran = shop.muse("forecast", "--min-confidence", value)
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)


def test_a_file_that_does_not_parse_and_an_unknown_language(shop: Repo) -> None:
    shop.write("src/broken.py", "def f(:\n    rate(\n\x00" + "((((" * 10)
    shop.write("src/odd.pas", "f() = 1\n")
    shop.commit("Odd files")
    shop.reserve("src/broken.py", "src/odd.pas", "--run-id", "a")
    shop.reserve("src/rates.py::rate", "--run-id", "b")
    given = shop.json("forecast")
    assert given["partial_forecast"]
    assert len(given["warnings"]) == 1
    assert "src/broken.py, src/odd.pas" in given["warnings"][0]


def test_imports_that_nobody_can_follow(shop: Repo) -> None:
    """As where only a bundler knows what a name stands for."""
    shop.write("web/kit.ts", "export function f() {}\n")
    for number in range(12):
        text = f"import {{ f }} from 'app/kit'\nexport function g{number}() {{ f() }}\n"
        shop.write(f"web/a{number}.ts", text)
    shop.commit("Web")
    shop.reserve("web/kit.ts::f", "--run-id", "a")
    shop.reserve("web/a1.ts::g1", "--run-id", "b")
    given = shop.json("forecast")
    assert given["partial_forecast"]
    assert given["warnings"] == [
        "most imports of typescript lead nowhere (12 of 12 that look like files here),"
        " so most callers in other files are not known"
    ]


def test_in_a_linked_worktree_a_subdirectory_and_a_bare_clone(shop: Repo, tmp_path: Path) -> None:
    shop.git("worktree", "add", "-q", str(tmp_path / "wt ö"), "-b", "side")
    shop.reserve("src/rates.py::rate", "--run-id", "a")
    shop.reserve("src/billing.py::compute_total", "--run-id", "b")
    expected = found(shop, *ALL)
    assert len(expected) == 1
    assert found(Repo(tmp_path / "wt ö" / "src"), *ALL) == expected
    shop.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    shop.git("push", "-q", str(tmp_path / "bare.git"), "refs/muse/*:refs/muse/*")
    assert found(Repo(tmp_path / "bare.git"), *ALL) == expected
    assert git_in(tmp_path / "bare.git", "status", check=False) == ""


def test_text_is_one_screen_for_many_findings(shop: Repo) -> None:
    for number in range(30):
        for run in ("a", "b"):
            shop.reserve(f"src/new{number}.py", "--run-id", f"{run}{number}")
    lines = shop.muse("forecast").out.splitlines()
    assert len(lines) <= 45
    assert "60 active reservations" in lines[-1]
    assert "30 to look at" in lines[-1]


def test_the_same_runs_are_told_once(shop: Repo) -> None:
    for run in ("a", "b"):
        shop.reserve("src/rates.py::rate", "src/rates.py::table", "src/billing.py", "--run-id", run)
    (one,) = shop.json("forecast")["conflicts"]
    assert sorted(one["addresses"]) == [
        "src/billing.py",
        "src/rates.py::rate",
        "src/rates.py::table",
    ]
    assert one["description"].endswith("; and 2 more such between them")
    confidences = []
    for place in one["addresses"]:
        shop.muse("release", "--all", "--run-id", "a")
        shop.reserve(place, "--run-id", "a")
        (alone,) = shop.json("forecast")["conflicts"]
        confidences.append(alone["confidence"])
    assert one["confidence"] == confidences[0] == max(confidences)


def test_kin_are_marked(shop: Repo) -> None:
    for run in ("claude:1", "claude:1/helper"):
        shop.reserve("src/rates.py::rate", "--run-id", run)
    assert shop.muse("forecast").out.splitlines()[0].endswith("address_overlap (kin)")
    (one,) = shop.json("forecast")["conflicts"]
    assert one["kin"]
    shop.reserve("src/rates.py::rate", "--run-id", "claude:2")
    (one,) = shop.json("forecast")["conflicts"]
    assert not one["kin"]
