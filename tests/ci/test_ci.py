"""The scripts of ``ci/``, as GitHub, GitLab and a server of one's own run them, against a real remote."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]

from tests.tools import Repo, git_in

TOP = Path(__file__).parents[2]
CI = TOP / "ci"
SHOP = "def total(items):\n    return sum(items)\n\n\ndef tax(amount):\n    return amount * 0.2\n"
TAX = "src/shop.py::tax"


def ran(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a runner does: with the program on the PATH, and no identity but the script's own."""
    variables = {name: value for name, value in os.environ.items() if not name.startswith("MUSE_")}
    variables["PATH"] = f"{Path(sys.executable).parent}:{variables['PATH']}"
    return subprocess.run(
        words,
        cwd=cwd,
        env={**variables, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@dataclass
class Team:
    """A bare remote, and the clone of ``ann``, who holds ``tax`` and has changed it on the branch ``rates``."""

    remote: Path
    ann: Repo
    base: str
    held: str

    def branch(self, name: str, old: str, new: str, run_id: str) -> str:
        """Push a branch of main with one edit, noted as the run's."""
        self.ann.git("checkout", "-q", "-B", name, "main")
        self.ann.write("src/shop.py", SHOP.replace(old, new))
        commit = self.ann.commit(f"{old} becomes {new}")
        assert self.ann.muse("hook", "post-commit", "--run-id", run_id).code == 0
        self.ann.git("push", "-q", "-f", "origin", name)
        assert self.ann.muse("sync").code == 0
        return commit

    def checkout(self, path: Path, branch: str, *options: str) -> Path:
        """A clone as a runner makes it."""
        address = self.remote.as_uri()
        git_in(self.remote, "clone", "-q", *options, "-b", branch, address, str(path))
        return path


@pytest.fixture
def team(repo: Repo, tmp_path: Path) -> Team:
    repo.write("src/shop.py", SHOP)
    base = repo.commit("Sums")
    for number in range(3):
        repo.write("README.md", f"# {number}\n")
        base = repo.commit(f"Text {number}")
    remote = tmp_path / "the remote.git"
    git_in(repo.path, "init", "-q", "--bare", "-b", "main", str(remote))
    repo.git("remote", "add", "origin", str(remote))
    repo.git("push", "-q", "origin", "main")
    held = repo.reserve(TAX, "--run-id", "ann", "--strict")
    return Team(remote, repo, base, held)


def check(cwd: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return ran(str(CI / "check"), *words, cwd=cwd, **environment)


def action_step(number: int) -> Any:
    action = yaml.safe_load((CI / "github/action.yml").read_text())
    return action["runs"]["steps"][number]


def run_action(
    cwd: Path, base: str, head: str, strict: str = "false", **more: str
) -> subprocess.CompletedProcess[str]:
    """The second step of the action, as GitHub's runner would run it."""
    step = action_step(1)
    assert set(step["env"]) == {"BASE", "HEAD_COMMIT", "STRICT"}
    variables = {"BASE": base, "HEAD_COMMIT": head, "STRICT": strict}
    variables["GITHUB_ACTION_PATH"] = str(CI / "github")
    # what GitHub makes of "shell: bash"
    words = ("bash", "--noprofile", "--norc", "-e", "-o", "pipefail", "-c", step["run"])
    return ran(*words, cwd=cwd, **variables, **more)


def test_a_pull_request_of_the_holder_meets_nobody(team: Team, tmp_path: Path) -> None:
    head = team.branch("rates", "0.2", "0.3", "ann")
    clone = team.checkout(tmp_path / "runner", "rates", "--depth", "1", "--no-single-branch")
    done = run_action(clone, team.base, head)
    assert (done.returncode, done.stdout) == (0, "1 change, 0 conflicts\n")


def test_one_of_somebody_else_is_annotated_at_the_line(team: Team, tmp_path: Path) -> None:
    head = team.branch("rates", "0.2", "0.4", "carl")
    clone = team.checkout(tmp_path / "runner", "rates")
    page = tmp_path / "summary.md"
    done = run_action(clone, team.base, head, GITHUB_STEP_SUMMARY=str(page))
    assert done.returncode == 0
    first, last = done.stdout.splitlines()
    assert first.startswith("::warning file=src/shop.py,line=5,title=Reserved by run-id 'ann'::")
    assert last == "1 change, 1 conflict"
    assert "| ann |" in page.read_text()
    assert run_action(clone, team.base, head, "true").returncode == 2


def test_the_action_checks_the_branch_and_not_the_merge_that_github_makes(
    team: Team, tmp_path: Path
) -> None:
    head = team.branch("rates", "0.2", "0.3", "ann")
    team.ann.git("checkout", "-q", "-B", "pull", "main")
    team.ann.git("merge", "-q", "--no-ff", "-m", "Merge", "rates")
    team.ann.git("push", "-q", "origin", "HEAD:refs/pull/1/merge")
    clone = team.checkout(tmp_path / "runner", "main", "--depth", "1")
    git_in(clone, "fetch", "-q", "--depth", "1", "origin", "refs/pull/1/merge")
    git_in(clone, "checkout", "-q", "FETCH_HEAD")
    done = run_action(clone, team.base, head)
    assert (done.returncode, done.stdout) == (0, "1 change, 0 conflicts\n"), done.stderr


def test_a_shallow_clone_is_deepened_and_a_first_push_compared_with_the_default_branch(
    team: Team, tmp_path: Path
) -> None:
    head = team.branch("rates", "0.2", "0.4", "carl")
    clone = team.checkout(tmp_path / "runner", "rates", "--depth", "1")
    done = check(clone, "0" * 40, head, "--strict", "--json")
    answer = json.loads(done.stdout)
    assert done.returncode == 2
    assert [each["address"] for each in answer["conflict_details"]] == [TAX]
    assert answer["noted_runs"] == ["carl"]


def test_a_branch_by_its_name(team: Team, tmp_path: Path) -> None:
    team.branch("rates", "0.2", "0.3", "ann")
    clone = team.checkout(tmp_path / "runner", "rates")
    done = check(clone, "origin/main")
    assert done.returncode == 0
    assert "no conflict" in done.stdout


def test_records_that_cannot_be_had_stop_nothing_unless_it_is_strict(
    team: Team, tmp_path: Path
) -> None:
    team.branch("rates", "0.2", "0.3", "ann")
    clone = team.checkout(tmp_path / "runner", "rates")
    git_in(clone, "remote", "set-url", "origin", str(tmp_path / "nowhere"))
    done = check(clone, "origin/main", "HEAD", "--format", "github")
    assert done.returncode == 0
    assert "so nothing was checked" in done.stderr
    assert check(clone, "origin/main", "HEAD", "--strict").returncode == 5


def test_a_commit_that_is_gone_stops_nothing_unless_it_is_strict(
    team: Team, tmp_path: Path
) -> None:
    team.branch("rates", "0.2", "0.3", "ann")
    clone = team.checkout(tmp_path / "runner", "rates")
    gone = "d" * 40
    done = check(clone, gone, "HEAD")
    assert done.returncode == 0
    assert f"{gone} could not be fetched from origin, so nothing was checked" in done.stderr
    assert check(clone, gone, "HEAD", "--strict").returncode == 5
    assert check(clone, "no-such-branch", "HEAD").returncode == 1


@pytest.mark.parametrize("words", [(), ("--help",)])
def test_without_a_base_the_script_says_what_it_takes(tmp_path: Path, words: tuple[str]) -> None:
    done = check(tmp_path, *words)
    assert done.returncode == 1
    assert done.stderr.startswith("usage: ci/check BASE")


def test_a_branch_with_an_awkward_name_is_pasted_nowhere(team: Team, tmp_path: Path) -> None:
    text = (CI / "github/action.yml").read_text()
    for step in yaml.safe_load(text)["runs"]["steps"]:
        assert "${{" not in step["run"]
    clone = team.checkout(tmp_path / "runner", "main")
    done = run_action(clone, f"$(touch {tmp_path}/evil)", "HEAD")
    assert done.returncode != 0
    assert not (tmp_path / "evil").exists()


def test_gitlab_gets_a_report(team: Team, tmp_path: Path) -> None:
    head = team.branch("rates", "0.2", "0.4", "carl")
    clone = team.checkout(tmp_path / "runner", "rates")
    job = yaml.safe_load((CI / "gitlab/muse-coord.yml").read_text())["muse-coord"]
    assert job["variables"]["GIT_DEPTH"] == "0"
    variables = {
        name: value for name, value in job["variables"].items() if name.startswith("MUSE_")
    }
    variables |= {"CI_MERGE_REQUEST_DIFF_BASE_SHA": team.base, "CI_COMMIT_SHA": head}
    done = ran("bash", "-eo", "pipefail", "-c", "\n".join(job["script"]), cwd=clone, **variables)
    assert done.returncode == 0, done.stderr
    report = clone / job["artifacts"]["reports"]["codequality"]
    (finding,) = json.loads(report.read_text())
    assert finding["location"] == {"path": "src/shop.py", "lines": {"begin": 5}}


@pytest.fixture
def server(team: Team) -> Team:
    """The team, whose server refuses pushes into what is held."""
    hook = team.remote / "hooks" / "pre-receive"
    path = f"{Path(sys.executable).parent}:$PATH"
    text = (CI / "server/pre-receive").read_text()
    hook.write_text(text.replace("set -u\n", f'set -u\nPATH="{path}"\n', 1))
    hook.chmod(0o755)
    return team


def push(team: Team, source: str, target: str = "main") -> subprocess.CompletedProcess[str]:
    return ran("git", "push", "origin", f"{source}:{target}", cwd=team.ann.path)


def test_a_push_into_what_is_held_strictly_is_refused(server: Team) -> None:
    server.branch("rates", "0.2", "0.4", "carl")
    done = push(server, "rates")
    assert done.returncode != 0
    assert "pre-receive hook declined" in done.stderr
    assert f"remote: ⚠ {TAX}" in done.stderr
    assert "refs/heads/main changes what others hold, so it is refused" in done.stderr
    assert git_in(server.remote, "rev-parse", "main") == server.base


def test_that_of_the_holder_is_taken(server: Team) -> None:
    head = server.branch("rates", "0.2", "0.3", "ann")
    done = push(server, "rates")
    assert done.returncode == 0, done.stderr
    assert git_in(server.remote, "rev-parse", "main") == head


def test_so_is_what_meets_nobody_other_branches_and_what_was_let_go(server: Team) -> None:
    server.branch("sums", "sum(items)", "sum(items) + 1", "carl")
    assert push(server, "sums").returncode == 0
    server.branch("rates", "0.2", "0.4", "carl")
    assert push(server, "rates", "anything").returncode == 0
    server.ann.git("checkout", "-q", "rates")
    server.ann.git("rebase", "-q", "sums")
    assert push(server, "rates").returncode != 0
    server.ann.json("release", server.held, "--run-id", "ann")
    assert server.ann.muse("sync").code == 0
    assert push(server, "rates").returncode == 0


def test_what_was_not_reserved_strictly_is_let_through_unless_all_is_to_count(
    server: Team,
) -> None:
    server.ann.reserve("src/shop.py::total", "--run-id", "ben")
    head = server.branch("sums", "sum(items)", "sum(items) + 1", "carl")
    hook = server.remote / "hooks" / "pre-receive"
    text = hook.read_text()
    hook.write_text(text.replace("MUSE_HELD:-strict", "MUSE_HELD:-any"))
    assert push(server, "sums").returncode != 0
    hook.write_text(text)
    assert push(server, "sums").returncode == 0
    assert git_in(server.remote, "rev-parse", "main") == head


def test_a_server_without_the_program_lets_pushes_through_and_says_so(server: Team) -> None:
    hook = server.remote / "hooks" / "pre-receive"
    hook.write_text(
        (CI / "server/pre-receive").read_text().replace("git muse-coord", "git no-such")
    )
    server.branch("rates", "0.2", "0.4", "carl")
    done = push(server, "rates")
    assert done.returncode == 0
    assert "refs/heads/main was not checked" in done.stderr


@pytest.mark.skipif(shutil.which("shellcheck") is None, reason="shellcheck is not installed")
@pytest.mark.parametrize("script", ["check", "server/pre-receive"])
def test_scripts_are_plain_shell(script: str) -> None:
    done = subprocess.run(
        ["shellcheck", "-s", "sh", str(CI / script)], capture_output=True, text=True, check=False
    )
    assert done.stdout == ""


def test_a_matrix_names_all_three_systems() -> None:
    workflow = yaml.safe_load((CI / "github/systems.yml").read_text())
    matrix = workflow["jobs"]["test"]["strategy"]["matrix"]
    assert matrix["system"] == ["ubuntu-latest", "macos-latest", "windows-latest"]
