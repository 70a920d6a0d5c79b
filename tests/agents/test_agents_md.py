"""The lines in AGENTS.md: at its end, replaced only where nobody changed them, and cut out to the byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.store.agents.marked_block import AGENTS_MD, BLOCK_LINES
from tests.tools import Repo

texts = st.text(alphabet="ab \t\n#é", max_size=30).flatmap(
    lambda text: st.sampled_from([text, text.replace("\n", "\r\n")])
)


@given(texts)
def test_in_and_out_is_as_before(text: str) -> None:
    added = AGENTS_MD.added_to(text)

    assert AGENTS_MD.is_in(added)
    assert AGENTS_MD.added_to(added) == added
    assert AGENTS_MD.cut_out_of(added) == text


@given(texts, texts.filter(lambda text: "\r" not in text))
def test_what_others_wrote_behind_it_stays(text: str, more: str) -> None:
    left = AGENTS_MD.cut_out_of(AGENTS_MD.added_to(text) + "\nMORE" + more)

    assert left is not None
    assert left.startswith(text)
    assert left.endswith("MORE" + more)


def test_there_are_few_of_them() -> None:
    assert len(AGENTS_MD.added_to("x\n").splitlines()) <= 2 + 12
    assert any("git muse-coord prime" in line for line in BLOCK_LINES)


@pytest.fixture
def page(repo: Repo) -> Path:
    return repo.path / "AGENTS.md"


def action(repo: Repo, verb: str) -> str:
    done = repo.json(verb, "--agents-md")["agents"]
    return str(done[0]["action"]) if done else ""


def test_a_file_of_its_own_comes_and_goes(repo: Repo, page: Path) -> None:
    assert action(repo, "install") == "made"
    text = page.read_text()
    assert action(repo, "install") == "present"
    assert page.read_text() == text

    assert action(repo, "uninstall") == "removed"
    assert not page.exists()
    assert action(repo, "uninstall") == ""


def test_a_page_that_is_there_stays(repo: Repo, page: Path) -> None:
    page.write_bytes(b"# Agents\r\n\r\nBe kind.")
    page.chmod(0o600)

    assert action(repo, "install") == "added"
    assert page.read_bytes().startswith(b"# Agents\r\n\r\nBe kind.\r\n\r\n<!-- BEGIN")
    assert repo.muse("uninstall").code == 0

    assert page.read_bytes() == b"# Agents\r\n\r\nBe kind."
    assert page.stat().st_mode & 0o777 == 0o600


def test_lines_of_another_version_are_replaced(repo: Repo, page: Path) -> None:
    older = "<!-- BEGIN muse-coord v:0 hash:2cf24dba5fb0 -->\nhello\n<!-- END muse-coord -->\n"
    page.write_text(f"above\n\n{older}below\n")

    assert action(repo, "install") == "renewed"

    assert page.read_text() == "above\n" + AGENTS_MD.added_to("above\n")[6:] + "below\n"
    repo.muse("uninstall")
    assert page.read_text() == "above\nbelow\n"


@pytest.mark.parametrize(
    "spoilt",
    [
        lambda text: text.replace("Others work", "Nobody works"),
        lambda text: text.replace("<!-- END muse-coord -->", ""),
        lambda text: text.replace("hash:", "hash:x"),
        lambda text: text + text,
        lambda text: text[::-1].replace("--!< ", "<!-- ")[::-1] + "<!-- BEGIN muse-coord -->",
    ],
)
@pytest.mark.parametrize("verb", ["install", "uninstall"])
def test_what_is_not_as_we_made_it_is_left_alone(
    repo: Repo, page: Path, verb: str, spoilt: object
) -> None:
    assert callable(spoilt)
    repo.muse("install", "--agents-md")
    content = spoilt(page.read_text())
    page.write_text(content)

    ran = repo.muse(verb, "--agents-md")

    assert ran.code == 1
    assert f"{page} is left as it is" in ran.err
    assert page.read_text() == content


def test_what_is_no_text_is_left_alone(repo: Repo, page: Path) -> None:
    page.write_bytes(b"\xff\xfe")

    assert repo.muse("install", "--agents-md").code == 1
    assert page.read_bytes() == b"\xff\xfe"


def test_changed_lines_keep_nothing_else_from_being_undone(repo: Repo, page: Path) -> None:
    repo.muse("install", "--agents-md", "--agent", "claude")
    page.write_text(page.read_text().replace("Others", "Some"))

    ran = repo.muse("uninstall")

    assert ran.code == 1
    assert not (repo.path / ".claude").exists()


def test_it_can_be_looked_at_first(repo: Repo, page: Path) -> None:
    ran = repo.muse("install", "--agents-md", "--print")

    assert BLOCK_LINES[0] in ran.out
    assert not page.exists()


def test_a_bare_repository_can_be_undone(tmp_path: Path) -> None:
    bare = Repo.make(tmp_path / "bare", "--bare")

    assert bare.muse("install", "--agents-md").code == 1
    assert bare.muse("uninstall").code == 0
