"""What the hooks say when git commits, in all the ways in which it does."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.cli.test_escapes import ESCAPES, EVIL, harmless
from tests.hooks.tools import (
    TAX_AND_TOTAL,
    TOTAL,
    edit,
    run_git,
    stand_in,
    warned,
    without_the_tool,
)
from tests.tools import FAR, Repo, a_reservation, git_in

pytestmark = pytest.mark.slow

NOT_CHECKED = "reservations were not checked, and nothing is stopped"


def held(repo: Repo, *addresses: str, run_id: str = "agent-41") -> str:
    return repo.reserve(*addresses, "--run-id", run_id, "--op", "modify", "--reason", "rounding")


def without_shell(said: str) -> list[str]:
    """What was said, but for what the shell says of a program that a signal ended."""
    of_shell = re.compile(r"(?:.*: )?(?:Killed|Segmentation fault)\b.*")
    return [line for line in said.splitlines() if not of_shell.fullmatch(line)]


def note(repo: Repo, commit: str = "HEAD") -> dict[str, object]:
    found: dict[str, object] = json.loads(repo.git("notes", "--ref=muse-coord", "show", commit))
    return found


def test_a_commit_is_warned_of_exactly_what_is_reserved(shop: Repo) -> None:
    held(shop, TOTAL)
    edit(shop, *TAX_AND_TOTAL)

    ran = run_git(shop.path, "commit", "-am", "Both")

    assert ran.code == 0
    assert warned(ran.err) == [TOTAL]
    assert "is reserved by run-id 'agent-41', to modify it, " in ran.err
    assert re.search(r'\d\d:\d\d to .*\d\d:\d\d UTC \([0-9a-f]{12}\): "rounding"$', ran.err, re.M)
    assert "Wait for the holder" in ran.err
    assert shop.git("log", "-1", "--format=%s") == "Both"


def test_block_stops_and_says_how_to_go_on(shop: Repo) -> None:
    held(shop, TOTAL)
    edit(shop, *TAX_AND_TOTAL)
    shop.git("config", "muse-coord.hookMode", "block")

    ran = run_git(shop.path, "commit", "-am", "Both")

    assert ran.code == 1
    assert warned(ran.err) == [TOTAL]
    assert "git commit --no-verify" in ran.err
    assert "muse-coord.hookMode warn" in ran.err
    assert shop.git("log", "-1", "--format=%s") == "An invoice"
    assert run_git(shop.path, "commit", "--no-verify", "-qam", "Both").code == 0
    assert shop.git("log", "-1", "--format=%s") == "Both"


def test_off_is_silent(shop: Repo) -> None:
    held(shop, TOTAL)
    edit(shop, *TAX_AND_TOTAL)
    shop.git("config", "muse-coord.hookMode", "off")

    ran = run_git(shop.path, "commit", "-qam", "Both")

    assert (ran.code, ran.err) == (0, "")
    assert shop.refs("refs/notes/") == {}


def test_the_note_tells_the_story(shop: Repo) -> None:
    theirs = held(shop, TOTAL)
    mine = held(shop, "invoice.py::Invoice.tax", "other.py", run_id="bob")
    edit(shop, *TAX_AND_TOTAL)
    run_git(shop.path, "commit", "--no-verify", "-am", "Both")

    assert note(shop) == {
        "run_id": "bob",
        "reservations": [mine],
        "symbols": [TOTAL, "invoice.py::Invoice.tax"],
        "symbols_touched": 2,
        "overridden": [
            {
                "address": TOTAL,
                "held_address": TOTAL,
                "reservation_id": theirs,
                "run_id": "agent-41",
            },
        ],
    }
    assert mine in shop.git("log", "-1", "--notes=muse-coord")


def test_a_reservation_of_ones_own_is_no_conflict(shop: Repo) -> None:
    held(shop, "invoice.py", run_id="bob")
    edit(shop, *TAX_AND_TOTAL)

    assert run_git(shop.path, "commit", "-qam", "Both").err == ""


def test_a_run_without_identity_leaves_no_note_where_it_met_nothing(shop: Repo) -> None:
    shop.git("config", "--unset", "muse-coord.runId")
    held(shop, "other.py")
    edit(shop, *TAX_AND_TOTAL)

    assert run_git(shop.path, "commit", "-qam", "Both").err == ""
    assert shop.refs("refs/notes/") == {}


KINDS = {
    "a rename": ([("def total", "def grand_total")], [TOTAL]),
    "a deletion": ([("    def total(self):\n        return sum(self.lines)\n\n", "")], [TOTAL]),
    "a re-indentation": (
        [("        return sum(self.lines)", "            return sum(self.lines)")],
        [],
    ),
    "a comment": ([("        return sum", "        # of all lines\n        return sum")], []),
    "another method": ([("return 19", "return 16")], []),
    "an import": ([("import os", "import os\nimport sys")], []),
    "a new method": ([("    def tax", "    def net(self):\n        return 1\n\n    def tax")], []),
}


@pytest.mark.parametrize(("changes", "expected"), KINDS.values(), ids=KINDS)
def test_kinds_of_changes(shop: Repo, changes: list[tuple[str, str]], expected: list[str]) -> None:
    held(shop, TOTAL)
    edit(shop, *changes)

    assert warned(run_git(shop.path, "commit", "-am", "x").err) == expected


RUST = """\
pub struct T;

impl T {
    pub fn total(&self, lines: &[i64], rate: i64) -> i64 {
        lines.iter().map(|line| line * rate).sum()
    }
}
"""


def test_a_move_into_another_file(shop: Repo) -> None:
    held(shop, "invoice.py::free")
    edit(shop, ("\n\ndef free():\n    return os.name\n", ""))
    shop.write("free.py", "import os\n\n\ndef free():\n    return os.name\n")
    shop.git("add", "-A")

    assert warned(run_git(shop.path, "commit", "-m", "x").err) == ["invoice.py::free"]


def test_a_type_whose_methods_lie_in_a_block_of_its_name(shop: Repo) -> None:
    """In Rust the ``impl`` of a type has a name of its own, which its methods do not show."""
    shop.write("t.rs", RUST)
    shop.commit("A type")
    held(shop, "t.rs::T.total")
    edit(shop, ("T", "U"), name="t.rs")

    said = run_git(shop.path, "commit", "-am", "x").err
    assert "⚠ t.rs::T.impl (now t.rs::U.impl) (as t.rs::T.total) is reserved by " in said


def test_headings_and_keys(shop: Repo) -> None:
    shop.write("NEWS.md", "# News\n\n## Unreleased\n\nnothing\n\n## 1.0\n\nfirst\n")
    shop.write("package.json", '{"name": "shop", "scripts": {"test": "a", "lint": "b"}}\n')
    shop.commit("Prose")
    held(shop, "NEWS.md::Unreleased", "package.json::scripts.test")
    edit(shop, ("nothing", "something"), ("first", "first!"), name="NEWS.md")
    edit(shop, ('"a"', '"aa"'), ('"b"', '"bb"'), name="package.json")

    assert warned(run_git(shop.path, "commit", "-am", "x").err) == [
        "NEWS.md::Unreleased",
        "package.json::scripts.test",
    ]


def test_only_what_is_staged(shop: Repo) -> None:
    held(shop, TOTAL)
    edit(shop, TAX_AND_TOTAL[0])
    shop.git("add", "-A")
    edit(shop, TAX_AND_TOTAL[1])

    assert warned(run_git(shop.path, "commit", "-m", "x").err) == []
    assert warned(run_git(shop.path, "commit", "-am", "y").err) == [TOTAL]


def test_named_paths(shop: Repo) -> None:
    held(shop, TOTAL, "other.py::other")
    edit(shop, *TAX_AND_TOTAL)
    edit(shop, ("return 1", "return 2"), name="other.py")
    shop.git("add", "other.py")

    assert warned(run_git(shop.path, "commit", "invoice.py", "-m", "x").err) == [TOTAL]
    assert note(shop)["symbols"] == [TOTAL, "invoice.py::Invoice.tax"]


def test_amend(shop: Repo) -> None:
    edit(shop, TAX_AND_TOTAL[0])
    shop.git("commit", "-qam", "x")
    held(shop, TOTAL)
    edit(shop, TAX_AND_TOTAL[1])

    assert warned(run_git(shop.path, "commit", "-a", "--amend", "--no-edit").err) == [TOTAL]
    assert note(shop)["symbols"] == [TOTAL, "invoice.py::Invoice.tax"]


def test_the_first_commit(tmp_path: Path) -> None:
    repo = Repo.make(tmp_path / "new")
    assert repo.muse("install", "--hooks").code == 0
    held(repo, "a.py::f")
    repo.write("a.py", "def f():\n    return 1\n\n\ndef g():\n    return 2\n")
    repo.git("add", "-A")

    ran = run_git(repo.path, "commit", "-m", "First", MUSE_RUN_ID="bob")

    assert (ran.code, warned(ran.err)) == (0, ["a.py::f"])
    assert note(repo)["symbols"] == ["a.py::f", "a.py::g"]


def test_a_sub_directory(shop: Repo) -> None:
    held(shop, "src/billing.py::compute_total")
    edit(shop, ("sum(items)", "sum(items, 1)"), name="src/billing.py")

    ran = run_git(shop.path / "src", "commit", "-m", "x", "billing.py")

    assert warned(ran.err) == ["src/billing.py::compute_total"]


def test_a_linked_worktree(shop: Repo, tmp_path: Path) -> None:
    held(shop, TOTAL)
    shop.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "topic")
    linked = Repo(tmp_path / "linked")
    edit(shop, ("return 1", "return 2"), name="other.py")
    shop.git("add", "-A")
    edit(linked, *TAX_AND_TOTAL)

    assert warned(run_git(linked.path, "commit", "-am", "x").err) == [TOTAL]
    assert note(linked)["symbols"] == [TOTAL, "invoice.py::Invoice.tax"]


def test_a_submodule(shop: Repo, tmp_path: Path) -> None:
    outer = Repo.make(tmp_path / "outer")
    outer.git("submodule", "--quiet", "add", str(shop.path), "sub")
    outer.commit("A submodule")
    inner = Repo(outer.path / "sub")
    assert inner.muse("install", "--hooks").code == 0
    assert outer.muse("install", "--hooks").code == 0
    held(inner, TOTAL)
    held(outer, "sub")
    edit(inner, *TAX_AND_TOTAL)

    assert warned(run_git(inner.path, "commit", "-am", "x", MUSE_RUN_ID="bob").err) == [TOTAL]
    assert warned(run_git(outer.path, "commit", "-am", "x", MUSE_RUN_ID="bob").err) == ["sub"]


def branch_with(repo: Repo, *changes: tuple[str, str]) -> None:
    repo.git("switch", "-q", "-c", "topic")
    edit(repo, *changes)
    repo.git("commit", "-qam", "On the topic")
    repo.git("switch", "-q", "main")


STEPS = (
    "def steps():\n"
    + "".join(f"    step({number})\n" for number in range(12))
    + "\n\ndef last():\n    return 0\n"
)


def diverged(repo: Repo) -> None:
    """Two branches that git can merge by itself, and that both change one function, far from each other."""
    repo.write("steps.py", STEPS)
    repo.commit("Steps")
    repo.git("switch", "-q", "-c", "topic")
    edit(repo, ("step(0)", "step(100)"), ("return 0", "return 1"), name="steps.py")
    repo.git("commit", "-qam", "On the topic")
    repo.git("switch", "-q", "main")
    edit(repo, ("step(11)", "step(111)"), name="steps.py")
    repo.git("commit", "-qam", "On main")


def test_a_merge_is_warned_of_what_it_makes_of_both_sides(shop: Repo) -> None:
    diverged(shop)
    held(shop, "steps.py::steps", "steps.py::last")

    ran = run_git(shop.path, "merge", "--no-edit", "topic")

    assert (ran.code, warned(ran.err)) == (0, ["steps.py::steps"])
    assert len(shop.git("log", "-1", "--format=%p").split()) == 2


def test_block_stops_a_merge(shop: Repo) -> None:
    diverged(shop)
    held(shop, "steps.py::steps")
    shop.git("config", "muse-coord.hookMode", "block")

    ran = run_git(shop.path, "merge", "--no-edit", "topic")

    assert ran.code != 0
    assert "git merge --no-verify" in ran.err
    assert warned(run_git(shop.path, "commit", "--no-edit").err) == ["steps.py::steps"], (
        "MERGE_HEAD is there by now"
    )
    assert run_git(shop.path, "merge", "--abort").code == 0
    assert run_git(shop.path, "merge", "--no-edit", "--no-verify", "topic").code == 0


@pytest.mark.parametrize(
    "way", ["merge --no-edit topic", "merge --no-ff --no-edit topic", "merge --no-commit"]
)
def test_a_merge_that_takes_what_others_made_meets_nobody(shop: Repo, way: str) -> None:
    """The holder's own work comes in, for example: it was looked at where it was committed."""
    branch_with(shop, *TAX_AND_TOTAL)
    if "no-ff" not in way:
        edit(shop, ("return 1", "return 2"), name="other.py")
        shop.git("commit", "-qam", "On main")
    held(shop, TOTAL)
    shop.git("config", "muse-coord.hookMode", "block")

    ran = run_git(shop.path, *way.split(), *(["topic"] if "topic" not in way else []))
    if "no-commit" in way:
        assert (
            shop.muse("check", "--strict").code
            == shop.muse("check", "--worktree", "--strict").code
            == 0
        )
        ran = run_git(shop.path, "commit", "--no-edit")
        assert shop.refs("refs/notes/") == {}

    assert (ran.code, warned(ran.err)) == (0, []), ran.err
    assert len(shop.git("log", "-1", "--format=%p").split()) == 2
    assert shop.muse("check", "--range", "HEAD^!", "--strict").code == 0
    assert shop.muse("check", "--range", "HEAD^..HEAD", "--strict").code == 2


@pytest.mark.parametrize(
    ("resolved", "expected"),
    [("sum(self.lines, 1)", []), ("sum(self.lines, 2)", []), ("sum(self.lines, 3)", [TOTAL])],
    ids=["theirs", "ours", "neither"],
)
def test_a_merge_that_a_person_ends(shop: Repo, resolved: str, expected: list[str]) -> None:
    branch_with(shop, ("sum(self.lines)", "sum(self.lines, 1)"), ("return 19", "return 16"))
    edit(shop, ("sum(self.lines)", "sum(self.lines, 2)"))
    shop.git("commit", "-qam", "On main")
    assert run_git(shop.path, "merge", "topic").code == 1
    held(shop, TOTAL, "invoice.py::Invoice.tax")
    shop.git("checkout", "-q", "--theirs", "invoice.py")
    edit(shop, ("sum(self.lines, 1)", resolved))

    assert warned(run_git(shop.path, "commit", "-a", "--no-edit").err) == expected
    if not expected:  # a commit that has to do with no reservation has no note
        assert shop.refs("refs/notes/") == {}
        return
    assert [one["address"] for one in note(shop)["overridden"]] == expected  # type: ignore[attr-defined]


def test_cherry_pick_and_rebase_leave_notes(shop: Repo) -> None:
    branch_with(shop, *TAX_AND_TOTAL)
    theirs = held(shop, TOTAL)
    edit(shop, ("return 1", "return 2"), name="other.py")
    shop.git("commit", "-qam", "On main")

    shop.git("rebase", "-q", "main", "topic")
    assert note(shop)["overridden"][0]["reservation_id"] == theirs  # type: ignore[index]
    shop.git("switch", "-q", "main")
    edit(shop, ("return 2", "return 3"), name="other.py")
    shop.git("commit", "-qam", "More on main")
    shop.git("cherry-pick", "topic")
    assert note(shop)["symbols"] == [TOTAL, "invoice.py::Invoice.tax"]


def test_a_detached_head(shop: Repo) -> None:
    held(shop, TOTAL)
    shop.git("switch", "-q", "--detach")
    edit(shop, *TAX_AND_TOTAL)

    assert warned(run_git(shop.path, "commit", "-am", "x").err) == [TOTAL]


def test_without_reservations_the_program_is_not_even_started(shop: Repo, tmp_path: Path) -> None:
    path = stand_in(tmp_path, f'echo "$@" >>"{tmp_path}/started"; exit 0')
    edit(shop, *TAX_AND_TOTAL)

    assert run_git(shop.path, "commit", "-qam", "x", PATH=path).err == ""
    assert not (tmp_path / "started").exists()
    held(shop, "README.md")
    edit(shop, ("return 16", "return 19"))
    run_git(shop.path, "commit", "-qam", "x", PATH=path)
    assert (tmp_path / "started").read_text().split() == [
        "hook",
        "pre-commit",
        "hook",
        "post-commit",
    ]


def test_where_the_tool_is_missing_the_commit_goes_on(shop: Repo, tmp_path: Path) -> None:
    held(shop, TOTAL)
    edit(shop, *TAX_AND_TOTAL)
    shop.git("config", "muse-coord.hookMode", "block")
    shop.git("config", "--unset", "muse-coord.path")

    ran = run_git(shop.path, "commit", "-qam", "x", PATH=without_the_tool(tmp_path))

    assert (ran.code, ran.err) == (
        0,
        f"git-muse-coord is not on the PATH: {NOT_CHECKED} (hookMode block)\n",
    )


def test_where_only_a_shell_finds_the_tool_the_hook_does(shop: Repo, tmp_path: Path) -> None:
    """A client with windows has another PATH than the shell in which the hooks were installed."""
    held(shop, TOTAL)
    edit(shop, *TAX_AND_TOTAL)
    shop.git("config", "muse-coord.hookMode", "block")

    ran = run_git(shop.path, "commit", "-qam", "x", PATH=without_the_tool(tmp_path))

    assert ran.code == 1
    assert "stopped, because others reserved what this changes" in ran.err


@pytest.mark.parametrize(
    "failing", ["exit 1", "exit 2", "exit 127", "kill -SEGV $$", "kill -KILL $$"]
)
def test_where_the_tool_fails_the_commit_goes_on(shop: Repo, tmp_path: Path, failing: str) -> None:
    held(shop, TOTAL)
    edit(shop, *TAX_AND_TOTAL)

    ran = run_git(shop.path, "commit", "-qam", "x", PATH=stand_in(tmp_path, failing))

    assert ran.code == 0
    said = without_shell(ran.err)
    assert said == [
        f"git-muse-coord failed: {NOT_CHECKED} (hookMode warn)",
        "git-muse-coord failed: no note was made",
    ]


@pytest.mark.skipif(not shutil.which("timeout"), reason="there is no timeout")
@pytest.mark.parametrize(
    ("seconds", "asked"),
    [
        ("", "11"),
        ("2", "25"),
        ("1.5", "15"),
        ("08", "085"),
        ("x", "11"),
        ("-1", "11"),
        (".5", "11"),
        ("2; true", "11"),
    ],
)
def test_where_the_tool_hangs_the_commit_goes_on(
    shop: Repo, tmp_path: Path, seconds: str, asked: str
) -> None:
    held(shop, TOTAL)
    edit(shop, *TAX_AND_TOTAL)
    real = shutil.which("timeout")
    path = stand_in(tmp_path, '[ "$2" = pre-commit ] || exit 0; exec sleep 1000')
    impatient = tmp_path / "stand-in/timeout"
    impatient.write_text(
        f'#!/bin/sh\necho "$1" >>"{tmp_path}/asked"\nshift\nexec {real} 0.2 "$@"\n'
    )
    impatient.chmod(0o755)

    ran = run_git(shop.path, "commit", "-qam", "x", PATH=path, MUSE_HOOK_SECONDS=seconds)

    assert (ran.code, ran.err) == (0, f"git-muse-coord failed: {NOT_CHECKED} (hookMode warn)\n")
    assert (tmp_path / "asked").read_text().split() == [asked, asked]


def test_where_the_repository_is_damaged_the_commit_goes_on(shop: Repo) -> None:
    held(shop, TOTAL)
    edit(shop, *TAX_AND_TOTAL)
    shop.git("config", "muse-coord.hookMode", "soft")

    ran = run_git(shop.path, "commit", "-qam", "x")

    assert ran.code == 0
    assert {line.split(":")[0] for line in ran.err.splitlines()} == {"error"}
    assert "muse-coord.hookMode is 'soft'" in ran.err


def test_where_nothing_of_ours_can_be_written_the_commit_goes_on(shop: Repo) -> None:
    held(shop, TOTAL)
    edit(shop, *TAX_AND_TOTAL)
    folder = shop.git_dir / "muse-coord"
    shutil.rmtree(folder)
    folder.write_text("")

    ran = run_git(shop.path, "commit", "-qam", "x")

    assert (ran.code, warned(ran.err)) == (0, [TOTAL])
    (said,) = (line for line in ran.err.splitlines() if line.startswith("error"))
    assert said.startswith(f"error: cannot make {folder}")
    assert shop.muse("uninstall").code == 3


def test_what_others_wrote_never_reaches_the_terminal(shop: Repo) -> None:
    shop.plant_record(
        a_reservation(
            f"src/{EVIL}.py",
            TOTAL,
            run_id=EVIL,
            branch=ESCAPES,
            reason=ESCAPES,
            **FAR,
        )
    )
    edit(shop, *TAX_AND_TOTAL)
    shop.write(f"src/{EVIL}.py", "x = 1\n")
    shop.git("add", "-A")

    ran = run_git(shop.path, "commit", "-m", "x")

    assert TOTAL in warned(ran.err)
    harmless(ran)
    assert git_in(shop.path, "notes", "--ref=muse-coord", "show").isascii()


@pytest.mark.parametrize("failing", ["exit 2", "exit 1", "kill -KILL $$"])
def test_only_our_own_word_stops_a_commit(shop: Repo, tmp_path: Path, failing: str) -> None:
    """Python, too, ends with 2, when it cannot open its script."""
    held(shop, TOTAL)
    edit(shop, *TAX_AND_TOTAL)
    shop.git("config", "muse-coord.hookMode", "block")
    path = stand_in(tmp_path, f'[ "$2" = pre-commit ] || exit 0; {failing}')

    ran = run_git(shop.path, "commit", "-qam", "x", PATH=path)

    assert ran.code == 0
    assert without_shell(ran.err) == [f"git-muse-coord failed: {NOT_CHECKED} (hookMode block)"]


def test_the_code_that_stops_a_commit(shop: Repo, tmp_path: Path) -> None:
    held(shop, TOTAL)
    edit(shop, *TAX_AND_TOTAL)

    assert run_git(shop.path, "commit", "-qam", "x", PATH=stand_in(tmp_path, "exit 86")).code == 1


def test_a_hook_that_is_out_of_time_says_so_with_the_mode(shop: Repo) -> None:
    held(shop, TOTAL)
    edit(shop, *TAX_AND_TOTAL)
    shop.git("config", "muse-coord.hookMode", "block")
    shop.git("add", "-u")

    assert shop.muse("hook", "pre-commit").code == 86
    for seconds in ("0", "0.001"):
        ran = run_git(shop.path, "muse-coord", "hook", "pre-commit", MUSE_HOOK_SECONDS=seconds)
        assert ran.code == 0
        assert ran.err.startswith("git-muse-coord: hook pre-commit was stopped after ")
        assert ran.err.endswith("before it had looked at everything (hookMode block)\n")


def test_a_hook_that_fails_says_so_with_the_mode(shop: Repo) -> None:
    held(shop, TOTAL)
    edit(shop, *TAX_AND_TOTAL)
    shop.git("config", "muse-coord.hookMode", "block")
    shop.git("add", "-u")
    (shop.git_dir / "index").write_bytes(b"no index")

    ran = run_git(shop.path, "muse-coord", "hook", "pre-commit")

    assert ran.code == 0
    (line,) = ran.err.splitlines()
    assert line.endswith(f"; {NOT_CHECKED} (hookMode block)")
