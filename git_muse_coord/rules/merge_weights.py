"""The weights of the regression in ``merge_chance``. Written by ``scripts/eval_merges --fit``, never by hand."""

MEASURED = ""
MERGES: dict[str, int] = {}
WEIGHTS = {
    "table": {"constant": 0.0, "table": 1.0},
    "record": {"constant": -0.5, "table": 0.82, "project": 0.55, "path": 2.1, "place": 1.9},
    "table and commits": {"constant": 0.0, "table": 1.0, "known": 0.0, "share": 0.0},
    "record and commits": {
        "constant": -1.07,
        "table": 0.75,
        "project": 0.7,
        "path": 1.7,
        "place": 1.2,
        "known": 1.0,
        "share": 0.14,
    },
}
