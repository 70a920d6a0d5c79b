"""Of a grammar's package only what is compiled is loaded, and the package stays as usable as before."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from git_muse_coord.symbols.bindings import grammar_function


def test_reading_a_file_loads_nothing_of_the_package_but_the_grammar() -> None:
    script = (
        "import sys\n"
        "from git_muse_coord.symbols.bindings import grammar_function\n"
        "grammar_function('tree_sitter_python', 'language')()\n"
        "assert 'tree_sitter_python._binding' in sys.modules\n"
        "assert not {'tree_sitter_python', 'importlib.resources', 'tempfile'} & set(sys.modules)\n"
        "import tree_sitter_python\n"
        "assert tree_sitter_python.HIGHLIGHTS_QUERY\n"
        "assert grammar_function('tree_sitter_python', 'language')()\n"
    )
    subprocess.run([sys.executable, "-c", script], check=True)


def test_a_package_of_another_form_is_loaded_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package = tmp_path / "grammar_of_another_form"
    package.mkdir()
    (package / "__init__.py").write_text("def language():\n    return 7\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert grammar_function("grammar_of_another_form", "language")() == 7


def test_a_grammar_that_is_not_installed_is_an_import_error() -> None:
    with pytest.raises(ImportError):
        grammar_function("tree_sitter_nowhere", "language")
