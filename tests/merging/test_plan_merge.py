"""plan-merge: what it says of merges that real git repositories hold ready."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.tools import Repo

pytestmark = pytest.mark.slow

SHOP = """\
from decimal import Decimal


def price(item):
    return Decimal(item.price)


def total(items):
    subtotal = sum(price(item) for item in items)
    return round(subtotal, 2)


class Cart:
    def __init__(self, items):
        self.items = items

    def add(self, item):
        self.items.append(item)
        return self

    def empty(self):
        self.items.clear()
"""
PATH = "src/my shop/ähm.py"
MODULE = "src/desk.py"


class Branches:
    """Two branches that part at a shop."""

    def __init__(self, repo: Repo) -> None:
        self.repo = repo
        repo.write(PATH, SHOP)
        repo.write(MODULE, "import sys\n\n\ndef show(text):\n    sys.stdout.write(text)\n")
        repo.write("lib.py", SHOP)
        repo.write("NOTES.txt", "one\ntwo\nthree\n")
        repo.commit("A shop")
        for name in ("ours", "theirs"):
            repo.git("branch", name)

    def edit(self, branch: str, *edits: tuple[str, str], path: str = PATH) -> None:
        """Replace texts of a file on a branch, in one commit."""
        self.repo.git("checkout", "-q", branch)
        text = (self.repo.path / path).read_text()
        for old, new in edits:
            assert text.count(old) == 1, (old, text)
            text = text.replace(old, new)
        self.write(branch, text, path)

    def write(self, branch: str, content: str, path: str) -> None:
        self.repo.git("checkout", "-q", branch)
        self.repo.write(path, content)
        self.repo.commit(f"{branch}: {path}")

    def plan(
        self, ours: str = "ours", theirs: str = "theirs", *options: str, code: int = 0
    ) -> dict[str, Any]:
        return self.repo.json("plan-merge", ours, theirs, *options, code=code)

    def both_ways(self) -> list[dict[str, Any]]:
        """The plan, and the plan of merging the other way round, as the former sees it."""
        there, back = self.plan(), self.plan("theirs", "ours")
        for item in back["items"]:
            item["ours_change"], item["theirs_change"] = item["theirs_change"], item["ours_change"]
            for site in item["sites"]:
                site["side"] = {"ours": "theirs", "theirs": "ours"}[site["side"]]
        return [there, back]


@pytest.fixture
def shop(repo: Repo) -> Branches:
    return Branches(repo)


def findings(plan: dict[str, Any]) -> dict[str, tuple[str, str | None, str | None, bool]]:
    """What is said of each symbol: the type, what each side did, whether git conflicts."""
    return {
        one["address"]: (
            one["conflict_type"],
            one["ours_change"],
            one["theirs_change"],
            one["git_conflict"],
        )
        for one in plan["items"]
    }


def sites(plan: dict[str, Any], address: str) -> list[tuple[str, int, str, str]]:
    (item,) = [one for one in plan["items"] if one["address"] == address]
    return [(one["file"], one["line"], one["address"], one["side"]) for one in item["sites"]]


TOTAL, PRICE, ADD = f"{PATH}::total", f"{PATH}::price", f"{PATH}::Cart.add"


def test_both_edit_one_symbol(shop: Branches) -> None:
    shop.edit("ours", ("round(subtotal, 2)", "round(subtotal, 3)"))
    shop.edit("theirs", ("round(subtotal, 2)", "subtotal"))

    for plan in shop.both_ways():
        assert findings(plan) == {TOTAL: ("symbol_edit_overlap", "modified", "modified", True)}
        assert plan["git_conflicts"] == [PATH]
        assert (plan["total_symbols"], plan["conflicts"], plan["clean"]) == (1, 1, 0)
    assert "by hand" in plan["items"][0]["recommendation"]
    assert "both sides are concerned (1)" in shop.repo.muse("plan-merge", "ours", "theirs").out


def test_both_edit_one_symbol_in_different_lines(shop: Branches) -> None:
    body = "    a = 1\n    b = 2\n    c = 3\n    d = 4\n    return a + b + c + d\n"
    shop.repo.git("checkout", "-q", "ours")
    shop.write("ours", f"def long():\n{body}", "long.py")
    shop.repo.git("branch", "-f", "theirs", "ours")
    shop.edit("ours", ("a = 1", "a = 10"), path="long.py")
    shop.edit("theirs", ("d = 4", "d = 40"), path="long.py")

    plan = shop.plan()
    assert findings(plan) == {
        "long.py::long": ("symbol_edit_overlap", "modified", "modified", False)
    }
    assert plan["git_conflicts"] == []
    assert "git merges the lines (1)" in shop.repo.muse("plan-merge", "ours", "theirs").out


def test_different_symbols(shop: Branches) -> None:
    shop.edit("ours", ("Decimal(item.price)", "item.price"))
    shop.edit("theirs", ("self.items.clear()", "self.items = []"))

    for plan in shop.both_ways():
        assert {one[0] for one in findings(plan).values()} == {"no_conflict"}
        assert (plan["conflicts"], plan["clean"], plan["git_conflicts"]) == (0, 2, [])
    assert shop.repo.muse("plan-merge", "ours", "theirs", "--strict").code == 0


def test_git_conflicts_but_the_symbols_are_disjoint(shop: Branches) -> None:
    for side in ("ours", "theirs"):
        shop.edit(
            side, ("\n\nclass Cart", f"\n\ndef {side}():\n    return '{side}'\n\n\nclass Cart")
        )

    plan = shop.plan()
    assert findings(plan) == {
        f"{PATH}::ours": ("no_conflict", "added", None, True),
        f"{PATH}::theirs": ("no_conflict", None, "added", True),
    }
    assert (plan["conflicts"], plan["git_conflicts"]) == (0, [PATH])
    assert plan["items"][0]["recommendation"] == "take both changes"
    assert all(one["disjoint"] for one in plan["items"])
    assert "the symbols are disjoint (2)" in shop.repo.muse("plan-merge", "ours", "theirs").out
    assert shop.plan("ours", "theirs", "--strict", code=2)["git_conflicts"] == [PATH]


def test_rename_and_edit(shop: Branches) -> None:
    shop.edit("ours", ("def total(items)", "def total_of(items)"))
    shop.edit("theirs", ("round(subtotal, 2)", "round(subtotal, 3)"))

    for plan in shop.both_ways():
        assert findings(plan)[TOTAL] == ("rename_edit", "renamed", "modified", False)
    assert f"{PATH}::total_of" in plan["items"][0]["recommendation"]


def test_two_renames(shop: Branches) -> None:
    shop.edit("ours", ("def total(items)", "def total_of(items)"))
    shop.edit("theirs", ("def total(items)", "def sum_of(items)"))

    for plan in shop.both_ways():
        assert findings(plan)[TOTAL] == ("rename_edit", "renamed", "renamed", True)
    assert plan["items"][0]["recommendation"] == "agree on one name"


def test_rename_of_a_class_and_edit_inside(shop: Branches) -> None:
    shop.edit("ours", ("class Cart", "class Basket"))
    shop.edit("theirs", ("self.items.append(item)", "self.items += [item]"))

    for plan in shop.both_ways():
        assert findings(plan)[ADD] == ("rename_edit", "renamed", "modified", False)


def test_move_and_edit(shop: Branches) -> None:
    function = SHOP[SHOP.index("def total") : SHOP.index("class Cart")]
    shop.edit("ours", (function, ""))
    shop.write(
        "ours", "from decimal import Decimal\n\n\n" + function.rstrip() + "\n", "src/sums.py"
    )
    shop.edit("theirs", ("round(subtotal, 2)", "round(subtotal, 3)"))

    for plan in shop.both_ways():
        assert findings(plan)[TOTAL] == ("move_edit", "moved", "modified", True)
    assert plan["items"][0]["recommendation"] == "bring the edit to src/sums.py::total"


def test_a_file_that_moves(shop: Branches) -> None:
    shop.repo.git("checkout", "-q", "ours")
    shop.repo.git("mv", "lib.py", "library.py")
    shop.repo.git("commit", "-q", "-m", "Move")
    shop.edit("theirs", ("self.items.append(item)", "self.items += [item]"), path="lib.py")

    for plan in shop.both_ways():
        assert findings(plan)["lib.py::Cart.add"] == ("move_edit", "moved", "modified", False)


def test_deletion_and_edit(shop: Branches) -> None:
    shop.edit(
        "ours",
        ("    def add(self, item):\n        self.items.append(item)\n        return self\n\n", ""),
    )
    shop.edit("theirs", ("self.items.append(item)", "self.items += [item]"))

    for plan in shop.both_ways():
        assert findings(plan)[ADD] == ("symbol_edit_overlap", "deleted", "modified", True)
    assert "decide whether it goes" in plan["items"][0]["recommendation"]


def test_a_file_that_one_side_deletes(shop: Branches) -> None:
    shop.repo.git("checkout", "-q", "ours")
    shop.repo.git("rm", "-q", "lib.py")
    shop.repo.git("commit", "-q", "-m", "Delete")
    shop.edit("theirs", ("self.items.append(item)", "self.items += [item]"), path="lib.py")

    plan = shop.plan()
    assert plan["git_conflicts"] == ["lib.py"]
    assert findings(plan)["lib.py::Cart.add"] == (
        "symbol_edit_overlap",
        "deleted",
        "modified",
        True,
    )
    assert findings(plan)["lib.py::total"] == ("no_conflict", "deleted", None, False)


def test_deletion_and_a_new_call_in_another_file(shop: Branches) -> None:
    function = SHOP[SHOP.index("def total") : SHOP.index("class Cart")]
    shop.edit("ours", (function, ""), path="lib.py")
    shop.edit(
        "theirs",
        ("import sys\n", "import sys\n\nfrom lib import total\n"),
        ("sys.stdout.write(text)", "sys.stdout.write(text)\n    print(total([]))"),
        path=MODULE,
    )

    for plan in shop.both_ways():
        assert findings(plan)["lib.py::total"] == ("delete_use", "deleted", None, False)
        assert sorted(sites(plan, "lib.py::total")) == [
            (MODULE, 3, f"{MODULE}::<imports>", "theirs"),
            (MODULE, 8, f"{MODULE}::show", "theirs"),
        ]
        assert (plan["items"][0]["address"], plan["items"][0]["silent"]) == ("lib.py::total", True)
        assert plan["git_conflicts"] == []
    text = shop.repo.muse("plan-merge", "ours", "theirs").out
    assert "git merges cleanly, but the result breaks (1)" in text
    assert f"{MODULE}:8 in theirs" in text


@pytest.mark.parametrize(
    ("line", "used"),
    [("from lib import total as sum_up", "sum_up"), ("import lib\nsum_up = lib.total", "sum_up")],
)
def test_a_new_call_by_another_name_of_what_went_away(shop: Branches, line: str, used: str) -> None:
    shop.write("ours", f"{line}\n", "names.py")
    shop.repo.git("branch", "-f", "theirs", "ours")
    function = SHOP[SHOP.index("def total") : SHOP.index("class Cart")]
    shop.edit("ours", (function, ""), path="lib.py")
    shop.write("ours", "", "names.py")
    shop.write("theirs", f"import names\n\n\ndef bill():\n    names.{used}([])\n", "bill.py")

    for plan in shop.both_ways():
        assert ("bill.py", 5, "bill.py::bill", "theirs") in sites(plan, "lib.py::total")


def test_a_constructor_and_a_new_call_of_a_class_below(shop: Branches) -> None:
    shop.write("ours", "from lib import Cart\n\n\nclass Bag(Cart):\n    pass\n", "bag.py")
    shop.repo.git("branch", "-f", "theirs", "ours")
    shop.edit(
        "ours", ("def __init__(self, items)", "def __init__(self, items, owner)"), path="lib.py"
    )
    shop.write("theirs", "from bag import Bag\n\n\ndef pack():\n    Bag([])\n", "pack.py")

    for plan in shop.both_ways():
        assert [site[2] for site in sites(plan, "lib.py::Cart.__init__")] == ["pack.py::pack"]


@pytest.mark.parametrize(
    ("path", "text", "line"),
    [
        ("bill.py", 'from lib import *\n\n\ndef bill(cart: "Cart | None"):\n    pass\n', 4),
        ("bill.py", 'import lib\n\n\ndef bill() -> list["lib.Cart"]:\n    pass\n', 4),
        ("lib.py", f'{SHOP}\n\n__all__ = ["total", "Cart"]\n', 25),
        ("lib.py", f'__all__ = []\n__all__ += ["Cart"]\n{SHOP}', 2),
    ],
)
def test_a_new_use_that_stands_in_quotes(shop: Branches, path: str, text: str, line: int) -> None:
    shop.edit("ours", (SHOP[SHOP.index("class Cart") :], ""), path="lib.py")
    shop.write("theirs", text, path)

    for plan in shop.both_ways():
        assert (path, line) in [site[:2] for site in sites(plan, "lib.py::Cart")]


def test_what_takes_long_is_told(shop: Branches) -> None:
    shop.edit("ours", ("def total(items)", "def sum_up(items)"), path="lib.py")
    shop.edit("theirs", ("sys.stdout", "sys.total"), path=MODULE)
    told: list[str] = []
    shop.repo.coordinator(progress=told.append).plan_merge("ours", "theirs")
    assert told[:2] == ["comparing our side with the base", "comparing their side with the base"]
    assert "looking for uses of what ours took away or changed" in told


def test_rename_and_a_new_call(shop: Branches) -> None:
    shop.edit("ours", ("def total(items)", "def total_of(items)"), path="lib.py")
    shop.write(
        "theirs", "from lib import total\n\n\ndef bill():\n    return total([])\n", "bill.py"
    )

    for plan in shop.both_ways():
        assert findings(plan)["lib.py::total"] == ("delete_use", "renamed", None, False)
        assert ("bill.py", 5, "bill.py::bill", "theirs") in sites(plan, "lib.py::total")
    assert plan["items"][0]["recommendation"] == "use lib.py::total_of there"


@pytest.mark.parametrize(
    "line", ["from sums import total", "from sums import total_of as total", "from sums import *"]
)
def test_a_move_that_keeps_the_old_name_alive(shop: Branches, line: str) -> None:
    function = SHOP[SHOP.index("def total") : SHOP.index("class Cart")]
    shop.edit("ours", (function, ""), ("from decimal", f"{line}\nfrom decimal"), path="lib.py")
    function = function.replace("def total", "def total_of") if "total_of" in line else function
    shop.write("ours", "from decimal import Decimal\n\n\n" + function.rstrip() + "\n", "sums.py")
    shop.write(
        "theirs", "from lib import total\n\n\ndef bill():\n    return total([])\n", "bill.py"
    )

    assert findings(shop.plan())["lib.py::total"][0] == "no_conflict"


def test_a_moved_class_that_keeps_its_old_name_alive_but_not_all_its_methods(
    shop: Branches,
) -> None:
    cart = SHOP[SHOP.index("class Cart") :]
    shop.edit(
        "ours", (cart, ""), ("from decimal", "from carts import Cart\nfrom decimal"), path="lib.py"
    )
    shop.write("ours", cart.replace("def empty", "def clear_all_of_it"), "carts.py")
    bill = "from lib import Cart\n\n\ndef bill():\n    cart = Cart([])\n    cart.add(1)\n    cart.empty()\n"
    shop.write("theirs", bill, "bill.py")

    found = findings(shop.plan())
    assert {address for address, (kind, *_) in found.items() if kind == "delete_use"} == {
        "lib.py::Cart.empty"
    }


def test_a_use_in_a_file_that_moved_along_with_what_it_uses(shop: Branches) -> None:
    """As where a side moves all sources into a directory: git puts the other's new use there, too."""
    desk = "from .prices import price\n\n\ndef show(item):\n    return str(item)\n"
    for path, text in (("pkg/__init__.py", ""), ("pkg/prices.py", SHOP), ("pkg/desk.py", desk)):
        shop.write("ours", text, path)
    shop.repo.git("branch", "-f", "theirs", "ours")
    shop.repo.git("mv", "pkg", "src/ware ü")
    shop.repo.commit("ours: moved")
    shop.edit("theirs", ("str(item)", "str(price(item))"), path="pkg/desk.py")
    added = "from pkg.prices import total\n\n\ndef add(items):\n    return total(items)\n"
    shop.write("theirs", added, "tools.py")

    for plan in shop.both_ways():
        broken = [one for one in plan["items"] if one["conflict_type"] == "delete_use"]
        assert [one["address"] for one in broken] == ["pkg/prices.py::total"]
        assert {site["file"] for site in broken[0]["sites"]} == {"tools.py"}


def test_a_module_that_becomes_a_package_is_imported_as_before(shop: Branches) -> None:
    shop.repo.git("checkout", "-q", "ours")
    (shop.repo.path / "lib").mkdir()
    shop.repo.git("mv", "lib.py", "lib/__init__.py")
    shop.repo.commit("ours: a package")
    shop.write("theirs", "from lib import total\n\n\ndef pay(items):\n    total(items)\n", "pay.py")
    for plan in shop.both_ways():
        assert "delete_use" not in {one["conflict_type"] for one in plan["items"]}


def test_a_new_use_of_what_went_away_is_not_excused_by_a_method_of_that_name(
    shop: Branches,
) -> None:
    shop.edit("ours", ("    def empty(self):\n        self.items.clear()\n", ""))
    shop.write("ours", "class Box:\n    def empty(self):\n        pass\n", "box.py")
    shop.edit("theirs", ("return self\n", "self.empty()\n        return self\n"))
    for plan in shop.both_ways():
        assert [site[2] for site in sites(plan, f"{PATH}::Cart.empty")] == [f"{PATH}::Cart.add"]


def test_a_name_that_is_taken_in_from_elsewhere_instead(shop: Branches) -> None:
    function = SHOP[SHOP.index("def price") : SHOP.index("def total")]
    shop.edit(
        "ours",
        (function, ""),
        ("from decimal", "from prices import price\nfrom decimal"),
        path="lib.py",
    )
    shop.write("theirs", "import lib\n\n\ndef bill():\n    return lib.price(None)\n", "bill.py")

    assert findings(shop.plan())["lib.py::price"] == ("no_conflict", "deleted", None, False)


def test_a_call_that_was_there_before_is_no_new_one(shop: Branches) -> None:
    shop.edit(
        "ours", ("def price(item)", "def price_of(item)"), ("sum(price(item)", "sum(price_of(item)")
    )
    shop.edit("theirs", ("round(subtotal, 2)", "round(subtotal, 3)"))

    assert findings(shop.plan())[PRICE] == ("no_conflict", "renamed", None, False)


def test_a_signature_and_a_new_caller(shop: Branches) -> None:
    shop.edit("ours", ("def total(items)", "def total(items, currency)"), path="lib.py")
    shop.write("theirs", "import lib\n\n\ndef bill():\n    return lib.total([])\n", "bill.py")

    for plan in shop.both_ways():
        assert findings(plan)["lib.py::total"] == ("dependency_conflict", "signature", None, False)
        assert sites(plan, "lib.py::total") == [("bill.py", 5, "bill.py::bill", "theirs")]
    assert shop.plan("ours", "theirs", "--strict", code=2)["conflicts"] == 1


def test_a_signature_that_the_new_caller_fits(shop: Branches) -> None:
    shop.edit("ours", ("def total(items)", "def total(items, currency=None)"), path="lib.py")
    shop.write("theirs", "import lib\n\n\ndef bill():\n    return lib.total([])\n", "bill.py")

    for plan in shop.both_ways():
        assert plan["conflicts"] == 0


def test_a_constructor_and_the_bases_of_a_class(shop: Branches) -> None:
    shop.write("theirs", "import lib\n\n\ndef bill():\n    return lib.Cart([])\n", "bill.py")
    shop.edit("ours", ("class Cart:", "class Cart(list):"), path="lib.py")
    assert findings(shop.plan())["lib.py::Cart"][0] == "no_conflict"

    shop.edit(
        "ours", ("def __init__(self, items)", "def __init__(self, items, owner)"), path="lib.py"
    )
    plan = shop.plan()
    assert findings(plan)["lib.py::Cart"][0] == "no_conflict"
    assert sites(plan, "lib.py::Cart.__init__") == [("bill.py", 5, "bill.py::bill", "theirs")]


def test_a_signature_and_a_changed_caller(shop: Branches) -> None:
    shop.edit("ours", ("def price(item)", "def price(item, currency)"))
    shop.edit("theirs", ("round(subtotal, 2)", "round(subtotal, 3)"))

    for plan in shop.both_ways():
        assert sites(plan, PRICE) == [(PATH, 9, TOTAL, "theirs")]


def test_a_signature_with_all_its_callers(shop: Branches) -> None:
    shop.edit(
        "ours",
        ("def price(item)", "def price(item, currency)"),
        ("price(item) for", "price(item, 1) for"),
    )
    shop.edit("theirs", ("round(subtotal, 2)", "round(subtotal, 3)"))

    assert findings(shop.plan())[PRICE][0] == "no_conflict"
    assert findings(shop.plan())[TOTAL][0] == "symbol_edit_overlap"


def test_what_both_did_alike(shop: Branches) -> None:
    for side in ("ours", "theirs"):
        shop.edit(side, ("round(subtotal, 2)", "round(subtotal, 3)"))

    assert findings(shop.plan()) == {TOTAL: ("no_conflict", "modified", "modified", False)}


def test_formatting_is_no_edit(shop: Branches) -> None:
    shop.edit("ours", ("return round(subtotal, 2)", "return round(subtotal, 3)"))
    shop.edit(
        "theirs",
        (
            "subtotal = sum(price(item) for item in items)",
            "subtotal = sum( price(item) for item in items)",
        ),
    )

    for plan in shop.both_ways():
        assert findings(plan)[TOTAL][1:3] == ("modified", "formatting")


def test_prose_and_what_cannot_be_read(shop: Branches) -> None:
    for side in ("ours", "theirs"):
        shop.write(side, f"one\n{side}\nthree\n", "NOTES.txt")

    assert findings(shop.plan()) == {
        "NOTES.txt": ("symbol_edit_overlap", "modified", "modified", True)
    }


def test_a_fast_forward(shop: Branches) -> None:
    shop.edit("theirs", ("round(subtotal, 2)", "round(subtotal, 3)"))

    plan = shop.plan()
    assert findings(plan) == {TOTAL: ("no_conflict", None, "modified", False)}
    assert plan["base"] == plan["ours"]
    assert findings(shop.plan("theirs", "ours")) == {
        TOTAL: ("no_conflict", "modified", None, False)
    }
    assert shop.plan("ours", "ours")["total_symbols"] == 0


def test_revisions(shop: Branches) -> None:
    shop.edit("ours", ("round(subtotal, 2)", "round(subtotal, 3)"))
    shop.edit("theirs", ("round(subtotal, 2)", "subtotal"))
    shop.repo.git("tag", "-a", "-m", "v1", "v1", "theirs")
    shop.repo.git("checkout", "-q", "ours")

    oid = shop.repo.git("rev-parse", "theirs")
    for theirs in ("v1", "theirs", oid, oid[:10], "v1~0", "refs/heads/theirs"):
        assert shop.plan("HEAD", theirs)["theirs"] == oid
    assert shop.plan("HEAD~1", "theirs")["conflicts"] == 0


def test_another_base(shop: Branches) -> None:
    shop.edit("ours", ("round(subtotal, 2)", "round(subtotal, 3)"))
    shop.edit("theirs", ("round(subtotal, 2)", "subtotal"))

    plan = shop.plan("ours", "theirs", "--base", "ours")
    assert plan["base"] == plan["ours"]
    assert (plan["conflicts"], plan["git_conflicts"]) == (0, [])


def test_branches_that_crossed(shop: Branches) -> None:
    shop.edit("ours", ("round(subtotal, 2)", "round(subtotal, 3)"))
    shop.edit("theirs", ("self.items.clear()", "self.items = []"))
    shop.repo.git("tag", "left", "ours")
    shop.repo.git("tag", "right", "theirs")
    for side, other in (("ours", "right"), ("theirs", "left")):
        shop.repo.git("checkout", "-q", side)
        shop.repo.git("merge", "-q", "-m", "cross", other)
    shop.edit("ours", ("item.price)", "item.cost)"))
    shop.edit("theirs", ("item.price)", "item.worth)"))

    plan = shop.plan()
    assert "2 merge bases" in plan["warnings"][0]
    assert plan["git_conflicts"] == [PATH]
    found = findings(plan)
    assert found.pop(PRICE) == ("symbol_edit_overlap", "modified", "modified", True)
    assert {one[0] for one in found.values()} <= {"no_conflict"}


@pytest.mark.parametrize(
    "given",
    [("ours", "nothing"), ("", "ours"), ("--", "-x", "ours"), ("ours", "HEAD:src"), ("ours",)],
)
def test_what_names_no_commit(shop: Branches, given: tuple[str, ...]) -> None:
    ran = shop.repo.muse("plan-merge", *given)

    assert ran.code == 1
    assert ran.err.startswith("error: ")
    assert ran.err.count("\n") == 1


def test_unrelated_histories(shop: Branches) -> None:
    shop.repo.git("checkout", "-q", "--orphan", "alone")
    shop.repo.commit("Another root")

    ran = shop.repo.muse("plan-merge", "ours", "alone")
    assert ran.code == 1
    assert "no common history" in ran.err
    assert shop.plan("ours", "alone", "--base", "ours")["git_conflicts"] == []


def test_a_shallow_clone_without_the_base(shop: Branches, tmp_path: Path) -> None:
    shop.edit("ours", ("round(subtotal, 2)", "round(subtotal, 3)"))
    shop.edit("theirs", ("round(subtotal, 2)", "subtotal"))
    shop.repo.git(
        "clone",
        "-q",
        "--depth=1",
        "--no-single-branch",
        f"file://{shop.repo.path}",
        str(tmp_path / "shallow"),
    )

    ran = Repo(tmp_path / "shallow").muse("plan-merge", "origin/ours", "origin/theirs")
    assert ran.code == 1
    assert "--unshallow" in ran.err


def test_from_elsewhere(shop: Branches, tmp_path: Path) -> None:
    shop.edit("ours", ("round(subtotal, 2)", "round(subtotal, 3)"))
    shop.edit("theirs", ("round(subtotal, 2)", "subtotal"))
    shop.repo.git("worktree", "add", "-q", str(tmp_path / "other tree"), "ours")
    shop.repo.git("clone", "-q", "--bare", ".", str(tmp_path / "bare"))

    for place in (shop.repo.path / "src/my shop", tmp_path / "other tree", tmp_path / "bare"):
        plan = Repo(place).json("plan-merge", "ours", "theirs")
        assert findings(plan) == {TOTAL: ("symbol_edit_overlap", "modified", "modified", True)}


def test_nothing_is_written(shop: Branches) -> None:
    shop.edit("ours", ("round(subtotal, 2)", "round(subtotal, 3)"), ("class Cart", "class Basket"))
    shop.edit(
        "theirs", ("round(subtotal, 2)", "subtotal"), ("self.items.clear()", "self.items = []")
    )

    def state() -> list[str]:
        asked = (
            ["count-objects", "-v"],
            ["for-each-ref"],
            ["status", "--porcelain"],
            ["rev-parse", "HEAD"],
        )
        return [shop.repo.git(*one) for one in asked] + sorted(os.listdir(shop.repo.path))

    before = state()
    shop.plan()
    shop.plan("ours", "theirs", "--base", "HEAD")
    assert state() == before


def test_a_file_that_does_not_parse(shop: Branches) -> None:
    shop.edit("ours", ("round(subtotal, 2)", "round(subtotal, 3)"))
    shop.write("theirs", "def broken(:\n  ][\n", "lib.py")

    plan = shop.plan()
    assert any("lib.py" in one for one in plan["warnings"])
    assert findings(plan)[TOTAL] == ("no_conflict", "modified", None, False)


def test_text_fits_on_a_screen(shop: Branches) -> None:
    many = "".join(f"def f{number}():\n    return {number}\n\n\n" for number in range(40))
    shop.write("ours", many, "many.py")
    shop.repo.git("branch", "-f", "theirs", "ours")
    shop.write("ours", many.replace("return ", "return 1 + "), "many.py")
    shop.write("theirs", many.replace("return ", "return 2 + "), "many.py")

    lines = shop.repo.muse("plan-merge", "ours", "theirs").out.splitlines()
    assert len(lines) < 24
    assert any("and 30 more" in line for line in lines)
