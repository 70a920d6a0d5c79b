from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.docs.places import script

pytestmark = pytest.mark.slow

BUDGETS = {
    "bench_reserve": [
        *(None, "0.25 F", "0.28 F", "0.4 F", "0.36 F", "1.2 F", "0.4 F", "0.4 F", "0.4 F"),
        *("4 ms", "5 ms", "6 ms", "1 ms", "1 ms"),
    ],
    "bench_check": [None, "2.0 F", "2.0 F", "2.0 F", None, "3.0 F", "3.0 F", None],
    "bench_shard": [None, "2000 ms", "2000 ms"],
    "bench_plan_merge": [None, "2000 ms", "2000 ms"],
    "bench_reconcile": [None, "6000 ms", "6000 ms", None],
    "bench_log": [None, "2.0 F", "2.0 F", None, None, None],
    "bench_radar": [None, "3000 ms", None, None, None],
    "bench_hooks": [None, None, "15 ms", "0.4 F", *(["0.25 F", "0.6 F", None] * 2)],
}


@pytest.mark.parametrize("name", BUDGETS)
def test_the_benchmark_runs_and_knows_its_budgets(name: str) -> None:
    ran = script(name, "--quick", "--json")

    assert ran.returncode == 0, ran.stderr
    cases = json.loads(ran.stdout)["cases"]
    assert [case["budget"] for case in cases] == BUDGETS[name]


def test_the_benchmark_of_sync_runs_and_knows_its_budgets() -> None:
    ran = script("bench_sync", "--quick", "--json", "--only", "no-op,gc")

    assert ran.returncode == 0, ran.stderr
    cases = json.loads(ran.stdout)["cases"]
    assert [case["budget"] for case in cases if case["budget"]] == [
        "1.5 (fetch + push) + start-up",
        "1.2 x",
    ]


def test_the_benchmark_of_the_index_runs_to_its_end_after_a_kill(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(): pass\n")
    ran = script("bench_index", str(tmp_path), "--files", "30")

    assert ran.returncode == 0, ran.stderr
    told = ran.stdout.splitlines()
    assert told[0].startswith("30 files")
    assert [line.partition(":")[0] for line in told[1:]] == [
        "no cache",
        "all in the cache",
        "no cache, killed halfway",
        "begun again",
    ]
    assert not [line for line in told[1:3] + told[4:] if "ended with" in line]


def test_a_fleet_that_syncs_by_itself_misses_nothing() -> None:
    ran = script(
        *("simulate_fleet", "--json", "--agents", "6", "--clones", "2", "--files", "1"),
        *("--seconds", "6", "--work", "2", "--timeout", "100"),
    )

    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["conflicts_seen"]
    assert told["clones_agree_at_the_end"]
    assert (told["missed"], told["failures"], told["complaints"], told["active_at_the_end"]) == (
        0,
        0,
        {},
        0,
    )


def test_the_graph_is_judged_by_jedi(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "class A:\n    def m(self): pass\ndef f(x):\n    A().m()\n    x.m()\n    y = [A()]\n    y[0].m()\n"
    )
    (tmp_path / "b.py").write_text(
        "import a\ndef g():\n    a.f(1)\n    h()\ndef h():\n    for one in [a.A]:\n        one().m()\n"
    )
    ran = script("eval_graph", str(tmp_path))

    assert ran.returncode == 0, ran.stderr
    assert "precision 1.000" in ran.stdout
    assert "recall    1.000" not in ran.stdout  # jedi sees through lists
    assert "blast radius of 4 functions" in ran.stdout
