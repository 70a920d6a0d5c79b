"""What both sides add in two places of a file stands twice; what may stand side by side is no such thing."""

from __future__ import annotations

import pytest

from git_muse_coord.symbols.extract import extract
from git_muse_coord.symbols.twice import doubled


def twice(path: str, frame: str, one: str, other: str) -> set[str]:
    """The names that stand twice when two sides put a text each at the two marks of a frame."""
    texts = frame.format(one, ""), frame.format("", other), frame.format(one, other)
    ours, theirs, merged = (extract(path, text.encode()) for text in texts)
    return {".".join(key[1:]) for key in doubled(merged, [ours, theirs])}


FRAMES = {
    "a.py": "{}\ndef between():\n    return 1\n\n{}\n",
    "a.pyi": "class Box:\n{}\n    def between(self): ...\n{}\n",
    "a.js": "{}\nfunction between() {{ return 1 }}\n{}\n",
    "a.ts": "{}\nexport class Between {{ a = 1 }}\n{}\n",
    "a.go": "package p\n\n{}\nfunc between() int {{ return 1 }}\n\n{}\n",
    "a.rs": "{}\nfn between() -> i32 {{ 1 }}\n{}\n",
    "A.java": "class A {{\n{}\n  int between() {{ return 1; }}\n{}\n}}\n",
    "a.c": "{}\nint between(void) {{ return 1; }}\n{}\n",
    "a.cs": "class A {{\n{}\n  int Between() {{ return 1; }}\n{}\n}}\n",
    "a.kt": "{}\nfun between(): Int {{ return 1 }}\n{}\n",
    "a.rb": "class A\n{}\n  def between\n    1\n  end\n{}\nend\n",
    "a.toml": "{}\nbetween = 1\n{}\n",
    "a.md": "{}\n## Between\n\ntext\n\n{}\n",
}


@pytest.mark.parametrize(
    ("path", "text", "name"),
    [
        ("a.py", "def slug(t):\n    return t\n", "slug"),
        ("a.py", "class Slug:\n    def f(self):\n        pass\n", "Slug"),
        ("a.py", "LIMIT = 5\n", "LIMIT"),
        ("a.py", "def test_empty():\n    assert True\n", "test_empty"),
        ("a.pyi", "    @property\n    def size(self) -> int: ...\n", "Box.size"),
        ("a.js", "const limit = 5\n", "limit"),
        ("a.js", "class Slug { f() {} }\n", "Slug"),
        ("a.ts", "export function slug(t: string) { return t }\n", "slug"),
        ("a.ts", "export type Slug = string\n", "Slug"),
        ("a.go", "func slug() {}\n", "slug"),
        ("a.go", "type Slug struct{ a int }\n", "Slug"),
        ("a.go", "func (s *Slug) String() string { return s.a }\n", "Slug.String"),
        ("a.go", "var ErrSlug = errors.New(text)\n", "ErrSlug"),
        ("a.rs", "const LIMIT: u8 = 5;\n", "LIMIT"),
        ("a.rs", "struct Slug { a: u8 }\n", "Slug"),
        ("a.rs", "#[test]\nfn empty() { assert!(true) }\n", "empty"),
        ("a.rs", "impl Show for Slug { fn show(&self) {} }\n", "Slug.show"),
        ("A.java", "  int slug(int a) { return a; }\n", "A.slug"),
        ("A.java", "  static final int LIMIT = 5;\n", "A.LIMIT"),
        ("a.c", "static int slug(int a) { return a; }\n", "slug"),
        ("a.c", "struct slug { int a; };\n", "slug"),
        ("a.cs", "  int Slug { get; set; }\n", "A.Slug"),
        ("a.kt", "fun slug(a: Int): Int { return a }\n", "slug"),
        ("a.rb", "  def slug\n    2\n  end\n", "A.slug"),
        ("a.toml", "limit = 5\n", "limit"),
    ],
)
def test_what_both_add(path: str, text: str, name: str) -> None:
    assert twice(path, FRAMES[path], text, text) == {name}
    assert twice(path, FRAMES[path], text, "") == set()
    doubled_before = FRAMES[path].replace("{}", "{}" + text.replace("{", "{{").replace("}", "}}"))
    assert twice(path, doubled_before, "", "") == set()


@pytest.mark.parametrize(
    ("path", "one", "other"),
    [
        ("a.py", "def slug(t):\n    return t\n", "def slag(t):\n    return t\n"),
        (
            "a.py",
            "if a:\n    class A:\n        def f(self): pass\n",
            "class B:\n    def f(self): pass\n",
        ),
        (
            "a.pyi",
            "    @size.setter\n    def size(self, n): ...\n",
            "    @size.deleter\n    def size(self): ...\n",
        ),
        (
            "a.pyi",
            "    @overload\n    def f(self, n: int): ...\n",
            "    @overload\n    def f(self, n: str): ...\n",
        ),
        ("a.ts", "class A { get size() { return 1 } }\n", "class B { set size(n) {} }\n"),
        ("a.go", "func init() { a() }\n", "func init() { a() }\n"),
        ("a.go", "var _ = a\n", "var _ = a\n"),
        ("a.go", "func (a A) Len() int { return 1 }\n", "func (b B) Len() int { return 1 }\n"),
        ("a.rs", "#[cfg(unix)]\nfn slug() {}\n", "#[cfg(windows)]\nfn slug() {}\n"),
        (
            "a.rs",
            "impl Show for Slug { fn f(&self) {} }\n",
            "impl Hide for Slug { fn f(&self) {} }\n",
        ),
        ("a.rs", "impl Slug { fn f(&self) {} }\n", "impl Slug { fn g(&self) {} }\n"),
        ("a.rs", "struct Slug { a: u8 }\n", "impl Slug { fn g(&self) {} }\n"),
        ("A.java", "  int slug(int a) { return a; }\n", "  int slug(long a) { return a; }\n"),
        ("a.cs", "  int Slug(int a) { return a; }\n", "  int Slug(string a) { return a; }\n"),
        ("a.kt", "fun slug(a: Int): Int { return a }\n", "fun slug(a: String): Int { return 1 }\n"),
        ("a.c", "int slug(int a);\n", "int slug(int a);\n"),
        ("a.c", "struct slug;\n", "struct slug;\n"),
        ("a.md", "## Fixed\n\ntext\n", "## Fixed\n\ntext\n"),
    ],
)
def test_what_may_stand_side_by_side(path: str, one: str, other: str) -> None:
    assert twice(path, FRAMES[path], one, other) == set()


def test_what_two_sides_move_to_two_places() -> None:
    slug = "def slug():\n    return 1\n"
    rest = "def a():\n    return 2\n", "def b():\n    return 3\n"
    ours, theirs, merged = (
        extract("a.py", "\n".join(parts).encode())
        for parts in ((slug, *rest), (*rest, slug), (slug, *rest, slug))
    )
    assert [key[1:] for key in doubled(merged, [ours, theirs])] == [("slug",)]


def test_a_file_that_is_not_read_inside() -> None:
    text = b"def slug():\n    return 1\n"
    binary = extract("a.py", b"\0")
    assert doubled(extract("a.py", text * 2), [binary, extract("a.py", text)]) == {}
