"""What formatters do to a file is formatting, and what looks like it is not."""

from __future__ import annotations

import pytest

from .helpers import diff

RUST = "fn f(a: A) -> B {\n    match a {\n        X => %s\n        Y => 1,\n    }\n}\n"
KOTLIN = "fun f(a: Int) = if (a > 1) %s else %s\n"
GO = 'package a\n\nimport (\n\t"fmt"\n\tx "os"\n)\n\nfunc f() {}\n'
JAVA = "class A {\n  @B private final @C static int n = 1;\n}\n"


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.java", "import a.B;\nimport c.D;\nclass E {}\n", "import c.D;\nimport a.B;\nclass E {}\n"),
        ("a.kt", "import a.B\nimport c.D\n\nfun f() {}\n", "import c.D\nimport a.B\n\nfun f() {}\n"),
        ("a.cs", "using A;\nusing B;\nclass E {}\n", "using B;\nusing A;\nclass E {}\n"),
        ("a.go", GO, GO.replace('\t"fmt"\n\tx "os"\n', '\tx "os"\n\n\t"fmt"\n')),
        ("a.rs", "use a::{b, c::{d, e}};\n", "use a::{\n    c::{e, d},\n    b,\n};\n"),
        (
            "a.rs",
            "#[derive(X)]\nstruct S;\nuse a::{b, c::d};\n",
            "#[derive(X)]\nstruct S;\nuse a::{c::d, b};\n",
        ),
        ("a.java", JAVA, JAVA.replace("private final @C static", "static private @C final")),
        ("a.kt", "private inline fun f() = 1\n", "inline private fun f() = 1\n"),
        ("a.cs", "class A { public static void F() {} }\n", "class A { static public void F() {} }\n"),
        ("a.rs", "fn f<T>() where T: A {}\n", "fn f<T>()\nwhere\n    T: A,\n{}\n"),
        ("a.lua", "local t = { a = 1, b = 2 }\n", "local t = { a = 1; b = 2; }\n"),
        ("a.py", "def f(a, \\\n  b):\n  return a + \\\n    b\n", "def f(a, b):\n  return a + b\n"),
        ("a.py", "x = 'a\\n' f'{y}\\t'\n", 'x = "a\\n" f"{y}\\t"\n'),
        ("a.ts", "const x = 'a\\u00e9';\n", 'const x = "a\\u00e9";\n'),
        ("a.py", "x = 'it\\'s \"so\"'\n", 'x = "it\'s \\"so\\""\n'),
        ("a.py", "x = '''say \"so\" to\n it'''\n", 'x = """say "so" to\n it"""\n'),
        ("a.py", "x = r'\\s+'\n", 'x = r"\\s+"\n'),
        ("a.py", 'def f():\n  """ One.  """\n', 'def f():\n    """One."""\n'),
        ("a.py", "def f():\n  return 1, 2\n", "def f():\n    return (\n        1,\n        2,\n    )\n"),
        ("a.rs", RUST % "{ g(1) }", RUST % "g(1),"),
        ("a.rs", RUST % "return 2,", RUST % "{\n return 2;\n }"),
        ("a.rs", RUST % "{ match b { Z => 1 } }", RUST % "match b { Z => 1, },"),
        ("a.rs", "fn f() { g(|x| { S { x } }); }\n", "fn f() { g(|x| S { x }); }\n"),
        ("a.rs", "fn f() -> A { if b { return c } d }\n", "fn f() -> A { if b { return c; } d }\n"),
        ("a.rs", "macro_rules! m { ($e:expr) => ( $e ) }\n", "macro_rules! m { ($e:expr) => { $e }; }\n"),
        ("a.rs", 'fn f() { g("a \\\n   b"); }\n', 'fn f() { g("a \\\n       b"); }\n'),
        ("a.kt", KOTLIN % ("b()", "c()"), KOTLIN % ("{\n  b()\n}", "{\n  c()\n}")),
        ("a.ts", "function f(a: { b: C, d?: E }) {}\n", "function f(a: { b: C; d?: E }) {}\n"),
        ("a.ts", 'interface A { "a": B; "c-d": E }\n', "interface A { a: B; 'c-d': E }\n"),
        ("a.ts", "const a = { 'b': 1, c: 2 };\n", "const a = { b: 1, c: 2 };\n"),
        ("a.js", "function f() { g(); [a].map(b) }\n", "function f() { g()\n ;[a].map(b) }\n"),
        ("a.js", "function f() { if (a) b(); else { c(); } }\n", "function f() { if (a) { b(); } else c(); }\n"),
        ("a.js", "it('says \"so\"', () => { a(); });\n", 'it("says \\"so\\"", () => { a(); });\n'),
        ("a.c", "#define A(x) ((x)|B|'c')\n", "#define A(x) ((x) | B | 'c')\n"),
        ("a.cpp", "#define A do { \\\n  b(); } while(0)\n", "#define A        \\\n do { b(); } while (0)\n"),
    ],
)  # fmt: skip
def test_the_work_of_formatters_is_formatting(path: str, before: str, after: str) -> None:
    assert {change[1] for change in diff({path: before}, {path: after})} == {"formatting"}


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.py", "import a\nimport b\n", "import b\nimport a\n"),
        ("a.js", 'import "a";\nimport "b";\n', 'import "b";\nimport "a";\n'),
        ("a.java", "import a.B;\nimport c.D;\n", "import a.D;\nimport c.B;\n"),
        ("a.go", GO, GO.replace('"fmt"\n\tx "os"', 'x "fmt"\n\t"os"')),
        ("a.rs", "use a::{b as c, d};\n", "use a::{b, d as c};\n"),
        ("a.java", JAVA, JAVA.replace("@C static", "@D static")),
        ("a.java", JAVA, JAVA.replace("private final", "private")),
        ("a.rs", "fn f<T>() where T: A {}\n", "fn f<T>() where T: B, {}\n"),
        ("a.lua", "f(a, b)\n", "f(a)\nb()\n"),
        ("a.lua", "local t = { f, (g) }\n", "local t = { f(g) }\n"),
        ("a.lua", "return a, b\n", "return a\n"),
        ("a.py", "x = 1\n-y\n", "x = 1 \\\n-y\n"),
        ("a.py", "x = r'a\\\nb'\n", "x = r'ab'\n"),
        ("a.py", "x = 'a\\'b'\n", 'x = "a\\"b"\n'),
        ("a.py", "x = 'a\\n'\n", 'x = "a\\\\n"\n'),
        ("a.py", "x = r'a\\'b'\n", 'x = r"a\'b"\n'),
        ("a.py", "x = f'{y['a']}'\n", "x = f'{y[\"a\"]}'\n"),
        ("a.py", "def f():\n  return 1,\n", "def f():\n  return 1\n"),
        ("a.py", "def f():\n  return g((1, 2))\n", "def f():\n  return g(1, 2)\n"),
        ("a.rs", RUST % "{ g(1); }", RUST % "g(1),"),
        ("a.rs", RUST % "{ let x = 1; }", RUST % "{ x = 1 }"),
        ("a.rs", RUST % "unsafe { g(1) }", RUST % "g(1),"),
        ("a.rs", "fn f() -> A { g(1); }\n", "fn f() -> A { g(1) }\n"),
        ("a.rs", 'fn f() { g("a\n   b"); }\n', 'fn f() { g("a\n b"); }\n'),
        ("a.kt", KOTLIN % ("b()", "c()"), KOTLIN % ("{ { b() } }", "c()")),
        ("a.ts", "const a = { b: 'c' };\n", "const a = { b: c };\n"),
        ("a.ts", "const a = [b, c];\n", "const a = [b][c];\n"),
        ("a.js", "function f() { for (; a;) b(); }\n", "function f() { for (a;;) b(); }\n"),
        ("a.js", "function f() { while (a); b(); }\n", "function f() { while (a) b(); }\n"),
        ("a.js", "function f() { if (a) { b(); c(); } }\n", "function f() { if (a) b(); c(); }\n"),
        (
            "a.js",
            "function f() { if (a) { if (b) c(); } else d(); }\n",
            "function f() { if (a) if (b) c(); else d(); }\n",
        ),
        ("a.c", "#define A a+ +b\n", "#define A a++b\n"),
        ("a.c", '#define A "a  b"\n', '#define A "a b"\n'),
    ],
)
def test_what_only_looks_like_it_is_not(path: str, before: str, after: str) -> None:
    assert {change[1] for change in diff({path: before}, {path: after})} - {"formatting"}
