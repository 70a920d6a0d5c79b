"""Every language has a fixture of awkward constructs, with the symbols that must be found in it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from git_muse_coord.model.address import parse
from git_muse_coord.symbols import extract as extracting
from git_muse_coord.symbols.extract import extract, family
from git_muse_coord.symbols.languages import detect, facts_of, is_not_installed, language_of
from git_muse_coord.symbols.languages.facts import LanguageFacts
from git_muse_coord.symbols.languages.registry import REGISTRY
from tests.tools import Repo

from .helpers import ALL_SAMPLES, diff, listing, selectors

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
    "haskell",
    "julia",
    "perl",
    "clojure",
    "r",
}
"""Languages in which indentation, or the text of here-documents, means something."""
COMMENTS = {
    "python": "# note", "ruby": "# note", "bash": "# note", "toml": "# note", "yaml": "# note",
    "lua": "-- note", "sql": "-- note", "css": "/* note */", "html": "<!-- note -->", "xml": "<!-- note -->",
    "hcl": "# note", "make": "# note", "dockerfile": "# note", "ini": "# note", "properties": "# note",
    "env": "# note", "requirements": "# note", "graphql": "# note", "cmake": "# note",
    "elixir": "# note", "nix": "# note", "starlark": "# note", "luau": "-- note",
    "powershell": "# note", "julia": "# note", "haskell": "-- note",
    "r": "# note", "clojure": ";; note", "erlang": "% note",
    "perl": "# note", "ocaml": "(* note *)", "ocaml_interface": "(* note *)",
    "vue": "<!-- note -->", "svelte": "<!-- note -->", "astro": "<!-- note -->",
}  # fmt: skip
UNCOMMENTED = {"json", "markdown", "rst", "asciidoc", "notebook"}


def among(languages: Iterable[str]) -> list[Any]:
    """Languages to try; one in an extra only where that is installed."""
    parameters: list[Any] = []
    for language in sorted(languages):
        mark = pytest.mark.skipif(
            is_not_installed(language), reason="the extra more-languages is not installed"
        )
        parameters.append(pytest.param(language, marks=mark))
    return parameters


def test_every_language_has_a_fixture() -> None:
    assert set(ALL_SAMPLES) == set(REGISTRY), "scripts/new_language NAME SAMPLE writes it"


@pytest.mark.parametrize("field", ["extensions", "files", "patterns", "interpreters"])
def test_no_two_languages_claim_one_name(field: str) -> None:
    words = [word for facts in REGISTRY.values() for word in getattr(facts, field).split()]
    assert len(words) == len(set(words))


@pytest.mark.parametrize("language", [name for name, facts in REGISTRY.items() if not facts.reader])
def test_the_wheel_of_the_grammar_is_pinned(language: str) -> None:
    module = language_of(language).grammar.partition(":")[0]
    pins = (Path(__file__).parents[2] / "pyproject.toml").read_text()
    assert f'"{module.replace("_", "-")}==' in pins


@pytest.mark.parametrize("language", among(ALL_SAMPLES))
def test_the_fixture_gives_the_expected_symbols(language: str) -> None:
    path = ALL_SAMPLES[language]
    found = extract(path.name, path.read_bytes())
    assert found.language == language
    assert listing(found) == (path.parent / "expected.txt").read_text()


@pytest.mark.parametrize("language", among(ALL_SAMPLES))
def test_addresses_can_be_written_and_read(language: str) -> None:
    path = ALL_SAMPLES[language]
    for symbol in extract(path.name, path.read_bytes()).symbols:
        assert parse(str(symbol.address)) == symbol.address


@pytest.mark.parametrize("language", among(ALL_SAMPLES))
def test_ranges_are_inside_the_file_and_nested(language: str) -> None:
    data = ALL_SAMPLES[language].read_bytes()
    for symbol in extract(ALL_SAMPLES[language].name, data).symbols:
        assert 0 <= symbol.start_byte < symbol.end_byte <= len(data)
        assert symbol.start_byte <= symbol.body_start <= symbol.body_end
        assert symbol.start_line == data.count(b"\n", 0, symbol.start_byte) + 1
        assert symbol.end_line == data.count(b"\n", 0, symbol.end_byte) + 1
        assert data[symbol.end_byte - 1 : symbol.end_byte].strip()


@pytest.mark.parametrize("language", among(ALL_SAMPLES.keys() - INDENTED))
def test_indentation_is_formatting(language: str) -> None:
    path = ALL_SAMPLES[language]
    text = path.read_text()
    wider = (
        re.sub(r"(?m)^(?=.*\S)(?!\S*\"\"\")", "   ", text)
        if language != "php"
        else text.replace("\n    ", "\n      ")
    )
    assert {change[1] for change in diff({path.name: text}, {path.name: wider})} <= {"formatting"}


@pytest.mark.parametrize("language", among(ALL_SAMPLES.keys() - UNCOMMENTED))
def test_comments_and_line_ends_are_formatting(language: str) -> None:
    path = ALL_SAMPLES[language]
    text = path.read_text()
    comment = COMMENTS.get(language, "// note")
    last = text.rstrip("\n") + f"\n{comment}\n"
    assert [change[1] for change in diff({path.name: text}, {path.name: last})] == ["formatting"]
    windows = text.replace("\n", "\r\n")
    assert {change[1] for change in diff({path.name: text}, {path.name: windows})} <= {"formatting"}


@pytest.mark.parametrize("language", among(ALL_SAMPLES))
def test_a_changed_word_is_a_change(language: str) -> None:
    """Whatever word changes, something other than formatting is reported."""
    path = ALL_SAMPLES[language]
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
    return (
        bool(re.search(r"#(?!\[|include|define|if)|//|/\*|\*/|\(\*|--|^\s*[*;%]", line))
        or "`" in line
    )


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


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("a.jl", "f(x::Int) = 1\nf(x::Vector{T}) where {T} = 2\n", ["f", "f(Vector)"]),
        ("a.jl", "f(x) = 1\nf(x...) = 2\n", ["f", "f(*)"]),
        ("a.jl", "f(x) = 1\nf{T}(x) where {T} = 2\n", ["f", "f<T>(_)"]),
        (
            "a.jl",
            "f(x::T) where {T<:A} = 1\nf(x::T) where {T<:B} = 2\n",
            ["f", "f<T=B>(T)"],
        ),
        ("a.jl", "f{T}(x) where {T} = 2\nf(x) = 1\n", ["f", "f<>(_)"]),
        ("a.jl", "f(::Val{1}) = 1\nf(::Val{2}; k = 1) = 2\n", ["f", "f(Val<2>)"]),
        ("a.jl", "struct P{T} <: Q\n    x\n    y::T\nend\n", ["P", "P.x", "P.y"]),
        ("a.jl", "a[1] = 2\na.b = 3\n@time c = 4\n", ["<module>", "c"]),
        ("a.jl", "for i in x\n    y = i\nend\nbegin\n    z = 1\nend\n", ["<module>"]),
        ("a.hs", "f :: Int -> Int\nf 0 = 1\nf n = g\n  where\n    g = n\n", ["f", "f", "f"]),
        (
            "a.hs",
            "instance Show (Maybe a) where\n  show _ = x\n",
            ["Show-Maybe", "Show-Maybe.show"],
        ),
        ("a.hs", "data T = A {x, y :: Int} | B\n", ["T", "T.A", "T.A.x", "T.A.y", "T.B"]),
        ("a.hs", "import B\nforeign import ccall c :: D\n", ["<imports>", "c"]),
    ],
)
def test_names_in_more_languages(path: str, text: str, expected: list[str]) -> None:
    if is_not_installed(detect(path, b"")):
        pytest.skip("the extra more-languages is not installed")
    assert selectors(path, text) == expected


def test_documentation_of_julia_belongs_to_what_follows() -> None:
    if is_not_installed("julia"):
        pytest.skip("the extra more-languages is not installed")
    text = 'x =\n"no text"\n"""\nOf f.\n"""\nfunction f() end\n'
    changed = text.replace("Of f", "About f")
    assert diff({"a.jl": text}, {"a.jl": changed}) == [("a.jl::f", "decoration")]
    changed = text.replace("no text", "a text")
    assert diff({"a.jl": text}, {"a.jl": changed}) == [("a.jl::x", "modified")]


@pytest.fixture
def without_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a plain install."""
    monkeypatch.setattr(
        extracting, "is_not_installed", lambda language: bool(facts_of(language).package)
    )


def test_a_package_that_is_nowhere_is_not_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(REGISTRY, "nowhere", LanguageFacts(package="tree_sitter_nowhere"))
    monkeypatch.setitem(REGISTRY, "here", LanguageFacts(package="tree_sitter_python"))
    languages = ("nowhere", "here", "python", "")
    assert [is_not_installed(each) for each in languages] == [True, False, False, False]


@pytest.mark.usefixtures("without_the_extra")
def test_without_its_extra_a_file_is_one_symbol() -> None:
    file = extract("a.jl", b"f() = 1\n")
    assert file.whole == extracting.NOT_INSTALLED
    assert [str(symbol.address) for symbol in file.symbols] == ["a.jl"]
    assert extract("a.py", b"f = 1\n").whole == ""


def test_what_was_read_without_the_extra_is_read_anew_with_it(
    without_the_extra: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = [family("a.jl"), family("a.py")]
    monkeypatch.setattr(extracting, "is_not_installed", lambda _language: False)
    with_extra = [family("a.jl"), family("a.py")]
    assert plain[0] != with_extra[0]
    assert plain[1] == with_extra[1]


@pytest.mark.usefixtures("without_the_extra")
def test_the_extra_is_named_where_it_is_missing(repo: Repo) -> None:
    for name in ("a.jl", "b.jl", "c.hs", "d.py"):
        repo.write(name, "f() = 1\n" if name != "d.py" else "f = 1\n")
    repo.commit("All")
    ran = repo.muse("symbols", "a.jl")
    assert ran.err.splitlines() == [
        "warning: a.jl is read as a whole; its symbols take git-muse-coord[more-languages]"
    ]
    assert "a.jl and 2 more are read" in repo.muse("symbols").err
    assert repo.muse("symbols", "d.py").err == ""
