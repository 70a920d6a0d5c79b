from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.model import codec, records
from git_muse_coord.model.codec import MAX_DEPTH, MAX_RECORD_BYTES, InvalidRecord, NotUnderstood
from git_muse_coord.model.records import Record, Reservation
from tests import strategies
from tests.tools import NOON, a_reservation

STORED = Path(__file__).parent.parent / "fixtures/records/format-1"


@pytest.mark.slow
@given(strategies.any_record)
def test_a_record_comes_back_from_its_bytes(record: Record) -> None:
    blob = records.encode(record)

    assert records.decode(blob) == record
    assert records.revive([blob]) == [record]


@pytest.mark.slow
@given(strategies.any_record)
def test_equal_records_have_equal_bytes_and_the_id_is_their_hash(record: Record) -> None:
    blob = records.encode(record)

    assert records.encode(records.decode(blob)) == blob
    assert codec.content_id(blob) == "sha256:" + hashlib.sha256(blob).hexdigest()
    assert blob.isascii()
    assert b"\n" not in blob


@pytest.mark.slow
@given(strategies.any_record)
def test_the_ref_of_a_record_follows_from_it(record: Record) -> None:
    blob = records.encode(record)
    name = records.ref_name(record, codec.content_id(blob))

    assert name.startswith(f"refs/muse/{record.folder}/")
    assert ":" not in name
    assert name == records.ref_name(records.decode(blob), codec.content_id(blob))


def _settled(blob: bytes) -> None:
    """Bytes are a record that is written back in the same bytes, or refused with a reason."""
    try:
        record = records.decode(blob)
    except InvalidRecord:
        return
    assert records.encode(record) == blob
    assert records.revive([blob]) == [record]


@given(st.binary(max_size=200))
def test_any_bytes_are_settled(blob: bytes) -> None:
    _settled(blob)


@pytest.mark.slow
@given(strategies.any_record, st.data())
def test_a_record_with_damaged_bytes_is_settled(record: Record, data: st.DataObject) -> None:
    blob = bytearray(records.encode(record))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(blob)))
        until = data.draw(st.integers(at, min(at + 6, len(blob))))
        blob[at:until] = data.draw(
            st.binary(max_size=4) | st.sampled_from([b"[", b"{}", b"1e9", b"null", b"NaN", b'"'])
        )
    _settled(bytes(blob))


@pytest.mark.slow
@given(strategies.any_record, st.data())
def test_a_record_with_a_field_of_any_other_value_is_settled(
    record: Record, data: st.DataObject
) -> None:
    value = records.to_json(record)
    name = data.draw(st.sampled_from(sorted(value)))
    value[name] = data.draw(
        strategies.json_values
        | st.text(max_size=80)
        | st.lists(st.text(max_size=10), max_size=5)
        | st.integers(-(10**30), 10**30)
        | strategies.times.map(str)
    )
    _settled(codec.canonical(value))


@given(strategies.any_record, st.data())
def test_a_record_without_one_of_its_fields_is_refused(record: Record, data: st.DataObject) -> None:
    value = records.to_json(record)
    del value[data.draw(st.sampled_from(sorted(set(value) - set(record.extra))))]

    with pytest.raises(InvalidRecord):
        records.decode(codec.canonical(value))


def _changed(**changes: Any) -> bytes:
    return codec.canonical({**records.to_json(a_reservation("a.py")), **changes})


IMPROPER = {
    "an unknown kind": _changed(kind="lock"),
    "a kind that is a list": _changed(kind=["reservation"]),
    "format 2": _changed(format=2),
    "format 0": _changed(format=0),
    "format true": _changed(format=True),
    "a format in text": _changed(format="1"),
    "a date without a zone": _changed(created_at="2026-01-01T00:00:00.000000"),
    "a date with another zone": _changed(created_at="2026-01-01T00:00:00.000000+02:00"),
    "a date without microseconds": _changed(created_at="2026-01-01T00:00:00+00:00"),
    "the 30th of February": _changed(created_at="2026-02-30T00:00:00.000000+00:00"),
    "an hour that is 24": _changed(created_at="2026-01-01T24:00:00.000000+00:00"),
    "a date in other digits": _changed(created_at="٢٠٢٦-01-01T00:00:00.000000+00:00"),
    "a date with a line end": _changed(created_at="2026-01-01T00:00:00.000000+00:00\n"),
    "a date that is a number": _changed(created_at=1),
    "an object for addresses": _changed(addresses={"a.py": 1}),
    "text for addresses": _changed(addresses="a.py"),
    "no address": _changed(addresses=[]),
    "numbers as addresses": _changed(addresses=[1]),
    "addresses out of order": _changed(addresses=["b.py", "a.py"]),
    "an address twice": _changed(addresses=["a.py", "a.py"]),
    "an address that is not normal": _changed(addresses=["a//b.py"]),
    "an address that leaves the repository": _changed(addresses=["../a.py"]),
    "an address with an escape": _changed(addresses=["a\x1b[2J.py"]),
    "an address with half a surrogate pair": _changed(addresses=["a\ud800.py"]),
    "1,001 addresses": _changed(addresses=[f"{number:04}.py" for number in range(1001)]),
    "1,001 dependencies": _changed(depends_on=[f"sha256:{number:064x}" for number in range(1001)]),
    "a dependency without its prefix": _changed(depends_on=["a" * 64]),
    "a run id that is empty": _changed(run_id=""),
    "a run id of 257 characters": _changed(run_id="x" * 257),
    "a run id with an escape": _changed(run_id="a\x1b]0;x\x07"),
    "a run id that is null": _changed(run_id=None),
    "an operation that is not one": _changed(operation="lock"),
    "a reason of 4,097 characters": _changed(reason="x" * 4097),
    "a commit that is no object id": _changed(commit="HEAD"),
    "a float": _changed(later=0).replace(b'"later":0', b'"later":1.0'),
    "a float with an exponent": _changed(later=0).replace(b'"later":0', b'"later":1e3'),
    "NaN": _changed(later=0).replace(b'"later":0', b'"later":NaN'),
    "an infinity": _changed(later=0).replace(b'"later":0', b'"later":-Infinity'),
    "minus nought": _changed(later=0).replace(b'"later":0', b'"later":-0'),
    "a number of 5,000 digits": _changed(later=0).replace(b'"later":0', b'"later":' + b"9" * 5000),
    "a key twice": _changed(later=0).replace(b'"later":0', b'"later":0,"later":0'),
    "a key twice with two meanings": _changed().replace(b'"run_id":', b'"run_id":"b","run_id":'),
    "a space": _changed().replace(b":", b": ", 1),
    "a line end": _changed() + b"\n",
    "something behind it": _changed() + b"{}",
    "keys out of order": b'{"z":1,' + _changed()[1:],
    "an escape that is not needed": _changed().replace(b"modify", b"\\u006dodify"),
    "bytes outside ASCII": _changed(reason="ü").replace(b"\\u00fc", "ü".encode()),
    "a byte order mark": b"\xef\xbb\xbf" + _changed(),
    "bytes that are not UTF-8": _changed().replace(b"modify", b"m\xffdify"),
    "UTF-16": _changed().decode().encode("utf-16"),
    "a list": b"[]",
    "a list of a record": b"[" + _changed() + b"]",
    "text": b'"reservation"',
    "null": b"null",
    "nothing": b"",
    "no JSON": b"reservation of a.py by me",
    "deep lists": b"[" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "lists one deeper than the limit": _changed(later=0).replace(
        b'"later":0', b'"later":' + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    ),
    "more than 1 MiB": _changed(later="x" * MAX_RECORD_BYTES),
    "50 MB": b" " * 50_000_000,
}


@pytest.mark.parametrize("blob", IMPROPER.values(), ids=IMPROPER)
def test_an_improper_record_is_refused_with_a_reason(blob: bytes) -> None:
    with pytest.raises(InvalidRecord) as refused:
        records.decode(blob)
    assert str(refused.value)


def test_the_record_that_the_improper_ones_are_made_of_is_proper() -> None:
    assert isinstance(records.decode(_changed()), Reservation)
    assert records.decode(_changed(later=0)).extra == {"later": 0}


def test_a_record_of_the_future_is_not_damaged_and_the_remedy_is_told() -> None:
    with pytest.raises(
        NotUnderstood, match="of format 2; this version reads up to 1, a newer one is needed"
    ) as caught:
        records.decode(_changed(format=2))
    assert caught.value.kind == "reservation"
    assert caught.value.expires_at == NOON + timedelta(hours=1)


def test_a_record_of_an_unknown_kind_is_not_damaged() -> None:
    with pytest.raises(NotUnderstood) as caught:
        records.decode(_changed(kind="widget", expires_at="soon"))
    assert (caught.value.kind, caught.value.expires_at) == ("widget", None)


def test_what_is_new_says_when_it_ends_so_that_versions_without_it_may_clear_it() -> None:
    without = {kind for kind, cls in records.KINDS.items() if "expires_at" not in cls.fields}
    assert without == {"task", "outcome"}  # older than this rule


@pytest.mark.parametrize("kind", sorted(records.KINDS))
@pytest.mark.parametrize(
    ("time", "sound"),
    [
        ("0001-01-01T00:00:00.000000+00:00", False),
        ("1999-12-31T23:59:59.999999+00:00", False),
        ("2000-01-01T00:00:00.000000+00:00", True),
        ("2200-01-01T00:00:00.000000+00:00", True),
        ("2200-01-01T00:00:00.000001+00:00", False),
        ("9999-12-31T23:59:59.999999+00:00", False),
    ],
)
def test_every_time_of_every_kind_lies_between_2000_and_2200(
    kind: str, time: str, sound: bool
) -> None:
    value = json.loads((STORED / f"{kind}.json").read_bytes())
    times = [name for name, rule in records.KINDS[kind].fields.items() if rule is codec.TIME]
    assert times
    for name in times:
        all_at_once = dict.fromkeys(times, time) if sound else {name: time}
        blob = codec.canonical({**value, **all_at_once})
        if sound:
            assert records.encode(records.decode(blob)) == blob
        else:
            with pytest.raises(InvalidRecord, match=f"{name} is not between 2000 and 2200"):
                records.decode(blob)


@pytest.mark.parametrize("kind", ["reservation", "intent", "claim"])
def test_what_holds_something_ends_at_most_366_days_after_it_began(kind: str) -> None:
    record = records.decode((STORED / f"{kind}.json").read_bytes())
    values = {**vars(record), "extra": {}}

    longest = type(record)(**{**values, "expires_at": record.made_at + timedelta(days=366)})
    assert records.decode(records.encode(longest)) == longest

    longer = type(record)(
        **{**values, "expires_at": record.made_at + timedelta(days=366, microseconds=1)}
    )
    with pytest.raises(
        InvalidRecord, match=f"expires_at is more than 366 days after {record.begins}"
    ):
        records.encode(longer)
    with pytest.raises(
        InvalidRecord, match=f"expires_at is more than 366 days after {record.begins}"
    ):
        records.decode(codec.canonical(records.to_json(longer)))


@pytest.mark.parametrize(("digits", "sound"), [(640, True), (641, False), (4301, False)])
def test_how_long_a_number_may_be_does_not_depend_on_the_reader(digits: int, sound: bool) -> None:
    blob = _changed(later=0).replace(b'"later":0', b'"later":' + b"9" * digits)
    if sound:
        assert [records.decode(blob)] == records.revive([blob])
    else:
        with pytest.raises(InvalidRecord, match="holds a number of more than 640 digits"):
            records.decode(blob)


@pytest.mark.parametrize("depth", [1, 2, 10, 62, 63, 64, 65, 100, 500, *range(900, 1000, 9), 5000])
def test_how_deep_a_record_may_nest_does_not_depend_on_the_reader(depth: int) -> None:
    blob = _changed(later=0).replace(b'"later":0', b'"later":' + b"[" * depth + b"]" * depth)
    if depth < MAX_DEPTH:
        assert [records.decode(blob)] == records.revive([blob])
    else:
        with pytest.raises(InvalidRecord, match="nested too deeply"):
            records.decode(blob)


@pytest.mark.parametrize(
    "payload", [1.5, float("nan"), float("inf"), {1, 2}, [[[1.0]]], {"a": b""}]
)
def test_what_no_reader_would_take_is_not_written(payload: object) -> None:
    with pytest.raises(InvalidRecord):
        records.encode(a_reservation("a.py", extra={"later": payload}))


def test_a_record_that_would_be_too_large_is_not_written() -> None:
    long = tuple(f"{number:04}{'é' * 500}" for number in range(1000))
    with pytest.raises(InvalidRecord, match="larger than 1,048,576 bytes"):
        records.encode(a_reservation(*long))


def test_times_are_written_in_utc_with_microseconds() -> None:
    moment = datetime(2026, 3, 18, 14, 30, tzinfo=timezone(timedelta(hours=2)))
    assert codec.format_time(moment) == "2026-03-18T12:30:00.000000+00:00"


def test_fields_that_a_later_version_added_are_kept_and_ignored() -> None:
    blob = _changed(later={"a": [1]})

    assert records.decode(blob).extra == {"later": {"a": [1]}}
    assert records.encode(records.decode(blob)) == blob


EXPECTED: dict[str, dict[str, str]] = json.loads((STORED / "expected.json").read_text())


def test_there_is_a_stored_file_of_every_kind() -> None:
    stored = {name.partition("-")[0] for name in EXPECTED}
    assert stored == set(records.KINDS), "scripts/new_kind KIND writes it"
    assert {f"{name}.json" for name in [*EXPECTED, "expected"]} == {
        file.name for file in STORED.iterdir()
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_a_stored_file_of_every_released_format_is_read_for_ever(name: str) -> None:
    blob = (STORED / f"{name}.json").read_bytes()
    expected = EXPECTED[name]

    record = records.decode(blob)

    assert codec.content_id(blob) == expected["id"]
    assert records.ref_name(record, codec.content_id(blob)) == expected["ref"]
    assert record.kind == name.partition("-")[0]
    assert records.encode(record) == blob
    assert records.to_json(record) == json.loads(blob)


def test_the_stored_files_say_what_they_said_when_they_were_written() -> None:
    record = records.decode((STORED / "reservation.json").read_bytes())

    assert isinstance(record, Reservation)
    assert record.run_id == "agent-ä"
    assert record.addresses == (
        "src/",
        "src/billing.py::`a name`.f~012abc",
        "src/billing.py::compute_total",
    )
    assert record.created_at == datetime(2026, 3, 18, 11, 30, 0, 5, tzinfo=UTC)
    assert record.reason == 'rounding "half up"\n\x1b[31m'
    assert record.extra == {"added_later": [None, True, {"deep": -1}]}
