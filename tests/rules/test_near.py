from __future__ import annotations

from git_muse_coord.model.address import parse
from git_muse_coord.rules.near import near_paths

TRACKED = [
    "README.md",
    "src/billing.py",
    "src/shop.py",
    "tests/test_billing.py",
    "lib/deep/shop.py",
]


def near(missing: str) -> tuple[str, ...]:
    return near_paths(parse(missing), TRACKED)


def test_a_slip_of_the_pen_is_recognised_in_its_directory() -> None:
    assert near("src/biling.py") == ("src/billing.py",)
    assert near("READMEE.md") == ("README.md",)


def test_the_same_file_name_elsewhere_comes_first_the_shortest_path_before_others() -> None:
    assert near("shop.py") == ("src/shop.py", "lib/deep/shop.py")


def test_nothing_is_suggested_for_what_is_like_nothing() -> None:
    assert near("zzz/qqq.go") == ()
    assert near_paths(parse("a.py"), []) == ()


def test_there_are_three_at_most_and_none_twice() -> None:
    many = [f"d{number}/same.py" for number in range(9)]
    assert len(near_paths(parse("same.py"), many)) == 3
    assert near_paths(parse("src/shop.py/"), TRACKED)[0] == "src/shop.py"
