"""The trees that check and symbols look at: indexes that hooks name, worktrees, submodules, odd paths and contents."""

from __future__ import annotations

import shlex
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.check.helpers import (
    INVOICE,
    PATH,
    TAX,
    TOTAL,
    changed,
    edit,
    environment,
    met,
    shop,
    stage,
)
from tests.tools import Repo, git_in, program

EDIT_TOTAL = ("return subtotal + self.tax(subtotal)", "return round(subtotal + self.tax(subtotal))")
EDIT_TAX = ("return round(subtotal * rate, 2)", "return round(subtotal * rate, 3)")


@pytest.fixture
def billing(repo: Repo) -> Repo:
    return shop(repo)


def hook(repo: Repo, name: str = "pre-commit") -> Path:
    """A hook of git that keeps what check says."""
    said = repo.path.parent / "said.json"
    place = Path(repo.git("rev-parse", "--path-format=absolute", "--git-path", f"hooks/{name}"))
    place.parent.mkdir(exist_ok=True)
    place.write_text(f"#!/bin/sh\npython -m git_muse_coord symbols --changed >'{said}'\n")
    place.chmod(0o755)
    return said


def test_an_index_that_the_environment_names(billing: Repo, tmp_path: Path) -> None:
    billing.reserve(TOTAL, "--run-id", "a")
    other = tmp_path / "other index"
    shutil.copy(billing.git_dir / "index", other)
    edit(billing, *EDIT_TOTAL)
    with environment(GIT_INDEX_FILE=str(other)):
        billing.git("add", ".")
        assert met(billing) == [(TOTAL, TOTAL)]
    assert met(billing) == []


@pytest.mark.parametrize(
    ("commit", "expected"),
    [
        (("commit", "-qm", "staged"), [TAX]),
        (("commit", "-qam", "all"), [TOTAL, TAX]),
        (("commit", "-qm", "one path", "--", "src/shop.py"), ["src/shop.py::<imports>"]),
        (("commit", "-q", "--amend", "-m", "amended"), [TAX]),
    ],
)
def test_what_git_is_about_to_commit(
    billing: Repo, commit: tuple[str, ...], expected: list[str]
) -> None:
    said = hook(billing)
    stage(billing, *EDIT_TAX)
    edit(billing, *EDIT_TOTAL)
    if "--" in commit:
        billing.write("src/shop.py", "from src.invoice import Invoice\n")

    billing.git(*commit)

    # as a shell takes it
    found = [shlex.split(line)[1] for line in said.read_text().splitlines()]
    assert found == expected


@pytest.mark.slow
def test_a_merge_and_a_linked_worktree(billing: Repo, tmp_path: Path) -> None:
    said = hook(billing, "pre-merge-commit")
    linked = Repo(tmp_path / "linked")
    billing.git("worktree", "add", "-q", "-b", "topic", str(linked.path))
    stage(linked, *EDIT_TAX)
    linked.git("commit", "-qm", "Finer")
    stage(billing, *EDIT_TOTAL)
    billing.git("commit", "-qm", "Round")

    billing.git("merge", "-q", "--no-ff", "--no-edit", "topic")
    assert said.read_text().split() == ["modified", TAX]
    said = hook(billing)
    stage(linked, "def overdue(invoices, today)", "def overdue(invoices)")
    linked.git("commit", "-qm", "Today")
    assert said.read_text().split() == ["signature", f"{PATH}::overdue"]


def test_the_first_commit(tmp_path: Path) -> None:
    repo = Repo.make(tmp_path / "new")
    repo.write("a.py", "def f():\n    return 1\n")
    repo.git("add", ".")
    repo.reserve("a.py::f", "--run-id", "a")

    assert changed(repo) == [("a.py::f", "added")]
    assert met(repo) == met(repo, "--worktree") == [("a.py::f", "a.py::f")]
    repo.git("commit", "-qm", "First")
    assert changed(repo, "--changed", "HEAD^!") == [("a.py::f", "added")]


def test_part_of_a_file_is_staged(billing: Repo) -> None:
    edit(billing, *EDIT_TAX)
    billing.git("add", ".")
    edit(billing, *EDIT_TOTAL)

    assert changed(billing) == [(TAX, "modified")]
    billing.reserve(TOTAL, "--run-id", "a")
    assert met(billing) == []
    assert met(billing, "--worktree") == [(TOTAL, TOTAL)]


def test_from_a_subdirectory(billing: Repo) -> None:
    billing.reserve(TOTAL, "--run-id", "a")
    billing.git("config", "diff.relative", "true")
    edit(billing, *EDIT_TOTAL)
    (billing.path / "elsewhere").mkdir()
    here = Repo(billing.path / "elsewhere")

    assert met(here, "--worktree") == [(TOTAL, TOTAL)]
    billing.git("add", ".")
    assert met(here) == [(TOTAL, TOTAL)]
    src = Repo(billing.path / "src")
    assert {
        one["address"].partition("::")[0] for one in src.json("symbols", "./invoice.py")["symbols"]
    } == {PATH}


@pytest.mark.parametrize(
    "name",
    ['"quoted".py', "new\nline.py", "tab\there.py", "späß 🎉.py", "-f.py", "\udcff\udcfe.py"],
)
def test_odd_paths(billing: Repo, name: str) -> None:
    billing.reserve("odd/", "--run-id", "a")
    target = billing.path / "odd" / name
    target.parent.mkdir()
    target.write_text("def f():\n    return 1\n")

    assert met(billing, "--worktree") == [(f"odd/{name}::f", "odd/")]
    billing.git("add", ".")
    assert met(billing) == [(f"odd/{name}::f", "odd/")]
    billing.git("commit", "-qm", "Odd")
    target.write_text("def f():\n    return 2\n")
    assert met(billing, "--worktree") == [(f"odd/{name}::f", "odd/")]
    assert "\n" not in billing.muse("check", "--worktree").out.splitlines()[0]
    assert billing.muse("check", "--worktree", "--format", "sarif").code == 0
    assert billing.muse("symbols", "odd/").out.isprintable() is False  # only for its line ends
    assert len(billing.muse("symbols", "odd/").out.splitlines()) == 2


@pytest.mark.slow
def test_a_submodule(billing: Repo, tmp_path: Path) -> None:
    library = shop(Repo.make(tmp_path / "library"))
    billing.git("submodule", "--quiet", "add", str(library.path), "lib")
    billing.commit("A library")
    inner = Repo(billing.path / "lib")
    billing.reserve("lib", "--run-id", "a")
    stage(inner, *EDIT_TOTAL)
    assert met(billing, "--worktree") == []  # what is dirty in there is not ours to commit
    inner.git("commit", "-qm", "Round")

    assert met(billing, "--worktree") == [("lib", "lib/")]
    billing.git("add", "lib")
    assert met(billing) == [("lib", "lib/")]
    inner.reserve(TAX, "--run-id", "a")
    said = hook(inner)
    stage(inner, *EDIT_TAX)
    assert met(inner) == [(TAX, TAX)]
    inner.git("commit", "-qm", "Finer")
    assert said.read_text().split() == ["modified", TAX]


def test_symbolic_links(billing: Repo) -> None:
    (billing.path / "system").symlink_to("/usr")
    (billing.path / "out.py").symlink_to("../elsewhere.py")
    (billing.path / "main.py").symlink_to(PATH)
    billing.commit("Links")
    billing.reserve("system", "out.py", "main.py", "--run-id", "a")
    for name in ("system", "out.py"):
        (billing.path / name).unlink()
        (billing.path / name).symlink_to("README.md")
    edit(billing, *EDIT_TOTAL)

    wanted = [("out.py", "out.py"), (TOTAL, PATH), ("system", "system/")]
    assert sorted(met(billing, "--worktree")) == wanted
    billing.git("add", ".")
    assert sorted(met(billing)) == wanted
    assert TOTAL in {one["address"] for one in billing.json("symbols", "main.py")["symbols"]}


def test_only_the_mode_changes(billing: Repo) -> None:
    billing.reserve(PATH, "--run-id", "a")
    billing.git("config", "core.fileMode", "true")
    (billing.path / PATH).chmod(0o755)
    billing.git("add", ".")

    assert met(billing) == []
    assert changed(billing) == []


def test_line_ends_that_git_takes_away(billing: Repo) -> None:
    billing.git("config", "core.autocrlf", "true")
    billing.write(PATH, INVOICE.replace(*EDIT_TOTAL).replace("\n", "\r\n"))
    billing.reserve(PATH, "--run-id", "a")

    assert met(billing, "--worktree") == [(TOTAL, PATH)]
    billing.write(PATH, INVOICE.replace("\n", "\r\n"))
    assert billing.json("check", "--worktree")["changes"] == []


TWO = "def f():\n    return 1\n\n\ndef g():\n    return 2\n"
EDITED = TWO.replace("return 2", "return 22")


@pytest.mark.parametrize(
    ("attributes", "write"),
    [
        ("working-tree-encoding=UTF-16LE", lambda text: text.encode("utf-16-le")),
        (
            "text working-tree-encoding=UTF-16",
            lambda text: text.replace("\n", "\r\n").encode("utf-16"),
        ),
        (
            "working-tree-encoding=ISO-8859-15",
            lambda text: f"# \u20ac\n{text}".encode("iso-8859-15"),
        ),
        ("text eol=crlf", lambda text: text.replace("\n", "\r\n").encode()),
        ("ident", lambda text: f"# $Id: nothing $\n{text}".encode()),
        ("filter=boast", lambda text: text.replace("return", "return  # by me").encode()),
        ("filter=absent", str.encode),
    ],
)
def test_files_of_the_working_tree_are_read_as_git_would_store_them(
    billing: Repo, attributes: str, write: Callable[[str], bytes]
) -> None:
    billing.git("config", "filter.boast.clean", "sed 's/  # by me//'")
    billing.write(".gitattributes", f"odd*.py {attributes}\n")
    odd = billing.path / "odd \u00e9.py"
    odd.write_bytes(write(TWO))
    billing.commit("Odd")
    billing.reserve(f"{odd.name}::f", "--run-id", "a")
    billing.reserve(f"{odd.name}::g", "--run-id", "b")
    odd.write_bytes(write(EDITED))
    objects = billing.git("count-objects")

    assert met(billing, "--worktree", "--run-id", "c") == [(f"{odd.name}::g", f"{odd.name}::g")]
    names = {one["address"] for one in billing.json("symbols", odd.name)["symbols"]}
    assert names >= {f"{odd.name}::f", f"{odd.name}::g"}
    assert billing.git("count-objects") == objects


def test_a_filter_that_changes_what_git_stores(billing: Repo) -> None:
    billing.git("config", "filter.upper.clean", "tr a-z A-Z")
    billing.write(".gitattributes", "*.up filter=upper\n")
    billing.write("a.up", "one\n")
    billing.commit("Filtered")
    billing.reserve("a.up", "--run-id", "a")
    billing.write("a.up", "ONE\n")
    assert met(billing, "--worktree") == []
    billing.write("a.up", "two\n")

    assert met(billing, "--worktree") == [("a.up", "a.up")]
    assert [one["address"] for one in billing.json("symbols", "a.up")["symbols"]] == ["a.up"]


def test_a_pointer_to_a_large_file(billing: Repo) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12345\n"
    billing.write("data.json", pointer.format("a" * 64))
    billing.commit("Large")
    billing.reserve("data.json::key", "--run-id", "a")
    billing.write("data.json", pointer.format("b" * 64))
    billing.git("add", ".")

    assert met(billing) == [("data.json", "data.json::key")]


def test_large_files_are_taken_as_wholes(billing: Repo) -> None:
    billing.write("big.py", "x = 1\n" * 200_000)
    billing.commit("Big")
    billing.reserve("big.py", "--run-id", "a")
    billing.write("big.py", "x = 2\n" * 200_000)

    assert met(billing, "--worktree") == [("big.py", "big.py")]
    billing.git("add", ".")
    assert met(billing) == [("big.py", "big.py")]
    assert [one["kind"] for one in billing.json("symbols", "big.py")["symbols"]] == ["file"]


def test_a_conflict_of_git_in_the_index(billing: Repo) -> None:
    billing.git("checkout", "-q", "-b", "topic")
    stage(billing, *EDIT_TOTAL)
    billing.git("commit", "-qm", "Round")
    billing.git("checkout", "-q", "main")
    stage(billing, EDIT_TOTAL[0], "return 0")
    billing.git("commit", "-qm", "Free")
    billing.git("merge", "topic", check=False)
    assert billing.git("ls-files", "-u")
    billing.reserve(PATH, "--run-id", "a")

    for options in ([], ["--worktree"]):
        assert {held for _, held in met(billing, *options)} == {PATH}


def test_a_bare_repository(billing: Repo, tmp_path: Path) -> None:
    stage(billing, *EDIT_TOTAL)
    billing.git("commit", "-qm", "Round")
    git_in(tmp_path, "clone", "-q", "--bare", str(billing.path), "hub.git")
    hub = Repo(tmp_path / "hub.git")
    hub.reserve(TOTAL, "--run-id", "a")

    assert met(hub, "--range", "HEAD^!") == [(TOTAL, TOTAL)]
    for options in ([], ["--worktree"]):
        ran = hub.muse("check", *options)
        assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert TOTAL in [one["address"] for one in hub.json("symbols")["symbols"]]
    assert TOTAL in [one["address"] for one in hub.json("symbols", "src/")["symbols"]]


def test_an_object_that_is_missing(billing: Repo) -> None:
    billing.reserve(TOTAL, "--run-id", "a")
    stage(billing, *EDIT_TOTAL)
    billing.loose(billing.git("rev-parse", f"HEAD:{PATH}")).unlink()
    (billing.git_dir / "muse-coord/symbols-2.sqlite3").unlink()

    assert met(billing) == [(PATH, TOTAL)]


def test_a_damaged_cache_costs_nothing_but_time(billing: Repo) -> None:
    billing.reserve(TOTAL, "--run-id", "a")
    stage(billing, *EDIT_TOTAL)
    for content in (b"", b"no database", b"SQLite format 3\0" + b"\xff" * 5000):
        (billing.git_dir / "muse-coord/symbols-2.sqlite3").write_bytes(content)
        assert met(billing) == [(TOTAL, TOTAL)]


@pytest.mark.slow
def test_tree_sitter_is_not_loaded_where_the_cache_knows_all(billing: Repo) -> None:
    billing.reserve(TOTAL, "--run-id", "a")
    stage(billing, *EDIT_TOTAL)
    for expected in (True, False):
        (billing.path.parent / "sitecustomize.py").write_text(
            "import atexit, os, sys\n_exit = os._exit\n"
            "def told(code):\n    sys.stderr.write('LOADED' if 'tree_sitter' in sys.modules else '')\n"
            "    sys.stderr.flush()\n    _exit(code)\nos._exit = told\n"
        )
        ran = program("check", cwd=billing.path, PYTHONPATH=str(billing.path.parent))
        assert TOTAL in ran.out
        assert ("LOADED" in ran.err) is expected
