"""The laws of names: what is added to a file, and where, and what that does to the addresses of the rest."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.model.address import parse, read_stored
from git_muse_coord.symbols.extract import extract
from git_muse_coord.symbols.values import Symbol
from tests.symbols.helpers import selectors

JAVA = st.lists(
    st.sampled_from(
        [
            "int f;",
            "void f() {}",
            "int f(int a) { return 1; }",
            "void f(final int b, String... c) {}",
            "<T> T f(java.util.Map<String, T> m) { return null; }",
            "void f(List<A> a, int[] b) {}",
            "void g() {}",
        ]
    ),
    unique=True,
    max_size=6,
)
RUST = st.lists(
    st.sampled_from(
        [
            "struct P;",
            "impl P { fn new() {} }",
            "impl<T> P<T> { fn new() {} fn f(&self) {} }",
            "impl Display for P { fn f(&self) {} }",
            "impl fmt::Debug for P { fn f(&self) {} }",
            "impl From<u8> for P { fn from(a: u8) {} }",
            "impl From<u16> for P { fn from(a: u16) {} }",
            "#[cfg(x)]\nfn f() {}",
            "#[cfg(not(x))]\nfn f() {}",
        ]
    ),
    unique=True,
    max_size=7,
)


def java(members: list[str]) -> list[Symbol]:
    text = "class A {\n" + "\n".join(members) + "\n}\n"
    return list(extract("A.java", text.encode()).symbols)


def rust(items: list[str]) -> list[Symbol]:
    text = "\n".join(items) + "\n"
    return list(extract("a.rs", text.encode()).symbols)


@pytest.mark.slow
@given(JAVA, JAVA)
def test_an_overload_that_is_added_behind_changes_no_address(
    members: list[str], more: list[str]
) -> None:
    members = [member for member in members if member.endswith("}")]
    more = [member for member in more if member.endswith("}") and member not in members]
    before = [symbol.address for symbol in java(members) if symbol.kind != "class"]
    after = [symbol.address for symbol in java(members + more) if symbol.kind != "class"]
    assert after[: len(before)] == before


@pytest.mark.slow
@given(RUST)
def test_a_type_that_is_added_changes_no_address_of_what_adds_to_it(items: list[str]) -> None:
    items = [item for item in items if not item.startswith("struct")]
    before = [symbol.address for symbol in rust(items)]
    for place in range(len(items) + 1):
        more = [*items[:place], "struct P;", *items[place:]]
        after = [symbol.address for symbol in rust(more) if symbol.kind != "struct"]
        assert after == before


@pytest.mark.slow
@given(st.one_of(JAVA.map(java), RUST.map(rust)))
def test_each_address_reads_back_and_all_of_a_name_meet_it_bare(symbols: list[Symbol]) -> None:
    for symbol in symbols:
        address = symbol.address
        assert parse(str(address)) == read_stored(str(address)) == address
        assert address.key == symbol.key
        bare = address._replace(segments=tuple(step._replace(tail="") for step in address.segments))
        hashed = bare._replace(
            segments=(*bare.segments[:-1], bare.segments[-1]._replace(tail="~1f0c3a"))
        )
        for other in (bare, hashed):
            assert other.overlaps(address)
            assert address.overlaps(other)
        assert symbol.answers_to(bare)
        if symbol.other_address is not None:
            assert symbol.answers_to(symbol.other_address)
            assert parse(str(symbol.other_address)) == symbol.other_address


@pytest.mark.slow
@given(JAVA, JAVA)
def test_what_was_reserved_still_meets_what_it_was_when_more_stands_around_it(
    members: list[str], more: list[str]
) -> None:
    members = [member for member in members if member not in more]
    for before, after in ((more, []), ([], more)):
        old = java(members)
        new = java([*before, *members, *after])
        for symbol in old:
            same = [
                other for other in new if other.head == symbol.head and other.names == symbol.names
            ]
            if symbol.kind != "class" and len(same) == 1:
                assert symbol.address.overlaps(same[0].address)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "A.java",
            "class A {\n  private final int size = 1;\n  int size() { return size; }\n}\n",
            ["A", "A.size", "A.size()"],
        ),
        (
            "A.java",
            "class A {\n  int size() { return 1; }\n  int size;\n}\n",
            ["A", "A.size()", "A.size"],
        ),
        (
            "a.rs",
            "pub struct P;\nimpl P {\n    pub fn new() -> P { P }\n}\nimpl Clone for P {\n"
            "    fn clone(&self) -> P { P }\n}\n",
            ["P", "P.impl", "P.new", "P.impl-Clone", "P.clone"],
        ),
        (
            "a.rs",
            "impl<T> From<T> for P { fn from(t: T) {} }\nimpl std::convert::From<u8> for P { fn from(t: u8) {} }\n"
            "impl P {}\nimpl P<u8> {}\nimpl<T> P<T> where T: Copy {}\n",
            [
                *("P.impl-From", "P.from", "P.impl-From<u8>", "P.from(u8)"),
                *("P.impl", "P.impl<u8>", "P.impl<T,T=Copy>"),
            ],
        ),
        (
            "a.rs",
            "#[cfg(a)]\nmod sys { fn f() {} }\n#[cfg(b)]\nmod sys { fn f() {} }\nfn sys() {}\n",
            ["sys", "sys.f", "sys", "sys.f", "sys()"],
        ),
        (
            "a.cc",
            "template <class T> struct H { T get() {} };\ntemplate <> struct H<a::Time> { int get() {} };\n"
            "struct S {\n  int& at(int i) {}\n  const int& at(int i) const {}\n"
            '  void at(const char* s = "a,b") {}\n};\n'
            "bool operator==(const A& a, const B& b) {}\nbool operator==(const B&, const A&) {}\n",
            [
                *(
                    "H",
                    "H.get",
                    "H<Time>",
                    "H<Time>.get",
                    "S",
                    "S.at",
                    "S.at(int)const",
                    "S.at(char*)",
                ),
                *("operator==", "operator==(B&,A&)"),
            ],
        ),
        (
            "a.c",
            "typedef struct s s;\nstruct s { int a; };\n#if A\nint f(int a) { return a; }\n#else\n"
            "static int f(int b) { return b; }\n#endif\n",
            ["<module>", "s", "s", "f", "f"],
        ),
        (
            "A.cs",
            "class C<T> { }\nclass C { int this[int i] => 1; int this[string s] => 2;\n"
            "IEnumerator IEnumerable.Get() {} int Get() {} void P(ref int a) {} void P(int b) {}\n"
            "int I.X => 1; int X => 2; }\n",
            [
                *(
                    "C",
                    "C<>",
                    "C.this[]",
                    "C.this[](string)",
                    "C.Get",
                    "C.Get()",
                    "C.P",
                    "C.P(int)",
                ),
                *("C.X<I>", "C.X"),
            ],
        ),
        (
            "a.swift",
            "struct Box {\n  func index(after i: Int) -> Int { 1 }\n  func index(before i: Int) -> Int { 2 }\n"
            "  init() {}\n  init?(_ s: [String]) {}\n  static var n: Int { 1 }\n  var n: Int { 2 }\n}\n"
            "extension Box: Codable, Q where T: R {\n  func f() {}\n}\nextension Box {\n}\n",
            [
                *("Box", "Box.index", "Box.index(before=Int)", "Box.init", "Box.init(String[])"),
                *("Box.n<static>", "Box.n", "Box.extension-Codable", "Box.f", "Box.extension"),
            ],
        ),
        (
            "a.scala",
            "object Ring { def apply(a: Int) = 1; val size = 1 }\nclass Ring { def apply(a: Int) = 2; def size = 2 }\n"
            "object Main { def main(a: Array[String]) = 1 }\n",
            [
                *("Ring.object", "Ring.object.apply", "Ring.object.size", "Ring", "Ring.apply"),
                *("Ring.size", "Main", "Main.main"),
            ],
        ),
        (
            "a.ts",
            "export interface Z<A> { a: A }\nexport const Z: Y<Z> = y\nfunction f(a: 'x'): A\n"
            "function f(a: { b: number }, c?: (d: D) => E): B\nfunction f(a: any) { return 1 }\n",
            ["Z<>", "Z.a", "Z", "f", "f({},(D)->E)", "f.b", "f(any)"],
        ),
        (
            "a.py",
            "@overload\ndef f(a: int) -> int: ...\n@overload\ndef f(a: str | None, *b: t.Any) -> str: ...\n"
            "def f(a, *b): return 1\nif x:\n    def g(a): pass\nelse:\n    def g(b): pass\n",
            ["<module>", "f", "f(str|None,*Any)", "f(_,*)", "g", "g"],
        ),
        (
            "a.rb",
            "class A\n  attr_writer :x\n  def x; end\n  def self.load(a); end\n"
            "  def load(a); end\n  def load a, b; end\nend\n",
            ["A", "A.x", "A.x(_)", "A.load", "A.load(_)", "A.load(_,_)"],
        ),
        (
            "a.rb",
            "class A\n  def [](a, b = 1); end\n  def [](a); end\n  def ==(o); end\n  def ==(o, p); end\nend\n",
            ["A", "A.[]", "A.[](_)", "A.==", "A.==(_,_)"],
        ),
        (
            "a.kt",
            "class A {\n  fun String.x() = 1\n  fun Int.x() = 2\n  val Int.n get() = 1\n  val String.n get() = 2\n"
            "  companion object { fun of(a: Int) = 1\n fun of(vararg a: String) = 2 }\n}\n",
            [
                *("A", "A.x", "A.x<Int>()", "A.n", "A.n<String>"),
                *("A.Companion", "A.Companion.of", "A.Companion.of(String[])"),
            ],
        ),
        (
            "a.php",
            "<?php\nclass A { public $size; function size(?int $a) {} }\n",
            ["<module>", "A", "A.size", "A.size(?int)"],
        ),
        ("a.md", "# f\n\n# f()\n\n## g(a, b)\n", ["f", "f()", "f().`g(a, b)`"]),
    ],
)
def test_names_of_equals(path: str, text: str, expected: list[str]) -> None:
    assert selectors(path, text) == expected


@pytest.mark.parametrize("path", ["A.java", "a.cc", "a.ts", "a.swift", "a.scala", "a.kt", "A.cs"])
def test_heads_that_make_no_sense_get_addresses_that_read_back(path: str) -> None:
    pieces = [
        "f(",
        "f(int",
        ") {}",
        "<",
        ">",
        "<<",
        "a:",
        "'",
        '"',
        "[",
        "]",
        ",",
        "->",
        "operator()",
    ]
    for some in itertools.permutations(pieces, 3):
        text = "class A { void " + " ".join(some) + " void f(int a) {} }\n"
        for symbol in extract(path, text.encode()).symbols:
            assert parse(str(symbol.address)) == symbol.address


def test_what_takes_more_than_can_be_read_is_told_apart_by_a_hash() -> None:
    first = ", ".join(f"number{place}: SomeRatherLongName{place}" for place in range(20))
    second = first.replace("number0:", "other:")
    text = f"class A {{\n  init({first}) {{}}\n  init({second}) {{}}\n}}\n"
    _, plain, other = selectors("a.swift", text)
    assert plain == "A.init"
    assert re.fullmatch(r"A\.init~[0-9a-f]{6}", other)
