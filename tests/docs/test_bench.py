from __future__ import annotations

import json

import pytest

from tests.docs.places import script

BUDGETS = {
    "bench_reserve": [None, "1.4 F", "1.5 F", "2.0 F", "0.9 F", "0.9 F", "5 ms", "5 ms", None],
    "bench_check": [None, "2.0 F", "2.0 F", "2.0 F", None],
    "bench_hooks": [None, None, "15 ms", "2.0 F", None],
}


@pytest.mark.parametrize("name", BUDGETS)
def test_the_benchmark_runs_and_knows_its_budgets(name: str) -> None:
    ran = script(name, "--quick", "--json")

    assert ran.returncode == 0, ran.stderr
    cases = json.loads(ran.stdout)["cases"]
    assert [case["budget"] for case in cases] == BUDGETS[name]
