from __future__ import annotations

from git_muse_coord.commands import VERBS
from tests.docs.places import TOP, script


def test_the_generated_files_are_current() -> None:
    ran = script("generate", "--check")

    assert ran.returncode == 0, f"run scripts/generate\n{ran.stdout}{ran.stderr}"


def test_every_verb_is_in_the_page_of_commands() -> None:
    page = (TOP / "docs/reference/commands.md").read_text(encoding="utf-8")

    assert [verb for verb in VERBS if f"\n## git muse-coord {verb}\n" not in page] == []


def test_the_help_is_readable_at_80_columns() -> None:
    page = (TOP / "docs/reference/commands.md").read_text(encoding="utf-8")
    inside = [block.split("```")[0] for block in page.split("```text\n")[1:]]

    assert [line for block in inside for line in block.splitlines() if len(line) > 80] == []
