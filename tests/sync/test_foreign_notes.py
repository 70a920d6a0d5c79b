"""Notes from other clones come in line by line, and only what could be a fact of ours."""

from __future__ import annotations

import os

import pytest

from git_muse_coord.model.names import NOTES
from git_muse_coord.store.records import foreign_notes, notes
from tests.docs.test_schemas import answer
from tests.sync.hubs import Hub
from tests.tools import Repo

pytestmark = pytest.mark.slow

IDENTITY = ("-c", "user.name=x", "-c", "user.email=x")
GOOD = b'{"run_id":"a"}'


def put(hub: Hub, files: dict[str, tuple[str, bytes]]) -> str:
    """Put notes on top of those of the hub, and return the commit."""
    rows = []
    for path, (mode, content) in files.items():
        rows.append(
            f"{mode} blob {hub.git('hash-object', '-w', '--stdin', given=content)}\t{path}\n"
        )
    tree = hub.git("mktree", given="".join(rows).encode())
    before = hub.refs(NOTES).get(NOTES)
    parent = ["-p", before] if before else []
    tip = hub.git(*IDENTITY, "commit-tree", "-m", "x", *parent, tree)
    hub.git("update-ref", NOTES, tip)
    return tip


def shown(clone: Repo, commit: str) -> bytes:
    return os.fsencode(clone.git("notes", "--ref=muse-coord", "show", commit, check=False))


BAD_LINES = {
    "terminal commands": b"\x1b]0;pwn\x07\x1b[2J evil",
    "words": b"looks good to me",
    "other letters": '{"run_id":"naïve"}'.encode(),
    "not canonical": b'{"run_id": "a"}',
    "no object": b'["run_id"]',
    "a fraction": b'{"a":1.5}',
    "text in two directions": b'{"run_id":"\xe2\x80\xae"}',
}


@pytest.mark.parametrize("bad", BAD_LINES.values(), ids=BAD_LINES)
def test_a_line_that_is_no_fact_is_left_out_and_taken_away(
    hub: Hub, clones: tuple[Repo, Repo], bad: bytes
) -> None:
    one, two = clones
    commit = one.git("rev-parse", "HEAD")
    tampered = put(hub, {commit: ("100644", GOOD + b"\n\n" + bad + b"\n")})
    notes.add(one.coordinator().repository, commit, {"run_id": "b"})

    told = answer(one, "sync")
    assert any("held what are no facts" in warning for warning in told["warnings"])
    assert shown(one, commit).split() == [GOOD, b'{"run_id":"b"}']
    assert two.json("sync")["warnings"] == []
    assert shown(two, commit) == shown(one, commit)
    assert hub.refs(NOTES) == one.refs(NOTES)
    assert hub.git("merge-base", "--is-ancestor", tampered, NOTES) == ""


@pytest.mark.parametrize(
    "file", [("120000", b"/etc/passwd"), ("100644", b"x" * (2 << 20)), ("100755", GOOD)]
)
def test_what_is_no_note_of_ours_is_left_out_beside_good_ones(
    hub: Hub, clones: tuple[Repo, Repo], file: tuple[str, bytes]
) -> None:
    one, _ = clones
    commit = one.git("rev-parse", "HEAD")
    put(hub, {commit: ("100644", GOOD), "f" * 40: file, "README": ("100644", b"hello")})

    one.json("sync")
    assert one.git("ls-tree", "-r", "--name-only", NOTES).splitlines() == [commit]
    assert hub.refs(NOTES) == one.refs(NOTES)


def test_notes_whose_ref_is_no_commit_are_left_there(hub: Hub, clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    commit = one.git("rev-parse", "HEAD")
    notes.add(one.coordinator().repository, commit, {"run_id": "b"})
    oid = hub.plant(NOTES, b"hello")

    for _ in range(2):
        assert any(
            "left there: it is no commit" in warning for warning in one.json("sync")["warnings"]
        )
    assert hub.refs(NOTES) == {NOTES: oid}
    assert shown(one, commit) == b'{"run_id":"b"}'


def test_more_notes_than_can_be_read_at_one_time_are_left_there(
    hub: Hub, clones: tuple[Repo, Repo], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, _ = clones
    monkeypatch.setattr(foreign_notes, "NEW_BYTES", 10)
    tip = put(hub, {one.git("rev-parse", "HEAD"): ("100644", GOOD)})

    assert any("notes are new" in warning for warning in one.json("sync")["warnings"])
    assert one.refs(NOTES) == {}
    assert hub.refs(NOTES) == {NOTES: tip}
