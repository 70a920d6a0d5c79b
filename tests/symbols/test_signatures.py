"""Which calls can stay as they are when a signature changes."""

from __future__ import annotations

import gc
import sys
from pathlib import Path

import pytest

from git_muse_coord import symbols
from git_muse_coord.symbols.clips import Source, clip
from git_muse_coord.symbols.extract import extract
from git_muse_coord.symbols.signatures import CallComparison


def still_fits(old: Source, new: Source, caller: Source) -> bool:
    return CallComparison().still_fits(old, new, caller)


def source(path: str, text: str, selector: str) -> Source:
    data = text.encode()
    file = extract(path, data)
    (symbol,) = (one for one in file.symbols if str(one.address) == f"{path}::{selector}")
    return Source(symbol, file.language, data, is_clear=not file.unread)


def python(old: str, new: str, call: str) -> bool:
    def function(head: str) -> Source:
        return source("a.py", f"def f({head}):\n    def inner(x, y): return x\n", "f")

    return still_fits(
        function(old), function(new), source("b.py", f"def g():\n    return {call}\n", "g")
    )


@pytest.mark.parametrize(
    ("old", "new", "call"),
    [
        ("a", "a, b=1", "f(1)"),
        ("a", "a: int", "f(1)"),
        ("a", "a: int, *, b: int = 1, **more: str", "m.f(1)"),
        ("a, b=1, c=2", "a, z=3, c=2", "f(1, c=5)"),
        ("a, b=1, c=2", "a", "f(1)"),
        ("a, b", "b, a", "f(a=1, b=2)"),
        ("a, **more", "a, b=None, **more", "f(1, b=2)"),
        ("*all, **more", "*all: int, b=None, **more", "f(1, 2, c=3)"),
        ("a", "a, *rest", "f(1)  # one\n"),
        ("a", "a, b=1", "f(f(1))"),
    ],
)
def test_a_call_that_gives_to_each_parameter_what_it_gave(old: str, new: str, call: str) -> None:
    assert python(old, new, call)


@pytest.mark.parametrize(
    ("old", "new", "call"),
    [
        ("a", "a, b", "f(1)"),
        ("a", "a, *, b", "f(1)"),
        ("a, b=1", "a", "f(1, 2)"),
        ("a, b=1", "a", "f(1, b=2)"),
        ("a, b", "b, a", "f(1, 2)"),
        ("a, b=1, c=2", "a, z=3, b=1, c=2", "f(1, 2)"),
        ("*all", "a, *all", "f(1, 2)"),
        ("a", "a, /", "f(a=1)"),
        ("a, b=1", "a, *, b=1", "f(1, 2)"),
        ("a", "a, b=1", "f(*all)"),
        ("a", "a, b=1", "f(**all)"),
        ("a", "a, b=1", "map(f, all)"),
        ("a", "a, b", "f(1, 2) + f(1)"),
    ],
)
def test_a_call_that_no_longer_fits_or_is_not_all_there_to_see(
    old: str, new: str, call: str
) -> None:
    assert not python(old, new, call)


def test_what_is_to_be_awaited_now_does_not_fit_a_caller_that_does_not() -> None:
    old, new = (source("a.py", f"{head} f(a):\n    pass\n", "f") for head in ("def", "async def"))
    assert not still_fits(old, new, source("b.py", "def g():\n    return f(1)\n", "g"))


def test_a_constructor_is_called_by_the_name_of_its_class() -> None:
    old, new = (
        source("a.py", f"class C:\n    def __init__(self, {head}):\n        pass\n", "C.__init__")
        for head in ("a", "a, b=1")
    )
    assert still_fits(old, new, source("b.py", "def g():\n    return C(1)\n", "g"))
    assert not still_fits(old, new, source("b.py", "def g():\n    return C(1, 2)\n", "g"))


@pytest.mark.parametrize(("path", "types"), [("a.ts", True), ("a.tsx", True), ("a.js", False)])
def test_methods_of_javascript_and_typescript(path: str, types: bool) -> None:
    def method(head: str) -> Source:
        return source(path, f"class C {{ run({head}) {{ return 1 }} }}\n", "C.run")

    caller = source(path, "function g(c) { return c.run(1) }\n", "g")
    assert still_fits(method("a"), method("a, b = 2"), caller)
    assert still_fits(method("a"), method("a, ...b"), caller)
    if types:
        assert still_fits(method("a: number"), method("a: number, b?: string"), caller)
        assert not still_fits(method("a: number"), method("a: string"), caller)
    assert not still_fits(method("a"), method("a, b"), caller)
    assert not still_fits(
        method("a"), method("b, a"), source(path, "function g(c) { return c.run(...x) }\n", "g")
    )


def test_what_nobody_uses_may_change() -> None:
    old = source("a.ts", "async function f(a: number): Promise<A> { return g(a) }\n", "f")
    new = source("a.ts", "async function f(a: number): Promise<B> { return g(a) }\n", "f")
    sync = source("a.ts", "function f(a: number): Promise<A> { return g(a) }\n", "f")

    def caller(text: str) -> Source:
        return source("b.ts", f"async function g() {{ {text} }}\n", "g")

    assert still_fits(old, new, caller("await f(1)"))
    assert still_fits(old, new, caller("f(1);"))
    assert not still_fits(old, new, caller("const a = await f(1)"))
    assert not still_fits(old, new, caller("f(1).x"))
    assert not still_fits(old, sync, caller("f(1)"))


def test_other_names_by_which_it_is_called() -> None:
    old = source("a.py", "class A:\n    def __init__(self, a=1): ...\n", "A.__init__")
    new = source("a.py", "class A:\n    def __init__(self, a=1, b=2): ...\n", "A.__init__")
    worse = source("a.py", "class A:\n    def __init__(self, a, b): ...\n", "A.__init__")
    caller = source("b.py", "def g():\n    return Heir(1)\n", "g")

    assert not still_fits(old, new, caller)
    assert CallComparison().still_fits(old, new, caller, {"Heir"})
    assert not CallComparison().still_fits(old, worse, caller, {"Heir"})


def test_of_other_languages_nothing_is_known() -> None:
    old, new = (
        source("a.go", f"package a\n\nfunc F({head}) {{}}\n", "F")
        for head in ("a int", "a int, b ...int")
    )
    assert not still_fits(old, new, source("b.go", "package a\n\nfunc G() { F(1) }\n", "G"))


def test_no_file_is_kept_when_the_comparison_ends() -> None:
    old = source("a.py", "def f(a):\n    return a\n", "f")
    new = source("a.py", "def f(a, b=1):\n    return a\n", "f")
    caller = source("b.py", "def g():\n    return f(1)\n", "g")
    gc.collect()
    before = sys.getrefcount(caller.data), sys.getrefcount(new.data)
    comparison = CallComparison()
    assert comparison.still_fits(old, new, caller)
    assert sys.getrefcount(caller.data) > before[0]
    del comparison
    gc.collect()
    assert (sys.getrefcount(caller.data), sys.getrefcount(new.data)) == before


def test_a_symbol_alone_is_read_as_in_its_file() -> None:
    comparison = CallComparison()
    clipped = 0
    for path in sorted(Path(symbols.__path__[0]).glob("*.py")):
        data = path.read_bytes()
        for symbol in extract(path.name, data).symbols:
            alone = Source(symbol, "python", data, is_clear=True)
            in_file = Source(symbol, "python", data)
            assert comparison._signature(alone) == comparison._signature(in_file)
            assert comparison._calls_in(alone) == comparison._calls_in(in_file)
            clipped += clip(alone) is not None
    assert clipped > 200


@pytest.mark.parametrize(
    ("path", "text", "selector"),
    [
        ("a.js", "function f(a) {}\n", "f"),
        ("a.py", "# a comment, of no node\ndef f(a): pass\n", "f"),
        ("a.py", "import b; x = b.c(1)\n", "x"),
        ("a.py", "x = b.c(1); y = 2\n", "x"),
        ("a.py", "print(1)\n\ndef f(a): pass\n\nprint(2)\n", "<module>"),
        ("a.py", "def g(:\n    pass\n\ndef f(a): pass\n", "f"),
    ],
)
def test_what_might_be_read_in_another_way_stays_in_its_file(
    path: str, text: str, selector: str
) -> None:
    assert clip(source(path, text, selector)) is None


TYPED = {
    "go": ("a.go", "package a\n\nfunc {} {{\n\tf(1)\n}}\n", "f"),
    "method": ("a.go", "package a\n\ntype T int\n\nfunc (t *T) {} {{\n\tf(1)\n}}\n", "T.f"),
    "java": ("A.java", "class A {{\n    {} {{ f(1); }}\n}}\n", "A.f"),
    "rust": ("a.rs", "pub {} {{\n    f(1);\n}}\n", "f"),
}


def typed(language: str, old: str, new: str) -> bool:
    path, frame, selector = TYPED[language]
    before = source(path, frame.format(old), selector)
    after = source(path, frame.format(new), selector)
    return still_fits(before, after, before)


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("go", "f(a int)", "f(b int)"),
        ("go", "f(a int)", "f(a int) error"),
        ("go", "f(a, b int)", "f(a int, b int)"),
        (
            "go",
            "f(a int, b ...string) (int, error)",
            "f(\n\t_ int,\n\trest ...string,\n) (int, error)",
        ),
        ("method", "f(a int)", "f(a int) *T"),
        ("java", "void f(int a)", "void f(int b)"),
        ("java", "void f(int a)", "A f(int a)"),
        ("java", "int f(String[] a, int b)", "int f(String[] a, int c)"),
        ("rust", "fn f(a: u8)", "fn f(b: u8)"),
        ("rust", "fn f(a: u8)", "fn f(a: u8) -> u8"),
    ],
)
def test_a_call_by_place_and_type_stays_as_it_is(language: str, old: str, new: str) -> None:
    assert typed(language, old, new)


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("go", "f(a int)", "f(a string)"),
        ("go", "f(a int)", "f(a, b int)"),
        ("go", "f(a int)", "f(a ...int)"),
        ("go", "f(a int) int", "f(a int) (int, error)"),
        ("go", "f(a int)", "f[T any](a int)"),
        ("go", "f(a int) int", "f(a int)"),
        ("java", "int f(int a)", "long f(int a)"),
        ("java", "void f(int a)", "void f(int a) throws E"),
        ("java", "void f(String a)", "void f(String... a)"),
        ("rust", "fn f(a: u8)", "async fn f(a: u8)"),
        ("rust", "fn f(a: u8)", "fn f(a: u8, b: u8)"),
        ("rust", "fn f(a: u8) -> u8", "fn f(a: u8) -> u16"),
        ("rust", "fn f(a: u8)", "unsafe fn f(a: u8)"),
    ],
)
def test_a_call_by_place_and_type_that_breaks(language: str, old: str, new: str) -> None:
    assert not typed(language, old, new)
