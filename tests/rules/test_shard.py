"""Which files belong together, and what zones of work cost."""

from __future__ import annotations

from git_muse_coord.rules.partition import partition
from git_muse_coord.rules.shard import BULK, Commits, Uses, web, zones

FILES = {f"{area}/{name}.py": 10 for area in ("orders", "stock") for name in "abcd"}
ORDERS = frozenset(path for path in FILES if path.startswith("orders/"))


def halves(uses: Uses = {}, commits: Commits = (), directories: bool = True) -> set[frozenset[str]]:  # noqa: B006
    parts = partition(web(FILES, uses, commits, directories), 2)
    return {
        frozenset(path for path, part in zip(FILES, parts, strict=False) if part == half)
        for half in (0, 1)
    }


def test_a_directory_ties_its_files() -> None:
    assert ORDERS in halves()


def test_uses_tie_files() -> None:
    pairs = {
        ("orders/a.py", "stock/a.py"),
        ("orders/b.py", "stock/b.py"),
        ("orders/a.py", "orders/b.py"),
    }
    pairs |= {("stock/a.py", "stock/b.py")}
    found = halves(uses=dict.fromkeys(pairs, 1.0), directories=False)
    assert any({"orders/a.py", "orders/b.py", "stock/a.py", "stock/b.py"} <= half for half in found)


def test_commits_tie_files_but_not_those_that_change_everything() -> None:
    mixed = ["orders/a.py", "orders/b.py", "stock/a.py", "stock/b.py"]
    others = [path for path in FILES if path not in mixed]
    assert frozenset(mixed) in halves(commits=[mixed, others, mixed], directories=False)
    bulk = [*mixed, *(f"other/{number}" for number in range(BULK))]
    assert web(FILES, {}, [bulk]) == web(FILES, {})


def test_what_a_division_costs_is_counted_by_pairs_of_files() -> None:
    uses = {
        ("a.py", "b.py"): 9.0,
        ("b.py", "a.py"): 1.0,
        ("b.py", "c.py"): 1.0,
        ("c.py", "d.py"): 1.0,
        ("d.py", "d.py"): 4.0,
        ("d.py", "gone.py"): 1.0,
    }
    found = zones({"a.py": 4, "b.py": 4, "c.py": 5, "d.py": 5}, uses, [7, 7, 2, 2])

    assert [(zone.files, zone.symbols, zone.coupling) for zone in found.zones] == [
        (("a.py", "b.py"), 8, 0.5),
        (("c.py", "d.py"), 10, 0.5),
    ]
    assert (found.crossing, found.uses, found.balance) == (1, 3, 0.8)
    assert found.hubs == ()


def test_a_file_that_most_zones_use_is_a_hub() -> None:
    symbols = {f"{number:02}.py": 1 for number in range(40)}
    uses = {(f"{number:02}.py", "00.py"): 1.0 for number in range(1, 40)}
    uses |= {(f"{number:02}.py", "01.py"): 1.0 for number in (4, 8, 12, 16, 20, 24)}
    found = zones(symbols, uses, [number % 4 for number in range(40)])

    assert found.hubs == (("00.py", 39, 4),)


def test_files_without_symbols_weigh_alike() -> None:
    parts = partition(web(dict.fromkeys("abcdefgh", 0), {}), 4)
    assert sorted(map(parts[:8].count, range(4))) == [2, 2, 2, 2]
