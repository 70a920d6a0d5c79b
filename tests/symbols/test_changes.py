"""How differences between two versions are classified, and that each belongs to the innermost symbol."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from .helpers import diff

ROOT = Path(__file__).parents[2]
SECONDS = 8.0
"""Some times what it takes on an idle machine; a square of the changes would take minutes."""

BASE = '''\
import os

LIMIT = 1


class Store:
    """Keeps."""

    def load(self):
        return 1

    def save(self, item):
        # how
        path = os.path.join(item, "x")
        return path


def top():
    print("hello world, this is a body of some length", 1, 2, 3)
    return None
'''
SAVE = BASE[BASE.index("    def save") : BASE.index("\n\ndef top")]
TOP = BASE[BASE.index("def top") :]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("return 1", "return 2", [("a.py::Store.load", "modified")]),
        ("# how", "# why", [("a.py::Store.save", "formatting")]),
        ("(item, ", "(item,  ", [("a.py::Store.save", "formatting")]),
        (
            '(item, "x")',
            '(\n            item,\n            "x",\n        )',
            [("a.py::Store.save", "formatting")],
        ),
        ("item):", "item, force):", [("a.py::Store.save", "signature")]),
        ("    def save", "    @cached\n    def save", [("a.py::Store.save", "decoration")]),
        ("import os", "import os, sys", [("a.py::<imports>", "modified")]),
        ("import os", "import os  # why", [("a.py::<module>", "formatting")]),
        ("LIMIT = 1", "LIMIT = 2", [("a.py::LIMIT", "modified")]),
        ("LIMIT = 1", "BOUND = 1", [("a.py::BOUND", "renamed", "a.py::LIMIT")]),
        ("LIMIT = 1", "LIMIT = 1\nprint(LIMIT)", [("a.py::<module>", "added")]),
        ('"""Keeps."""', '"""Keeps all."""', [("a.py::Store", "modified")]),
        ("class Store:", "class Store(Base):", [("a.py::Store", "signature")]),
        ("class Store", "class Shop", [("a.py::Shop", "renamed", "a.py::Store")]),
        ("def save", "def keep", [("a.py::Store.keep", "renamed", "a.py::Store.save")]),
        ("def top", "def bottom", [("a.py::bottom", "renamed", "a.py::top")]),
        (SAVE, "", [("a.py::Store.save", "deleted")]),
        (TOP, TOP + "\n\ndef more():\n    pass\n", [("a.py::more", "added")]),
        ("    def load", "    size = 0\n\n    def load", [("a.py::Store.size", "added")]),
        (
            BASE,
            BASE.replace("\n", "\r\n"),
            [("a.py::Store", "formatting"), ("a.py::Store.load", "formatting")],
        ),
        (TOP, "if LIMIT:\n" + "".join(f"    {line}\n" for line in TOP.splitlines()), None),
    ],
)
def test_one_change(old: str, new: str, expected: list[tuple[str, ...]] | None) -> None:
    assert BASE.count(old) == 1
    found = diff({"a.py": BASE}, {"a.py": BASE.replace(old, new)})
    if expected is None:  # re-indented: the new condition is the file's own text
        assert found == [("a.py::<module>", "added"), ("a.py::top", "formatting")]
    else:
        assert found[: len(expected)] == expected
        assert len(found) == len(expected) or found[1][1] == "formatting"


def test_no_change() -> None:
    assert diff({"a.py": BASE}, {"a.py": BASE}) == []


def test_a_dedent_is_a_change() -> None:
    before = "def f(x):\n    if x:\n        a()\n        b()\n"
    assert diff({"a.py": before}, {"a.py": before.replace("        b()", "    b()")}) == [
        ("a.py::f", "modified")
    ]


@pytest.mark.parametrize(
    ("path", "before", "after", "moved"),
    [
        ("a.py", "a = 1\nb = a\nc = 3\n", "b = a\na = 1\nc = 3\n", "b"),
        (
            "a.py",
            "def f():\n    return 1\ndef f():\n    return 2\n",
            "def f():\n    return 2\ndef f():\n    return 1\n",
            "f",
        ),
        (
            "a.go",
            "package a\n\nvar a = g()\nvar b = h()\n",
            "package a\n\nvar b = h()\nvar a = g()\n",
            "b",
        ),
        ("a.md", "# One\n\nx\n\n# Two\n\ny\n\n", "# Two\n\ny\n\n# One\n\nx\n\n", "Two"),
        ("A.java", "class A { int a = 1; int b = a; }", "class A { int b = a; int a = 1; }", "A.b"),
    ],
)
def test_what_is_evaluated_in_another_order_is_modified(
    path: str, before: str, after: str, moved: str
) -> None:
    listed = [
        (address.split("~")[0], change) for address, change in diff({path: before}, {path: after})
    ]
    assert (f"{path}::{moved}", "modified") in listed
    assert [change for _, change in listed].count("modified") == 1


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        (
            "A.java",
            "class A { void f(int a) {} void f(long b) {} }",
            "class A { void f(long b) {} void f(int a) {} }",
        ),
        ("a.json", '{"a": 1, "b": 2}', '{"b": 2, "a": 1}'),
        ("a.py", "X = 1\n\ndef f():\n    pass\n", "def f():\n    pass\n\nX = 1\n"),
    ],
)
def test_other_order_is_no_change(path: str, before: str, after: str) -> None:
    assert [
        change for _, change in diff({path: before}, {path: after}) if change != "formatting"
    ] == []


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.jsx", 'const F = () => <p>"a"</p>;\n', "const F = () => <p>'a'</p>;\n"),
        ("a.jsx", "const F = () => <p>{a} {b}</p>;\n", "const F = () => <p>{a}{b}</p>;\n"),
        ("a.tsx", "const F = () => <p>a <b>c</b></p>;\n", "const F = () => <p>a<b>c</b></p>;\n"),
        ("a.md", "# A\n\n```\na\n\nb\n```\n", "# A\n\n```\na\nb\n```\n"),
        ("a.rst", "A\n=\n\n::\n\n   a\n\n   b\n", "A\n=\n\n::\n\n   a\n   b\n"),
    ],
)
def test_what_a_page_shows_is_no_formatting(path: str, before: str, after: str) -> None:
    assert "modified" in [change for _, change in diff({path: before}, {path: after})]


def test_how_lines_of_jsx_are_laid_out_is_formatting() -> None:
    before = "const F = () => <p>\n  {a}\n  text\n</p>;\n"
    after = "const F = () => <p>\n      {a}\n      text\n    </p>;\n"
    assert {change for _, change in diff({"a.jsx": before}, {"a.jsx": after})} <= {"formatting"}


def test_order_is_no_change() -> None:
    swapped = BASE.replace(SAVE, "").replace("    def load", SAVE + "\n    def load")
    assert diff({"a.py": BASE}, {"a.py": swapped}) == []


def test_renamed_and_changed_is_found_by_similarity_only() -> None:
    after = BASE.replace("def top", "def bottom").replace("1, 2, 3", "1, 2, 4")
    assert diff({"a.py": BASE}, {"a.py": after}) == [("a.py::bottom", "renamed", "a.py::top")]
    assert diff({"a.py": BASE}, {"a.py": after}, exact=True) == [
        ("a.py::bottom", "added"),
        ("a.py::top", "deleted"),
    ] or sorted(diff({"a.py": BASE}, {"a.py": after}, exact=True)) == [
        ("a.py::bottom", "added"),
        ("a.py::top", "deleted"),
    ]


def test_inside_a_renamed_class_only_what_changed_is_listed() -> None:
    after = BASE.replace("class Store", "class Shop").replace("return 1", "return 9")
    assert diff({"a.py": BASE}, {"a.py": after}) == [
        ("a.py::Shop", "renamed", "a.py::Store"),
        ("a.py::Shop.load", "modified", "a.py::Store.load"),
    ]


def test_moved_to_another_file() -> None:
    before = {"a.py": BASE, "b.py": "x = 1\n"}
    after = {"a.py": BASE.replace(TOP, ""), "b.py": "x = 1\n" + TOP}
    assert diff(before, after) == [("b.py::top", "moved", "a.py::top")]


def test_moved_to_another_container() -> None:
    text = "class A:\n    def f(self):\n        return 1\n\n\nclass B:\n    x = 2\n"
    after = "class A:\n    pass\n\n\nclass B:\n    x = 2\n    def f(self):\n        return 1\n"
    assert ("a.py::B.f", "moved", "a.py::A.f") in diff({"a.py": text}, {"a.py": after})


def test_short_bodies_do_not_travel_between_files() -> None:
    before = {"a.py": "def f():\n    return 1\n", "b.py": "x = 1\n"}
    after = {"a.py": "y = 2\n", "b.py": "x = 1\ndef f():\n    return 1\n"}
    assert ("b.py::f", "added") in diff(before, after)
    assert ("a.py::f", "deleted") in diff(before, after)


def test_a_moved_file() -> None:
    moved = diff({"a.py": BASE}, {"pkg/b.py": BASE.replace("return 1", "return 2")})
    assert moved == [
        ("pkg/b.py::LIMIT", "moved", "a.py::LIMIT"),
        ("pkg/b.py::Store", "moved", "a.py::Store"),
        ("pkg/b.py::Store.load", "modified", "a.py::Store.load"),
        ("pkg/b.py::top", "moved", "a.py::top"),
    ]


def test_a_moved_file_of_short_functions() -> None:
    text = "".join(f"def f{n}():\n    return {n}\n\n\n" for n in range(4))
    moved = [(f"pkg/b.py::f{n}", "moved", f"a.py::f{n}") for n in range(4)]
    assert diff({"a.py": text}, {"pkg/b.py": text}) == moved
    edited = [("pkg/b.py::f0", "modified", "a.py::f0"), *moved[1:]]
    assert diff({"a.py": text}, {"pkg/b.py": text.replace("return 0", "return 9")}) == edited


def test_new_and_deleted_files() -> None:
    assert diff({}, {"a.py": "def f(): pass\n"}) == [("a.py::f", "added")]
    assert diff({"a.py": "def f(): pass\n"}, {}) == [("a.py::f", "deleted")]
    assert diff({}, {"a.py": ""}) == [("a.py", "added")]
    assert diff({"a.py": ""}, {}) == [("a.py", "deleted")]


def test_files_without_symbols() -> None:
    text = "some text that is long enough to be recognised elsewhere, by far\n"
    assert diff({"a.txt": text}, {"a.txt": text + "x"}) == [("a.txt", "modified")]
    assert diff({"a.txt": text}, {"b.txt": text}) == [("b.txt", "renamed", "a.txt")]
    assert diff({"a.txt": text}, {}) == [("a.txt", "deleted")]
    assert diff({"a.py": BASE}, {"a.py": b"\0\1"}) == [("a.py", "modified")]


def test_overloads_are_paired_by_signature() -> None:
    before = "void f(int a) { x(); }\nvoid f(double a) { y(); }\n"
    found = diff({"a.cc": before}, {"a.cc": before.replace("y()", "z()")})
    assert [change for _, change, *_ in found] == ["modified"]
    added = before + "void f(char a) { w(); }\n"
    assert [change for _, change, *_ in diff({"a.cc": before}, {"a.cc": added})] == ["added"]


def test_keys_and_headings() -> None:
    before = '{"scripts": {"test": "a"}, "list": [1]}'
    after = '{"scripts": {"test": "b"}, "list": [1], "new": 1}'
    assert diff({"package.json": before}, {"package.json": after}) == [
        ("package.json::scripts.test", "modified"),
        ("package.json::new", "added"),
    ]
    log = "# Changes\n\n## Unreleased\n\n- one\n\n## 1.0\n\n- old\n"
    assert diff({"C.md": log}, {"C.md": log.replace("- one", "- one\n- two")}) == [
        ("C.md::Unreleased", "modified")
    ]
    assert diff({"C.md": log}, {"C.md": log.replace("- one", "-\n  one")}) == [
        ("C.md::Unreleased", "formatting")
    ]


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.go", "package a\n\nfunc f() { g(1) }\n", "package a\n\nfunc f() {\n\tg(1)\n}\n"),
        ("a.ts", "function f() { return g(1) }\n", "function f() {\n  return g(1);\n}\n"),
        ("a.rs", "fn f() { g(1, 2) }\n", "fn f() {\n    g(\n        1,\n        2,\n    )\n}\n"),
        (
            "a.tsx",
            "const A = () => <p>a b</p>;\n",
            "const A = () => (\n  <p>a b</p>\n);\n",
        ),
        (
            "a.py",
            "def f():\n    return g('a', f'{b}', r'c')\n",
            'def f():\n    return g("a", f"{b}", r"c")\n',
        ),
        ("a.py", "def f():\n    '''Doc.'''\n", 'def f():\n    """Doc."""\n'),
        ("a.ts", "const f = () => g('a', 'it')\n", 'const f = () => g("a", "it");\n'),
        ("a.lua", "function f() return g('a') end\n", 'function f() return g("a") end\n'),
        (
            "a.py",
            "def f(a):\n    return a and g(a)\n",
            "def f(a):\n    return (\n        a\n        and g(a)\n    )\n",
        ),
        ("a.py", "from a import b, c\n", "from a import (\n    b,\n    c,\n)\n"),
        ("a.ts", "type A = B[] | C\n", "type A = (B[]) | C;\n"),
        ("a.ts", "type A = B | { c(): D } | E\n", "type A =\n  | B\n  | { c(): D }\n  | E\n"),
        ("a.ts", "type A = [B, C | D]\n", "type A = [B, | C | D]\n"),
        ("a.ts", "type A = B\n", "type A =\n  | B\n"),
        ("a.ts", "const f = x => g(x)\n", "const f = (x) => g(x);\n"),
        ("a.js", "const f = async x => g(y => x)\n", "const f = async (x) => g((y) => x)\n"),
        ("a.scala", "val a = b.map(x => (x + 1))\n", "val a = b.map((x) => x + 1)\n"),
        (
            "a.scala",
            "def f = for (a <- b if (c)) yield (a)\n",
            "def f = for (a <- b if c) yield a\n",
        ),
        ("a.toml", "a = 1 # why\n", "a = 1\n"),
        ("a.kt", "val a = 1 // why\n", "val a = 1\n"),
        ("a.c", "int f(int a)\n{\n  return a;\n}\n", "int f(int a) {\n  return a; }\n"),
    ],
)
def test_formatters_change_only_formatting(path: str, before: str, after: str) -> None:
    found = diff({path: before}, {path: after})
    assert [change for _, change in found] == ["formatting"]


@pytest.mark.parametrize(
    ("path", "text", "old", "new", "expected"),
    [
        (
            "a.rs",
            "macro_rules! m { ($x:expr) => { f($x) }; }\n",
            "f(",
            "g(",
            ("a.rs::m", "modified"),
        ),
        (
            "a.swift",
            "var x: Int { let y = 1; return y }\n",
            "= 1",
            "= 2",
            ("a.swift::x", "modified"),
        ),
        ("a.kt", "class A { fun f() = 1 }\n", "1", "2", ("a.kt::A.f", "modified")),
        ("a.rs", "mod a;\nmod b;\n", "mod b;\n", "", ("a.rs::b", "deleted")),
        (
            "a.rs",
            "mod a {\n    fn f() {}\n}\n",
            "mod a",
            "mod b",
            ("a.rs::b", "renamed", "a.rs::a"),
        ),
        ("a.rb", "module A\n  def f; 1; end\nend\n", "A", "B", ("a.rb::B", "renamed", "a.rb::A")),
        ("a.py", "x = 'a'\n", "'a'", "b'a'", ("a.py::x", "modified")),
        ("a.py", "x = a + b * c\n", "a + b", "(a + b)", ("a.py::x", "modified")),
        ("a.py", "x = (a)\n", "(a)", "(a,)", ("a.py::x", "modified")),
        ("a.py", "x = f((a, b))\n", "((a, b))", "(a, b)", ("a.py::x", "modified")),
        ("a.js", "const x = (a?.b).c\n", "(a?.b)", "a?.b", ("a.js::x", "modified")),
        ("a.ts", "type A = B | C[]\n", "B | C", "(B | C)", ("a.ts::A", "modified")),
        ("a.ts", "const f = (x) => y\n", "(x)", "(x?)", ("a.ts::f", "modified")),
        ("a.ts", "const f = (x) => y\n", "(x)", "(...x)", ("a.ts::f", "modified")),
        ("a.js", "const f = () => y\n", "()", "(x)", ("a.js::f", "modified")),
        ("a.rb", "def f = g { |a,| a }\n", "a,|", "a|", ("a.rb::f", "modified")),
        ("a.scala", "val a = b + (c) * d\n", "b + (c)", "(b + c)", ("a.scala::a", "modified")),
        ("a.scala", "val a = f(b + (_ * 2))\n", "(_ * 2)", "_ * 2", ("a.scala::a", "modified")),
        ("a.scala", "val a = (b, c)\n", "(b, c)", "b", ("a.scala::a", "modified")),
        (
            "A.java",
            "class A { int f() { return 1; } }\n",
            "int f",
            "@B int f",
            ("A.java::A.f", "decoration"),
        ),
        ("a.kt", "class A {\n    fun f() = 1\n}\n", "fun", "@B fun", ("a.kt::A.f", "decoration")),
        (
            "a.swift",
            "class A {\n    func f() {}\n}\n",
            "func",
            "@B func",
            ("a.swift::A.f", "decoration"),
        ),
        ("a.py", "a = b = 1\n", "b", "c", ("a.py::a", "signature")),
        ("a.c", "MACRO(f, g)\n{\n  int x = 1;\n}\n", "1", "2", ("a.c::`MACRO f g`", "modified")),
    ],
)
def test_what_a_change_in_a_language_is(
    path: str, text: str, old: str, new: str, expected: tuple[str, ...]
) -> None:
    assert expected in diff({path: text}, {path: text.replace(old, new)})


@pytest.mark.slow
def test_many_changes_at_once_take_bounded_time() -> None:
    """Pairs of deleted and added symbols are as many as the square of the changes."""
    body = "".join(f"    total = total + factor * {step}\n" for step in range(4))
    before = {
        f"old/m{file}.py": "".join(
            f"def f{file}_{at}(total, factor):\n{body}    return {file}, {at}\n\n\n"
            for at in range(40)
        )
        for file in range(60)
    }
    after = {
        f"new/n{file}.py": "".join(
            f"def g{file}_{at}(x):\n    return [x, {at}]  # {'z' * 90}\n\n\n" for at in range(40)
        )
        for file in range(60)
    }
    moved = before["old/m7.py"].split("\n\n\n")[3].replace("* 3", "* 4")
    after["new/n7.py"] += f"{moved}\n"
    start = time.thread_time()
    found = diff(before, after)
    assert time.thread_time() - start < SECONDS
    assert ("new/n7.py::f7_3", "moved", "old/m7.py::f7_3") in found


@pytest.mark.slow
def test_many_of_one_name_take_bounded_time() -> None:
    before = "".join(f"def f(): return {at}\n" for at in range(4_000))
    start = time.thread_time()
    found = diff({"a.py": before}, {"a.py": before.replace("return", "yield")})
    assert time.thread_time() - start < SECONDS
    assert {change for _, change, *_ in found} == {"modified"}


@pytest.mark.slow
def test_many_renames_of_equals_take_bounded_time() -> None:
    before = "".join(f'  "a{at}": true,\n' for at in range(8_000))
    start = time.thread_time()
    found = diff({"a.json": f"{{\n{before}}}\n"}, {"a.json": f"{{\n{before.replace('a', 'b')}}}\n"})
    assert time.thread_time() - start < SECONDS
    assert found == [(f"a.json::b{at}", "renamed", f"a.json::a{at}") for at in range(8_000)]


@pytest.mark.slow
def test_many_moved_files_with_something_in_common_take_bounded_time() -> None:
    common = "logger = logging.getLogger('a rather long name for something that stands in each of the files')\n"
    before = {
        f"old/{at}.py": f"import logging\n{common}def f{at}(): return {at}\n" for at in range(5_000)
    }
    start = time.thread_time()
    found = diff(before, {path.replace("old", "new"): text for path, text in before.items()})
    assert time.thread_time() - start < SECONDS
    assert {change[1] for change in found} == {"moved"}
    assert all(change[0] == change[2].replace("old", "new") for change in found)


@pytest.mark.slow
def test_many_that_are_too_long_to_be_like_any_take_bounded_time() -> None:
    short = "".join(f"def f{at}():\n    a = {at}\n    return {'a' * 60}\n" for at in range(8_000))
    long = "".join(
        f"def g{at}():\n    b = {at}\n    yield {'b' * 80}, {'b' * 380}\n" for at in range(2_000)
    )
    start = time.thread_time()
    found = diff({"a.py": short}, {"a.py": long})
    assert time.thread_time() - start < SECONDS
    assert {change for _, change, *_ in found} == {"added", "deleted"}


@pytest.mark.slow
def test_many_equal_bodies_take_bounded_time() -> None:
    """As in data, where the values of thousands of keys are alike; each goes to the nearest key."""
    before = "{\n" + ",\n".join(f'"old{at}": 1' for at in range(6_000)) + "\n}\n"
    start = time.thread_time()
    found = diff({"a.json": before}, {"a.json": before.replace("old", "new")})
    assert time.thread_time() - start < SECONDS
    assert set(found) == {
        (f"a.json::new{at}", "renamed", f"a.json::old{at}") for at in range(6_000)
    }


@pytest.mark.slow
def test_the_order_of_changes_does_not_depend_on_the_process() -> None:
    """What begins at one place, such as the two owners of a file's first byte, is told in one order."""
    code = (
        "from tests.symbols.helpers import diff\n"
        "before = 'import a\\nprint(1)\\nx = y = z = 1\\n'\n"
        "print(diff({'a.py': before}, {'a.py': before.replace('1', '2').replace('a', 'b')}))\n"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", code],
            check=True,
            cwd=ROOT,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in "12345"
    }
    assert len(told) == 1
