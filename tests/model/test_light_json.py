"""JSON read and written without the module json is what json reads and writes."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.model import light_json

LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner),
)
TEXTS = (
    *(
        "",
        " ",
        "1",
        " [1 , 2]\n",
        "\t{}",
        '{"a":1,"a":2}',
        "NaN",
        "-Infinity",
        "1e999",
        "-0",
        "1.50",
    ),
    *(
        "[1] 2",
        "[1",
        '"a\nb"',
        '"\\ud800"',
        "\ufeff1",
        "\u00a01",
        "nul",
        "{'a':1}",
        "01",
        '{"a":}',
        "[1,]",
    ),
)


def outcome(function: Any, *given: Any) -> tuple[str, str]:
    try:
        return "made", repr(function(*given))
    except ValueError as error:
        return type(error).__name__, str(error)


@given(VALUES)
def test_values_are_written_as_by_json(value: object) -> None:
    assert light_json.writer()(value) == json.dumps(value, separators=(",", ":"))


@given(VALUES)
def test_values_are_written_in_order_as_by_json(value: object) -> None:
    def by_json(value: object) -> str:
        return json.dumps(value, separators=(",", ":"), sort_keys=True, allow_nan=False)

    write = light_json.writer(sort_keys=True, allow_nan=False)
    assert outcome(write, value)[0] == outcome(by_json, value)[0]
    if outcome(write, value)[0] == "made":
        assert write(value) == by_json(value)


def test_what_json_cannot_hold_is_refused_or_converted() -> None:
    write = light_json.writer()
    strange = object()
    for _ in range(2):
        with pytest.raises(TypeError, match="Object of type object is not JSON serializable"):
            write([strange])
    circle: list[object] = []
    circle.append(circle)
    with pytest.raises(ValueError, match="Circular"):
        write(circle)
    assert light_json.writer(default=lambda _: "odd")([strange]) == '["odd"]'


@given(VALUES)
def test_texts_are_read_as_by_json(value: object) -> None:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    assert repr(light_json.loads(text)) == repr(json.loads(text))


@pytest.mark.parametrize("text", TEXTS)
def test_odd_texts_are_read_or_refused_as_by_json(text: str) -> None:
    assert outcome(light_json.loads, text) == outcome(json.loads, text)


def test_texts_are_read_by_other_rules() -> None:
    rules: dict[str, Any] = {
        "parse_float": lambda text: f"float {text}",
        "parse_int": lambda text: f"int {text}",
        "parse_constant": lambda text: f"constant {text}",
    }
    text = '[1, 2.5, NaN, {"a": -3}]'
    assert light_json.reader(**rules)(text) == json.loads(text, **rules)


@pytest.mark.parametrize("prepare", ["", "sys.modules['_json'] = None"])
def test_it_works_with_and_without_the_functions_in_c(prepare: str) -> None:
    code = f"""
import sys
{prepare}
from git_muse_coord.model import light_json
print(light_json.writer(sort_keys=True)({{"b": "é", "a": [1.5]}}), light_json.loads(' [1] '))
print("json" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    written = '{"a":[1.5],"b":"\\u00e9"} [1]'
    assert done.stdout == f"{written}\n{bool(prepare)}\n"
