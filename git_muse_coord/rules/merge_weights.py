"""The weights of the regression in ``merge_chance``. Written by ``scripts/eval_merges --fit``, never by hand."""

MEASURED = ""
MERGES: dict[str, int] = {}
WEIGHTS = {
    "constant": 0.0,
    "table": 1.0,
    "project": 0.5,
    "path": 0.5,
    "place": 0.5,
    "recorded": 0.0,
    "shared": 0.0,
    "share": 0.0,
}
