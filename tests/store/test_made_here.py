from __future__ import annotations

from git_muse_coord.model.text_types import RecordId
from git_muse_coord.store.git.repository import Repository
from git_muse_coord.store.records.made_here import NAME, MadeHere
from tests.tools import Repo

IDS = [RecordId(f"sha256:{number:064x}") for number in range(3000)]


def test_notes_are_kept_until_there_are_many(repo: Repo) -> None:
    repo.reserve("README.md")
    [own] = repo.held()
    file = repo.git_dir / "muse-coord" / NAME
    notes = MadeHere(Repository(str(repo.path), stays=False))
    assert notes.worktrees() == {own: "."}
    notes.keep(set())
    assert notes.worktrees() == {own: "."}
    notes.note(IDS)
    notes.keep(set(IDS[:3]))
    assert notes.worktrees() == dict.fromkeys(IDS[:3], ".")
    file.write_bytes(b"nonsense \xff\n" + file.read_bytes() + b"half a li")
    assert notes.worktrees() == dict.fromkeys(IDS[:3], ".")
    file.unlink()
    assert notes.worktrees() == {}
