"""Our own modules are found with one look each, and are the same as those that Python finds."""

from __future__ import annotations

import compileall
import os
import shutil
import subprocess
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

import pytest

import git_muse_coord

PACKAGE = Path(git_muse_coord.__path__[0])
FIRST = "from git_muse_coord import loading; loading.find_own_modules()"
FACTS = """
import sys
from git_muse_coord.store import git
from git_muse_coord.model import light
for module in (git, light):
    spec = module.__spec__
    print(module.__file__, module.__cached__, module.__package__, getattr(module, "__path__", None))
    print(spec.name, spec.origin, spec.parent, spec.submodule_search_locations, spec.has_location)
    print(spec.loader.get_source(module.__name__) == open(module.__file__).read())
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program, compiled."""
    place = tmp_path_factory.mktemp("compiled")
    shutil.copytree(
        PACKAGE, place / "git_muse_coord", ignore=shutil.ignore_patterns("__pycache__", "share")
    )
    compileall.compile_dir(place, quiet=1)
    return place


@pytest.fixture
def top(compiled: Path, tmp_path: Path) -> Path:
    """A copy of that, which may be changed; the bytecode fits, since the sources keep their times."""
    shutil.copytree(compiled, tmp_path, dirs_exist_ok=True)
    return tmp_path


def run(top: Path, code: str, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, *options, "-c", code],
        cwd=top,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(top), "PYTHONDONTWRITEBYTECODE": ""},
    )
    return done.stdout


def number_in(top: Path) -> str:
    return run(top, f"{FIRST}\nfrom git_muse_coord.model import wording; print(wording.NUMBER)")


def found_by_us(top: Path, *options: str) -> bool:
    code = "from git_muse_coord.model import light; print(type(light.__loader__).__module__)"
    return run(top, f"{FIRST}\n{code}", *options) == "git_muse_coord.loading\n"


def test_modules_are_the_same_as_python_finds_them(top: Path) -> None:
    assert found_by_us(top)
    assert run(top, FIRST + FACTS) == run(top, FACTS)


def test_what_is_compiled_in_another_way_is_left_to_python(top: Path) -> None:
    assert not found_by_us(top, "-O")
    model = top / "git_muse_coord" / "model"
    shutil.rmtree(model / "__pycache__")
    assert not found_by_us(top, "-B")
    by_hash = PycInvalidationMode.CHECKED_HASH
    compileall.compile_dir(model, quiet=1, force=True, invalidation_mode=by_hash)
    assert not found_by_us(top)


def test_a_changed_source_is_read_anew(top: Path) -> None:
    source = top / "git_muse_coord" / "model" / "wording.py"
    for number in (1, 22):
        source.write_text(source.read_text() + f"\nNUMBER = {number}\n")
        assert number_in(top) == f"{number}\n"
    assert number_in(top) == "22\n"


def test_torn_code_is_compiled_anew_or_told(top: Path) -> None:
    source = top / "git_muse_coord" / "model" / "wording.py"
    source.write_text(source.read_text() + "\nNUMBER = 1\n")
    assert number_in(top) == "1\n"
    (compiled,) = source.parent.glob("__pycache__/wording.*.pyc")
    compiled.write_bytes(compiled.read_bytes()[:10])
    assert number_in(top) == "1\n"
    compileall.compile_dir(top, quiet=1)
    whole = compiled.read_bytes()
    compiled.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(subprocess.CalledProcessError) as failed:
        number_in(top)
    assert "EOFError" in failed.value.stderr
