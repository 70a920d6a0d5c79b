"""Names of which there are several, in reservations and in what is told of changes."""

from __future__ import annotations

import subprocess

import pytest

from tests.check.helpers import met, stage
from tests.tools import Repo

STRUCT = """\
pub struct P {
    a: u8,
}

impl P {
    pub fn new() -> P {
        P { a: 1 }
    }
}

impl Clone for P {
    fn clone(&self) -> P {
        P { a: self.a }
    }
}
"""
MAP = """\
class Map {
  void put(int key) { a(); }
  void put(String key, int value) { b(); }
  void put(long key, int[] values) { c(); }
}
"""


@pytest.fixture
def tree(repo: Repo) -> Repo:
    repo.write("src/a.rs", STRUCT)
    repo.write("src/Map.java", MAP)
    repo.commit("Equal names")
    return repo


def hold(repo: Repo, *addresses: str) -> list[str]:
    answer = repo.json("reserve", "--run-id", "other", *addresses)
    assert answer["unresolved"] == []
    kept: list[str] = answer["addresses"]
    return kept


def test_an_address_of_the_version_of_before_still_meets_what_it_meant(tree: Repo) -> None:
    tree.muse("reserve", "--run-id", "other", "src/a.rs::P~10338b")
    stage(tree, "a: u8", "a: u16", "src/a.rs")
    assert met(tree) == [("src/a.rs::P", "src/a.rs::P~10338b")]

    tree.git("checkout", "-q", "HEAD", "--", "src/a.rs")
    stage(tree, "a: self.a", "a: self.a + 0", "src/a.rs")
    assert met(tree) == [("src/a.rs::P.clone", "src/a.rs::P~10338b")]


def test_an_overload_by_its_types_meets_itself_and_not_another(tree: Repo) -> None:
    path = "src/Map.java"
    address = f"{path}::Map.put(String,int)"
    assert hold(tree, address) == [address]
    stage(tree, "c();", "d();", path)
    assert met(tree) == []
    stage(tree, "b();", "d();", path)
    assert met(tree) == [(address, address)]


def test_the_first_of_several_answers_to_its_types_and_to_its_bare_name(tree: Repo) -> None:
    path = "src/Map.java"
    assert hold(tree, f"{path}::Map.put(int)") == [f"{path}::Map.put(int)"]
    stage(tree, "b();", "d();", path)
    assert met(tree) == []
    stage(tree, "a();", "d();", path)
    assert met(tree) == [(f"{path}::Map.put", f"{path}::Map.put(int)")]


def test_a_bare_name_means_all_of_that_name(tree: Repo) -> None:
    path = "src/Map.java"
    # what is typed as a call is the bare name, unless it is there just so
    assert hold(tree, f"{path}::Map.put(k, v)") == [f"{path}::Map.put"]
    stage(tree, "c();", "d();", path)
    assert met(tree) == [(f"{path}::Map.put(long,int[])", f"{path}::Map.put")]


def test_an_overload_that_comes_first_changes_only_what_is_called_by_the_bare_name(
    tree: Repo,
) -> None:
    path = "src/Map.java"
    hold(tree, f"{path}::Map.put(String,int)")
    stage(tree, "  void put(int", "  void put() { }\n  void put(int", path)
    changes = tree.json("symbols", "--changed")["changes"]
    assert [(change["address"], change["change"]) for change in changes] == [
        (f"{path}::Map.put", "added")
    ]


def test_what_symbols_prints_can_be_given_to_a_shell(tree: Repo) -> None:
    lines = tree.muse("symbols", "src/").out.splitlines()[1:]
    typed = [line.split(None, 2)[2] for line in lines]
    assert "'src/Map.java::Map.put(String,int)'" in typed
    command = f"printf '%s\\n' {' '.join(typed)}"
    printed = subprocess.run(["sh", "-c", command], check=True, capture_output=True, text=True)
    listed = [symbol["address"] for symbol in tree.json("symbols", "src/")["symbols"]]
    assert printed.stdout.splitlines() == listed
    assert tree.json("reserve", "--dry-run", *listed)["addresses"] == sorted(listed)
