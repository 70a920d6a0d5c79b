"""Near names."""

from __future__ import annotations

import pytest

from git_muse_coord.model.address import parse
from git_muse_coord.symbols.suggest import suggest

KNOWN = [
    parse(text)
    for text in ("a.py::Invoice.total", "a.py::Invoice.tax", "a.py::main", "b.py::total", "c.py")
]


@pytest.mark.parametrize(
    ("missing", "expected"),
    [
        ("a.py::Invoice.totl", ["a.py::Invoice.total", "a.py::Invoice.tax"]),
        ("a.py::Invoce.total", ["a.py::Invoice.total", "b.py::total"]),
        ("a.py::total", ["a.py::Invoice.total", "b.py::total"]),
        ("x.py::mian", ["a.py::main"]),
        ("a.py::zzzzzz", []),
        ("d.py", ["c.py"]),
    ],
)
def test_suggest(missing: str, expected: list[str]) -> None:
    found = [str(address) for address in suggest(parse(missing), KNOWN)]
    assert found[: len(expected)] == expected
    assert bool(found) == bool(expected)


def test_at_most_n() -> None:
    assert (
        len(suggest(parse("a.py::func9"), [parse(f"a.py::func{at}") for at in range(9)], n=2)) == 2
    )
