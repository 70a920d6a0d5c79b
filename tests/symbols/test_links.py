"""What names lead to in the other languages, through the awkward ways in which each of them says it."""

from __future__ import annotations

import random

import pytest

from git_muse_coord.symbols.collect import collect
from git_muse_coord.symbols.graph_codec import GRAPHS
from git_muse_coord.symbols.link import link
from git_muse_coord.symbols.references_codec import decode_references, encode_references

from .helpers import SAMPLES, calls, everything_in, graph, uses


def test_modules_of_typescript() -> None:
    found = calls(
        {
            "package.json": '{\n  "name": "shop"\n}\n',
            "src/index.ts": "export * from './cart'\nexport { sum as total } from './util.js'\n"
            "export default function main() {}\n",
            "src/util.ts": "export function sum() {}\n",
            "src/cart/index.ts": "export class Cart { add(): this { return this } }\n"
            "export const empty = () => new Cart()\n",
            "web/a.tsx": "import main, { Cart, total } from 'shop'\nimport * as all from '../src'\n"
            "main(); total(); all.empty().add()\nexport function f(c: Cart | null) { c?.add() }\n",
            "old/b.js": "const { sum } = require('../src/util')\nconst all = require('../src/cart')\n"
            "function g() { sum(); new all.Cart().add() }\nmodule.exports = g\n",
            "old/c.js": "const g = require('./b')\nfunction h() { g() }\n",
        }
    )
    assert found == {
        "src/cart/index.ts::empty -> src/cart/index.ts::Cart",
        "web/a.tsx::<module> -> src/index.ts::main",
        "web/a.tsx::<module> -> src/util.ts::sum",
        "web/a.tsx::<module> -> src/cart/index.ts::empty",
        "web/a.tsx::<module> -> src/cart/index.ts::Cart.add",
        "web/a.tsx::f -> src/cart/index.ts::Cart.add",
        "old/b.js::g -> src/util.ts::sum",
        "old/b.js::g -> src/cart/index.ts::Cart",
        "old/b.js::g -> src/cart/index.ts::Cart.add",
        "old/c.js::h -> old/b.js::g",
    }


def test_a_package_may_take_in_all_names_of_many_files() -> None:
    """More files than one name may have meanings: each of these is only a place to look."""
    modules = {f"pkg/_m{number}.py": f"def c{number}(): pass\n" for number in range(12)}
    stars = "".join(f"from ._m{number} import *\n" for number in range(12))
    found = calls(
        {**modules, "pkg/__init__.py": stars, "t.py": "import pkg\ndef f(): pkg.c0(); pkg.c11()\n"}
    )
    assert found == {"t.py::f -> pkg/_m0.py::c0", "t.py::f -> pkg/_m11.py::c11"}


def test_classes_of_typescript() -> None:
    text = """
class Base { run() {} get own() { return new Tool() } }
class Tool { use() {} }
class A extends Base {
  field: Tool
  other = new Tool()
  constructor(private readonly given: Tool, plain) { super(); this.late = new Tool(); plain.unheard() }
  run() { super.run(); this.field.use(); [1].forEach(() => this.other!.use()) }
  async more(): Promise<Tool> { this.given.use(); this.late.use(); this.own.use(); this.run() }
  async most() { (await this.more()).use() }
}
interface Plan { step(): void }
function go(p: Plan, run) { p.step(); run() }
new A()
"""
    own = {
        "A.run -> Base.run",
        "A.run -> Tool.use",
        "A.more -> Tool.use",
        "A.more -> A.run",
        "A.most -> A.more",
        "A.most -> Tool.use",
        "A.constructor -> Tool",
        "A.other -> Tool",
        "Base.own -> Tool",
        "go -> Plan.step",
        "<module> -> A",
        "<module> -> A.constructor",
    }
    assert calls({"a.ts": text}) == {f"a.ts::{one.replace(' -> ', ' -> a.ts::')}" for one in own}


KIT = "package kit\nfunc New() int { return 1 }\n"
USER = (
    'package main\nimport (\n\t"fmt"\n\t"encoding/json"\n\t"%s"\n)\n'
    "func main() { fmt.Sprint(kit.New(), json.New()) }\n"
)
JSON = "package json\nfunc New() int { return 2 }\n"


@pytest.mark.parametrize(
    ("module", "kit"),
    [
        ("github.com/me/shop/kit", "kit/kit.go"),
        ("github.com/me/shop/deep/kit", "deep/kit/kit.go"),
        ("github.com/you/kit", "vendor/github.com/you/kit/kit.go"),
        ("github.com/you/kit", "Godeps/_workspace/src/github.com/you/kit/kit.go"),
        ("github.com/you/kit", "cmd/vendor/github.com/you/kit/kit.go"),
    ],
)
def test_packages_of_go_that_no_manifest_names(module: str, kit: str) -> None:
    """What comes with Go is not what lies here under a name that ends alike."""
    found = calls({"cmd/main.go": USER % module, kit: KIT, "json/json.go": JSON})
    assert found == {f"cmd/main.go::main -> {kit}::New"}


def test_a_name_of_go_without_a_host_is_one_that_several_packages_agree_on() -> None:
    files = {"cmd/main.go": USER % "corp/shop/kit", "kit/kit.go": KIT}
    assert calls(files) == set()
    other = 'package tool\nimport "corp/shop/box"\nfunc Use() { box.New() }\n'
    files |= {"tool/tool.go": other, "box/box.go": KIT.replace("kit", "box")}
    assert calls(files) == {
        "cmd/main.go::main -> kit/kit.go::New",
        "tool/tool.go::Use -> box/box.go::New",
    }


def test_go_in_a_directory_with_a_name_of_its_own() -> None:
    """As where a build file gives a directory of a larger tree its name."""
    main = 'package main\nimport (\n\t"corp.com/x/pkg/kit"\n\t"corp.com/x/pkg/box"\n)\n'
    found = calls(
        {
            "web/cmd/main.go": main + "func main() { kit.New(); box.New() }\n",
            "web/pkg/kit/kit.go": KIT,
            "web/pkg/box/box.go": KIT.replace("kit", "box"),
            "old/box/box.go": KIT.replace("kit", "box"),
        }
    )
    assert found == {
        "web/cmd/main.go::main -> web/pkg/kit/kit.go::New",
        "web/cmd/main.go::main -> web/pkg/box/box.go::New",
    }


def test_imports_that_lead_nowhere_are_counted_where_something_is_called_like_that() -> None:
    files = {
        "web/kit.ts": "export function f() {}\n",
        "web/a.ts": "import { f } from 'app/kit'\nimport { g } from 'app/none'\nimport kit from 'kit'\n",
        "web/b.ts": "import { f } from './kit'\nimport * as path from 'node:path'\n",
        "py/logging.py": "def f(): pass\n",
        "py/deep/tools.py": "import logging.handlers\nimport mine.logging\n",
    }
    assert graph(files).imports == (("python", 0, 1), ("typescript", 1, 1))


def test_a_root_package_of_go_is_imported_by_the_name_that_the_others_agree_on() -> None:
    found = calls(
        {
            "shop.go": "package shop\nfunc Open() {}\n",
            "kit/kit.go": KIT,
            "cmd/main.go": 'package main\nimport (\n\t"host.com/me/shop"\n\t"host.com/me/shop/kit"\n)\n'
            "func main() { shop.Open(); kit.New() }\n",
        }
    )
    assert found == {"cmd/main.go::main -> shop.go::Open", "cmd/main.go::main -> kit/kit.go::New"}


def test_packages_of_go() -> None:
    found = calls(
        {
            "go.mod": "module example.com/shop\n",
            "main.go": 'package main\nimport (\n\t"fmt"\n\tk "example.com/shop/kit"\n)\n'
            "func main() { fmt.Println(); k.New().Fill(help()); var b k.Box; b.Fill(0) }\n",
            "help.go": "package main\nfunc help() int { return 1 }\n",
            "kit/box.go": "package kit\ntype Lid struct{}\nfunc (l Lid) Shut() {}\n"
            "type Box struct { Lid; Inner *Lid }\nfunc New() (*Box, error) { return &Box{}, nil }\n",
            "kit/fill.go": "package kit\nfunc (b *Box) Fill(n int) {\n\tb.Shut()\n\tb.Inner.Shut()\n\tx, err := New()\n"
            "\tx.Fill(n)\n\terr.Fill(n)\n}\ntype Any interface { Shut() }\nfunc use(a Any) { a.Shut() }\n",
        }
    )
    assert found == {
        "main.go::main -> kit/box.go::New",
        "main.go::main -> kit/fill.go::Box.Fill",
        "main.go::main -> help.go::help",
        "kit/box.go::New -> kit/box.go::Box",
        "kit/fill.go::Box.Fill -> kit/box.go::Lid.Shut",
        "kit/fill.go::Box.Fill -> kit/box.go::New",
        "kit/fill.go::use -> kit/fill.go::Any.Shut",
    }


def test_packages_of_java() -> None:
    found = calls(
        {
            "src/a/Base.java": "package a;\nclass Base { Base() {} void run() {} Other make() { return null; } }\n",
            "src/a/Other.java": "package a;\npublic class Other { "
            "public void go() {} static Other of() { return null; } }\n",
            "src/b/Use.java": "package b;\nimport a.Base;\nimport static a.Other.of;\nimport a.*;\n"
            "class Use extends Base {\n  private Other field;\n  void run() { super.run(); make().go(); field.go(); }\n"
            "  void more(Object x) { run(); of().go(); new Base().run(); ((Other) x).go(); "
            "var o = new Other(); o.go(); }\n}\n",
        }
    )
    use = {
        "Use.run -> src/a/Base.java::Base.run",
        "Use.run -> src/a/Base.java::Base.make",
        "Use.run -> src/a/Other.java::Other.go",
        "Use.more -> src/b/Use.java::Use.run",
        "Use.more -> src/a/Other.java::Other.of",
        "Use.more -> src/a/Other.java::Other.go",
        "Use.more -> src/a/Other.java::Other",
        "Use.more -> src/a/Base.java::Base",
        "Use.more -> src/a/Base.java::Base.Base",
        "Use.more -> src/a/Base.java::Base.run",
    }
    assert found == {f"src/b/Use.java::{one}" for one in use}


def test_crates_of_rust() -> None:
    found = calls(
        {
            "kit/Cargo.toml": '[package]\nname = "my-kit"\n',
            "kit/src/lib.rs": "pub mod tool;\npub use tool::Tool;\npub fn make() -> Tool { Tool::new() }\n",
            "kit/src/tool.rs": "pub struct Tool { inner: Inner }\nstruct Inner;\nimpl Inner { fn turn(&self) {} }\n"
            "impl Tool {\n    pub fn new() -> Self { Tool { inner: Inner } }\n"
            "    pub fn work(&self) { self.inner.turn(); self.rest(); }\n}\n"
            "trait Rest { fn rest(&self) {} }\nimpl Rest for Tool {}\n"
            "#[cfg(test)]\nmod tests {\n    use super::*;\n    fn t() { "
            "assert_eq!(Tool::new().work(), crate::make()); }\n}\n",
            "app/src/main.rs": "use my_kit::{make, tool::Tool as T};\nmod sub;\nfn main() { "
            "make().work(); sub::f(&T::new()); }\n",
            "app/src/sub.rs": "use super::helper;\nuse my_kit::Tool;\npub fn f(t: &Tool) { t.work() }\n",
        }
    )
    assert found == {
        "kit/src/lib.rs::make -> kit/src/tool.rs::Tool.new",
        "kit/src/tool.rs::Tool.new -> kit/src/tool.rs::Tool",
        "kit/src/tool.rs::Tool.work -> kit/src/tool.rs::Inner.turn",
        "kit/src/tool.rs::Tool.work -> kit/src/tool.rs::Rest.rest",
        "kit/src/tool.rs::tests.t -> kit/src/tool.rs::Tool.new",
        "kit/src/tool.rs::tests.t -> kit/src/tool.rs::Tool.work",
        "kit/src/tool.rs::tests.t -> kit/src/lib.rs::make",
        "app/src/main.rs::main -> kit/src/lib.rs::make",
        "app/src/main.rs::main -> kit/src/tool.rs::Tool.work",
        "app/src/main.rs::main -> kit/src/tool.rs::Tool.new",
        "app/src/main.rs::main -> app/src/sub.rs::f",
        "app/src/sub.rs::f -> kit/src/tool.rs::Tool.work",
    }


def test_a_pattern_of_rust_may_name_nothing() -> None:
    text = "fn g() {}\nfn f(&_: &u8) { for &_ in g() {} let &_ = g(); }\n"
    assert calls({"a.rs": text}) == {"a.rs::f -> a.rs::g"}


def test_in_a_macro_of_rust_a_method_is_no_function_of_its_name() -> None:
    text = 'fn len() {}\nfn g() {}\nfn f(x: &str) { assert!((x).len() == x.trim().len(), g(), "".len()) }\n'
    assert calls({"a.rs": text}) == {"a.rs::f -> a.rs::g"}


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.rb", "class A\n  def one; end\nend\ndef two(a)\n  a.one()\nend\n", "two -> A.one"),
        ("a.php", "<?php\nfunction one() {}\nfunction two() { one(); }\n", "two -> one"),
        ("a.cs", "class A { void One() {} void Two() { this.One(); } }", "A.Two -> A.One"),
        ("a.kt", "fun one() {}\nfun two() { x.y.one() }\n", "two -> one"),
        ("a.swift", "func one() {}\nfunc two() { one() }\n", "two -> one"),
        ("a.scala", "object O { def one() = 1\n def two() = O.one() }\n", "O.two -> O.one"),
        ("a.lua", "function one() end\nfunction two() one() end\n", "two -> one"),
        ("a.sh", "one() { :; }\ntwo() { one a; }\n", "two -> one"),
        ("a.c", "int one(void) { return 1; }\nint two(void) { return one(); }\n", "two -> one"),
        ("a.cpp", "struct A { void one() {} };\nvoid two(A* a) { a->one(); }\n", "two -> A.one"),
    ],
)
def test_unique_names_elsewhere(name: str, text: str, expected: str) -> None:
    source, _, target = expected.partition(" -> ")
    assert calls({name: text}) == {f"{name}::{source} -> {name}::{target}"}
    assert calls({name: text, f"other/{name}": text}) == set()
    assert len(graph({name: text}).unlinked) == 1


def test_a_declaration_in_a_header_does_not_hide_the_definition() -> None:
    texts = {
        "a.h": "int one(void);\n",
        "a.c": "int one(void) { return 1; }\n",
        "b.c": "int two(void) { return one(); }\n",
    }
    assert calls(texts) == {"b.c::two -> a.c::one"}


def test_names_that_are_not_called() -> None:
    found = uses({"a.go": "package a\nconst One = 1\nvar Two = One\n"})
    assert found == {"a.go::Two name a.go::One"}


DEEP = {
    "a.py": "x = " + "(" * 3_000 + ")" * 3_000 + "\n" + "a" + ".b()" * 3_000,
    "b.py": "y = " + "z if 1 else " * 2_000 + "w\n" + "def f(" + "a=(" * 1_000,
    "h.py": "lambda x: " * 5_000 + "y" + " + y.z" * 20_000,
    "c.ts": "a" + "?.b()" * 3_000 + ";" + "{" * 3_000 + "(x => " * 1_000,
    "d.rs": "use a::" + "{b::" * 3_000 + "c" + "}" * 3_000 + ";\nfn f() { m!(" + "(" * 3_000 + " }",
    "e.go": "package a\n" + "func f() { " * 1_000 + "a" + ".b()" * 3_000,
    "f.java": "class A { int x = a" + ".b()" * 3_000 + ";" + "class B extends C<" * 1_000,
    "g.c": "int f() { return " + "g(" * 3_000,
}


@pytest.mark.parametrize("path", DEEP)
def test_depth_is_no_danger(path: str) -> None:
    file = collect(path, DEEP[path].encode())
    assert file.broken or file.whole or file.scopes
    link({path: file})


@pytest.mark.parametrize("language", SAMPLES)
def test_bad_bytes_never_stop_it(language: str) -> None:
    """Pieces cut out, doubled and put elsewhere; what comes out can be stored."""
    sample = SAMPLES[language]
    randomly = random.Random(language)
    for _ in range(20):
        data = bytearray(sample.read_bytes())
        for _ in range(8):
            at, end = sorted((randomly.randrange(len(data)), randomly.randrange(len(data))))
            piece = data[at : min(end, at + 60)]
            data[at : at + randomly.choice((0, len(piece)))] = randomly.choice(
                (b"", b"\xff", piece * 2, b"(", b"::")
            )
        file = collect(sample.name, bytes(data))
        restored = decode_references(sample.name, encode_references(file))
        assert everything_in(restored) == everything_in(file)
        found = link({sample.name: file, f"x/{sample.name}": file})
        assert GRAPHS.decode("", GRAPHS.encode(found)).edges == found.edges


def test_classes_that_inherit_each_other() -> None:
    text = (
        "class A(B): pass\nclass B(A): pass\nx = x.y\n"
        "def f(a: A):\n    a.m()\n    x.m()\n    f(a)\n    f()()\n    return f()\n"
    )
    assert calls({"a.py": text}) == set()


def test_comments_of_javascript_say_types() -> None:
    found = calls(
        {
            "tool.js": "export class Tool { run() {} }\nexport class Other { run() {} }\n",
            "a.js": "/** @import { Tool as T } from './tool.js' */\n"
            "/** @typedef {import('./tool.js').Other} Other */\n"
            "/**\n * @param {T[]} list\n * @param {import('./tool.js').Other} [one]\n * @returns {T}\n */\n"
            "export function f(list, one = null) { list[0].run(); one.run(); return g() }\n"
            "/** @param {Other} x */\nconst h = (x) => x.run();\n"
            "class A {\n  /** @type {T | null} */\n  field = null;\n  m() { this.field?.run(); f([]).run() }\n}\n"
            "/** @param {T} x */\nconst unrelated = 1;\nfunction k(x) { x.unheard() }\n",
        }
    )
    assert found == {
        "a.js::f -> tool.js::Tool.run",
        "a.js::f -> tool.js::Other.run",
        "a.js::h -> tool.js::Other.run",
        "a.js::A.m -> tool.js::Tool.run",
        "a.js::A.m -> a.js::f",
    }


def test_a_type_that_stands_for_others_has_what_they_have() -> None:
    text = (
        "class A { run() {} }\ninterface B { stop(): void }\nclass C { run() {} }\n"
        "type D = A | (B & { x: number });\nfunction f(d: D) { d.run(); d.stop() }\n"
    )
    assert calls({"a.ts": text}) == {"a.ts::f -> a.ts::A.run", "a.ts::f -> a.ts::B.stop"}
