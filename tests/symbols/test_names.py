"""A name that one side still uses while the other takes its import away is lost; a name that is bound is not."""

from __future__ import annotations

import pytest

from git_muse_coord.symbols.names import Names, imported_twice, lost_names, read_names


def read(path: str, text: str) -> Names:
    names = read_names(path, text.encode())
    assert names is not None
    return names


def lost(path: str, frame: str, line: str, use: str, instead: str = "") -> set[str]:
    """What is lost when one side puts something instead of the import of a file, and the other adds a use."""
    ours, theirs, merged = (
        frame.format(instead, ""),
        frame.format(line, use),
        frame.format(instead, use),
    )
    return set(lost_names(read(path, merged), [read(path, ours), read(path, theirs)]))


FRAMES = {
    "a.py": "{}\nimport os\n\n\ndef f(given=1):\n    return os.name\n{}\n",
    "a.js": "{}\nimport os from 'os'\n\nfunction f(given) {{ return os.name }}\n{}\n",
    "a.tsx": "{}\nimport os from 'os'\n\nfunction f(given: string) {{ return os.name }}\n{}\n",
    "a.go": 'package p\n\nimport (\n\t"os"\n{}\n)\n\nfunc f(given int) {{ os.Exit(given) }}\n\n{}\n',
    "a.rs": "{}\nuse std::os;\n\nfn f(given: u8) {{ os::x(given) }}\n{}\n",
    "A.java": "package p;\n{}\nimport java.util.Map;\n\nclass A {{\n  Map<X, Y> f(int n) {{ return x; }}\n{}\n}}\n",
}


@pytest.mark.parametrize(
    ("path", "line", "use", "name"),
    [
        ("a.py", "from geo import area", "def g():\n    return area(1)\n", "area"),
        ("a.py", "from geo import area as size", "x = size\n", "size"),
        ("a.py", "import geo", "def g():\n    return geo.area(1)\n", "geo"),
        ("a.py", "import geo.flat", "def g():\n    return geo.flat.area(1)\n", "geo"),
        ("a.py", "from geo import Shape", "class Box(Shape):\n    pass\n", "Shape"),
        ("a.py", "from geo import traced", "@traced\ndef g():\n    pass\n", "traced"),
        (
            "a.py",
            "from geo import Shape",
            "def g(one: Shape | None) -> int:\n    return 1\n",
            "Shape",
        ),
        ("a.py", "from geo import area", "def g():\n    return f'{area(1)}'\n", "area"),
        (
            "a.py",
            "from geo import area",
            "class A:\n    area = 1\n\n    def g(self):\n        return area\n",
            "area",
        ),
        ("a.py", "from geo import Shape", "def g(x: list[Shape]):\n    return x\n", "Shape"),
        ("a.js", "import { area } from './geo'", "export const x = () => area(1)\n", "area"),
        ("a.js", "import geo from './geo'", "geo.area(1)\n", "geo"),
        ("a.js", "import * as geo from './geo'", "export const x = {y: geo.area}\n", "geo"),
        ("a.js", "const geo = require('./geo')", "function g() { return geo.area(1) }\n", "geo"),
        ("a.js", "const { area } = require('./geo')", "function g() { return area(1) }\n", "area"),
        ("a.js", "import { area } from './geo'", "export { area }\n", "area"),
        ("a.tsx", "import { Box } from './geo'", "export const x = () => <Box a='1'/>\n", "Box"),
        (
            "a.tsx",
            "import type { Shape } from './geo'",
            "export function g(one: Shape) { return 1 }\n",
            "Shape",
        ),
        ("a.go", '\t"strings"', "func g() string { return strings.ToUpper(x) }\n", "strings"),
        ("a.go", '\tgeo "example.org/geo/v2"', "func g() geo.Shape { return nil }\n", "geo"),
        ("a.rs", "use geo::area;", "fn g() -> u8 { area(1) }\n", "area"),
        ("a.rs", "use geo::{self, Shape};", "fn g(one: &Shape) {}\n", "Shape"),
        ("a.rs", "use std::fmt;", "impl fmt::Debug for X {}\n", "fmt"),
        ("a.rs", "use serde::Serialize;", "#[derive(Serialize)]\nstruct X;\n", "Serialize"),
        ("a.rs", "use geo::area;", 'fn g() { println!("{}", area(1)); }\n', "area"),
        ("A.java", "import java.util.List;", "  List<X> g() { return null; }\n", "List"),
        ("A.java", "import org.p.Nullable;", "  @Nullable X g() { return null; }\n", "Nullable"),
        ("A.java", "import static org.p.Geo.area;", "  int g() { return area(1); }\n", "area"),
    ],
)
def test_an_import_that_goes_while_its_name_comes_into_use(
    path: str, line: str, use: str, name: str
) -> None:
    assert lost(path, FRAMES[path], line, use) == {name}
    assert lost(path, FRAMES[path], line, use, instead=line) == set()


@pytest.mark.parametrize(
    ("path", "line", "use", "instead"),
    [
        ("a.py", "from geo import area", "def g(area):\n    return area\n", ""),
        ("a.py", "from geo import area", "def g():\n    for area in x:\n        print(area)\n", ""),
        ("a.py", "from geo import area", "def g():\n    return area\n", "from geo import *"),
        ("a.py", "from geo import area", "def g():\n    return area\n", "from flat import area"),
        ("a.py", "from geo import area", "def g():\n    return area\n", "def area(): pass"),
        (
            "a.py",
            "from geo import area",
            "def g():\n    return area\n",
            "try:\n    import area\nexcept E:\n    area = 1",
        ),
        ("a.py", "from geo import area", "def g():\n    return x.area + f(area=1)\n", ""),
        (
            "a.py",
            "from geo import area",
            "match x:\n    case [area, *_]:\n        print(area)\n",
            "",
        ),
        (
            "a.py",
            "from geo import area",
            "match x:\n    case A(k=area) | A() as area:\n        print(area)\n",
            "",
        ),
        ("a.py", "from geo import Shape", "def g[Shape](x: Shape) -> Shape:\n    return x\n", ""),
        ("a.py", "from builtins import open", "def g():\n    return open(x)\n", ""),
        ("a.js", "import { area } from './geo'", "function g({ area }) { return area }\n", ""),
        ("a.js", "import { area } from './geo'", "x.area({ area: 1 })\n", ""),
        ("a.js", "import { URL } from 'url'", "new URL(x)\n", ""),
        ("a.js", "import { area } from './geo'", "area(1)\n", "const area = 1"),
        ("a.js", "const area = require('./geo')", "area(1)\n", "import area from './geo'"),
        ("a.go", '\t"path"', "func g(path X) { path.Do(X{path: 1}) }\n", ""),
        ("a.go", '\t"path"', "func g() X { return X{path: 1} }\n", ""),
        (
            "a.go",
            '\t"strings"',
            "func g() { strings.ToUpper(x) }\n",
            '\tstrings "example.org/strings"',
        ),
        ("a.rs", "use std::path;", 'fn g(&self) { println!("{}", self.path, path = 1); }\n', ""),
        ("a.rs", "use geo::area;", "fn g() { area(1) }\n", "use geo::*;"),
        ("a.rs", "use geo::area;", "fn g() { area(1) }\n", "mod area;"),
        (
            "A.java",
            "import java.util.List;",
            "  List<X> g() { return null; }\n",
            "import java.util.*;",
        ),
        (
            "A.java",
            "import static org.p.Geo.area;",
            "  int g() { return area(1); }\n",
            "import static org.p.Geo.*;",
        ),
        ("A.java", "import org.p.Shape;", "  <Shape> int g(Shape x) { return 1; }\n", ""),
        ("A.java", "import java.util.List;", "  class List {}\n  List g() { return null; }\n", ""),
    ],
)
def test_a_name_that_is_bound_all_the_same(path: str, line: str, use: str, instead: str) -> None:
    assert lost(path, FRAMES[path], line, use, instead) == set()


def test_a_name_that_was_free_before_is_not_lost() -> None:
    before = "def g():\n    return area\n"
    frame = "{}\n" + before + "\n\n{}"
    assert lost("a.py", frame, "from geo import area", "def h():\n    return area\n") == set()


@pytest.mark.parametrize(
    ("path", "line", "frame", "is_twice"),
    [
        ("a.js", "import geo from './geo'", "{}\nimport os from 'os'\n{}\n", True),
        ("a.tsx", "import { geo } from './geo'", "{}\nimport os from 'os'\n{}\n", True),
        ("a.go", '\t"geo"', 'package p\nimport (\n{}\n\t"os"\n{}\n)\n', True),
        ("a.rs", "use flat::geo;", "{}\nuse std::os;\n{}\n", True),
        ("a.rs", "use flat::geo;", "{}\nmod inner {{\n{}\n}}\n", False),
        ("a.py", "import geo", "{}\nimport os\n{}\n", False),
        ("A.java", "import org.p.geo;", "{}\nimport java.util.Map;\n{}\n", False),
    ],
)
def test_an_import_that_both_add(path: str, line: str, frame: str, is_twice: bool) -> None:
    sides = [read(path, frame.format(*lines)) for lines in ((line, ""), ("", line))]
    merged = read(path, frame.format(line, line))
    assert imported_twice(merged, sides) == (["geo"] if is_twice else [])


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", "def f(:\n"),
        ("a.kt", "fun f() {}\n"),
        ("a.txt", "x"),
        ("a.py", "\0"),
        ("a.vue", "<script>\nimport a from 'b'\n</script>\n"),
        ("a.svelte", "<script>\nimport a from 'b'\n</script>\n"),
        ("a.astro", "---\nimport a from 'b'\n---\n"),
        ("a.ipynb", '{"cells": [{"cell_type": "code", "id": "a", "source": ["import os"]}]}'),
    ],
)
def test_what_is_not_read(path: str, text: str) -> None:
    assert read_names(path, text.encode()) is None
