"""What is typed becomes the one address of the thing, in every verb that takes addresses, or is refused with a hint."""

from __future__ import annotations

from pathlib import Path

import pytest

from git_muse_coord.store.git.process import Asking, Git
from tests.tools import Repo, git_in, program

MODULE = """import os


@staticmethod
def f(x):
    return x


class C:
    size = 1

    def m(self):
        return 1

    def n(self):
        return 2


print(1)
"""


@pytest.fixture
def tree(repo: Repo) -> Repo:
    """Files, links, and names that look like something else."""
    for name in (
        "lib/a.py",
        "lib/deep/ü ber.py",
        "odd/x.py:12",
        "odd/x.py",
        "odd/b#c.py",
        "app/[id].tsx",
        "app/i.tsx",
    ):
        repo.write(name, MODULE if name.endswith(".py") else "x\n")
    repo.write("lib/back\\slash.py", MODULE)
    (repo.path / "current").symlink_to("lib")
    (repo.path / "main.py").symlink_to("lib/a.py")
    (repo.path / "broken.py").symlink_to("lib/new.py")
    (repo.path / "loop").symlink_to("loop")
    (repo.path / "away").symlink_to("../away")
    repo.commit("A tree")
    (repo.path / "untracked").symlink_to("lib")
    return repo


def meant(repo: Repo, *typed: str) -> list[str]:
    addresses: list[str] = repo.json("reserve", "--dry-run", *typed)["addresses"]
    return addresses


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("{top}/lib/a.py::f", ["lib/a.py::f"]),
        ("{top}/lib/", ["lib/"]),
        ("{top}/lib", ["lib/"]),
        ("{top}", ["./"]),
        ("{top}/lib/new.py", ["lib/new.py"]),
        ("{top}/lib/a.py:6", ["lib/a.py::f"]),
        ("{top}/main.py", ["lib/a.py"]),
        ("lib/a.py::f()", ["lib/a.py::f"]),
        ("lib/a.py::f(x, y)", ["lib/a.py::f"]),
        ("lib/a.py::C.m(self)", ["lib/a.py::C.m"]),
        ("lib/a.py::C::m", ["lib/a.py::C.m"]),
        ("lib/a.py::C.*", ["lib/a.py::C"]),
        ("lib/a.py::new()", ["lib/a.py::new"]),
        ("lib/a.py:f", ["lib/a.py::f"]),
        ("lib/a.py:C.m()", ["lib/a.py::C.m"]),
        ("lib/a.py#C.m", ["lib/a.py::C.m"]),
        ("lib/a.py:C::m", ["lib/a.py::C.m"]),
        ("lib/a.py#C", ["lib/a.py::C"]),
        ("lib/a.py:", ["lib/a.py"]),
        ("lib/a.py:6", ["lib/a.py::f"]),
        ("lib/a.py:4", ["lib/a.py::f"]),
        ("lib/a.py:6:11", ["lib/a.py::f"]),
        ("lib/a.py::6", ["lib/a.py::f"]),
        ("lib/a.py#L13", ["lib/a.py::C.m"]),
        ("lib/a.py:12-16", ["lib/a.py::C.m", "lib/a.py::C.n"]),
        ("lib/a.py:9-16", ["lib/a.py::C"]),
        ("lib/a.py:6-13", ["lib/a.py::C", "lib/a.py::f"]),
        ("lib/a.py:1", ["lib/a.py::<imports>"]),
        ("lib/a.py:19", ["lib/a.py::<module>"]),
        ("main.py:6", ["lib/a.py::f"]),
        ("lib\\a.py", ["lib/a.py"]),
        ("lib\\new.py::g", ["lib/new.py::g"]),
        (".\\lib\\a.py", ["lib/a.py"]),
        ("lib\\back\\slash.py", ["lib/back/slash.py"]),
        ("lib/back\\slash.py", ["lib/back\\slash.py"]),
        ("lib/a.py/", ["lib/a.py"]),
        ("lib", ["lib/"]),
        ("current", ["lib/"]),
        ("current/", ["lib/"]),
        ("current/a.py::f", ["lib/a.py::f"]),
        ("current/deep/new.py", ["lib/deep/new.py"]),
        ("main.py", ["lib/a.py"]),
        ("main.py::f()", ["lib/a.py::f"]),
        ("broken.py", ["lib/new.py"]),
        ("loop", ["loop"]),
        ("loop/a.py", ["loop/a.py"]),
        ("away", ["away"]),
        ("away/a.py", ["away/a.py"]),
        ("untracked/a.py", ["untracked/a.py"]),
        ("odd/x.py:12", ["odd/x.py:12"]),
        ("odd/b#c.py", ["odd/b#c.py"]),
        ("odd/b#c.py#C.m", ["odd/b#c.py::C.m"]),
        ("odd/x.py:12:1", ["odd/x.py:12"]),
        ("lib/a.py(6)", ["lib/a.py::f"]),
        ("lib/a.py(1,3)", ["lib/a.py::<imports>"]),
        ("nowhere.py(1)", ["nowhere.py(1)"]),
        ("lib/a.py::C<T>::m", ["lib/a.py::C.m"]),
        ("lib/a.py::C<lib::T>.m(x) const", ["lib/a.py::C.m"]),
        ("nowhere.py:12", ["nowhere.py:12"]),
        ("lib/*.py", ["lib/a.py", "lib/back\\slash.py"]),
        ("lib/**/*.py", ["lib/a.py", "lib/back\\slash.py", "lib/deep/ü ber.py"]),
        ("**/a.py", ["lib/a.py"]),
        ("l*/", ["lib/"]),
        ("ma?n.py", ["lib/a.py"]),
        ("app/[id].tsx", ["app/[id].tsx"]),
        ("app/[a-j].tsx", ["app/i.tsx"]),
        ("app/[slug].tsx", ["app/[slug].tsx"]),
        ("lib/a.py::*", ["lib/a.py"]),
        ("lib/a.py::`f()`", ["lib/a.py::f()"]),
    ],
)
def test_what_is_typed_is_the_one_address_of_the_thing(
    tree: Repo, typed: str, expected: list[str]
) -> None:
    assert meant(tree, typed.format(top=tree.path)) == expected


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("/etc/passwd", "relative to its root"),
        ("{top}-beside/a.py", "relative to its root"),
        ("C:\\code\\a.py", "relative to its root"),
        ("lib/a.py:99", "has 19 lines"),
        ("lib/a.py:0", "has 19 lines"),
        ("lib/a.py:9-3", "has 19 lines"),
        ("lib/*.rs", "matches no tracked file"),
        ("*.py::f", "files, not symbols"),
        ("lib/{{b,c}}.py", "matches no tracked file"),
        ("lib/a.py::C.test_*", "pattern of symbols"),
        ("lib::f", "write dir/file::Symbol"),
        ("current::f", "write dir/file::Symbol"),
        ("lib/a.py::def f", "quote a name"),
    ],
)
def test_what_cannot_be_meant_is_refused_with_a_hint(tree: Repo, typed: str, hint: str) -> None:
    ran = tree.muse("reserve", typed.format(top=tree.path))

    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert hint in ran.err
    assert tree.refs() == {}


def test_a_name_with_brackets_that_is_there_is_that_name(repo: Repo) -> None:
    repo.write("a.md", "# f()\n\n# g\n\n# 2026\n")
    repo.commit("Headings")

    assert meant(repo, "a.md::f()", "a.md::g()", "a.md::2026") == [
        "a.md::2026",
        "a.md::f()",
        "a.md::g",
    ]


def test_a_pattern_of_more_than_a_thousand_files_is_refused_with_their_directory(
    repo: Repo,
) -> None:
    entries = "".join(f"100644 {'1' * 40}\tgen/deep/f{number}.py\n" for number in range(1001))
    repo.git("update-index", "--index-info", given=entries.encode())

    ran = repo.muse("reserve", "gen/**/*.py")

    assert ran.code == 1
    assert "matches 1,001 tracked files" in ran.err
    assert "reserve the directory gen/ instead" in ran.err
    assert len(meant(repo, "gen/deep/f?.py", "gen/deep/f1*.py")) == 10 + 112 - 1


@pytest.mark.parametrize(
    ("first", "second"), [("Lib/Foo.py", "lib/foo.py"), ("lib/foo.py", "LIB"), ("LIB/", "lib/N.py")]
)
def test_where_case_tells_nothing_apart_one_file_has_one_exclusive_holder(
    repo: Repo, first: str, second: str
) -> None:
    repo.write("Lib/Foo.py", MODULE)
    repo.commit("One")
    repo.git("config", "core.ignoreCase", "true")

    taken = repo.json("reserve", "--strict", "--run-id", "a", first)
    repo.json("reserve", "--strict", "--run-id", "b", second, code=2)

    assert taken["addresses"][0].startswith("Lib/")
    assert meant(repo, "LIB/FOO.PY::f", "lib/New.py") == ["Lib/Foo.py::f", "Lib/New.py"]


def test_git_that_composes_letters_is_followed(repo: Repo) -> None:
    repo.write("caf\u00e9/a.py", MODULE)
    repo.commit("One")
    repo.git("config", "core.precomposeUnicode", "true")

    assert meant(repo, "cafe\u0301/a.py", "cafe\u0301/nai\u0308f.py") == [
        "caf\u00e9/a.py",
        "caf\u00e9/na\u00eff.py",
    ]


def test_a_link_that_git_keeps_as_a_file_is_still_a_link(tree: Repo) -> None:
    tree.git("config", "core.symlinks", "false")
    (tree.path / "main.py").unlink()
    tree.write("main.py", "lib/a.py")
    (tree.path / "current").unlink()

    assert meant(tree, "main.py", "current/a.py::f") == ["lib/a.py", "lib/a.py::f"]


def test_a_worktree_inside_the_checkout_names_the_same_files(tree: Repo) -> None:
    inner = tree.path / ".claude/worktrees/w"
    tree.git("worktree", "add", "-q", str(inner))

    for repo in (tree, Repo(inner)):
        assert meant(repo, f"{inner}/lib/a.py::f", f"{tree.path}/lib/deep/") == [
            "lib/a.py::f",
            "lib/deep/",
        ]
        assert meant(repo, f"{inner}/current/a.py") == ["lib/a.py"]
    assert meant(tree, ".claude/worktrees/w/lib/a.py", ".claude/worktrees/w/lib/new.py") == [
        "lib/a.py",
        "lib/new.py",
    ]
    assert meant(tree, ".claude/worktrees/w/lib/a.py:6", ".claude/worktrees/w/main.py") == [
        "lib/a.py",
        "lib/a.py::f",
    ]
    assert meant(tree, ".claude/worktrees/w") == [".claude/worktrees/w/"]
    assert meant(Repo(inner / "lib"), "../../../../lib/a.py") == ["lib/a.py"]


def test_another_repository_inside_the_checkout_is_another(tree: Repo, tmp_path: Path) -> None:
    git_in(tree.path, "clone", "-q", str(tree.path), "inner")

    assert meant(tree, "inner/lib/a.py") == ["inner/lib/a.py"]
    assert tree.muse("reserve", str(tmp_path / "else/a.py")).code == 1


def test_an_absolute_path_through_a_link_outside(tree: Repo, tmp_path: Path) -> None:
    (tmp_path / "short").symlink_to(tree.path)
    (tmp_path / "shorter").symlink_to(tree.path / "lib")

    assert meant(tree, f"{tmp_path}/short/lib/a.py", f"{tmp_path}/shorter/deep") == [
        "lib/a.py",
        "lib/deep/",
    ]


def test_what_a_sparse_checkout_leaves_out_is_no_misspelling(tree: Repo) -> None:
    tree.git("sparse-checkout", "set", "--cone", "app")
    assert not (tree.path / "lib").exists()

    answer = tree.json(
        "reserve", "lib/a.py::f", "lib/deep", "lib/a.py:13", "current/a.py::C.q", "lib/aa.py"
    )

    wanted = ["lib/a.py::C.m", "lib/a.py::C.q", "lib/a.py::f", "lib/aa.py", "lib/deep/"]
    assert answer["addresses"] == wanted
    unresolved = {one["address"]: one["suggestions"] for one in answer["unresolved"]}
    assert unresolved.keys() == {"lib/a.py::C.q", "lib/aa.py"}
    assert "lib/a.py" in unresolved["lib/aa.py"]


def test_a_bare_repository_reads_the_same_texts(tree: Repo, tmp_path: Path) -> None:
    git_in(tmp_path, "clone", "-q", "--bare", str(tree.path), "hub.git")
    hub = Repo(tmp_path / "hub.git")

    assert meant(hub, "lib/a.py:6", "current/a.py::C()", "lib") == [
        "lib/",
        "lib/a.py::C",
        "lib/a.py::f",
    ]
    assert meant(hub, "app/*.tsx") == ["app/[id].tsx", "app/i.tsx"]


@pytest.mark.slow
def test_every_verb_reads_addresses_alike(tree: Repo) -> None:
    typed = f"{tree.path}/current/a.py#C.m()"
    one = tree.reserve(typed, "--run-id", "a")

    assert tree.json("intent", typed, "--op", "split")["addresses"] == ["lib/a.py::C.m"]
    assert (
        tree.json("intent", "main.py:13", "--op", "split", "--reservation-id", one)["warnings"]
        == []
    )
    assert tree.held("--address", "main.py:13") == tree.held("--address", "l*/") == [one]
    assert tree.held("--address", "lib\\a.py::f") == []
    assert [each["address"] for each in tree.json("symbols", typed)["symbols"]] == ["lib/a.py::C.m"]
    assert (
        program(
            "reserve",
            "--stdin",
            "--dry-run",
            cwd=tree.path,
            given=f"{typed}\r\nlib/*.py\n".encode(),
        ).code
        == 0
    )
    assert tree.coordinator().reserve([typed], dry_run=True).addresses == ("lib/a.py::C.m",)
    assert tree.json("shard", "--agents", "1", "--path", "current/*.py", code=1)
    assert tree.json("shard", "--agents", "1", "--path", "current/")["shards"][0]["files"]


def test_from_a_sub_directory(tree: Repo) -> None:
    deep = Repo(tree.path / "lib/deep")
    assert meant(deep, "./ü ber.py:6", "../a.py::f()", "lib/a.py", "./*.py") == [
        "lib/a.py",
        "lib/a.py::f",
        "lib/deep/ü ber.py",
        "lib/deep/ü ber.py::f",
    ]


def test_what_is_plainly_there_costs_no_process(
    tree: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    coordinator = tree.coordinator()
    started: list[tuple[str, ...]] = []
    begin = Git.begin

    def noted(self: Git, *words: str) -> Asking:
        started.append(words)
        return begin(self, *words)

    monkeypatch.setattr(Git, "begin", noted)
    coordinator.addresses(["lib/a.py::C.m", "lib/", "lib/deep/ü ber.py", "app/[id].tsx"])
    assert started == []
    coordinator.addresses(["main.py", "current/a.py", "lib/*.py", "lib/new.py"])
    assert [words[0] for words in started] == ["ls-files"]

    tree.git("config", "core.ignoreCase", "true")
    coordinator = tree.coordinator()
    assert coordinator.settings.ignores_case
    started.clear()
    coordinator.addresses(["lib/a.py::C.m", "lib/deep/ü ber.py"])
    assert [words[0] for words in started] == ["ls-files"]
    assert any("icase" in word for word in started[0])
