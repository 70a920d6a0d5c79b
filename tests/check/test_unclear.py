"""Edits in what could not be read: whom they may meet, how that is said, and whom they leave in peace."""

from __future__ import annotations

import pytest

from tests.check.helpers import stage
from tests.tools import Repo

C = "int f(int a) BEGIN\n  return a + 1;\nEND\nint g(void) {\n  return 2;\n}\n"
CPP = "void S::f() try : x(1) {\n  go(1);\n} catch (...) @@ {\n  go(2);\n}\nint g() {\n  return 2;\n}\n"
SHARP = "class A {\n  public extension int F(int a) where a : {\n    return a + 1;\n  }\n  int G() => 2;\n}\n"
RUBY = "class A\n  def f\n    x = y ? :a : %w[a b\n    go 1\n  end\n  def g\n    2\n  end\nend\n"
KOTLIN = "class R {\n    context(Logger)\n    fun f(x: Int): Int {\n        return x + 1\n    }\n    fun g() = 2\n}\n"
SCALA = "class A extends B with {\n  def @@f(x: Int): Int = {\n    x + 1\n  }\n  def g = 2\n}\n"
RUST = "make_fn!(f, |a| {\n    a + 1\n});\nfn g() -> u8 {\n    2\n}\n"


@pytest.mark.parametrize(
    ("path", "text", "held", "old", "new"),
    [
        ("a.c", C, "f", "a + 1", "a + 2"),
        ("a.cpp", CPP, "S.f", "go(2)", "go(3)"),
        ("a.cs", SHARP, "A.F", "a + 1", "a + 2"),
        ("a.rb", RUBY, "A.f", "go 1", "go 2"),
        ("a.kt", KOTLIN, "R.f", "x + 1", "x + 2"),
        ("a.scala", SCALA, "A.f", "x + 1", "x + 2"),
        ("ä b.rs", RUST, "f", "a + 1", "a + 2"),
    ],
)
def test_an_edit_there_meets_the_real_name(
    repo: Repo, path: str, text: str, held: str, old: str, new: str
) -> None:
    repo.write(path, text)
    repo.commit("Something that no grammar reads")
    repo.reserve(f"{path}::{held}", "--run-id", "a")
    stage(repo, old, new, path)

    (found,) = repo.json("check", "--run-id", "b", "--strict", code=2)["conflict_details"]

    assert found["held_address"] == f"{path}::{held}"


@pytest.fixture
def macros(repo: Repo) -> Repo:
    repo.write("src/a.rs", RUST)
    repo.commit("Macros")
    return repo


def test_it_is_said_that_this_is_not_certain(macros: Repo) -> None:
    macros.reserve("src/a.rs::f", "--run-id", "a", "--reason", "rounding")
    macros.reserve("src/a.rs::planned", "--run-id", "a")
    macros.reserve("src/a.rs::g", "--run-id", "a")
    stage(macros, "a + 1", "a + 2", "src/a.rs")

    answer = macros.json("check", "--run-id", "b")
    text = macros.muse("check", "--run-id", "b")

    assert [one["certain"] for one in answer["conflict_details"]] == [False, False]
    assert [one["address"] for one in answer["conflict_details"]] == ["src/a.rs::<module>"] * 2
    assert answer["warnings"] == [
        "src/a.rs could not be read fully: 2 reservations in it may be met"
    ]
    assert all("may be reserved by run-id 'a'" in one for one in answer["conflicts"])
    assert "2 reservations in it may be met" in text.err
    assert text.out.count("src/a.rs::<module> (modified) (as src/a.rs::") == 2
    assert text.out.count(", perhaps") == 2
    assert macros.muse("check", "--run-id", "b", "--strict").code == 2


def test_what_is_certain_is_said_to_be(macros: Repo) -> None:
    macros.reserve("src/a.rs::g", "--run-id", "a")
    stage(macros, "    2", "    3", "src/a.rs")

    answer = macros.json("check", "--run-id", "b")

    assert [one["certain"] for one in answer["conflict_details"]] == [True]
    assert answer["warnings"] == []


@pytest.mark.parametrize(
    ("held", "old", "new"),
    [
        pytest.param("planned", "    2", "    3", id="an edit outside"),
        pytest.param("g", "a + 1", "a + 2", id="a symbol that was read"),
        pytest.param("<imports>", "a + 1", "a + 2", id="the imports"),
        pytest.param("planned", "a + 1", "a  +  1", id="blanks"),
    ],
)
def test_who_is_left_in_peace(macros: Repo, held: str, old: str, new: str) -> None:
    macros.reserve(f"src/a.rs::{held}", "--run-id", "a")
    stage(macros, old, new, "src/a.rs")

    answer = macros.json("check", "--run-id", "b", "--strict")

    assert answer["conflicts"] == answer["warnings"] == []


def test_own_reservations_are_not_met(macros: Repo) -> None:
    macros.reserve("src/a.rs::f", "--run-id", "a")
    stage(macros, "a + 1", "a + 2", "src/a.rs")

    assert macros.json("check", "--run-id", "a", "--strict")["conflicts"] == []


def test_sarif_says_it_too(macros: Repo) -> None:
    macros.reserve("src/a.rs::f", "--run-id", "a")
    stage(macros, "a + 1", "a + 2", "src/a.rs")

    said = macros.muse("check", "--run-id", "b", "--format", "sarif").out

    assert "may be reserved" in said
    assert '"certain": false' in said


def test_a_blocking_hook_counts_it(macros: Repo) -> None:
    macros.reserve("src/a.rs::f", "--run-id", "a")
    macros.git("config", "muse-coord.hookMode", "block")
    stage(macros, "a + 1", "a + 2", "src/a.rs")

    answer = macros.json("hook", "pre-commit", "--run-id", "b", code=86)

    assert [one["certain"] for one in answer["conflict_details"]] == [False]
