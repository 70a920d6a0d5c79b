"""The graphs of whole trees: what they are read from, and that the second time nothing is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.errors import BadInput
from git_muse_coord.rules.uses import Use, UseEdge, UseGraph
from git_muse_coord.source.use_graphs import UseGraphs
from git_muse_coord.symbols import collect, link
from tests.tools import Repo

SHOP = ("src/shop.py", "sell")
TOTAL = ("src/billing.py", "compute_total")


@pytest.fixture
def shop(repo: Repo) -> Repo:
    repo.write(
        "src/shop.py",
        "from src.billing import compute_total\n\ndef sell():\n    return compute_total([])\n",
    )
    repo.commit("Sell")
    return repo


def graphs(repo: Repo) -> UseGraphs:
    return UseGraphs(Session(str(repo.path)).sources())


def test_of_the_working_tree_and_of_commits(shop: Repo) -> None:
    shop.write(
        "src/shop.py",
        "from src.billing import compute_total\n\ndef give():\n    return compute_total([])\n",
    )
    shop.write("src/new.py", "from src.billing import compute_total\ncompute_total([])\n")

    found = graphs(shop)
    assert found.working_tree().users_within(TOTAL, 2) == {("src/shop.py", "give")}
    assert found.at("HEAD").users_of(TOTAL) == [
        UseEdge(("src/shop.py", "<imports>"), TOTAL, 1, Use.IMPORT, link.IMPORTED),
        UseEdge(SHOP, TOTAL, 4, Use.CALL, link.IMPORTED),
    ]
    assert found.at("HEAD").used_by(SHOP) == [UseEdge(SHOP, TOTAL, 4, Use.CALL, link.IMPORTED)]
    assert found.at("HEAD^{tree}").edges == found.at("HEAD").edges
    assert found.at("HEAD").file_edges() == {("src/shop.py", "src/billing.py"): 2}
    assert found.at("HEAD~1").users_within(TOTAL, 2) == set()


@pytest.mark.parametrize("revision", ["nothing", "", "-h", "HEAD:README.md", "^HEAD", "a\0b"])
def test_what_is_no_tree(shop: Repo, revision: str) -> None:
    with pytest.raises(BadInput):
        graphs(shop).at(revision)


def test_a_file_that_does_not_parse_is_told(shop: Repo) -> None:
    shop.write("src/shop.py", "import (((\n\ndef sell():\n    return 1\n")
    found = graphs(shop).working_tree()
    assert found.unread == ("src/shop.py",)
    assert graphs(shop).working_tree().unread == found.unread


def test_what_is_known_is_not_read_again(shop: Repo, monkeypatch: pytest.MonkeyPatch) -> None:
    first = graphs(shop).working_tree()

    def fail(*_: object) -> UseGraph:
        raise AssertionError

    with monkeypatch.context() as patched:
        patched.setattr(link, "link", fail)
        assert graphs(shop).working_tree().edges == first.edges
        shop.write("README.md", "# Nothing that counts\n")
        assert graphs(shop).working_tree().edges == first.edges
    shop.write("src/billing.py", "def compute_total(items):\n    return 0\n")
    monkeypatch.setattr(collect.Collector, "run", fail)
    with pytest.raises(AssertionError):
        graphs(shop).working_tree()
    shop.write("src/billing.py", "def compute_total(items):\n    return sum(items)\n")
    (shop.path / "src/billing.py").rename(shop.path / "src/bills.py")
    shop.git("add", "-A")
    assert graphs(shop).working_tree().edges == ()  # linked anew out of what is known


def test_without_the_cache(shop: Repo) -> None:
    expected = graphs(shop).working_tree().edges
    for path in Path(shop.git_dir).glob("muse-coord/symbols-2.sqlite3*"):
        path.unlink()
    (Path(shop.git_dir) / "muse-coord/symbols-2.sqlite3").write_bytes(b"no database at all" * 100)
    assert graphs(shop).working_tree().edges == expected


def test_in_a_bare_repository(shop: Repo, tmp_path: Path) -> None:
    shop.git("clone", "-q", "--bare", ".", str(tmp_path / "bare.git"))
    found = UseGraphs(Session(str(tmp_path / "bare.git")).sources()).working_tree()
    assert found.users_within(TOTAL, 2) == {SHOP}
