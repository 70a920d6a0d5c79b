"""How well forecasts are, measured on real merges: what ``scripts/eval_merges`` is made of."""
