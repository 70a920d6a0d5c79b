"""Formats of every day: what an edit of them touches, and what is only layout."""

from __future__ import annotations

import pytest

from git_muse_coord.model.address import parse
from git_muse_coord.symbols.extract import extract
from git_muse_coord.symbols.twice import doubled

from .helpers import diff, selectors


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        (
            "Dockerfile",
            "FROM a AS build\nRUN <<EOF\nFROM b\nEOF\n# FROM c\nRUN x \\\n  FROM d\nFROM e\n",
            ["build", "e"],
        ),
        ("Dockerfile", "# a \\\nFROM a as x\n", ["x"]),
        ("a.env", "A='1\nB=2\n'\nexport C=3\n", ["A", "C"]),
        ("a.ini", "[a]\nk = 1\n  = 2\n[b]\n", ["a", "a.k", "b"]),
        (".gitconfig", "[user]\n\tname = x\n\temail = y\n", ["user", "user.name", "user.email"]),
        ("a.properties", "! e=f\na.b=1\nc \\\n  d\n", ["`a.b`", "c"]),
        (
            "a.sql",
            "CREATE FUNCTION f() AS $x$ CREATE TABLE t(a int); $x$;\nCREATE TABLE s.u (a int);\n",
            ["f", "s.u"],
        ),
        (
            "a.sql",
            "DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END//\nDELIMITER ;\nDROP TABLE x;\n",
            ["<module>", "p"],
        ),
        ("a.sql", "CREATE TABLE [dbo].[a b] (x int)\nGO\nALTER VIEW v AS SELECT 1\nGO\n", ["dbo.`a b`", "v"]),
        ("a.sql", "CREATE INDEX ON t (x);\n", ["a.sql"]),
        ("a.proto", 'message M { string s = 1 [(x) = {a: "}"}]; }\n', ["M", "M.s"]),
        ("a.graphql", "type A { b(c: D = {e: 1}): [F!]! @g }\nunion U = A | B\n", ["A", "A.b", "U"]),
        ("a.graphql", "union U = type | A\nscalar S\n", ["U", "S"]),
        ("a.graphql", "type A {}\nenum B {\n}\ninput C { d: E }\n", ["A", "B", "C", "C.d"]),
        ("CMakeLists.txt", "function(f)\n set(x 1)\nendfunction()\nset(y [=[ ) ]=])\n", ["f", "y"]),
        ("requirements.txt", "-r a.txt\nb==1 # c\nd[e]>2\n./local\n", ["<module>", "b", "d"]),
        ("go.mod", "module m\nrequire (\n\ta/b v1 // indirect\n)\nretract v1\n",
         ["<module>", "module", "require", "require.a/b", "retract.v1"]),
        ("a.css", "@media print { .a { b: c } }\n:root { --x: 1 }\n",
         ["`@media print`", "`@media print`.`.a`", "`:root`", "`:root`.--x"]),
        ("a.scss", "@mixin m($a) { $b: 1; }\n$c: 2;\n", ["m", "$c"]),
        ("a.html", '<main><p id="a">b</p></main>\n', ["<main>", "<main>.a"]),
        ("pom.xml",
         "<project><dependencies><dependency><artifactId>a</artifactId></dependency></dependencies></project>",
         ["project", "project.dependencies", "project.dependencies.a"]),
        ("a.tf", 'resource "a" "b" {\n  c { d = 1 }\n}\n', ["resource.a.b", "resource.a.b.c", "resource.a.b.c.d"]),
        ("Makefile", "a b: c\n\techo\nV := 1\ninclude x.mk\n", ["<imports>", "a", "b", "V"]),
    ],
)  # fmt: skip
def test_what_can_be_addressed(path: str, text: str, expected: list[str]) -> None:
    assert selectors(path, text) == expected or [path] == expected == [
        str(symbol.address) for symbol in extract(path, text.encode()).symbols
    ]


@pytest.mark.parametrize(
    ("path", "text", "old", "new", "owner"),
    [
        ("Dockerfile", 'FROM a\nRUN echo "x  y"\nFROM b\n', "x  y", "x y", "a"),
        ("Dockerfile", "FROM a\nRUN <<EOF\n  x\nEOF\n", "  x", " x", "a"),
        ("a.env", "A=x  y\nB=1\n", "x  y", "x y", "A"),
        ("a.sql", "CREATE VIEW v AS SELECT 'a  b';\nSELECT 1;\n", "a  b", "a b", "v"),
        ("a.html", "<main><pre>a  b</pre></main>", "a  b", "a b", "<main>"),
        ("a.xml", '<a xml:space="preserve"><b>x\n y</b></a>', "x\n y", "x\ny", "a.b"),
        ("Makefile", "a:\n\techo 'x  y'\n", "x  y", "x y", "a"),
        ("a.tf", 'a = "x  y"\n', "x  y", "x y", "a"),
        ("a.proto", 'option a = "x  y";\nmessage M {}\n', "x  y", "x y", "<module>"),
    ],
)
def test_blanks_count_where_a_program_sees_them(
    path: str, text: str, old: str, new: str, owner: str
) -> None:
    changes = diff({path: text}, {path: text.replace(old, new)})
    assert [change[:2] for change in changes] == [(f"{path}::{owner}", "modified")]


@pytest.mark.parametrize(
    ("path", "before", "after"),
    [
        ("a.css", ".a { b: c }\n.d { e: f }\n", ".d { e: f }\n.a { b: c }\n"),
        ("a.html", "<nav>x</nav><main>y</main>", "<main>y</main><nav>x</nav>"),
        ("a.sql", "ALTER TABLE a ADD b int;\nALTER TABLE c ADD d int;\n",
         "ALTER TABLE c ADD d int;\nALTER TABLE a ADD b int;\n"),
        ("Dockerfile", "FROM a AS x\nFROM b AS y\n", "FROM b AS y\nFROM a AS x\n"),
    ],
)  # fmt: skip
def test_another_order_is_a_change_where_it_counts(path: str, before: str, after: str) -> None:
    assert "modified" in {change[1] for change in diff({path: before}, {path: after})}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.css", ".a { b: c }\n.a { d: e }\n"),
        ("a.sql", "ALTER TABLE a ADD b int;\nALTER TABLE a ADD c int;\n"),
        ("a.xml", '<a><b name="x"/><c name="x"/></a>'),
    ],
)
def test_names_may_repeat(path: str, text: str) -> None:
    """None of them has a hash, and a merge in which both stand has nothing twice."""
    file = extract(path, text.encode())
    names = [str(symbol.address) for symbol in file.symbols]
    assert len(set(names)) < len(names)
    assert not any("~" in name for name in names)
    one = extract(path, text.partition("\n")[0].encode())
    assert doubled(file, [one, one]) == {}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.proto", "message \x01 { int32 \x02 = 1; }\nmessage M { int32 \x02 = 1; }\n"),
        ("a.graphql", "type \x01 { \x02: Int }\n"),
        ("a.sql", "CREATE TABLE \x01 (id int);\n"),
        ("a.dart", "class \x01 { void \x02() {} }\n"),
        ("a.cmake", "function(\x01)\nendfunction()\n"),
        ("a.ini", "[\x01]\n\x02 = 1\n"),
        ("go.mod", "module \x01\nrequire \x02 v1\n"),
    ],
)
def test_what_has_a_name_of_control_characters_has_none(path: str, text: str) -> None:
    for symbol in extract(path, text.encode()).symbols:
        assert parse(str(symbol.address)) == symbol.address
