"""Who uses whom: what names lead to in Python, and what is not guessed."""

from __future__ import annotations

from .helpers import calls, graph, uses


def test_nested_file_and_imports() -> None:
    found = calls(
        {
            "pkg/__init__.py": "from .a import f as g\n",
            "pkg/a.py": "def f():\n    def inner():\n        pass\n    inner()\n    h()\n\ndef h():\n    f()\n",
            "use.py": "import pkg\nimport pkg.a as other\nfrom pkg import g\n"
            "g()\npkg.g()\npkg.a.h()\nother.f()\nlen(g)\n",
        }
    )
    assert found == {
        "pkg/a.py::f -> pkg/a.py::f.inner",
        "pkg/a.py::f -> pkg/a.py::h",
        "pkg/a.py::h -> pkg/a.py::f",
        "use.py::<module> -> pkg/a.py::f",
        "use.py::<module> -> pkg/a.py::h",
    }


def test_a_shadowed_name_leads_nowhere() -> None:
    assert (
        calls({"a.py": "def f(): pass\ndef g(f):\n    f()\ndef h():\n    f = 1\n    f()\n"})
        == set()
    )


def test_self_and_super_through_bases() -> None:
    found = calls(
        {
            "base.py": "class Base:\n    def run(self): pass\n    def stop(self): pass\n",
            "a.py": "import base\nclass A(base.Base):\n    def run(self):\n        super().run()\n        self.stop()\n"
            "    @classmethod\n    def make(cls):\n        return cls().run()\n"
            "    def missing(self):\n        self.nowhere()\n",
            "other.py": "class Other:\n    def nowhere(self): pass\n",
        }
    )
    assert found == {
        "a.py::A.run -> base.py::Base.run",
        "a.py::A.run -> base.py::Base.stop",
        "a.py::A.make -> a.py::A",
        "a.py::A.make -> a.py::A.run",
    }


def test_values_of_a_class() -> None:
    text = (
        "class A:\n    def m(self): pass\n    def n(self) -> 'A':\n        return self\n"
        "class B:\n    def m(self): pass\n    def __init__(self, a: A):\n        self.a = a\n        self.own = A()\n"
        "    def use(self):\n        self.a.m()\n        self.own.m()\n"
        "def f():\n    x = A()\n    x.m()\n"
        "def g():\n    A().n().m()\n"
        "def h(b: B | None = None):\n    b.use()\n"
    )
    assert calls({"a.py": text}) == {
        "a.py::B.__init__ -> a.py::A",
        "a.py::B.use -> a.py::A.m",
        "a.py::f -> a.py::A",
        "a.py::f -> a.py::A.m",
        "a.py::g -> a.py::A",
        "a.py::g -> a.py::A.n",
        "a.py::g -> a.py::A.m",
        "a.py::h -> a.py::B.use",
    }


def test_guessing_ends_at_three() -> None:
    def tree(count: int) -> dict[str, str]:
        return {f"m{at}.py": f"class C{at}:\n    def work(self): pass\n" for at in range(count)} | {
            "use.py": "def f(x):\n    x.work()\n"
        }

    assert calls(tree(3)) == {f"use.py::f -> m{at}.py::C{at}.work" for at in range(3)}
    assert max(edge.confidence for edge in graph(tree(3)).edges) < 0.5
    assert calls(tree(4)) == set()
    assert graph(tree(4)).ambiguous == (("work", 1),)


def test_imports_and_bases() -> None:
    found = uses(
        {"a.py": "class A: pass\n", "b.py": "import a\nfrom a import *\nclass B(A): x = a.A\n"}
    )
    assert found == {
        "b.py::<imports> import a.py",
        "b.py::B base a.py::A",
        "b.py::B.x name a.py::A",
    }


def test_a_file_that_does_not_parse() -> None:
    broken = graph(
        {
            "a.py": "def f(): pass\ndef (((\n",
            "b.py": "import a\ndef g():\n    a.f()\n",
            "c.py": b"x = 1\0",
        }
    )
    assert broken.unread == ("a.py", "c.py")
    assert [str(edge.target) for edge in broken.edges if edge.use == "call"] == ["('a.py', 'f')"]


def test_more_than_three_meanings_are_none() -> None:
    def text(count: int) -> str:
        classes = "".join(f"class C{at}:\n    def work(self): pass\n" for at in range(count))
        ways = "".join(f"    if x == {at}:\n        return C{at}()\n" for at in range(count))
        return f"{classes}def make(x):\n{ways}def use():\n    make(1).work()\n"

    assert {one for one in calls({"a.py": text(3)}) if "::use" in one} == {
        "a.py::use -> a.py::make",
        *(f"a.py::use -> a.py::C{at}.work" for at in range(3)),
    }
    assert {one for one in calls({"a.py": text(4)}) if "::use" in one} == {
        "a.py::use -> a.py::make"
    }
    assert graph({"a.py": text(4)}).ambiguous == (("work", 1),)


def test_the_blast_radius() -> None:
    found = graph(
        {
            "a.py": "def a(): pass\ndef b(): a()\ndef c(): b()\ndef d(): c()\ndef e(): return a\ndef f(): f()\n"
        }
    )
    assert [found.users_within(("a.py", "a"), depth) for depth in (0, 1, 2)] == [
        set(),
        {("a.py", "b")},
        {("a.py", "b"), ("a.py", "c")},
    ]
    assert found.users_within(("a.py", "f"), 2) == set()


def test_decorators_and_nested_names() -> None:
    found = uses(
        {
            "a.py": "def deco(f): return f\n@deco\ndef g(x=h):\n    pass\nclass A:\n    y = 1\n"
            "    z = y\ndef h(): pass\n"
        }
    )
    assert found == {"a.py::g name a.py::deco", "a.py::g name a.py::h", "a.py::A.z name a.py::A.y"}
