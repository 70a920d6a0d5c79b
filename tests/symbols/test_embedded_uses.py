"""Uses in code that lies in files of another sort: components and notebooks."""

from __future__ import annotations

import json

from git_muse_coord.symbols.collect import collect

from .helpers import calls, graph, uses

TOOL = "export function f() {}\nexport class Tool { run() {} }\n"


def test_scripts_of_components() -> None:
    found = calls(
        {
            "src/tool.ts": TOOL,
            "src/App.vue": "<template>\n  <p @click='g'>{{ f() }}</p>\n</template>\n<script setup lang='ts'>\n"
            "import { f, Tool } from './tool'\nconst list: Tool[] = []\n"
            "function g() { f(); list[0].run() }\n</script>\n",
            "src/Page.svelte": "<script context='module'>\nexport function h() {}\n</script>\n<script>\n"
            "import { f } from './tool'\nfunction g() { h(); f() }\n</script>\n<p>{f()}</p>\n",
            "src/a.astro": "---\nimport { h } from './Page.svelte'\nh()\n---\n<p>{h()}</p>\n",
            "src/b.ts": "import { h } from './Page.svelte'\nexport function k() { h() }\n",
        }
    )
    assert found == {
        "src/App.vue::g -> src/tool.ts::f",
        "src/App.vue::g -> src/tool.ts::Tool.run",
        "src/Page.svelte::g -> src/Page.svelte::h",
        "src/Page.svelte::g -> src/tool.ts::f",
        "src/a.astro::<module> -> src/Page.svelte::h",
        "src/b.ts::k -> src/Page.svelte::h",
    }


def test_a_component_is_imported_by_what_it_exports() -> None:
    texts = {
        "src/App.vue": "<script>\nimport Part from './Part.vue'\n</script>\n",
        "src/Part.vue": "<script>\nexport default {}\n</script>\n",
    }
    assert uses(texts) == {"src/App.vue::<imports> import src/Part.vue::default"}


def test_lines_are_those_of_the_component() -> None:
    (reference,) = collect(
        "a.vue", b"<template/>\n<script>\n\nf()\nfunction f() {}\n</script>"
    ).uses
    assert reference.line == 4


def notebook(*cells: str, language: str = "python") -> str:
    """A notebook with such cells of code, with the ids a, b, c."""
    content = {
        "cells": [
            {"cell_type": "markdown", "id": "text", "metadata": {}, "source": ["# f()\n"]},
            *(
                {"cell_type": "code", "id": name, "metadata": {}, "source": text.splitlines(True)}
                for name, text in zip("abc", cells, strict=False)
            ),
        ],
        "metadata": {"kernelspec": {"language": language, "name": "x"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(content, indent=1)


def test_cells_see_the_names_of_all_cells() -> None:
    text = notebook(
        "%matplotlib inline\nimport lib\nfrom lib import g as other\n",
        "def f(x: lib.A):\n    x.run()\n    return other()\n",
        "value = lib.A()\nf(value)\nvalue.run()\n",
    )
    library = "class A:\n    def run(self): pass\ndef g(): pass\n"
    found = uses({"nb/n.ipynb": text, "lib.py": library})
    assert found >= {
        "nb/n.ipynb::b.f call lib.py::A.run",
        "nb/n.ipynb::b.f call lib.py::g",
        "nb/n.ipynb::c call nb/n.ipynb::b.f",
        "nb/n.ipynb::c.value call lib.py::A",
        "nb/n.ipynb::c call lib.py::A.run",
    }
    assert {use for use in found if " import " in use}
    line = next(edge.line for edge in graph({"n.ipynb": text}).edges)
    assert "f(value)" in text.splitlines()[line - 1]


def test_another_kernel_is_read_as_its_language() -> None:
    text = notebook("function f() {}\n", "f()\n", language="javascript")
    assert calls({"n.ipynb": text}) == {"n.ipynb::b -> n.ipynb::a.f"}
    assert calls({"n.ipynb": notebook("f <- 1", language="r")}) == set()
