"""The wheel, as a user gets it."""

from __future__ import annotations

import re
import shutil
import sys
import zipfile
from pathlib import Path

import pytest

from git_muse_coord.commands import VERBS
from tests.docs.places import SHARE, TOP, run

pytestmark = pytest.mark.slow

PAGE = "share/man/man1/git-muse-coord.1"
COMPLETIONS = {
    "bash": "share/bash-completion/completions/git-muse-coord",
    "zsh": "share/zsh/site-functions/_git-muse-coord",
    "fish": "share/fish/vendor_completions.d/git-muse-coord.fish",
    "of-git.fish": "share/fish/vendor_conf.d/git-muse-coord.fish",
}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel, built from a copy, so that a build never meets another."""
    work = tmp_path_factory.mktemp("wheel")
    for name in ("git_muse_coord", "hooks", "plugins", "pyproject.toml", "README.md"):
        source = TOP / name
        if source.is_dir():
            shutil.copytree(
                source, work / "source" / name, ignore=shutil.ignore_patterns("__pycache__")
            )
        else:
            shutil.copy(source, work / "source" / name)
    line = (
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(work),
        str(work / "source"),
    )
    ran = run(*line)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return zipfile.ZipFile(next(work.glob("*.whl")))


@pytest.fixture
def page(wheel: zipfile.ZipFile, tmp_path: Path) -> Path:
    """The man page out of the wheel."""
    name = next(name for name in wheel.namelist() if name.endswith(f".data/data/{PAGE}"))
    path = tmp_path / "git-muse-coord.1"
    path.write_bytes(wheel.read(name))
    return path


def test_the_wheel_holds_what_is_not_code(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())

    assert "git_muse_coord/py.typed" in names
    for schema in (SHARE / "schemas").iterdir():
        assert f"git_muse_coord/share/schemas/{schema.name}" in names
    for hook in (TOP / "hooks").iterdir():
        assert wheel.read(f"git_muse_coord/share/hooks/{hook.name}") == hook.read_bytes()
    for plugin in (TOP / "plugins" / "opencode").iterdir():
        shipped = wheel.read(f"git_muse_coord/share/plugins/opencode/{plugin.name}")
        assert shipped == plugin.read_bytes()
    for shell, place in COMPLETIONS.items():
        ours = f"completions/git-muse-coord.{shell}"
        shared = next(name for name in names if name.endswith(f".data/data/{place}"))
        assert (
            wheel.read(shared)
            == wheel.read(f"git_muse_coord/share/{ours}")
            == (SHARE / ours).read_bytes()
        )
    entry = next(name for name in names if name.endswith("entry_points.txt"))
    assert "git-muse-coord = git_muse_coord.__main__:main" in wheel.read(entry).decode()
    assert not [name for name in names if name.startswith(("tests", "scripts"))]


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_git_opens_the_page_of_each_verb(wheel: zipfile.ZipFile, tmp_path: Path) -> None:
    for name in wheel.namelist():
        if "/share/man/man1/" in name and ".data/" in name:
            place = tmp_path / "man1" / name.rpartition("/")[2]
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(wheel.read(name))

    for verb in ("reserve", "plan-merge"):
        ran = run("git", "help", f"muse-coord-{verb}", MANPATH=str(tmp_path), MANPAGER="cat")
        assert ran.returncode == 0, ran.stderr
        assert f"git muse-coord {verb} [OPTIONS]" in ran.stdout
    pages = {path.name for path in (tmp_path / "man1").iterdir()}
    assert pages == {
        "git-muse-coord.1",
        *(f"git-muse-coord-{verb}.1" for verb in VERBS),
        *(f"gitmuse-coord-{verb}.1" for verb in VERBS),
    }


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
@pytest.mark.parametrize("verb", VERBS)
def test_man_shows_the_page_of_a_verb_without_a_warning(verb: str) -> None:
    page = SHARE / "man" / f"git-muse-coord-{verb}.1"
    ran = run("man", "--warnings", "-l", str(page), MANWIDTH="80", MANPAGER="cat", LC_ALL="C.UTF-8")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert [line for line in ran.stdout.splitlines() if len(line) > 80] == []


def test_the_page_names_every_verb_and_exit_code(page: Path) -> None:
    text = page.read_text(encoding="ascii")

    for verb in VERBS:
        assert f"\n.SS {verb.replace('-', chr(92) + '-')}\n" in text
    exits = text.split(".SH EXIT STATUS")[1].split(".SH ")[0]
    assert re.findall(r"\\fB(\d+)\\fR", exits) == ["0", "1", "2", "3", "4", "5", "86", "130"]
    for word in (
        "MUSE_RUN_ID",
        "NO_COLOR",
        "muse\\-coord.runId",
        "muse\\-coord.ttl",
        "refs/muse/",
        "git(1)",
    ):
        assert word.replace("(", " (") in text


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_man_shows_the_page_without_a_warning(page: Path) -> None:
    ran = run("man", "--warnings", "-l", str(page), MANWIDTH="80", MANPAGER="cat", LC_ALL="C.UTF-8")

    assert ran.returncode == 0
    assert ran.stderr == ""
    assert "git muse-coord reserve [OPTIONS] ADDR..." in ran.stdout
    assert [line for line in ran.stdout.splitlines() if len(line) > 80] == []


@pytest.mark.skipif(shutil.which("man") is None, reason="man is not installed")
def test_git_opens_the_page_as_help(wheel: zipfile.ZipFile, page: Path, tmp_path: Path) -> None:
    place = tmp_path / "installed" / PAGE
    place.parent.mkdir(parents=True)
    shutil.copy(page, place)

    ran = run(
        "git", "muse-coord", "--help", MANPATH=str(tmp_path / "installed/share/man"), MANPAGER="cat"
    )

    assert ran.returncode == 0, ran.stderr
    assert "advisory reservations" in ran.stdout
