"""The bytes of an epoch: what is admitted last, as all versions read it, and what was before."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.model import address, codec
from git_muse_coord.model.epoch import (
    WINDOW,
    Admission,
    decode_epoch,
    encode_epoch,
    last_number,
    told_addresses,
)
from git_muse_coord.model.text_types import RecordId
from tests.strategies import addresses

ID = RecordId("sha256:" + "a" * 64)
OTHER = RecordId("sha256:" + "b" * 64)

admissions = st.builds(
    Admission,
    nonce=st.text(max_size=8),
    reservations=st.lists(st.sampled_from([ID, OTHER]), max_size=2).map(tuple),
    addresses=st.none() | st.lists(addresses, max_size=3).map(tuple),
)


@given(admissions, st.lists(admissions, max_size=5).map(tuple))
def test_what_is_written_is_read(newest: Admission, seen: tuple[Admission, ...]) -> None:
    assert decode_epoch(encode_epoch(newest, seen)) == (newest, *seen)


def test_an_epoch_tells_of_the_last_64() -> None:
    epoch: tuple[Admission, ...] = ()
    for number in range(100):
        epoch = decode_epoch(encode_epoch(Admission(str(number)), epoch))

    assert [admission.nonce for admission in epoch] == [str(99 - back) for back in range(WINDOW)]


def test_a_version_without_a_window_reads_what_is_admitted_last() -> None:
    blob = encode_epoch(Admission("n", (ID,)), (Admission("m", (OTHER,)),))

    value = codec.load_canonical(blob)
    assert (value["kind"], value["format"], value["nonce"]) == ("epoch", 1, "n")
    assert value["reservations"] == [ID]


def test_what_a_version_without_a_window_wrote_is_read() -> None:
    blob = b'{"format":1,"kind":"epoch","nonce":"n","reservations":["%s"]}' % ID.encode()

    assert decode_epoch(blob) == (Admission("n", (ID,), None),)


def test_bytes_differ_where_the_nonce_does() -> None:
    assert encode_epoch(Admission("n", (ID,)), ()) != encode_epoch(Admission("m", (ID,)), ())


@pytest.mark.parametrize(
    "blob", [b"", b"[]", b"{", b"\xff", b'{"nonce":1,"reservations":[]}', b'{"nonce":"n"}', b"{}"]
)
def test_what_is_no_epoch_tells_nothing(blob: bytes) -> None:
    assert decode_epoch(blob) == ()


@pytest.mark.parametrize(
    "entry", [None, [], {}, {"nonce": "n"}, {"nonce": 1, "reservations": []}, "x"]
)
def test_it_tells_nothing_of_what_was_before_an_entry_that_is_junk(entry: object) -> None:
    good = {"addresses": [], "nonce": "b", "reservations": []}
    value = {"before": [good, entry, good], "nonce": "a", "reservations": []}

    read = decode_epoch(json.dumps(value, sort_keys=True, separators=(",", ":")).encode())

    assert [admission.nonce for admission in read] == ["a", "b"]


@pytest.mark.parametrize("told", [None, 1, [1], ["/etc"], ["a\n"], ["a::"], [None]])
def test_addresses_that_nobody_could_have_reserved_are_as_if_not_told(told: object) -> None:
    value = {"addresses": told, "nonce": "a", "reservations": [ID]}

    [read] = decode_epoch(json.dumps(value, sort_keys=True, separators=(",", ":")).encode())

    assert read == Admission("a", (ID,), None)


def test_very_many_addresses_are_not_told() -> None:
    few = [address.parse("a.py")]

    assert told_addresses(few) == tuple(few)
    assert told_addresses(few * 1000) is None


def test_the_number_of_the_last_ticket_is_carried_on_by_whoever_moves_the_epoch() -> None:
    first = decode_epoch(encode_epoch(Admission("a", tickets=(ID,), number=7), ()))
    second = decode_epoch(encode_epoch(Admission("b", (OTHER,)), first))

    assert (last_number(()), last_number(first), last_number(second)) == (0, 7, 7)
    assert second[1].tickets == (ID,)
    # what moves the epoch is the nonce, and not the number
    assert encode_epoch(Admission("a"), first) != encode_epoch(Admission("b"), first)


@pytest.mark.parametrize("number", [None, -1, True, "7", 10**13])
def test_a_number_that_is_none_counts_as_none(number: object) -> None:
    blob = codec.canonical({"kind": "epoch", "nonce": "a", "number": number, "reservations": []})

    assert last_number(decode_epoch(blob)) == 0
