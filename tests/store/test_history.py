"""Which paths the commits of the past changed together."""

from __future__ import annotations

from pathlib import Path

from git_muse_coord.store.git.history import changed_together
from git_muse_coord.store.git.process import Git
from tests.tools import Repo, git_in


def test_the_paths_of_each_commit_newest_first_without_merges(repo: Repo) -> None:
    repo.write("naïve dir/a file.py", "1\n")
    repo.write("src/billing.py", "2\n")
    repo.commit("Two\n\nwith a body")
    repo.git("commit", "-q", "--allow-empty", "-m", "None")
    repo.git("switch", "-qc", "side", "HEAD~1")
    repo.write("side.py", "1\n")
    repo.commit("Side")
    repo.git("switch", "-q", "main")
    repo.git("merge", "-q", "--no-ff", "-m", "Merge", "side")

    found = list(changed_together(Git(str(repo.path / "src")), "HEAD"))

    assert sorted(found[:-1]) == [[], ["naïve dir/a file.py", "src/billing.py"], ["side.py"]]
    assert found[-1] == ["README.md", "src/billing.py", "src/shop.py"]
    assert list(changed_together(Git(str(repo.path)), "HEAD~1..HEAD")) == [["side.py"]]
    assert len(list(changed_together(Git(str(repo.path)), "HEAD", 2))) == 2


def test_a_shallow_clone_ends_where_it_was_cut(repo: Repo, tmp_path: Path) -> None:
    for number in range(3):
        repo.write("README.md", f"{number}\n")
        repo.commit(f"{number}")
    git_in(tmp_path, "clone", "-q", "--depth=2", repo.path.as_uri(), "cut off")

    found = list(changed_together(Git(str(tmp_path / "cut off")), "HEAD"))

    assert found == [["README.md"], ["README.md", "src/billing.py", "src/shop.py"]]
