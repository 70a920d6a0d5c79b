"""What the library promises: no more and no less, described, typed, and cheap to import."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import git_muse_coord
from git_muse_coord import Coordinator, Watch
from tests.docs.places import TOP, run
from tests.tools import Repo

SURFACE = Path(__file__).with_name("surface.txt")
PAGE = TOP / "docs" / "reference" / "library.md"
METHODS = [
    (cls.__name__, name)
    for cls in (Coordinator, Watch)
    for name, value in vars(cls).items()
    if inspect.isfunction(value) and not name.startswith("_")
]

PRINT_SURFACE = "from documents import library; print(library.surface(), end='')"


def test_nothing_slips_in_or_out() -> None:
    ran = run(sys.executable, "-c", PRINT_SURFACE, cwd=TOP / "scripts")
    assert ran.returncode == 0, ran.stderr

    now, promised = ran.stdout.splitlines(), SURFACE.read_text(encoding="utf-8").splitlines()

    assert [line for line in now if line not in promised] == [], "scripts/library_surface, if meant"
    assert [line for line in promised if line not in now] == [], "this breaks those who use it"


@pytest.mark.parametrize("name", git_muse_coord.__all__)
def test_what_is_promised_is_there(name: str) -> None:
    assert getattr(git_muse_coord, name) is not None


def test_what_is_not_promised_is_not_there() -> None:
    with pytest.raises(AttributeError):
        getattr(git_muse_coord, "Session")  # noqa: B009 - a type checker knows that it is not there


@pytest.mark.parametrize(("owner", "name"), METHODS)
def test_what_a_method_answers_can_be_named(owner: str, name: str) -> None:
    method = getattr(getattr(git_muse_coord, owner), name)

    assert inspect.getdoc(method)
    answer = str(inspect.signature(method).return_annotation)
    for word in re.findall(r"\b[A-Z]\w+(?:Result|Watch)\b", answer):
        assert word in git_muse_coord.__all__


def test_to_import_it_loads_next_to_nothing() -> None:
    code = (
        "import sys; before = set(sys.modules); import git_muse_coord;"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code], capture_output=True, text=True, cwd=TOP
    )

    assert done.stdout.split() == ["git_muse_coord", "git_muse_coord.version"]


def test_the_examples_of_the_page_run(repo: Repo, capsys: pytest.CaptureFixture[str]) -> None:
    blocks = re.findall(r"^```python\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.M | re.S)
    code = "\n".join(blocks).replace('Coordinator(".")', f"Coordinator({str(repo.path)!r})")

    exec(compile(code, str(PAGE), "exec"), {})  # noqa: S102 - our own page

    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("conflict 2 ")
    assert said[1:] == ["1 held", "snapshot"]
