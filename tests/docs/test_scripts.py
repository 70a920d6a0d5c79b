"""The scripts for those who work on the project."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.docs.places import TOP, run, script
from tests.tools import Repo

CHANGES = (
    "# Changelog\n\n## Unreleased\n\n### Added\n\n- More.\n\n## 0.1.0 - 2026-01-01\n\n- All.\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Repo:
    """A project with as much of ours as a release changes."""
    made = Repo.make(tmp_path / "project")
    made.write("CHANGELOG.md", CHANGES)
    made.write("git_muse_coord/version.py", '"""The package."""\n\n__version__ = "0.1.0"\n')
    made.write("pyproject.toml", "[project]\n")
    made.write("scripts/generate", 'open("page", "w").write("written")\n')
    made.write("page", "old")
    shutil.copy(TOP / "scripts/release", made.path / "scripts/release")
    made.commit("All")
    return made


def release(project: Repo, version: str) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "scripts/release", version, cwd=project.path)


def test_a_release_is_a_commit_and_a_tag(project: Repo) -> None:
    ran = release(project, "0.2.0")

    assert ran.returncode == 0, ran.stderr
    assert project.git("describe") == "v0.2.0"
    assert project.git("log", "-1", "--format=%s") == "Release 0.2.0"
    assert project.git("show", "HEAD:git_muse_coord/version.py").endswith('"0.2.0"')
    assert project.git("show", "HEAD:page") == "written"
    headings = [
        line
        for line in project.git("show", "HEAD:CHANGELOG.md").splitlines()
        if line.startswith("## ")
    ]
    assert headings[0] == "## Unreleased"
    assert headings[1].startswith("## 0.2.0 - 2")
    assert headings[2:] == ["## 0.1.0 - 2026-01-01"]
    assert project.git("status", "--porcelain") == ""


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("two", "no version"),
        ("0.2", "no version"),
        ("0.2.0-rc1", "no version"),
        ("0.0.9", "before 0.1.0"),
        ("0.1.0rc1", "before 0.1.0"),
    ],
)
def test_what_is_no_step_forward_is_refused(project: Repo, version: str, reason: str) -> None:
    ran = release(project, version)

    assert ran.returncode == 1
    assert reason in ran.stderr
    assert project.git("tag") == project.git("status", "--porcelain") == ""


def test_a_release_twice_is_refused(project: Repo) -> None:
    assert release(project, "0.2.0").returncode == 0

    assert "nothing under ## Unreleased" in release(project, "0.2.1").stderr
    assert "tagged already" in release(project, "0.2.0").stderr


def test_changed_files_are_refused(project: Repo) -> None:
    project.write("page", "changed")

    assert "commit or remove this first" in release(project, "0.2.0").stderr


def test_readability_counts(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('"""Text."""\nimport b\n\nx = [y for y in b.z]  # why\n')
    (tmp_path / "b.py").write_text("from a import x\n\n\ndef f():\n    return 1 if x else 2\n")
    (tmp_path / "c.py").write_text("def f():\n    pass\n")

    heads, row = script("readability", str(tmp_path)).stdout.splitlines()

    told = dict(zip(heads.split()[1:], row.split()[1:], strict=False))
    assert told["modules"] == "3"
    assert told["compr."] == told["cond."] == told["comments"] == "142.9"  # of 7 lines
    assert (told["walrus"], told["twice"]) == ("0.0", "1")
    assert row.split()[-1] == "1"  # a imports b, and b imports a


@pytest.mark.slow
def test_the_fixture_of_a_language_is_what_is_found(tmp_path: Path) -> None:
    copy = tmp_path / "project"
    shutil.copytree(TOP / "tests", copy / "tests", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(TOP / "scripts", copy / "scripts")
    (copy / "git_muse_coord").symlink_to(TOP / "git_muse_coord")
    expected = copy / "tests/fixtures/symbols/go/expected.txt"
    known = expected.read_text(encoding="utf-8")
    expected.write_text("wrong", encoding="utf-8")

    def new_language(*arguments: str) -> subprocess.CompletedProcess[str]:
        return run(sys.executable, "scripts/new_language", *arguments, cwd=copy)

    assert new_language("go").returncode == 0
    assert expected.read_text(encoding="utf-8") == known
    sample = expected.with_name("sample.go").rename(tmp_path / "odd.go")
    assert "has no sample yet" in new_language("go").stderr
    assert new_language("go", str(sample)).returncode == 0
    assert expected.read_text(encoding="utf-8") == known
    assert "is there" in new_language("go", str(sample)).stderr
    assert "is not in" in new_language("cobol").stderr


@pytest.mark.slow
def test_the_matrix_says_what_is_there_and_what_is_not() -> None:
    ran = script("test_matrix", "--list")

    assert ran.returncode == 0, ran.stderr
    rows = ran.stdout.splitlines()
    assert any(row.startswith("there: python-") for row in rows)
    assert all(row.startswith(("there: ", "not there: ")) for row in rows)


def test_the_hooks_of_the_project_run_programs_that_are_there() -> None:
    text = (TOP / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    entries = [line.partition("entry: ")[2] for line in text.splitlines() if "entry: " in line]

    assert entries
    for entry in entries:
        assert shutil.which(Path(entry.split()[0]).name), entry
    ran = run("pre-commit", "validate-config", str(TOP / ".pre-commit-config.yaml"))
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_what_is_stored_of_a_kind_is_never_changed() -> None:
    ran = script("new_kind", "release")

    assert ran.returncode == 1
    assert "is stored already" in ran.stderr
    assert "no record of the kind widget" in script("new_kind", "widget").stderr
