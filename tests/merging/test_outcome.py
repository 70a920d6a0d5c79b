"""plan-merge: merges that git makes without a word, and whose result breaks."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tools import Repo

pytestmark = pytest.mark.slow

Site = tuple[str, int, str]
Found = dict[str, tuple[str, list[Site], bool]]
A, B, C = (f"def {name}():\n    return '{name}'\n" for name in "abc")


def merge(repo: Repo, base: dict[str, str], ours: dict[str, str], theirs: dict[str, str]) -> None:
    """Let two branches part at some files and change them; an empty text deletes its file."""
    for branch, files in (("base", base), ("ours", ours), ("theirs", theirs)):
        repo.git("checkout", "-q", "-B", branch, *(["base"] if branch != "base" else []))
        for path, text in files.items():
            if text:
                repo.write(path, text)
            else:
                repo.git("rm", "-q", path)
        repo.commit(branch)


def findings(plan: dict[str, Any]) -> Found:
    """The type of each symbol that conflicts, the places that are told, and whether nobody else would tell."""
    return {
        one["address"]: (
            one["conflict_type"],
            sorted((site["file"], site["line"], site["side"]) for site in one["sites"]),
            one["silent"],
        )
        for one in plan["items"]
        if one["conflict_type"] != "no_conflict"
    }


def found(repo: Repo) -> Found:
    """What plan-merge finds of the two branches, which git merges; the other way round it finds the same."""
    plan = repo.json("plan-merge", "ours", "theirs")
    assert plan["git_conflicts"] == []
    swapped = findings(repo.json("plan-merge", "theirs", "ours"))
    assert sorted(one[0] for one in swapped.values()) == sorted(
        one[0] for one in findings(plan).values()
    )
    return findings(plan)


def test_one_function_added_in_two_places(repo: Repo) -> None:
    slug = "def slug(text):\n    return text.lower()\n"
    path = "my shop/ähm.py"
    merge(
        repo,
        {path: "\n\n".join((A, B, C))},
        {path: "\n\n".join((A, slug, B, C))},
        {path: "\n\n".join((A, B, C, slug))},
    )

    places = [(path, 5, "ours"), (path, 13, "theirs")]
    assert found(repo) == {f"{path}::slug": ("double_definition", places, True)}
    assert repo.muse("plan-merge", "ours", "theirs", "--strict").code == 2
    text = repo.muse("plan-merge", "ours", "theirs").out
    assert "git merges cleanly, but the result breaks (1)" in text
    assert "keep one of the two" in text


def test_a_class_is_told_without_what_is_in_it(repo: Repo) -> None:
    box = "class Box:\n    def open(self):\n        pass\n"
    merge(
        repo,
        {"a.py": "\n\n".join((A, B, C))},
        {"a.py": "\n\n".join((A, box, B, C))},
        {"a.py": "\n\n".join((A, B, C, box))},
    )

    assert set(found(repo)) == {"a.py::Box"}


def test_renamed_to_what_the_other_side_adds(repo: Repo) -> None:
    merge(
        repo,
        {"a.py": "\n\n".join((A, B, C))},
        {"a.py": "\n\n".join((A.replace("def a", "def total"), B, C))},
        {"a.py": "\n\n".join((A, B, C, "def total():\n    return 5\n"))},
    )

    assert found(repo)["a.py::total"][0] == "double_definition"


def test_in_a_file_that_one_side_renames(repo: Repo) -> None:
    slug = "def slug(text):\n    return text.lower()\n"
    text = "\n\n".join(
        (A, B, C, *(f"def d{number}():\n    return {number}\n" for number in range(9)))
    )
    merge(
        repo,
        {"a.py": text},
        {"a.py": text.replace(A, f"{A}\n\n{slug}")},
        {"a.py": "", "b.py": f"{text}\n\n{slug}"},
    )

    assert ("double_definition", True) in [(one[0], one[2]) for one in found(repo).values()]


def test_one_name_in_two_files_of_a_package(repo: Repo) -> None:
    slug = "package p\n\nfunc Slug() {}\n"
    method = "package p\n\nfunc (b *Box) Open() {}\n"
    merge(
        repo,
        {"p/box.go": "package p\n\ntype Box struct{ Open2 int }\n"},
        {"p/a.go": slug, "p/c.go": method, "q/a.go": slug},
        {"p/b.go": slug, "p/d.go": method, "r/a.go": slug},
    )

    assert found(repo) == {
        "p/a.go::Slug": (
            "double_definition",
            [("p/a.go", 3, "ours"), ("p/b.go", 3, "theirs")],
            True,
        ),
        "p/c.go::Box.Open": (
            "double_definition",
            [("p/c.go", 3, "ours"), ("p/d.go", 3, "theirs")],
            True,
        ),
    }


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            ("p/a_linux.go", "package p\n\nfunc Slug() {}\n"),
            ("p/a_windows.go", "package p\n\nfunc Slug() {}\n"),
        ),
        (
            ("p/a.go", "package p\n\nfunc Slug() {}\n"),
            ("p/a_test.go", "package p_test\n\nfunc Slug() {}\n"),
        ),
        (
            ("p/a.go", "//go:build unix\n\npackage p\n\nfunc Slug() {}\n"),
            ("p/b.go", "//go:build !unix\n\npackage p\n\nfunc Slug() {}\n"),
        ),
        (
            ("p/a.go", "//go:build ignore\n\npackage main\n\nfunc main() {}\n"),
            ("p/b.go", "//go:build ignore\n\npackage main\n\nfunc main() {}\n"),
        ),
        (("p/a.go", "package p\n\nfunc init() {}\n"), ("p/b.go", "package p\n\nfunc init() {}\n")),
        (("p/a.py", A), ("p/b.py", A)),
    ],
)
def test_what_may_be_in_two_files(repo: Repo, one: tuple[str, str], other: tuple[str, str]) -> None:
    merge(repo, {"README": "x\n"}, dict([one]), dict([other]))

    assert found(repo) == {}


def test_an_import_that_one_side_removes_and_the_other_uses(repo: Repo) -> None:
    text = f"from geo import area\nimport os\n\n\n{A}\n\n{B}\n\nos.name\n"
    merge(
        repo,
        {"a.py": text, "geo.py": "def area():\n    return 1\n"},
        {"a.py": text.replace("from geo import area\n", "")},
        {"a.py": text.replace("'b'", "area()")},
    )

    assert found(repo) == {"a.py::<imports>": ("lost_import", [("a.py", 10, "theirs")], True)}
    (item,) = [one for one in repo.json("plan-merge", "ours", "theirs")["items"] if one["sites"]]
    assert "import area again" in item["recommendation"]


def test_an_import_that_both_add_where_one_is_allowed(repo: Repo) -> None:
    text = 'package p\n\nimport (\n{}\n\t"os"\n\t"path"\n{}\n)\n\nfunc f() {{ os.Exit(path.X) }}\n'
    merge(
        repo,
        *({"a.go": text.format(*lines)} for lines in (("", ""), ('\t"fmt"', ""), ("", '\t"fmt"'))),
    )

    assert found(repo) == {
        "a.go::<imports>": ("double_definition", [("a.go", 4, "ours"), ("a.go", 7, "theirs")], True)
    }


def test_a_class_of_the_same_package_needs_no_import(repo: Repo) -> None:
    text = "package p;\n\nimport q.List;\n\nclass A {\n  int a() {\n    return 1;\n  }\n}\n"
    merge(
        repo,
        {"p/A.java": text, "q/List.java": "package q;\n\nclass List {}\n"},
        {
            "p/A.java": text.replace("import q.List;\n\n", ""),
            "p/List.java": "package p;\n\nclass List {}\n",
        },
        {"p/A.java": text.replace("return 1", "return new List().x")},
    )

    assert "lost_import" not in [one[0] for one in found(repo).values()]


SHAPES = {
    "py": (
        "class Base:\n    def area(self):\n        return self.side * 2\n",
        "class Box(Base):\n{}",
        "    def area(self):\n        return 1\n",
        "from base import Base\n\n\n",
    ),
    "ts": (
        "export class Base {\n  area() { return this.side * 2 }\n}\n",
        "export class Box extends Base {{\n{}}}\n",
        "  area() { return 1 }\n",
        "import { Base } from './base'\n\n",
    ),
    "java": (
        "class Base {\n  int area() { return this.side * 2; }\n}\n",
        "class Box extends Base {{\n{}}}\n",
        "  int area() { return 1; }\n",
        "",
    ),
}


@pytest.mark.parametrize("ending", SHAPES)
@pytest.mark.parametrize("is_class_new", [True, False])
def test_an_override_of_what_the_other_side_renames(
    repo: Repo, ending: str, is_class_new: bool
) -> None:
    base, box, method, head = SHAPES[ending]
    paths = [
        f"{name}.{ending}" for name in (("Base", "Box") if ending == "java" else ("base", "box"))
    ]
    other = method.replace("area", "other")
    before = (
        {paths[0]: base} if is_class_new else {paths[0]: base, paths[1]: head + box.format(other)}
    )
    merge(
        repo,
        before,
        {paths[0]: base.replace("area", "surface")},
        {paths[1]: head + box.format(other + method)},
    )

    (address,) = found(repo)
    kind, sites, is_silent = found(repo)[address]
    assert (address, kind, is_silent) == (f"{paths[0]}::Base.area", "lost_override", True)
    assert [(site[0], site[2]) for site in sites] == [(paths[1], "theirs")]


TRAIT = "pub trait Shape {\n    fn area(&self) -> f64;\n    fn name(&self) -> String;\n}\n"
DISC = "use crate::shape::Shape;\npub struct Disc;\nimpl {} Disc {{\n    fn area(&self) -> f64 {{ 0.0 }}\n}}\n"
RUNNER = "package kit\n\ntype Runner interface {\n\tRun(n int) error\n\tStop()\n}\n\nfunc Use(r Runner) {}\n"
JOB = """\
package main

import "x.com/shop/%s"

type job struct{}

func (j *job) Run(n int) error { return nil }
func (j *job) Stop()           {}

func main() { %s(&job{}) }
"""


def test_a_new_implementation_of_what_the_other_side_renames_in_a_trait(repo: Repo) -> None:
    before = {"src/lib.rs": "mod shape;\nmod disc;\n", "src/shape.rs": TRAIT}
    ours = {"src/shape.rs": TRAIT.replace("area", "surface")}
    merge(repo, before, ours, {"src/disc.rs": DISC.format("Shape for")})
    assert found(repo) == {
        "src/shape.rs::Shape.area": ("lost_override", [("src/disc.rs", 4, "theirs")], True)
    }
    (item,) = [one for one in repo.json("plan-merge", "ours", "theirs")["items"] if one["sites"]]
    assert item["recommendation"] == "name it surface there, too"


def test_a_method_of_its_own_implements_no_trait(repo: Repo) -> None:
    before = {"src/lib.rs": "mod shape;\nmod disc;\n", "src/shape.rs": TRAIT}
    text = (
        DISC.format("")
        + "impl Shape for Disc {\n    fn name(&self) -> String { String::new() }\n}\n"
    )
    ours = {"src/shape.rs": TRAIT.replace("area", "surface")}
    merge(repo, before, ours, {"src/disc.rs": text})
    assert found(repo) == {}


def test_a_new_implementation_of_what_the_other_side_renames_in_an_interface(repo: Repo) -> None:
    before = {"go.mod": "module x.com/shop\n", "kit/kit.go": RUNNER}
    ours = {"kit/kit.go": RUNNER.replace("Run(", "Start(")}
    merge(repo, before, ours, {"cmd/main.go": JOB % ("kit", "kit.Use")})
    assert found(repo) == {
        "kit/kit.go::Runner.Run": ("lost_override", [("cmd/main.go", 7, "theirs")], True)
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("func (j *job) Stop()           {}", ""),
        ("x.com/shop/kit", "x.com/else/kit"),
        ("type job struct{}", "type other struct{}"),
    ],
)
def test_a_type_that_the_interface_does_not_concern(repo: Repo, old: str, new: str) -> None:
    before = {"go.mod": "module x.com/shop\n", "kit/kit.go": RUNNER}
    ours = {"kit/kit.go": RUNNER.replace("Run(", "Start(")}
    merge(repo, before, ours, {"cmd/main.go": (JOB % ("kit", "kit.Use")).replace(old, new)})
    assert found(repo) == {}


def test_a_method_of_another_class_overrides_nothing(repo: Repo) -> None:
    base, box, method, _ = SHAPES["py"]
    merge(
        repo,
        {"base.py": base, "other.py": "class Base:\n    pass\n"},
        {"base.py": base.replace("area", "surface")},
        {"box.py": f"from other import Base\n\n\n{box.format(method)}"},
    )

    assert found(repo) == {}


LONG = """\
def compute(amount, rate):
    base = amount * rate
    extra = base / 100
    log(base)
    return base + extra
"""


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        (("compute", "total"), ("compute", "total"), "no_conflict"),
        (("compute", "total"), ("base + extra", "base - extra"), "no_conflict"),
        (
            ("amount * rate", "amount + rate"),
            ("base + extra", "base - extra"),
            "symbol_edit_overlap",
        ),
    ],
)
def test_both_give_it_the_same_name(
    repo: Repo, ours: tuple[str, str], theirs: tuple[str, str], expected: str
) -> None:
    text = f"{A}\n\n{LONG}\n\n{B}"
    edited = [text.replace(*edit).replace("compute", "total") for edit in (ours, theirs)]
    merge(repo, {"a.py": text}, *({"a.py": one} for one in edited))

    plan = repo.json("plan-merge", "ours", "theirs")
    assert [one["conflict_type"] for one in plan["items"]] == [expected]
    assert "agree on one name" not in repo.muse("plan-merge", "ours", "theirs").out


def test_both_give_the_class_around_it_the_same_name(repo: Repo) -> None:
    text = "class Box:\n    def a(self):\n        return 1\n\n    def b(self):\n        return 2\n"
    named = text.replace("Box", "Chest")
    merge(repo, {"a.py": text}, {"a.py": named.replace("1", "10")}, {"a.py": named})

    assert found(repo) == {}
