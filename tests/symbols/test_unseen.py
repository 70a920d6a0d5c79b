"""Every byte of a file belongs to somebody: no edit but of formatting is called formatting, or nothing."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from .edits import edit, real_files, violation
from .helpers import SAMPLES, diff

EXAMPLES = int(os.environ.get("MUSE_EDITS", "150"))
"""By hand: 20,000."""
ROOT = Path(os.environ["MUSE_EDITS_IN"]) if "MUSE_EDITS_IN" in os.environ else None
"""By hand: a folder of real files, instead of the fixtures."""
FILES = real_files(ROOT) if ROOT else list(SAMPLES.values())


@pytest.mark.slow
@settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
@given(st.sampled_from(FILES), st.integers(0, 1 << 32), st.sampled_from((0, 0, 1, 2)))
def test_no_edit_goes_unseen(path: Path, seed: int, broken: int) -> None:
    """Also where the text was cut before so that its grammar cannot read it."""
    source = random.Random(seed)
    before = path.read_bytes()
    for _ in range(broken):
        before = edit(before, source)
    after = edit(before, source)
    assert violation(path.name, before, after) == "", f"seed {seed} of {path}"


KOTLIN = """\
class M<R>(val id: Int) : Fiber<Unit>(id.toString()), Machine<R> {
    override fun <R : Any> suspend(io: Int, may: Boolean): R {
        return cast(io)
    }
}
fun tail() = 2
"""
"""At the comma the grammar gives up, and does not say so."""


def changed(path: str, text: str, old: str, new: str) -> list[tuple[str, ...]]:
    assert text.count(old) == 1
    return diff({path: text}, {path: text.replace(old, new)})


@pytest.mark.parametrize(
    ("path", "text", "old", "new", "owner"),
    [
        ("a.kt", KOTLIN, "2\n", "3\n", "<module>"),
        (
            "a.kt",
            "class T {\n  fun f() = 1\n  fun g() = m({ open(p) })\n  fun h() = 2\n}\n",
            "2",
            "3",
            "<module>",
        ),
        (
            "a.scala",
            'object A {\n  def f = 1\n  def g = s"hello world"\n  def h = 2\n}\n',
            "world",
            "moon",
            "A.g",
        ),
        (
            "a.scala",
            'object A {\n  def g = s"one $x two"\n  def h = 2\n}\n',
            " two",
            "  two",
            "A.g",
        ),
        (
            "a.sh",
            "emit() {\n  cat <<EOF\n  root:\n    key: 1\nEOF\n}\n",
            "  root:",
            "root:",
            "emit",
        ),
        ("a.sh", "emit() {\n  cat <<EOF | sort\n\n  $b\nEOF\n}\n", "  $b", "$b", "emit"),
        ("a.php", "<?php f(); ?>\n  <b>x</b>\n", "  <b>", "<b>", "<module>"),
        ("a.rb", "def f\n  g('a\\n')\nend\n", "'a\\n'", '"a\\n"', "f"),
        ("a.js", "function f() { for (; a; b) c() }\n", "; a; b", "a; b; ", "f"),
        ("a.js", "const x = [1,,]\n", ",,", ",", "x"),
        ("a.js", "function f() { (a?.b)(c) }\n", "(a?.b)", "a?.b", "f"),
        ("a.go", "package a\n\nfunc f() { for ; b; c() { } }\n", "; b; c()", "b; c();", "f"),
        ("a.py", "x = y[a,]\n", "a,", "a", "x"),
        ("a.py", "if x:\n    a()\nb()\n", "\nb()", "\n    b()", "<module>"),
        ("a.sh", "a && b\nc\n", "b\nc", "b c", "<module>"),
        ("a.yaml", "a: 1\n---\nb: 2\n", "---\n", "", "<module>"),
        ("A.cs", 'class A { string f = $"{x:a}"; }\n', ":a", ": a", "A.f"),
    ],
)
def test_what_no_leaf_of_the_tree_covers_has_an_owner(
    path: str, text: str, old: str, new: str, owner: str
) -> None:
    found = [change for change in changed(path, text, old, new) if change[1] != "formatting"]
    assert [address for address, *_ in found] == [f"{path}::{owner}"]


@pytest.mark.parametrize(
    ("path", "text", "old", "new", "owner"),
    [
        ("a.go", "//go:build linux\n\npackage p\n", "linux", "windows", "<module>"),
        ("a.go", "package p\n\n// why\n//go:embed a.txt\nvar s string\n", "a.txt", "b.txt", "s"),
        ("a.go", "package p\n\n//go:noinline\n// why\nfunc f() {}\n", "noinline", "nosplit", "f"),
        ("a.go", "package p\n\n//export F\nfunc f() {}\n", "export F", "export G", "f"),
        (
            "a.go",
            'package p\n\n// #include <a.h>\n// int f();\nimport "C"\n',
            "a.h",
            "b.h",
            "<module>",
        ),
        ("a.go", 'package p\n\n/*\n#include <a.h>\n*/\nimport "C"\n', "a.h", "b.h", "<module>"),
        (
            "a.go",
            'package p\n\nimport (\n\t"fmt"\n\t// int f();\n\t"C"\n)\n',
            "int",
            "char",
            "<imports>",
        ),
        ("a.py", "#!/usr/bin/env python3\ndef f(): pass\n", "python3", "python2", "<module>"),
        ("a.py", "#!/bin/sh\n# -*- coding: latin-1 -*-\nx = 1\n", "latin-1", "utf-8", "<module>"),
        (
            "a.py",
            '# /// script\n# dependencies = ["a"]\n# ///\nimport a\n',
            '"a"',
            '"b"',
            "<module>",
        ),
        ("a.rb", "# why\n# frozen_string_literal: true\n\nx = 1\n", "true", "false", "<module>"),
        ("a.sh", "#!/bin/sh\n#SBATCH -n 1\nf() { a; }\n", "-n 1", "-n 2", "<module>"),
        ("a.js", "#!/usr/bin/env node\nf()\n", "node", "deno", "<module>"),
        ("a.js", 'const a = import(/* webpackChunkName: "b" */ "c")\n', '"b"', '"d"', "<imports>"),
        ("a.ts", '/// <reference types="node" />\nf()\n', "node", "dom", "<module>"),
        ("a.jsx", "/** @jsx h */\nf()\n", "h */", "g */", "<module>"),
        (
            "a.php",
            '<?php\nclass A {\n  /** @Route("/a") */\n  function f() {}\n}\n',
            "/a",
            "/b",
            "A.f",
        ),
        ("Package.swift", "// swift-tools-version:5.5\nf()\n", "5.5", "5.6", "<module>"),
        ("a.scala", "//> using dep a:b:1\nobject A\n", "b:1", "b:2", "<module>"),
        ("a.sc", "#!/usr/bin/env scala\nval a = 1\n", "scala", "amm", "<module>"),
        ("a.java", "//DEPS a:b:1\nclass A {}\n", "b:1", "b:2", "<module>"),
        ("a.md", "# G\n\n```python\nif x:\n    a()\nb()\n```\n", "\nb()", "\n    b()", "G"),
        ("a.md", "# G\n\n- i\n\n  ```\n  a\n    b\n  ```\n", "    b", "      b", "G"),
        ("a.md", "# G\n\n    a\n      b\n", "      b", "    b", "G"),
        (
            "a.rst",
            "G\n=\n\nSo::\n\n    if x:\n        a()\n    b()\n",
            "    b()",
            "        b()",
            "G",
        ),
        ("a.rst", "G\n=\n\n.. code-block:: c\n\n   a\n     b\n", "     b", "   b", "G"),
        ("a.rst", "G\n=\n\n>>> if x:\n...     y()\n", "...     y", "... y", "G"),
    ],
)
def test_text_that_a_program_reads_is_no_formatting(
    path: str, text: str, old: str, new: str, owner: str
) -> None:
    assert (f"{path}::{owner}", "modified") in changed(path, text, old, new)


@pytest.mark.parametrize(
    ("path", "text", "old", "new"),
    [
        ("a.py", "x = 1  # type: int\n", "int", "str"),
        ("a.py", "x = 1  # noqa: A1\n", "A1", "A2"),
        ("a.py", "x = 1\n# coding: utf-8\n", "utf-8", "ascii"),
        ("a.rb", "x = 1\n# frozen_string_literal: true\n", "true", "false"),
        ("a.go", "package p\n\n//nolint:a\nfunc f() {}\n", "nolint:a", "nolint:b"),
        ("a.go", 'package p\n\n// why\n\nimport "C"\n', "why", "what"),
        ("a.go", 'package p\n\n// why\nimport "D"\n', "why", "what"),
        ("a.ts", "// @ts-ignore\nf()\n", "ignore", "expect-error"),
        ("a.php", "<?php\n/** @return int */\nfunction f() {}\n", "int", "bool"),
        ("a.md", "# G\n\n- a\n  b\n", "a\n  b", "a b"),
        (
            "a.md",
            "# G\n\n- i\n\n  ```\n  a\n  ```\n",
            "- i\n\n  ```\n  a\n  ```",
            "-  i\n\n   ```\n   a\n   ```",
        ),
        ("a.rst", "G\n=\n\n.. note:: a\n   b\n", "a\n   b", "a b"),
        ("a.js", "for (;;) { f() }\ng();\nh()\n", "g();", "g()"),
        ("a.c", "int x = a + \\\n    b;\n", "\\\n    b", "b"),
    ],
)
def test_comments_and_layout_stay_formatting(path: str, text: str, old: str, new: str) -> None:
    found = changed(path, text, old, new)
    assert found
    assert {change for _, change, *_ in found} == {"formatting"}
