"""What the recipes of docs/architecture.md ask for and no other test would miss: each thing is tested, and described.

More is asked of record kinds in tests/sync/test_kinds.py, and of languages in tests/symbols/test_languages.py.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from git_muse_coord.commands import VERBS
from git_muse_coord.coordinator import Coordinator
from git_muse_coord.model.records import KINDS
from git_muse_coord.rules.setting_names import NAMES, SECTION
from git_muse_coord.store.settings import Settings
from tests import strategies

TESTS = Path(__file__).parent
TOP = TESTS.parent
RUNNERS = ("json", "muse", "program")
"""The functions of tests/tools.py that run a verb, whose name is their first argument."""
ONLY_SHAPES = TESTS / "docs" / "test_schemas.py"
"""Runs every verb, and looks only at which fields its answer has."""
SETTINGS = {name: value for name, value in vars(Settings).items() if isinstance(value, property)}


ONLY_COMMANDS = {"install", "uninstall", "hook", "mcp", "schema", "demo"}
"""The verbs that are about this machine or speak to git, and are no methods of the library."""


def verbs_that_tests_run() -> set[str]:
    """The verbs that some test runs for what they do."""
    paths = [path for path in TESTS.rglob("test_*.py") if path != ONLY_SHAPES]
    return {text for path in paths for text in texts_given_to(RUNNERS, path)}


def verbs_compared_with_schemas() -> set[str]:
    """The verbs whose answers some test shows to ``answer`` of test_schemas.py."""
    return {text for path in TESTS.rglob("test_*.py") for text in texts_given_to(("answer",), path)}


def texts_given_to(names: Sequence[str], path: Path) -> set[str]:
    """The texts that a module gives, as they stand, to functions or methods of these names."""
    texts = set()
    for node in ast.walk(parsed(path)):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "attr", getattr(node.func, "id", ""))
        if called not in names:
            continue
        for argument in node.args:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                texts.add(argument.value)
    return texts


def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def names_of_our_settings() -> list[str]:
    """The settings under our section, as their documentation spells them."""
    texts = [value.__doc__ or "" for value in SETTINGS.values()]
    return [
        name
        for text in texts
        for name in text.partition(": ")[0].split(", ")
        if name.startswith(f"{SECTION}.")
    ]


def text_of(*paths: Path) -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in paths)


def test_every_verb_is_run_by_a_test() -> None:
    untested = set(VERBS) - verbs_that_tests_run()

    assert not untested, "write a test that runs them with repo.muse or repo.json"


def test_the_answers_of_every_verb_are_compared_with_its_schema() -> None:
    unseen = set(VERBS) - verbs_compared_with_schemas()

    assert not unseen, f"show what they answer to {ONLY_SHAPES.name}"


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in ONLY_COMMANDS])
def test_every_verb_is_a_method_of_the_library(verb: str) -> None:
    assert callable(getattr(Coordinator, verb.replace("-", "_"), None)), "coordinator/library.py"


def test_there_is_a_strategy_for_every_record_kind() -> None:
    assert set(strategies.KINDS) == set(KINDS), "tests/strategies.py"


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_described_for_the_man_page(name: str) -> None:
    described = SETTINGS[name].__doc__ or ""

    # the man page makes its list of these: the name as git config takes it, then what it does
    assert re.match(r"[a-z]+(-[a-z]+)*\.\S+(, .+)?: \S", described), described


def test_every_setting_is_known_by_name() -> None:
    names = [name.partition(".")[2] for name in names_of_our_settings()]

    # what is not among these is told to be no setting
    assert sorted(names) == sorted(NAMES)


@pytest.mark.parametrize("name", names_of_our_settings())
def test_every_setting_of_ours_is_in_the_documents_and_in_a_test(name: str) -> None:
    documents = text_of(TOP / "README.md", *(TOP / "docs").rglob("*.md"))
    key = name.partition(".")[2]

    assert name in documents
    assert key.lower() in text_of(*TESTS.rglob("test_*.py")).lower()
