"""Logistic regression by Newton's method: a handful of numbers, and merges of which the likeliest place counts."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp

STEPS = 25
TURNS = 4
RIDGE = 0.1
"""How strongly weights are held near zero, so that a number that is rarely there does not run away."""

Row = Sequence[float]


def fitted(merges: Sequence[Sequence[Row]], outcomes: Sequence[bool], first: Row) -> list[float]:
    """The weights with which the likeliest place of each merge foretells its outcome best.

    Which place that is depends on the weights; it is chosen again for a few turns, at first by the weights ``first``.
    """
    weights = list(first)
    for _ in range(TURNS):
        rows = [max(places, key=lambda row: dot(weights, row)) for places in merges]
        weights = _regression(rows, outcomes)
    return weights


def dot(weights: Row, row: Row) -> float:
    """The sum of the products."""
    return sum(weight * number for weight, number in zip(weights, row, strict=True))


def _regression(rows: Sequence[Row], outcomes: Sequence[bool]) -> list[float]:
    size = len(rows[0])
    weights = [0.0] * size
    for _ in range(STEPS):
        slope = [-RIDGE * weight for weight in weights]
        slope[0] = 0.0  # the constant is as free as can be
        curve = [[RIDGE * (i == j) for j in range(size)] for i in range(size)]
        for row, outcome in zip(rows, outcomes, strict=True):
            told = 1 / (1 + exp(-dot(weights, row)))
            certainty = told * (1 - told)
            for i, number in enumerate(row):
                slope[i] += (outcome - told) * number
                for j in range(size):
                    curve[i][j] += certainty * number * row[j]
        step = _solved(curve, slope)
        weights = [weight + change for weight, change in zip(weights, step, strict=True)]
        if max(map(abs, step)) < 1e-6:
            break
    return weights


def _solved(matrix: list[list[float]], values: list[float]) -> list[float]:
    """The solution of a few linear equations, by elimination."""
    rows = [[*row, value] for row, value in zip(matrix, values, strict=True)]
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda number: abs(rows[number][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for number in range(size):
            if number != column:
                factor = rows[number][column] / rows[column][column]
                pairs = zip(rows[number], rows[column], strict=True)
                rows[number] = [mine - factor * other for mine, other in pairs]
    return [rows[number][size] / rows[number][number] for number in range(size)]
