"""Every language has a fixture of awkward constructs, with the symbols that must be found in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from git_muse_coord.model.address import parse
from git_muse_coord.symbols.extract import extract
from git_muse_coord.symbols.languages import detect, language_of
from git_muse_coord.symbols.languages.registry import REGISTRY

from .helpers import SAMPLES, diff, listing, selectors

INDENTED = {
    "python",
    "yaml",
    "markdown",
    "rst",
    "asciidoc",
    "bash",
    "ruby",
    "make",
    "ini",
    "dockerfile",
    "env",
    "notebook",
}
"""Languages in which indentation, or the text of here-documents, means something."""
COMMENTS = {
    "python": "# note", "ruby": "# note", "bash": "# note", "toml": "# note", "yaml": "# note",
    "lua": "-- note", "sql": "-- note", "css": "/* note */", "html": "<!-- note -->", "xml": "<!-- note -->",
    "hcl": "# note", "make": "# note", "dockerfile": "# note", "ini": "# note", "properties": "# note",
    "env": "# note", "requirements": "# note", "graphql": "# note", "cmake": "# note",
    "elixir": "# note", "nix": "# note", "starlark": "# note", "luau": "-- note",
    "powershell": "# note",
    "vue": "<!-- note -->", "svelte": "<!-- note -->", "astro": "<!-- note -->",
}  # fmt: skip
UNCOMMENTED = {"json", "markdown", "rst", "asciidoc", "notebook"}


def test_every_language_has_a_fixture() -> None:
    assert set(SAMPLES) == set(REGISTRY), "scripts/new_language NAME SAMPLE writes it"


@pytest.mark.parametrize("field", ["extensions", "files", "patterns", "interpreters"])
def test_no_two_languages_claim_one_name(field: str) -> None:
    words = [word for facts in REGISTRY.values() for word in getattr(facts, field).split()]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("language", [name for name, facts in REGISTRY.items() if not facts.reader])
def test_the_wheel_of_the_grammar_is_pinned(language: str) -> None:
    module = language_of(language).grammar.partition(":")[0]
    pins = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert f'"{module.replace("_", "-")}==' in pins


@pytest.mark.parametrize("language", SAMPLES)
def test_the_fixture_gives_the_expected_symbols(language: str) -> None:
    path = SAMPLES[language]
    found = extract(path.name, path.read_bytes())
    assert found.language == language
    assert listing(found) == (path.parent / "expected.txt").read_text()


@pytest.mark.parametrize("language", SAMPLES)
def test_addresses_can_be_written_and_read(language: str) -> None:
    path = SAMPLES[language]
    for symbol in extract(path.name, path.read_bytes()).symbols:
        assert parse(str(symbol.address)) == symbol.address


@pytest.mark.parametrize("language", SAMPLES)
def test_ranges_are_inside_the_file_and_nested(language: str) -> None:
    data = SAMPLES[language].read_bytes()
    for symbol in extract(SAMPLES[language].name, data).symbols:
        assert 0 <= symbol.start_byte < symbol.end_byte <= len(data)
        assert symbol.start_byte <= symbol.body_start <= symbol.body_end
        assert symbol.start_line == data.count(b"\n", 0, symbol.start_byte) + 1
        assert symbol.end_line == data.count(b"\n", 0, symbol.end_byte) + 1
        assert data[symbol.end_byte - 1 : symbol.end_byte].strip()


@pytest.mark.parametrize("language", [language for language in SAMPLES if language not in INDENTED])
def test_indentation_is_formatting(language: str) -> None:
    path = SAMPLES[language]
    text = path.read_text()
    wider = (
        re.sub(r"(?m)^(?=.*\S)(?!\S*\"\"\")", "   ", text)
        if language != "php"
        else text.replace("\n    ", "\n      ")
    )
    assert {change[1] for change in diff({path.name: text}, {path.name: wider})} <= {"formatting"}


@pytest.mark.parametrize(
    "language", [language for language in SAMPLES if language not in UNCOMMENTED]
)
def test_comments_and_line_ends_are_formatting(language: str) -> None:
    path = SAMPLES[language]
    text = path.read_text()
    comment = COMMENTS.get(language, "// note")
    last = text.rstrip("\n") + f"\n{comment}\n"
    assert [change[1] for change in diff({path.name: text}, {path.name: last})] == ["formatting"]
    windows = text.replace("\n", "\r\n")
    assert {change[1] for change in diff({path.name: text}, {path.name: windows})} <= {"formatting"}


@pytest.mark.parametrize("language", SAMPLES)
def test_a_changed_word_is_a_change(language: str) -> None:
    """Whatever word changes, something other than formatting is reported."""
    path = SAMPLES[language]
    text = path.read_text()
    whole = extract(path.name, text.encode())
    words = [
        match
        for match in re.finditer(r"\b[a-z]{3,}\b", text)
        if not _in_comment(text, match.start())
    ]
    for match in words[::7]:
        changed = text[: match.start()] + "zzz" + match.group() + text[match.end() :]
        kinds = {change[1] for change in diff({path.name: text}, {path.name: changed}, exact=True)}
        assert kinds - {"formatting"}, match
    assert whole.symbols


def _in_comment(text: str, at: int) -> bool:
    line = text[text.rfind("\n", 0, at) + 1 : text.find("\n", at)]
    return bool(re.search(r"#(?!\[|include|define|if)|//|/\*|\*/|--|^\s*\*", line)) or "`" in line


@pytest.mark.parametrize(
    ("path", "data", "language"),
    [
        ("a.py", b"", "python"),
        ("dir.py/a", b"", ""),
        ("A.PY", b"", "python"),
        ("Makefile", b"", "make"),
        ("Justfile", b"", ""),
        ("docker/Dockerfile.dev", b"", "dockerfile"),
        (".env.local", b"", "env"),
        ("requirements-dev.txt", b"", "requirements"),
        ("notes.txt", b"", ""),
        ("go.mod", b"", "gomod"),
        ("CMakeLists.txt", b"", "cmake"),
        ("Gemfile", b"", "ruby"),
        ("tool", b"#!/usr/bin/env python3\n", "python"),
        ("tool", b"#!/usr/bin/env -S python3.11 -u\n", "python"),
        ("tool", b"#! /bin/sh -e\n", "bash"),
        ("tool", b"#!/usr/bin/perl\n", ""),
        ("x.h", b"int f(void);\n", "c"),
        ("x.h", b"namespace a {\n}\n", "cpp"),
        ("x.C", b"", "cpp"),
        ("x.tsx", b"", "tsx"),
        (".bashrc", b"", "bash"),
        (".py", b"", "python"),
        ("x.", b"", ""),
        ("tool", b"#!\n", ""),
    ],
)
def test_detection(path: str, data: bytes, language: str) -> None:
    assert detect(path, data) == language


def test_only_the_grammars_needed_are_loaded(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys, git_muse_coord.symbols, git_muse_coord.symbols.extract as e\n"
        "import git_muse_coord.symbols.changes,"
        " git_muse_coord.symbols.cache, git_muse_coord.symbols.suggest, git_muse_coord.symbols.index,"
        " git_muse_coord.symbols.collect, git_muse_coord.symbols.link, git_muse_coord.symbols.graph_codec\n"
        "assert not [m for m in sys.modules if m.startswith('tree_sitter')]\n"
        "e.extract('a.py', b'x = 1')\n"
        "loaded = {m.partition('.')[0] for m in sys.modules if m.startswith('tree_sitter')}\n"
        "assert loaded == {'tree_sitter', 'tree_sitter_python'}, loaded\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.js", "exports.g = function () {};", ["g"]),
        ("a.js", "module.exports.g = 1;", ["g"]),
        ("a.js", "exports = module.exports = class K { m() {} };", ["K", "K.m"]),
        ("a.js", "var a = b = function () {};", ["a", "b"]),
        ("a.js", "Foo.prototype.h = function () {};", ["Foo.h"]),
        ("a.js", "const x = require('x').y;\nimport z from 'z';", ["<imports>"]),
        ("a.js", "export default () => 1;", ["default"]),
        (
            "a.js",
            "describe('a.b', () => { it('c d', () => { const x = 1; }); });",
            ["`describe a.b`", "`describe a.b`.`it c d`"],
        ),
        ("a.js", "function f() { const x = 1; var y; for (let i of x) {} }", ["f"]),
        ("a.py", "def f():\n    x = 1\n    for y in z: pass\n", ["f"]),
        ("a.go", "package a\n\nfunc (r *Recv[T]) Do() { x := 1 }\n", ["<module>", "Recv.Do"]),
        ("a.c", "int proto(int a);\nint f(void) { int x = 1; return x; }\n", ["<module>", "f"]),
        ("a.c", "#define EMPTY\n#define FULL 1\n", ["<module>", "FULL"]),
        (
            "a.kt",
            "fun A.f() = 1\nfun b.C<D>?.f() = 2\nclass E {\n    fun A.g() = 1\n}\n",
            ["A.f", "C.f", "E", "E.g"],
        ),
        (
            "a.kt",
            "class T {\n    fun a() {\n        val c = e.c\n"
            '        get("x") { f() }\n        set(1, 2)\n    }\n    fun b() {}\n}\n',
            ["T", "T.a", "T.b"],
        ),
        (
            "a.kt",
            "class T {\n    var a = 1\n        get() = 2\n        set(value) { f(value) }\n    fun b() {}\n}\n",
            ["T", "T.a", "T.b"],
        ),
        ("a.kt", "context(c: G, d: (A) -> B)\nfun f() = 1\nfun g() = context(1)\n", ["f", "g"]),
        (
            "a.kt",
            "class P<T : Any>\n@A internal constructor(n: Int) : O<T> {\n    fun b() {}\n}\n",
            ["P", "P.b"],
        ),
        (
            "a.rs",
            "impl A for B { fn f() {} }\nimpl C for B { fn f() {} }",
            ["B.impl-A", "B.f", "B.impl-C", "B.impl-C.f"],
        ),
        ("a.py", "@property\ndef p(s): ...\n@p.setter\ndef p(s, v): ...\n", ["p", "p(_,_)"]),
    ],
)
def test_names(path: str, text: str, expected: list[str]) -> None:
    assert selectors(path, text) == expected


def test_what_belongs_to_a_definition() -> None:
    text = "x = 1  # of x\n\n# lost\n\n# glued\n@deco\n# between\ndef f():\n    pass\n"
    (symbol,) = [each for each in extract("a.py", text.encode()).symbols if each.kind == "function"]
    assert (
        text.encode()[symbol.start_byte : symbol.end_byte].decode()
        == text[text.index("# glued") :].rstrip()
    )
    assert symbol.signature == "def f()"


def test_a_comment_behind_code_is_not_glued() -> None:
    text = "int x = 1; // of x\nint f(void) { return 1; }\n"
    (symbol,) = [each for each in extract("a.c", text.encode()).symbols if each.kind == "function"]
    assert symbol.start_line == 2


def test_a_conversion_outside_of_its_class_is_named_as_in_it() -> None:
    text = "constexpr W::operator bool() const { return a; }\nW::operator A::B() { return b; }\n"
    assert selectors("a.cpp", text)[0] == "W.`operator bool`"


def test_macros_do_not_hide_definitions() -> None:
    text = """\
class MY_EXPORT Shape : public Base {
 public:
  MY_INLINE Shape() {}
  void area() REQUIRES_LOCK(mutex_) { x(); }
  MY_CONSTEXPR auto side() -> int { return 1; }
};
"""
    assert selectors("a.cpp", text) == ["Shape", "Shape.Shape", "Shape.area", "Shape.side"]
    changed = text.replace("REQUIRES_LOCK(mutex_)", "REQUIRES_LOCK(other_)")
    assert diff({"a.cpp": text}, {"a.cpp": changed}) == [("a.cpp::Shape.area", "signature")]


def test_syntax_errors_do_not_hide_the_rest() -> None:
    assert {"a", "b"} <= set(selectors("x.py", "def a():\n    return (\n\n\ndef b():\n    pass\n"))
    assert {"a", "b"} <= set(
        selectors("x.c", "int a(void) { return 1; }\n@@@ broken )\nint b(void) { return 2; }\n")
    )
    assert "b" in selectors("x.js", "function a( {\n}\nfunction b() {}\n")
