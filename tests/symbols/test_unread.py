"""What the grammar cannot read: what a second reading finds, and what is left as unread."""

from __future__ import annotations

import pytest

from git_muse_coord.symbols.codec import decode_symbols, encode_symbols
from git_muse_coord.symbols.extract import extract
from tests.symbols.helpers import selectors

BEHIND = "class API A : public B {\n  void f() LOCKS(m()) { }\n  ~A() LOCKS() { }\n};\n"
ROWS = "DECLARE(x)\nDECLARE(y)\nint f(void)\n{\n  return 1;\n}\n"
SOFT = """\
class A {
  private var set = 0
  val size: Int
    get() {
      return if (bit and set != 0) a else b
    }
  fun f() {
    set = 0
    val in1 = open()
    check("x")
    in1.close()
  }
  fun g() {}
}
"""
STATEMENTS = """\
FLAG(int, a_flag, {}, "help; more");
DECLARE_FLAG(std::vector<int>, other);
class LOCKABLE WARN_UNUSED A {
 public:
  const T& f() const& LIFETIME_BOUND { return x; }
  T&& g() && NOT_THREAD_SAFE { return x; }
};
const char* h(const char* p) {
  for (; const char* d = next(p); ++p) { go(d); }
  return p;
}
TEST(A, B) {
  auto f = [&]() -> Status {
    ASSIGN_OR_RETURN(int value [[maybe_unused]],
                     g(1));
    return Ok();
  };
}
int t[] = {
#define ONE(T) id<T>(),
    ALL(ONE)
#undef ONE
};
"""
TORN = """\
int a(void)
{
#ifdef WIDE
  if (x) {
    wide();
#else
  if (y) {
#endif
    go();
  }
  return 1;
}
int b(void) { return 2; }
"""
BASES = """\
namespace N
{
#if NEW
    public class A : I
#else
    public class A
#endif
    {
        public int M() { return 1; }
    }
    public class B { public int M() { return 2; } }
}
"""
HEREDOC = """\
class A
  def f
    x = <<~OUT
      #{<<~IN}
        in
      IN
    OUT
  end

  def g; end
end
"""
CASES = """\
TEST_CASE("adds numbers", "[math]") {
  SECTION("one") { CHECK(1); }
}
TEST(Suite, Name) {
}
BENCHMARK_TEST("t", int) {
}
"""
ITEMS = """\
cfg_if! {
    if #[cfg(unix)] {
        /// Documented.
        #[inline]
        pub(crate) unsafe extern "C" fn one<T>(x: T) -> Vec<T> { a() }
    } else {
        pub const TWO: i32 = { 1 };
    }
}
impl S {
    cfg_net! {
        pub fn three(&self) {}
    }
}
lazy_static! {
    static ref FOUR: u8 = 1;
}
"""


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        pytest.param("a.c", TORN, ["a", "b"], id="a brace in each arm"),
        pytest.param("a.cs", BASES, ["N", "N.A", "N.A.M", "N.B", "N.B.M"], id="a head in each arm"),
        pytest.param("a.rb", HEREDOC, ["A", "A.f", "A.g"], id="a heredoc in a heredoc"),
        pytest.param("a.rs", ITEMS, ["one", "TWO", "S.impl", "S.three", "FOUR"], id="items in macros"),
        pytest.param(
            "a.cpp",
            CASES,
            ["`TEST_CASE adds numbers`", "`TEST Suite Name`", "`BENCHMARK_TEST t int`"],
            id="a title of a test",
        ),
        pytest.param("a.c", CASES, ["`TEST_CASE adds numbers`", "`TEST Suite Name`"], id="in C as well"),
        pytest.param("a.c", "OP(add, +)\n{\n}\nint f(void) { return 1; }\n", ["f"], id="a short macro"),
        pytest.param(
            "a.cpp", "INLINE W::W(int a)\n    : B(a)\n{\n}\nW::~W()\n{\n}\n", ["W.W", "W.~W"], id="before a constructor"
        ),
        pytest.param("a.cpp", BEHIND, ["A", "A.f", "A.~A"], id="behind parameters"),
        pytest.param(
            "a.kt", SOFT, ["A", "A.set", "A.size", "A.f", "A.g"], id="names that are words of the language",
        ),
        pytest.param("a.cpp", STATEMENTS, ["A", "A.f", "A.g", "h", "`TEST A B`", "t"], id="macros with types"),
        pytest.param(
            "a.c", "#define N ((1))\n\nBEGIN_IT(one) {\n}\nEND_IT\n\nBEGIN_IT(two) {\n}\n", ["one", "two", "N"],
            id="a macro behind a bracket on another line",
        ),
        pytest.param("a.c", ROWS, ["f"], id="rows of macros, without an error"),
        pytest.param("a.c", "enum { A_A,\n  B_B\n};\nint f( {\nint g(void) { return 1; }\n", ["g"], id="no macro"),
    ],
)  # fmt: skip
def test_a_second_reading_finds_the_names(path: str, text: str, expected: list[str]) -> None:
    found = selectors(path, text)
    assert set(expected) <= set(found)
    own = [name for name in found if name not in ("<module>", "<imports>")]
    assert len(own) == len(expected) or path == "a.c"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "def f():\n    return 1\n"),
        ("a.c", "#ifdef A\nint f(void) { return 1; }\n#else\nint f(void) { return 2; }\n#endif\n"),
        ("a.rs", 'fn f() {\n    println!("{}", 1);\n}\n'),
        ("a.kt", "class A { fun f() { go() } }\n"),
        ("a.md", "# A\n\n<<<<<<<\n"),
    ],
)
def test_what_was_read_is_not_unread(path: str, text: str) -> None:
    assert extract(path, text.encode()).unread == ()


def unread(path: str, text: str) -> list[str]:
    return [
        text[each.start_byte : each.end_byte].strip()
        for each in extract(path, text.encode()).unread
    ]


def test_the_arm_that_was_left_out_is_unread() -> None:
    assert any("if (y) {" in text for text in unread("a.c", TORN))
    assert not any("wide();" in text for text in unread("a.c", TORN))


def test_a_macro_among_items_is_unread() -> None:
    assert unread("a.rs", "make!(f, |x| {\n    x\n});\nfn g() { vec![1]; }\n") == [
        "make!(f, |x| {\n    x\n});"
    ]


def test_a_definition_with_an_error_in_its_head_is_unread_as_a_whole() -> None:
    text = "class A {\n  int f(int a) @@ {\n    return a;\n  }\n  int g() { return 1; }\n}\n"
    assert any("return a;" in each for each in unread("A.java", text))
    assert not any("return 1" in each for each in unread("A.java", text))


def test_an_error_in_a_body_is_no_more_than_its_line() -> None:
    text = "int f(void) {\n  int a = 1;\n  int b = = 2;\n  return a;\n}\n"
    assert unread("a.c", text) == ["int b = = 2;"]


def test_a_block_behind_an_error_belongs_to_it() -> None:
    (block,) = unread("a.go", "package a\n\nfunc () {\n\tgo()\n}\n\nfunc g() {}\n")[:1]
    assert "go()" in block


def test_what_an_unreadable_text_seems_to_define() -> None:
    text = "class A extends B with {\n  def @@bad(x: Int): Int = {\n    x\n  }\n}\n"
    assert {name for each in extract("a.scala", text.encode()).unread for name in each.opens} >= {
        "A"
    }


@pytest.mark.slow
def test_very_many_errors_cost_no_time() -> None:
    text = "int f(void) { = = ) }\n" * 20_000
    assert extract("a.c", text.encode()).unread or extract("a.c", text.encode()).whole


def test_what_is_unread_is_remembered() -> None:
    file = extract("a.c", TORN.encode())
    assert file.unread
    assert decode_symbols("a.c", encode_symbols(file)) == file
