from __future__ import annotations

import json

from tests.docs.places import script


def test_the_benchmark_runs_and_knows_its_budgets() -> None:
    ran = script("bench_reserve", "--quick", "--json")

    assert ran.returncode == 0, ran.stderr
    cases = json.loads(ran.stdout)["cases"]
    assert [case["budget"] for case in cases] == [
        None,
        "1.4 F",
        "1.5 F",
        "2.0 F",
        "0.9 F",
        "0.9 F",
        "5 ms",
        "5 ms",
        None,
    ]
