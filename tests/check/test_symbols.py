"""What can be addressed, what changes, and reserving it."""

from __future__ import annotations

import pytest

from tests.check.helpers import INVOICE, PATH, TAX, TOTAL, changed, edit, met, shop, stage
from tests.tools import Repo

INVOICE_SYMBOLS = [
    "<imports>",
    "Invoice",
    "Invoice.__init__",
    "Invoice.total",
    "Invoice.tax",
    "overdue",
]


@pytest.fixture
def billing(repo: Repo) -> Repo:
    return shop(repo)


def addresses(repo: Repo, *paths: str) -> list[str]:
    return [one["address"] for one in repo.json("symbols", *paths)["symbols"]]


def test_all_tracked_files_or_those_that_are_named(billing: Repo) -> None:
    billing.write("new.py", "def f():\n    return 1\n")
    of_invoice = [f"{PATH}::{name}" for name in INVOICE_SYMBOLS]

    everything = addresses(billing)
    others = ["README.md::Shop", "src/billing.py::compute_total"]
    assert (
        everything == addresses(billing, "./") == [*others, *of_invoice, "src/shop.py::<imports>"]
    )
    assert addresses(billing, "src/") == addresses(billing, "src") == everything[1:]
    assert addresses(billing, PATH) == of_invoice
    assert addresses(billing, f"{PATH}::Invoice") == of_invoice[1:5]
    assert addresses(billing, "new.py") == ["new.py::f"]


def test_what_is_told_of_each(billing: Repo) -> None:
    (found,) = billing.json("symbols", TAX)["symbols"]

    assert found["kind"] == "method"
    assert (found["start_line"], found["end_line"]) == (14, 16)
    assert "def tax(self, subtotal)" in found["signature"]
    assert billing.muse("symbols", TAX).out.splitlines()[1].split() == ["14-16", "method", TAX]


def test_the_files_are_those_of_the_working_tree(billing: Repo) -> None:
    edit(billing, "def total", "def sum_up")
    (billing.path / "README.md").unlink()

    assert f"{PATH}::Invoice.sum_up" in addresses(billing)
    assert TOTAL not in addresses(billing)
    assert billing.muse("symbols", "README.md").code == 1
    assert not any(one.startswith("README") for one in addresses(billing))


@pytest.mark.parametrize(
    "path", ["src/invoce.py", "nothing/", "/etc/passwd", "../x", ".git/config", "a::b::c"]
)
def test_paths_that_are_not_there(billing: Repo, path: str) -> None:
    ran = billing.muse("symbols", path)

    assert (ran.code, ran.err.count("\n"), ran.out) == (1, 1, "")
    assert path != "src/invoce.py" or "did you mean src/invoice.py" in ran.err


def test_changes_of_the_index_and_of_a_range(billing: Repo) -> None:
    stage(billing, "return round(subtotal * rate, 2)", "return round(subtotal * rate, 3)")
    stage(billing, "def overdue", "def late")
    billing.write("src/more.py", "import sys\n")
    billing.git("add", ".")
    expected = [
        (TAX, "modified"),
        (f"{PATH}::late", "renamed", f"{PATH}::overdue"),
        ("src/more.py::<imports>", "added"),
    ]

    assert changed(billing) == expected
    assert changed(billing, "--changed=", PATH) == expected[:2]
    assert changed(billing, "--changed=", f"{PATH}::overdue") == expected[1:2]
    assert billing.muse("symbols", "--changed").out.splitlines() == [
        f"modified  {TAX}",
        f"renamed   {PATH}::late",
        f"          from {PATH}::overdue",
        "added     'src/more.py::<imports>'",
    ]
    billing.git("commit", "-qm", "More")
    assert changed(billing) == []
    assert billing.muse("symbols", "--changed").out == "No changes.\n"
    for range_ in ("HEAD~1..HEAD", "HEAD~1", "HEAD^!"):
        assert changed(billing, f"--changed={range_}") == expected


@pytest.mark.parametrize(
    ("old", "new", "text", "expected"),
    [
        (
            "old.ts",
            "new.ts",
            "export function foo() {}\n",
            [("new.ts::foo", "moved", "old.ts::foo")],
        ),
        ("a.py", "b.py", "", [("b.py", "renamed", "a.py")]),
        ("a.py", "b.py", "print(1)\n", [("b.py", "renamed", "a.py")]),
        ("a.txt", "deep/b.txt", "x\n", [("deep/b.txt", "renamed", "a.txt")]),
        ("a.py", "a.txt", "x = 1\n", [("a.txt", "renamed", "a.py")]),
        ("a.py", "b.py", "x = 1\n", [("b.py::x", "moved", "a.py::x")]),
    ],
)
def test_what_git_calls_a_rename_is_one_however_short(
    billing: Repo, old: str, new: str, text: str, expected: list[tuple[str, ...]]
) -> None:
    billing.write(old, text)
    billing.commit("Short")
    billing.reserve(old, "--run-id", "a")
    (billing.path / new).parent.mkdir(exist_ok=True)
    billing.git("mv", old, new)

    assert changed(billing) == expected
    assert {held for _, held in met(billing)} == {old}
    billing.git("reset", "-q")
    assert {held for _, held in met(billing, "--worktree")} == {old}


def test_of_equal_files_each_is_moved_once_and_to_its_own_name_first(billing: Repo) -> None:
    for name in ("a/one.py", "b/two.py", "c/three.py"):
        billing.write(name, "x = 1\n")
    billing.commit("Equal")
    for old, new in (("a/one.py", "z/one.py"), ("b/two.py", "y/two.py"), ("c/three.py", "x.py")):
        (billing.path / new).parent.mkdir(exist_ok=True)
        billing.git("mv", old, new)

    assert changed(billing) == [
        ("x.py::x", "moved", "c/three.py::x"),
        ("y/two.py::x", "moved", "b/two.py::x"),
        ("z/one.py::x", "moved", "a/one.py::x"),
    ]


def test_many_files_are_read_again_from_the_cache(billing: Repo) -> None:
    for number in range(250):
        billing.write(f"many/m{number}.py", f"def f{number}():\n    return {number}\n")
    billing.git("add", ".")

    first = addresses(billing, "many/")
    assert len(first) == 250
    assert addresses(billing, "many/") == first


def test_reserving_what_the_index_changes(billing: Repo) -> None:
    stage(billing, "return round(subtotal * rate, 2)", "return round(subtotal * rate, 3)")
    stage(billing, "        subtotal = sum(", "        # all of them\n        subtotal = sum(")
    stage(billing, "def overdue", "def late")

    answer = billing.json("reserve", "README.md::Shop", "--run-id", "a", "--from-diff")

    listed = {
        place
        for address, change, *origin in changed(billing)
        if change != "formatting"
        for place in (address, *origin)
    }
    assert set(answer["addresses"]) == listed | {"README.md::Shop"}
    assert listed == {TAX, f"{PATH}::late", f"{PATH}::overdue"}
    assert answer["unresolved"] == []
    assert {held for _, held in met(billing, "--run-id", "b")} == {
        TAX,
        f"{PATH}::late",
        f"{PATH}::overdue",
    }


def test_reserving_what_commits_change(billing: Repo) -> None:
    stage(billing, "return round(subtotal * rate, 2)", "return round(subtotal * rate, 3)")
    billing.git("commit", "-qm", "Finer")

    for range_ in ("HEAD~1..HEAD", "HEAD^!"):
        assert billing.json("reserve", "--from-diff", range_, "--dry-run")["addresses"] == [TAX]
    assert billing.coordinator().reserve([], from_diff="HEAD~1").addresses == (TAX,)


@pytest.mark.parametrize("name", ["a::b.py", "a\tb.py", "a::b"])
def test_a_file_whose_name_is_no_address_is_passed_over(billing: Repo, name: str) -> None:
    billing.write(f"odd/{name}", "def f(): pass\n")
    billing.git("add", ".")

    alone = billing.muse("reserve", "--from-diff")
    named = billing.json("reserve", "README.md", "--from-diff")
    billing.write("new.py", "def g(): pass\n")
    billing.git("add", ".")
    among_others = billing.json("reserve", "--from-diff")

    assert (alone.code, alone.err.count("\n")) == (1, 1)
    assert alone.err.endswith("has no address; reserve the directory that it is in: odd/\n")
    for answer, addresses in ((named, ["README.md"]), (among_others, ["new.py::g"])):
        assert answer["addresses"] == addresses
        (warning,) = answer["warnings"]
        assert warning.startswith("passed over")
        assert warning.endswith("it lies in odd/")


@pytest.mark.parametrize(
    "option", ["--from-diff", "--from-diff=HEAD", "--from-diff=nothing", "--from-diff=README.md"]
)
def test_a_difference_that_names_nothing(billing: Repo, option: str) -> None:
    ran = billing.muse("reserve", option)

    assert (ran.code, ran.err.count("\n"), ran.out) == (1, 1, "")
    assert billing.held() == []


def test_formatting_alone_is_nothing_to_reserve(billing: Repo) -> None:
    stage(billing, "        subtotal = sum(", "        # all of them\n        subtotal = sum(")

    assert billing.muse("reserve", "--from-diff").code == 1


def test_a_symbol_that_is_not_there(billing: Repo) -> None:
    asked = [
        f"{PATH}::Invoice.totl",
        TOTAL,
        f"{PATH}::<module>",
        f"{PATH}::Invoice",
        "src/nothing.py::f",
        "README.md::x",
    ]
    answer = billing.json("reserve", *asked)

    unresolved = {one["address"]: one["suggestions"] for one in answer["unresolved"]}
    assert unresolved.keys() == {asked[0], "src/nothing.py::f", "README.md::x"}
    assert unresolved[asked[0]][0] == TOTAL
    assert answer["reservation_id"]
    assert f"did you mean {TOTAL}" in billing.muse("reserve", asked[0]).out


def test_no_hint_where_the_file_cannot_be_read_inside(billing: Repo) -> None:
    (billing.path / "logo.png").write_bytes(b"\0\1")
    (billing.path / "link.py").symlink_to("../elsewhere.py")
    billing.commit("A logo")

    assert billing.json("reserve", "logo.png::x", "link.py::x")["unresolved"] == []


def test_a_reservation_of_files_reads_nothing(billing: Repo) -> None:
    billing.reserve(PATH, "src/")

    assert not (billing.git_dir / "muse-coord/symbols-2.sqlite3").exists()


def test_the_cache_of_an_older_version_goes(billing: Repo) -> None:
    cache = billing.git_dir / "muse-coord"
    billing.json("symbols")
    (cache / "symbols.sqlite3").write_bytes(b"what an older version knew")
    billing.json("symbols")

    assert [file.name for file in cache.glob("symbols*sqlite3")] == ["symbols-2.sqlite3"]


def test_the_source_is_never_run_or_changed(billing: Repo) -> None:
    before = billing.git("status", "--porcelain", "--ignored")
    billing.json("symbols")
    billing.json("check", "--worktree")

    assert billing.git("status", "--porcelain", "--ignored") == before
    assert (billing.path / PATH).read_text() == INVOICE
