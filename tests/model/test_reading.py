"""Reading is fast by short cuts; here it is compared with a reader that takes none."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import example, given, strategies as st

from git_muse_coord.model import address, records
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.records import Record
from tests import strategies
from tests.model import plain_reader

HASH = "a" * 64
NEARLY = [
    "2026-03-18T24:00:00.000000+00:00",
    "2026-03-18T12:30:00.000000+01:00",
    "2026-03-18T12:30:00.000000-00:00",
    "2026-03-18T12:30:00.000000+00:00:00",
    "2026-03-18T12:30:00.000000Z",
    "2026-03-18T12:30:00+00:00",
    "2026-03-18T12:30:00.000+00:00",
    "2026-03-18 12:30:00.000000+00:00",
    "2026-02-30T12:30:00.000000+00:00",
    "2026-W12-3T12:30:00.000000+00:00",
    "20260318T123000.000000+0000",
    "\uff12026-03-18T12:30:00.000000+00:00",
    "1999-12-31T23:59:59.999999+00:00",
    "2200-01-01T00:00:00.000000+00:00",
    "2200-01-01T00:00:00.000001+00:00",
    "0001-01-01T00:00:00.000000+00:00",
    "9999-12-31T23:59:59.999999+00:00",
    "2026-03-18T12:30:60.000000+00:00",
    f"sha256:{HASH}",
    f"sha256:{HASH}a",
    f"sha256:{HASH[1:]}g",
    f"sha256:a{HASH[2:]} ",
    f"sha256:{HASH.upper()}",
    f"SHA256:{HASH}",
    HASH,
    HASH[:40],
    HASH[:41],
    HASH[:39] + "\n",
    "a.py",
    "./a.py",
    "a//b.py",
    "a/./b.py",
    "a/../b.py",
    "a/.b.py",
    ".a.py",
    "a/b/",
    "a/b/::f",
    "/a.py",
    "./",
    "..",
    "a.py::",
    "a.py::*",
    "a.py::*.f",
    "a.py::f*",
    "a.py::f.",
    "a.py::.f",
    "a.py::f..g",
    "a.py:::f",
    "a.py::f::g",
    "a.py::f g",
    "a.py::f\tg",
    "a.py::f~1f0c3a",
    "a.py::`f`",
    "a.py::`f g`",
    "a.py::f.<module>",
    "é.py::é",
    "a\x7f.py",
    "a\xa0.py::f\xa0",
    "a b.py::f",
    "a:b.py::f",
    "a" * 1024,
    "a" * 1025,
    "a/" * 513,
    "a.py::" + "f" * 1019,
    "",
    "\ud800",
    "\n",
    " ",
    "x" * 128,
    "x" * 129,
]
"""Texts that nearly are, or are, what some field takes."""
JUNK: list[object] = [
    None,
    True,
    False,
    0,
    1,
    -1,
    10**6,
    10**6 + 1,
    10**700,
    [],
    {},
    [[]],
    ["a", "a"],
]

values = st.one_of(
    st.sampled_from(NEARLY),
    st.sampled_from(JUNK),
    st.lists(st.sampled_from(NEARLY), max_size=3),
    strategies.json_values,
)


def _reason(blob: bytes) -> str:
    try:
        records.decode(blob)
    except InvalidRecord as error:
        return str(error)
    return ""


def _canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":")).encode()


@pytest.mark.slow
@given(strategies.any_record, st.data())
def test_fields_of_any_value_are_judged_alike(record: Record, data: st.DataObject) -> None:
    value: dict[str, Any] = json.loads(records.encode(record))
    for _ in range(data.draw(st.integers(0, 2))):
        name = data.draw(st.sampled_from([*record.fields, "kind", "format", "x"]))
        if data.draw(st.integers(0, 9)) == 0:
            value.pop(name, None)
        else:
            value[name] = data.draw(values)
    blob = _canonical(value)

    assert _reason(blob) == plain_reader.reason(blob)


@pytest.mark.slow
@given(strategies.any_record, st.data())
def test_damaged_bytes_are_judged_alike(record: Record, data: st.DataObject) -> None:
    blob = bytearray(records.encode(record))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(blob)))
        until = data.draw(st.integers(at, min(at + 6, len(blob))))
        blob[at:until] = data.draw(
            st.binary(max_size=4)
            | st.sampled_from([b"[", b"{}", b"1e9", b"NaN", b'"', b" ", b"\\u0041"])
        )
    damaged = bytes(blob)

    assert _reason(damaged) == plain_reader.reason(damaged)


@pytest.mark.parametrize("kind", plain_reader.FIELDS)
def test_every_field_of_every_kind_judges_what_is_nearly_right_alike(kind: str) -> None:
    stored = (plain_reader.FIELDS[kind], records.KINDS[kind].fields)
    assert list(stored[0]) == list(stored[1])
    for name in plain_reader.FIELDS[kind]:
        for put in [*NEARLY, *JUNK, *([text] for text in NEARLY)]:
            blob = _canonical({**_proper(kind), name: put})
            assert _reason(blob) == plain_reader.reason(blob), (name, put)


def _proper(kind: str) -> dict[str, Any]:
    moment = "2026-03-18T12:30:00.000000+00:00"
    values: dict[str, Any] = dict.fromkeys(plain_reader.FIELDS[kind], f"sha256:{HASH}")
    for name in values:
        if name.endswith("_at"):
            values[name] = moment
    values |= {"addresses": ["a.py"], "depends_on": [], "tags": [], "attempt": 1, "max_attempts": 1}
    values |= {"priority": 0, "retry": True, "commit": None, "outcome": "done", "status": "failed"}
    values |= {"operation": "move", "kind": kind, "format": 1}
    proper = {name: values[name] for name in ("kind", "format", *plain_reader.FIELDS[kind])}
    assert plain_reader.reason(_canonical(proper)) == ""
    return proper


@pytest.mark.parametrize("depth", [62, 63, 64, 65, 100, 5000, 100_000])
@pytest.mark.parametrize("inner", ["[]", "{}"])
def test_nesting_is_judged_alike(depth: int, inner: str) -> None:
    opening, closing = ("[", "]") if inner == "[]" else ('{"a":', "}")
    nested = opening * (depth - 1) + inner + closing * (depth - 1)
    blob = b'{"format":1,"kind":"task","payload":%s}' % nested.encode()

    assert _reason(blob) == plain_reader.reason(blob)


@given(strategies.address_texts | st.sampled_from(NEARLY) | st.text(max_size=20))
@example("a.py::f\x1f")
@example("a/b.py::C.m")
def test_an_address_is_taken_if_it_is_normal_when_it_is_read_with_care(text: str) -> None:
    try:
        is_normal = str(address.parse(text)) == text
    except BadInput:
        is_normal = False
    try:
        address.check_stored(text)
        is_taken = True
    except BadInput:
        is_taken = False

    assert is_taken == is_normal
