from __future__ import annotations

import contextlib
import re

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.model import address
from git_muse_coord.model.address import (
    MAX_BYTES,
    ROOT,
    Address,
    Segment,
    directories,
    parse,
    read_stored,
)
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.spelling import fold
from tests import strategies


@pytest.mark.slow
@given(strategies.addresses)
def test_what_is_written_reads_back_as_the_same_address(one: Address) -> None:
    assert read_stored(str(one)) == one
    assert parse(str(one)) == one
    assert address.revive_stored(str(one)) == one


@given(strategies.address_texts, st.sampled_from(["", "src/", "a/b/"]))
def test_normalising_twice_changes_nothing(text: str, prefix: str) -> None:
    try:
        once = parse(text, prefix)
    except BadInput:
        return
    assert parse(str(once), prefix) == once or once.path == ROOT  # "./" means: here
    assert read_stored(str(once)) == once


@given(strategies.address_texts)
def test_any_text_is_an_address_or_bad_input(text: str) -> None:
    with contextlib.suppress(BadInput):
        assert str(parse(text))


@pytest.mark.slow
@given(strategies.addresses)
def test_an_address_covers_itself(one: Address) -> None:
    assert one.covers(one)
    assert one.overlaps(one)


@given(strategies.close_addresses, strategies.close_addresses)
def test_two_that_cover_each_other_are_the_same_but_for_spelling(
    one: Address, other: Address
) -> None:
    if one.covers(other) and other.covers(one):
        assert one.folded == other.folded


@given(strategies.close_addresses, strategies.close_addresses)
def test_the_spelling_of_a_path_makes_no_difference(one: Address, other: Address) -> None:
    for ask in (Address.covers, Address.overlaps, Address.is_around):
        assert ask(one, other) == ask(one.folded, other) == ask(one, other.folded)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Src/Foo.py", "src/foo.py"),
        ("Src/", "src/foo.py::f"),
        ("caf\u00e9.py::f", "cafe\u0301.py::f"),
        ("CAF\u00e9/a.py", "cafe\u0301/"),
        ("\u212a.py", "k.py"),  # the sign for kelvin is a K to every normal form
    ],
)
def test_what_some_file_system_takes_for_one_path_overlaps(one: str, other: str) -> None:
    assert parse(one).overlaps(parse(other))
    assert parse(other).overlaps(parse(one))
    paths, below = address.neighbourhood([parse(one)])
    near = parse(other).folded.path
    assert near in paths or near.startswith(below)


@given(st.lists(st.text(max_size=4).filter(lambda step: "/" not in step), min_size=1, max_size=4))
def test_the_directories_of_a_folded_path_are_those_of_the_path_folded(steps: list[str]) -> None:
    path = "/".join(steps)
    assert fold(path) == "/".join(map(fold, steps))


def test_letters_beyond_ascii_keep_their_case() -> None:
    assert not parse("\u00c4.py").overlaps(parse("\u00e4.py"))
    assert str(parse("A.py")) == "A.py"


@given(strategies.close_addresses, strategies.close_addresses, strategies.close_addresses)
def test_what_covers_a_container_covers_what_is_inside(
    outer: Address, middle: Address, inner: Address
) -> None:
    if outer.covers(middle) and middle.covers(inner):
        assert outer.covers(inner)


@given(strategies.close_addresses, strategies.close_addresses)
def test_overlapping_is_mutual_and_follows_from_covering(one: Address, other: Address) -> None:
    assert one.overlaps(other) == other.overlaps(one)
    assert one.overlaps(other) or not (one.covers(other) or other.covers(one))
    if one.overlaps(other):
        assert one.is_around(other) or other.is_around(one)


@given(strategies.close_addresses, strategies.close_addresses)
def test_signatures_apart_overlapping_means_that_one_covers_the_other(
    one: Address, other: Address
) -> None:
    one, other = (
        each._replace(segments=tuple(Segment(part.name) for part in each.segments))
        for each in (one, other)
    )
    assert one.overlaps(other) == (one.covers(other) or other.covers(one))


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        ("a.rs::T~1f0c3a", "a.rs::T.total"),
        ("a.rs::T~1f0c3a", "a.rs::T"),
        ("a.rs::T", "a.rs::T~1f0c3a.fmt"),
        ("a.py::C.f~1f0c3a", "a.py::C~012345.f"),
    ],
)
def test_a_bare_name_can_be_any_definition(wide: str, narrow: str) -> None:
    assert parse(wide).overlaps(parse(narrow))
    assert parse(wide).is_around(parse(narrow))


@given(strategies.close_addresses, strategies.close_addresses)
def test_the_containers_of_an_address_are_the_places_of_all_that_cover_it(
    one: Address, other: Address
) -> None:
    if one.covers(other):
        assert one.folded.key in address.around(other.folded.key)


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("a.py", "a.py::Foo"),
        ("a.py::*", "a.py::Foo"),
        ("a.py::Foo", "a.py::Foo.bar"),
        ("a.py::Foo", "a.py::Foo~abcdef"),
        ("a.py::Foo", "a.py::Foo~abcdef.bar"),
        ("src/", "src/a.py"),
        ("src/", "src/deep/a.py::Foo"),
        ("src/", "src/deep/"),
        ("./", "src/a.py::Foo"),
        ("./", "src/"),
        ("t.js::`describe math`", "t.js::`describe math`.`it adds`"),
        ("a.py", "a.py::<imports>"),
        ("a.py", "a.py::<module>"),
    ],
)
def test_a_container_covers_what_is_inside_and_not_the_other_way_round(
    outer: str, inner: str
) -> None:
    assert parse(outer).covers(parse(inner))
    assert not parse(inner).covers(parse(outer))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("a.py::Foo", "a.py::Foobar"),
        ("a.py::Foo", "b.py::Foo"),
        ("a.py::Foo.bar", "a.py::Foo.baz"),
        ("a.py::Foo", "a.py::bar.Foo"),
        ("a.py::Foo~abcdef", "a.py::Foo~012345"),
        ("a.py", "a.pyi"),
        ("src/", "src2/a.py"),
        ("src/", "src"),
        ("src/a.py", "a.py"),
        ("a.py::<imports>", "a.py::<module>"),
        ("a.py::Foo", "a.py::foo"),
    ],
)
def test_neighbours_do_not_overlap(one: str, other: str) -> None:
    assert not parse(one).overlaps(parse(other))


@pytest.mark.parametrize(
    ("written", "normal"),
    [
        ("a//b.py", "a/b.py"),
        ("a/./b.py", "a/b.py"),
        ("a/../b.py", "b.py"),
        ("a/b/", "a/b/"),
        ("a/b//", "a/b/"),
        ("a/b/.", "a/b/"),
        ("a/b/..", "a/"),
        ("a.py::*", "a.py"),
        ("a.py::`Foo`", "a.py::Foo"),
        ("a.py::`a.b`", "a.py::`a.b`"),
        ("a.py::`*`", "a.py::`*`"),
        ("a.py::`x~abcdef`", "a.py::`x~abcdef`"),
        ("a.py::`tick``s`", "a.py::`tick``s`"),
        ("e\u0301.py::Ä", "e\u0301.py::Ä"),  # no Unicode normalisation: bytes as git stores them
    ],
)
def test_an_address_is_brought_to_its_normal_form(written: str, normal: str) -> None:
    assert str(parse(written)) == normal


@pytest.mark.parametrize(
    ("written", "prefix", "normal"),
    [
        ("./a.py", "src/", "src/a.py"),
        ("../a.py", "src/deep/", "src/a.py"),
        ("./", "src/", "src/"),
        (".", "src/", "src/"),
        ("..", "src/", "./"),
        ("./", "", "./"),
        ("a.py", "src/", "a.py"),
        ("./a.py::Foo", "src/", "src/a.py::Foo"),
        (".hidden", "src/", ".hidden"),
        ("...", "src/", "..."),
    ],
)
def test_only_a_leading_dot_means_relative_to_where_we_are(
    written: str, prefix: str, normal: str
) -> None:
    assert str(parse(written, prefix)) == normal


@pytest.mark.parametrize(
    "text",
    [
        "",
        "/etc/passwd",
        "//a",
        "..",
        "../a.py",
        "a/../../b.py",
        "a\x00b",
        "a\nb",
        "a\x1b[31m.py",
        "a\x7f",
        "a\x9b31m",
        "::Foo",
        "a.py::",
        "a.py::.",
        "a.py::Foo.",
        "a.py::.Foo",
        "a.py::Foo..bar",
        "a.py::Foo bar",
        "a.py::`Foo",
        "a.py::``",
        "a.py::Foo`bar`",
        "a.py::Foo::bar",
        "a.py::*.Foo",
        "a.py::Foo.*",
        "a.py::*~abcdef",
        "src/::Foo",
        "./::Foo",
        "\ud800.py",
        "a" * (MAX_BYTES + 1),
        "é" * (MAX_BYTES // 2 + 1),
        "a" * 1_000_000,
        "/" * 1_000_000,
        "a.py::" + "`" * 1001,
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(text)
    assert len(refused.value.message) < 8 * MAX_BYTES


def test_an_address_of_exactly_the_longest_length_is_taken() -> None:
    assert parse("a" * MAX_BYTES).path == "a" * MAX_BYTES
    assert parse("é" * (MAX_BYTES // 2))


@given(strategies.address_texts)
def test_a_record_holds_only_normal_forms(text: str) -> None:
    try:
        found = read_stored(text)
    except BadInput:
        return
    assert str(found) == text


def test_bytes_of_a_path_that_are_not_utf8_survive() -> None:
    name = b"caf\xe9.py".decode("utf-8", "surrogateescape")
    assert str(parse(name)) == name


def test_the_directories_of_a_path_come_outermost_first() -> None:
    assert directories("a/b/c.py") == ["./", "a/", "a/b/"]
    assert directories("a/b/") == ["./", "a/"]
    assert directories("c.py") == ["./"]
    assert directories("./") == []


def test_control_characters_are_the_c0_and_c1_sets() -> None:
    found = {chr(code) for code in range(0x200) if re.search(address.CONTROL, chr(code))}
    assert found == {chr(code) for code in [*range(0x20), *range(0x7F, 0xA0)]}


@pytest.mark.parametrize(
    ("one", "other", "meet"),
    [
        ("put", "put(String,int)", True),
        ("put()", "put(String,int)", False),
        ("put(int)", "put(int)", True),
        ("put(int)", "put~1f0c3a", True),
        ("put~012345", "put~1f0c3a", False),
        ("put(int)", "put(at=int)", True),
        ("put(in=int)", "put(at=int)", False),
        ("get()", "get()const", True),
        ("get()static", "get()const", False),
        ("make<int>(A)", "make(A)", True),
        ("make<int>(A)", "make<long>(A)", False),
        ("make<int>(A)const", "make(l=A)", True),
        ("make<int>(A)", "make(B)", False),
        ("Box<>", "Box<T>", True),
        ("Box<T>", "Box<U>", False),
        ("Box<>", "Box()", False),
        ("Box<T>", "Box<T>(A)", False),
        ("Box~1f0c3a", "Box<U>", True),
        ("P.impl", "P", True),
        ("P.impl", "P.impl-Display", False),
        ("P.impl", "P.impl<u8>", True),
        ("P.impl-From<u8>", "P.impl-From", True),
        ("P.impl-From<u8>", "P.impl-From<u16>", False),
        ("P.impl-From<u8>", "P~1f0c3a", True),
        ("P.impl-From<u8>", "P<>", True),
        ("P.impl-Display.fmt", "P.fmt", True),
        ("P.impl-Display.fmt", "P.fmt(Formatter)", True),
        ("P.impl-Display.fmt", "P.impl-Debug.fmt", False),
        ("P.impl", "P.new", True),
    ],
)
def test_tails_meet_unless_they_say_that_two_are_not_one(one: str, other: str, meet: bool) -> None:
    first, second = parse(f"a.rs::{one}"), parse(f"a.rs::{other}")
    assert first.overlaps(second) == second.overlaps(first) == meet
    assert str(first) == f"a.rs::{one}"


def test_what_is_a_tail_in_one_language_is_a_name_in_another() -> None:
    assert parse("a.rs::P.impl").segments == (Segment("P", ".impl"),)
    assert parse("a.py::P.impl").segments == (Segment("P"), Segment("impl"))
    assert parse("a.rs::impl.x").segments == (Segment("impl"), Segment("x"))
    assert parse("a.rs::P.`impl`").segments == (Segment("P"), Segment("impl"))
    assert parse("a.rs::P~1f0c3a.impl").segments == (Segment("P", "~1f0c3a"), Segment("impl"))
    assert parse("a.py::C.f(int)").segments == (Segment("C"), Segment("f", "(int)"))
    assert parse("a.cc::C.operator()").segments == (Segment("C"), Segment("operator()"))
    assert parse("a.cc::operator()(int)").segments == (Segment("operator()", "(int)"),)
    assert parse("a.cc::operator<=>").segments == (Segment("operator<=>"),)
    assert parse("a.md::`f (x)`").segments == (Segment("f (x)"),)


@pytest.mark.parametrize(
    "selector",
    [
        *(
            "*()",
            "*(A)b",
            "f(A)~abcdef",
            "`f(A)~abcdef`",
            "`x~abcdef`~012345",
            "f()()",
            "a((x)",
            "$(OBJ)",
        ),
        *(
            "<imports>",
            "`a.b`(x)",
            "operator<=>",
            "operator()",
            "operator<",
            "a<b",
            "f)",
            "P.impl",
            "impl-X.impl",
        ),
    ],
)
def test_what_older_versions_wrote_is_in_its_normal_form(selector: str) -> None:
    for path in ("a.py", "a.rs", "a.scala"):
        assert str(read_stored(f"{path}::{selector}")) == f"{path}::{selector}"


@pytest.mark.parametrize(
    ("text", "path"),
    [("a::b.py::f", "a::b.py"), ("a::b c", "a::b c"), ("a::b c::f.g", "a::b c")],
)
def test_colons_of_a_file_are_left_to_its_name(text: str, path: str) -> None:
    made = address.revive_stored(text)
    assert made.path == path
    assert str(made) == text
