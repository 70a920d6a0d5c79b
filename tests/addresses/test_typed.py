"""How a text can be read, without any repository: lines, brackets, separators, spellings, links, patterns."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from git_muse_coord.model.address import ROOT
from git_muse_coord.rules import patterns, typed
from git_muse_coord.rules.tracked import Tracked, follow
from tests.tools import git_in


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12", (12, 12)),
        ("12:5", (12, 12)),
        ("12:", (12, 12)),
        ("12-20", (12, 20)),
        ("L12", (12, 12)),
        ("L12-L20", (12, 20)),
        ("L12C5-L20C3", (12, 20)),
        ("f", None),
        ("12x", None),
        ("-3", None),
        ("1" * 10, None),
        ("", None),
    ],
)
def test_lines_as_compilers_and_code_hosts_write_them(
    text: str, expected: tuple[int, int] | None
) -> None:
    assert typed.line_range(text) == expected


@pytest.mark.parametrize(
    ("selector", "expected"),
    [
        ("f()", "f"),
        ("C.f(self, x: int)", "C.f"),
        ("f(g(x), (1, 2))", "f"),
        ("C().f", "C.f"),
        ("C::f", "C.f"),
        ("ns::C::f()", "ns.C.f"),
        ("C.*", "C"),
        ("(*Store).Get", "Store.Get"),
        ("(Store).Get", "Store.Get"),
        ("`it adds()`", "`it adds()`"),
        ("`a::b`::c()", "`a::b`.c"),
        ("V::operator()", "V.operator()"),
        ("V::operator()(int, int)", "V.operator()"),
        ("f(", "f("),
        ("f)", "f)"),
        ("f", "f"),
    ],
)
def test_what_is_added_to_a_name_is_taken_away(selector: str, expected: str) -> None:
    assert typed.loosened(selector) == expected


@given(st.text(alphabet="aC.:()*`x ,#", max_size=20))
def test_a_selector_without_additions_stays_as_it_is(selector: str) -> None:
    once = typed.loosened(selector)
    if not re.search(r"[()*:`]", selector):
        assert once == selector


def test_the_longest_file_comes_first() -> None:
    assert list(typed.splits("a:b.py:12:5")) == [
        ("a:b.py:12", "5"),
        ("a:b.py", "12:5"),
        ("a", "b.py:12:5"),
    ]
    assert list(typed.splits("a.py#C.f")) == [("a.py", "C.f")]
    assert list(typed.splits("a.cs(12,5)")) == [("a.cs", "12:5")]
    assert list(typed.splits("a.py")) == list(typed.splits(":a")) == []


def test_a_path_takes_the_spelling_that_is_tracked() -> None:
    tree = Tracked(["Src/Foo.py", "Src/caf\u00e9/b.py"], ignore_case=True, ignore_form=True)

    assert tree.respelt("src/foo.py") == "Src/Foo.py"
    assert tree.respelt("SRC") == "Src"
    assert tree.respelt("src/new/Deep.py") == "Src/new/Deep.py"
    assert tree.respelt("src/CAFe\u0301/B.PY") == "Src/caf\u00e9/b.py"
    assert tree.respelt("src/nai\u0308ve.py") == "Src/na\u00efve.py"  # as git will add it
    assert tree.respelt("other/X.py") == "other/X.py"


def test_what_is_tracked_exactly_is_not_respelt() -> None:
    tree = Tracked(["A.py", "a.py"], ignore_case=True)
    assert (tree.respelt("a.py"), tree.respelt("A.py")) == ("a.py", "A.py")


def test_git_that_tells_letters_apart_is_followed() -> None:
    tree = Tracked(["Src/Foo.py"])
    assert tree.respelt("src/foo.py") == "src/foo.py"


LINKS = {
    "current": "src",
    "main.py": "src/main.py",
    "deep/up": "../src",
    "chain": "current/sub",
    "here": ".",
    "out": "../elsewhere",
    "deep/out": "../../elsewhere",
    "system": "/usr",
    "loop": "loop",
    "ping": "pong",
    "pong": "ping",
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/a.py", "src/a.py"),
        ("current", "src"),
        ("current/a.py", "src/a.py"),
        ("main.py", "src/main.py"),
        ("deep/up/a.py", "src/a.py"),
        ("chain/a.py", "src/sub/a.py"),
        ("here", ROOT),
        ("here/a.py", "a.py"),
        ("out/a.py", "out/a.py"),
        ("deep/out/a.py", "deep/out/a.py"),
        ("system/lib", "system/lib"),
        ("loop", "loop"),
        ("ping/a.py", "ping/a.py"),
    ],
)
def test_a_path_leads_to_the_end_of_its_links_unless_they_loop_or_leave(
    path: str, expected: str
) -> None:
    assert follow(path, LINKS.get) == expected


def test_links_that_multiply_end() -> None:
    links = {f"l{number}": "/".join([f"l{number + 1}"] * 2) for number in range(50)}
    assert follow("l0", links.get) == "l0"


FILES = [
    "a.py",
    "src/a.py",
    "src/b.pyi",
    "src/x/y.py",
    "src/x/z/deep.py",
    "app/[id].tsx",
    "app/i.tsx",
    "Doc/A.md",
    "src/x/.hidden",
]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("*.py", ["a.py"]),
        ("src/*.py", ["src/a.py"]),
        ("src/**/*.py", ["src/a.py", "src/x/y.py", "src/x/z/deep.py"]),
        ("**/*.py", ["a.py", "src/a.py", "src/x/y.py", "src/x/z/deep.py"]),
        ("**/**/y.py", ["src/x/y.py"]),
        ("src/x/**", ["src/x/.hidden", "src/x/y.py", "src/x/z/deep.py"]),
        ("src/?.py", ["src/a.py"]),
        ("src/[a-b].py*", ["src/a.py", "src/b.pyi"]),
        ("src/[!a].py*", ["src/b.pyi"]),
        ("app/[id].tsx", ["app/i.tsx"]),
        ("src/{a,x/y}.py", ["src/a.py", "src/x/y.py"]),
        ("src/*/", ["src/x"]),
        ("src/[z-a].py", []),
        ("src/[", []),
        ("doc/*.md", []),
        ("src/a.p", []),
    ],
)
def test_what_a_pattern_matches(pattern: str, expected: list[str]) -> None:
    assert patterns.matching(pattern, Tracked(FILES)) == expected


def test_a_pattern_ignores_case_where_git_does() -> None:
    assert patterns.matching("doc/*.MD", Tracked(FILES), ignore_case=True) == ["Doc/A.md"]


def test_the_directory_that_is_fixed_in_a_pattern() -> None:
    assert patterns.fixed_part("src/x/**/*.py") == "src/x/"
    assert patterns.fixed_part("src/x*/y") == "src/"
    assert patterns.fixed_part("*.py") == ROOT


@pytest.fixture(scope="module")
def a_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("patterns")
    git_in(home, "init", "-q")
    for name in ("a", "b/a", "src/a.py", "src/b/b.py", "src/a/b/c.py", "a.py", ".x/a.py"):
        git_in(home, "update-index", "--add", "--cacheinfo", f"100644,{'1' * 40},{name}")
    return home


_STEPS = st.sampled_from(["a", "b", "src", "*", "?", "**", "*.py", "[a-b]", "[!a]", "a*", ".*"])


@settings(max_examples=25, deadline=None)
@given(steps=st.lists(_STEPS, min_size=1, max_size=4))
def test_patterns_match_what_git_says(a_tree: Path, steps: list[str]) -> None:
    pattern = "/".join(steps)
    told = git_in(a_tree, "ls-files", "--", f":(glob){pattern}").split()

    tracked = Tracked(git_in(a_tree, "ls-files").split())
    inside = [f"{one}/" for one in patterns.matching(f"{pattern}/", tracked)]
    expected = [
        one for one in tracked.files if one.startswith(tuple(inside))
    ]  # git takes all of a directory
    assert set(told) - set(expected) == set(patterns.matching(pattern, tracked)) - set(expected)
