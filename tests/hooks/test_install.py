"""Our hooks beside those of others: both run, and what was there comes back byte for byte."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from git_muse_coord.store.hooks import NAMES
from git_muse_coord.store.hooks.scripts import KEPT
from tests.docs.places import TOP
from tests.hooks.tools import TAX_AND_TOTAL, TOTAL, edit, run_git, warned
from tests.tools import Ran, Repo, program

pytestmark = pytest.mark.slow

State = dict[str, tuple[int, bytes | str]]


@pytest.fixture
def bare_shop(shop: Repo) -> Repo:
    """The shop without hooks, and with a reservation of another run."""
    assert shop.muse("uninstall").code == 0
    shop.reserve(TOTAL, "--run-id", "agent-41")
    edit(shop, *TAX_AND_TOTAL)
    return shop


def state(*folders: Path) -> State:
    """Every file, link and folder with its mode and content."""
    found: State = {}
    for folder in folders:
        for path in (folder, *folder.rglob("*")) if folder.exists() else ():
            mode = path.lstat().st_mode
            content = (
                os.readlink(path)
                if path.is_symlink()
                else path.read_bytes()
                if path.is_file()
                else ""
            )
            found[str(path)] = (mode, content)
    return found


def put(path: Path, content: bytes, mode: int = 0o755) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    path.chmod(mode)


def both_run(repo: Repo, *, theirs: bool = True) -> None:
    """Commit, and see that our hook ran, and theirs, which says so in a file."""
    log = repo.path / "log"
    log.unlink(missing_ok=True)
    ran = run_git(repo.path, "commit", "-am", "x")
    assert ran.code == 0, ran.err
    assert warned(ran.err) == [TOTAL], ran.err
    assert log.exists() == theirs
    repo.git("reset", "-q", "--soft", "HEAD~1")


SAYS = b"echo theirs >>log\n"
PYTHON = b"#!/usr/bin/env python3\nopen('log', 'a').write('theirs')\n"
SCRIPTS: dict[str, tuple[bytes, int, bool]] = {
    "a script": (b"#!/bin/sh\n" + SAYS, 0o755, True),
    "another mode": (b"#!/bin/sh\n" + SAYS, 0o700, True),
    "no last newline": (b"#!/bin/sh\n" + SAYS.rstrip(), 0o755, True),
    "blank lines at the end": (b"#!/bin/sh\n" + SAYS + b"\n\n\n", 0o755, True),
    "strict bash": (b"#!/usr/bin/env bash\nset -euo pipefail\n" + SAYS, 0o755, True),
    "options in the shebang": (b"#!/bin/sh -eu\n" + SAYS, 0o755, True),
    "a final exec": (b"#!/bin/sh\nexec sh -c 'echo theirs >>log'\n", 0o755, True),
    "an early exit": (b"#!/bin/sh\n" + SAYS + b"exit 0\nexit 1\n", 0o755, True),
    "no shebang": (SAYS, 0o755, True),
    "CRLF after the shebang": (b"#!/bin/sh\n# one\r\necho theirs >>log\n# two\r\n", 0o755, True),
    "bytes that are no text": (b"#!/bin/sh\n" + SAYS + b"# \xff\xfe\x80\n", 0o755, True),
    "empty": (b"", 0o755, False),
    "only a shebang": (b"#!/bin/sh", 0o755, False),
    "only a shebang with its newline": (b"#!/bin/sh\n", 0o755, False),
    "python": (PYTHON, 0o755, True),
    "python that is not executable": (PYTHON, 0o644, False),
    "not executable": (b"#!/bin/sh\n" + SAYS, 0o644, False),
}


@pytest.mark.parametrize(("content", "mode", "runs"), SCRIPTS.values(), ids=SCRIPTS)
def test_a_hook_that_is_there(bare_shop: Repo, content: bytes, mode: int, runs: bool) -> None:
    hooks = bare_shop.git_dir / "hooks"
    put(hooks / "pre-commit", content, mode)
    before = state(hooks)

    assert bare_shop.muse("install", "--hooks").code == 0
    both_run(bare_shop, theirs=runs)
    assert bare_shop.muse("doctor").code == 0
    assert bare_shop.muse("uninstall").code == 0
    assert state(hooks) == before


def link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


@pytest.mark.parametrize(
    ("target", "runs"), [("../../tool", True), ("nowhere", False), ("../../README.md", False)]
)
def test_a_hook_that_is_a_link(bare_shop: Repo, target: str, runs: bool) -> None:
    hooks = bare_shop.git_dir / "hooks"
    put(bare_shop.path / "tool", b"#!/bin/sh\n" + SAYS)
    (hooks / "pre-commit").symlink_to(target)
    before = state(hooks, bare_shop.path / "tool")

    assert bare_shop.muse("install", "--hooks").code == 0
    both_run(bare_shop, theirs=runs)
    assert bare_shop.muse("uninstall").code == 0
    assert state(hooks, bare_shop.path / "tool") == before


def test_a_hook_that_refuses_still_refuses(bare_shop: Repo) -> None:
    for content in (b"#!/bin/sh\nexit 1\n", b"#!/usr/bin/env python3\nraise SystemExit(1)\n"):
        put(bare_shop.git_dir / "hooks/pre-commit", content)
        assert bare_shop.muse("install", "--hooks").code == 0

        ran = run_git(bare_shop.path, "commit", "-qam", "x")

        assert (ran.code, warned(ran.err)) == (1, [TOTAL])
        assert bare_shop.muse("uninstall").code == 0


def test_a_folder_that_was_not_there(bare_shop: Repo) -> None:
    hooks = bare_shop.git_dir / "hooks"
    shutil.rmtree(hooks)

    assert bare_shop.muse("install", "--hooks").code == 0
    both_run(bare_shop, theirs=False)
    assert bare_shop.muse("uninstall").code == 0
    assert not hooks.exists()


def test_installing_again_changes_nothing_and_removing_again_neither(bare_shop: Repo) -> None:
    hooks = bare_shop.git_dir / "hooks"
    put(hooks / "pre-commit", b"#!/bin/sh\n" + SAYS)
    put(hooks / "pre-push", PYTHON)
    before = state(hooks)
    bare_shop.muse("install", "--hooks")
    first = state(hooks)

    again = bare_shop.json("install", "--hooks")

    assert {one["action"] for one in again["hooks"]} == {"present"}
    assert state(hooks) == first
    assert len(bare_shop.json("uninstall")["hooks"]) == len(NAMES)
    assert bare_shop.json("uninstall")["hooks"] == []
    assert "Nothing of ours" in bare_shop.muse("uninstall").out
    assert state(hooks) == before


def test_print_shows_and_changes_nothing(bare_shop: Repo) -> None:
    put(bare_shop.git_dir / "hooks/pre-commit", b"#!/bin/sh\n" + SAYS)
    before = state(bare_shop.git_dir)

    ran = bare_shop.muse("install", "--hooks", "--print")

    assert ran.code == 0
    assert "Nothing was changed" in ran.out
    assert "git-muse-coord hook pre-commit" in ran.out
    assert state(bare_shop.git_dir) == before


def test_lines_of_an_older_version_are_renewed(bare_shop: Repo) -> None:
    hook = bare_shop.git_dir / "hooks/pre-commit"
    bare_shop.muse("install", "--hooks")
    now = hook.read_bytes()
    hook.write_bytes(now.replace(b"=11", b"=12") + SAYS)

    assert bare_shop.json("install", "--hooks")["hooks"][0]["action"] == "added"
    assert hook.read_bytes() == now + SAYS
    bare_shop.muse("uninstall")
    assert hook.read_bytes() == b"#!/bin/sh\n" + SAYS  # somebody has taken the file over


def test_what_others_wrote_since_stays(bare_shop: Repo) -> None:
    hook = bare_shop.git_dir / "hooks/pre-commit"
    put(hook, b"#!/bin/sh\n" + SAYS)
    bare_shop.muse("install", "--hooks")
    hook.write_bytes(hook.read_bytes() + b"echo more\n")

    bare_shop.muse("uninstall")

    assert hook.read_bytes() == b"#!/bin/sh\n" + SAYS + b"echo more\n"


def test_a_failure_half_way_leaves_nothing_behind(bare_shop: Repo) -> None:
    hooks = bare_shop.git_dir / "hooks"
    put(hooks / "pre-commit", b"#!/bin/sh\n" + SAYS)
    (hooks / f"post-commit{KEPT}").mkdir()
    (hooks / "post-commit.muse-coord-new").mkdir()
    put(hooks / "post-commit", b"#!/bin/sh\n")
    put(hooks / "pre-push", PYTHON)
    (hooks / f"pre-push{KEPT}").mkdir()
    before = state(hooks)

    ran = bare_shop.json("install", "--hooks")

    actions = [one["action"] for one in ran["hooks"]]
    assert actions == ["added", "made", "by hand", "made", "made", "by hand"]
    bare_shop.muse("uninstall")
    assert state(hooks) == before
    shutil.rmtree(hooks / f"post-commit{KEPT}")
    before = state(hooks)
    bare_shop.json("install", "--hooks", code=3)
    assert state(hooks) == before


def test_all_worktrees_share_the_hooks(bare_shop: Repo, tmp_path: Path) -> None:
    bare_shop.git("worktree", "add", "-q", str(tmp_path / "linked"), "-b", "topic")
    linked = Repo(tmp_path / "linked")
    before = state(bare_shop.git_dir / "hooks")

    assert linked.muse("install", "--hooks").code == 0
    both_run(bare_shop, theirs=False)
    assert {one["action"] for one in bare_shop.json("install", "--hooks")["hooks"]} == {"present"}
    assert bare_shop.muse("uninstall").code == 0
    assert state(bare_shop.git_dir / "hooks") == before


HUSKY = """\
#!/usr/bin/env sh
n=$(basename "$0")
s=$(dirname "$(dirname "$0")")/$n
[ ! -f "$s" ] && exit 0
sh -e "$s" "$@"
exit $?
"""


def with_husky(repo: Repo, script: bytes) -> Path:
    """Husky as version 9 lays itself out."""
    home = repo.path / ".husky"
    put(home / "_/h", HUSKY.encode(), 0o644)
    put(home / "_/.gitignore", b"*", 0o644)
    for name in NAMES:
        put(home / "_" / name, b'#!/usr/bin/env sh\n. "$(dirname "$0")/h"')
    put(home / "pre-commit", script, 0o644)
    repo.git("config", "core.hooksPath", ".husky/_")
    return home


def old_git(repo: Repo) -> bool:
    """Whether this git has no hooks in its configuration."""
    return bool(repo.json("install", "--hooks", "--print")["hooks"][0]["action"] != "configured")


@pytest.mark.parametrize(
    "script", [SAYS, SAYS.rstrip(), b"npm test || true\n" + SAYS, b"exec sh -c 'echo x >>log'\n"]
)
def test_husky(bare_shop: Repo, script: bytes) -> None:
    home = with_husky(bare_shop, script)
    before = state(home, bare_shop.git_dir / "hooks")

    done = bare_shop.json("install", "--hooks")

    assert done["owner"] == "husky"
    both_run(bare_shop)
    ran = bare_shop.muse("doctor")
    assert ran.code == 0
    assert "git runs it" in ran.out
    bare_shop.muse("uninstall")
    assert state(home, bare_shop.git_dir / "hooks") == before


def test_the_hooks_that_husky_8_wrote_run_ours_once(bare_shop: Repo) -> None:
    home = bare_shop.path / ".husky"
    put(
        home / "_/husky.sh",
        b'if [ -z "$husky_skip_init" ]; then\n  readonly husky_skip_init=1\n  export husky_skip_init\n'
        b'  sh -e "$0" "$@"\n  exit $?\nfi\n',
        0o644,
    )
    put(home / "pre-commit", b'#!/usr/bin/env sh\n. "$(dirname -- "$0")/_/husky.sh"\n\n' + SAYS)
    bare_shop.git("config", "core.hooksPath", ".husky")
    before = state(home)

    assert bare_shop.json("install", "--hooks")["owner"] == "core.hooksPath"
    both_run(bare_shop)
    bare_shop.muse("uninstall")
    assert state(home) == before


def test_a_folder_of_hooks_in_the_tree(bare_shop: Repo) -> None:
    put(bare_shop.path / ".githooks/pre-commit", b"#!/bin/sh\n" + SAYS)
    bare_shop.git("config", "core.hooksPath", ".githooks")
    before = state(bare_shop.path / ".githooks")

    assert bare_shop.muse("-C", "src", "install", "--hooks").code == 0
    both_run(bare_shop)
    bare_shop.muse("uninstall")
    assert state(bare_shop.path / ".githooks") == before


def test_a_folder_of_hooks_that_others_share_is_left_alone(bare_shop: Repo, tmp_path: Path) -> None:
    put(tmp_path / "shared/pre-commit", b"#!/bin/sh\n" + SAYS)
    bare_shop.git("config", "core.hooksPath", str(tmp_path / "shared"))
    before = state(tmp_path / "shared")
    if not old_git(bare_shop):
        pytest.skip("this git takes hooks from its configuration")

    ran = bare_shop.muse("install", "--hooks")

    assert ran.code == 1
    assert "git-muse-coord hook pre-commit" in ran.out
    assert "core.hooksPath" in ran.err
    assert state(tmp_path / "shared") == before


def test_hooks_in_the_configuration(bare_shop: Repo) -> None:
    with_husky(bare_shop, SAYS)
    if old_git(bare_shop):
        pytest.skip("this git takes no hooks from its configuration")
    bare_shop.git("config", "hook.other.event", "pre-commit")
    bare_shop.git("config", "hook.other.command", "echo other >>other-log")
    config = (bare_shop.git_dir / "config").read_bytes()

    assert bare_shop.muse("install", "--hooks").code == 0
    both_run(bare_shop)
    (bare_shop.path / "other-log").unlink()
    assert "from the configuration" in bare_shop.muse("doctor").out
    assert not (bare_shop.path / "other-log").exists()
    bare_shop.muse("uninstall")
    assert (bare_shop.git_dir / "config").read_bytes() == config


PRE_COMMIT = """\
repos:
  - repo: local
    hooks:
      - id: theirs
        name: theirs
        entry: sh -c 'echo theirs >>log'
        language: system
        pass_filenames: false
        always_run: true
"""


def tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def test_the_pre_commit_framework(bare_shop: Repo) -> None:
    framework = tool("pre-commit")
    bare_shop.write(".pre-commit-config.yaml", PRE_COMMIT)
    bare_shop.git("add", "-A")
    assert program_of(framework, bare_shop, "install").code == 0
    before = state(bare_shop.git_dir / "hooks")

    done = bare_shop.json("install", "--hooks")

    assert done["owner"] == "pre-commit"
    both_run(bare_shop)
    assert bare_shop.muse("doctor").code == 0
    bare_shop.muse("uninstall")
    assert state(bare_shop.git_dir / "hooks") == before


def test_the_pre_commit_framework_that_comes_after_us(bare_shop: Repo) -> None:
    """It sets our script aside, and runs it from there."""
    framework = tool("pre-commit")
    hooks = bare_shop.git_dir / "hooks"
    before = state(hooks)
    bare_shop.write(".pre-commit-config.yaml", PRE_COMMIT)
    bare_shop.git("add", "-A")
    bare_shop.muse("install", "--hooks")
    assert program_of(framework, bare_shop, "install").code == 0

    first = bare_shop.json("install", "--hooks")["hooks"][0]
    assert (first["action"], first["path"]) == ("present", str(hooks / "pre-commit.legacy"))
    assert "hook pre-commit        in" in bare_shop.muse("doctor").out
    both_run(bare_shop)
    bare_shop.muse("uninstall")
    program_of(framework, bare_shop, "uninstall")
    assert state(hooks) == before


def test_lefthook_that_comes_after_us(bare_shop: Repo) -> None:
    """It sets our script aside, and does not run it."""
    lefthook = tool("lefthook")
    hooks = bare_shop.git_dir / "hooks"
    bare_shop.muse("install", "--hooks")
    bare_shop.write(
        "lefthook.yml", "pre-commit:\n  commands:\n    theirs:\n      run: echo theirs >>log\n"
    )
    assert program_of(lefthook, bare_shop, "install").code == 0

    assert bare_shop.json("status")["hooks"] == [name for name in NAMES if name != "pre-commit"]
    assert bare_shop.json("install", "--hooks")["hooks"][0]["action"] == "added"
    both_run(bare_shop)
    bare_shop.muse("uninstall")
    assert not (hooks / "pre-commit.old").exists()
    assert b"muse-coord" not in (hooks / "pre-commit").read_bytes()


def test_advice_names_the_hooks_that_may_be_lost(bare_shop: Repo) -> None:
    framework = tool("pre-commit")
    bare_shop.write(".pre-commit-config.yaml", PRE_COMMIT)
    for kind in ("pre-commit", "pre-push"):
        assert program_of(framework, bare_shop, "install", "-t", kind).code == 0
    advice = bare_shop.json("install", "--hooks", "--print")["advice"]
    if not advice:
        pytest.skip("this git takes hooks from its configuration")
    for_pre_push = advice.index("      - id: git-muse-coord-pre-push")
    bare_shop.write(
        ".pre-commit-config.yaml", PRE_COMMIT + "\n".join(advice[1:for_pre_push]) + "\n"
    )

    left = bare_shop.json("install", "--hooks")
    assert left["hooks"][0]["action"] == "present"
    assert left["advice"][3:] == advice[for_pre_push:]
    bare_shop.write(".pre-commit-config.yaml", PRE_COMMIT + "\n".join(advice[1:]) + "\n")
    assert program_of(framework, bare_shop, "validate-config").code == 0
    assert bare_shop.json("install", "--hooks")["advice"] == []


def test_lefthook(bare_shop: Repo) -> None:
    lefthook = tool("lefthook")
    bare_shop.write(
        "lefthook.yml", "pre-commit:\n  commands:\n    theirs:\n      run: echo theirs >>log\n"
    )
    assert program_of(lefthook, bare_shop, "install").code == 0
    before = state(bare_shop.git_dir / "hooks")

    done = bare_shop.json("install", "--hooks")

    assert done["owner"] == "lefthook"
    both_run(bare_shop)
    assert bare_shop.muse("doctor").code == 0
    bare_shop.muse("uninstall")
    assert state(bare_shop.git_dir / "hooks") == before


def test_the_lines_for_lefthook_work_and_are_seen(bare_shop: Repo) -> None:
    lefthook = tool("lefthook")
    bare_shop.write(
        "lefthook.yml", "pre-commit:\n  commands:\n    theirs:\n      run: echo theirs >>log\n"
    )
    program_of(lefthook, bare_shop, "install")
    advice = bare_shop.json("install", "--hooks", "--print")["advice"]
    if not advice:
        pytest.skip("this git takes hooks from its configuration")
    bare_shop.write("lefthook.yml", "\n".join(advice[1:]) + "\n")
    program_of(lefthook, bare_shop, "install")

    assert bare_shop.json("install", "--hooks")["hooks"][0]["action"] == "present"
    ran = run_git(bare_shop.path, "commit", "-am", "x")
    assert (ran.code, warned(ran.out + ran.err)) == (0, [TOTAL])
    bare_shop.git("config", "muse-coord.hookMode", "block")
    edit(bare_shop, ("self.lines, 1", "self.lines, 2"))
    assert run_git(bare_shop.path, "commit", "-am", "y").code != 0


def test_what_comes_with_the_framework(bare_shop: Repo, tmp_path: Path) -> None:
    """Our manifest in the real framework, with the program that is installed here instead of a fresh one."""
    framework = tool("pre-commit")
    ours = Repo.make(tmp_path / "ours")
    shutil.copy(TOP / ".pre-commit-hooks.yaml", ours.path)
    commit = ours.commit("Hooks")
    hooks = "\n".join(
        f"      - {{id: {name}, language: system}}"
        for name in (
            "git-muse-coord",
            "git-muse-coord-pre-push",
            "git-muse-coord-post-commit",
            "git-muse-coord-post-merge",
            "git-muse-coord-post-rewrite",
        )
    )
    bare_shop.write(
        ".pre-commit-config.yaml",
        f"repos:\n  - repo: {ours.path.as_uri()}\n    rev: {commit}\n    hooks:\n{hooks}\n",
    )
    bare_shop.git("add", "-A")
    assert (
        program_of(
            framework, bare_shop, "validate-manifest", str(TOP / ".pre-commit-hooks.yaml")
        ).code
        == 0
    )
    for kind in NAMES:
        assert program_of(framework, bare_shop, "install", "-t", kind).code == 0

    ran = run_git(bare_shop.path, "commit", "-am", "x")

    assert ran.code == 0, ran.err
    assert warned(ran.err + ran.out) == [TOTAL]
    assert TOTAL in bare_shop.git("log", "-1", "--notes=muse-coord")
    bare_shop.git("init", "-q", "--bare", str(tmp_path / "hub"))
    bare_shop.git("remote", "add", "origin", str(tmp_path / "hub"))
    bare_shop.git("push", "-q", "--no-verify", "origin", "HEAD~1:refs/heads/main")
    ran = run_git(bare_shop.path, "push", "origin", "main")
    assert ran.code == 0, ran.err
    assert "⚠ 1 conflict with run-id 'agent-41', told at the commit: " in ran.err + ran.out
    bare_shop.git("config", "muse-coord.hookMode", "block")
    edit(bare_shop, ("self.lines, 1", "self.lines, 2"))
    assert run_git(bare_shop.path, "commit", "-am", "y").code == 1
    assert {one["action"] for one in bare_shop.json("install", "--hooks")["hooks"]} == {"present"}


def program_of(name: str, repo: Repo, *arguments: str) -> Ran:
    done = subprocess.run([name, *arguments], cwd=repo.path, capture_output=True, check=False)
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_status_tells_whether_hooks_are_in_place(shop: Repo) -> None:
    assert shop.json("status")["hooks"] == list(NAMES)
    shop.muse("uninstall")
    assert shop.json("status")["hooks"] == []
    assert "install --hooks" in shop.muse("status").out


def test_nothing_to_install_is_bad_input(repo: Repo) -> None:
    ran = repo.muse("install")
    assert ran.code == 1
    assert "--hooks" in ran.err


def test_no_refspec_gets_into_the_configuration(shop: Repo) -> None:
    assert "refs/muse" not in (shop.git_dir / "config").read_text()


def test_a_hook_as_a_program_ends_with_0_where_nothing_can_be_done(tmp_path: Path) -> None:
    ran = program("hook", "pre-commit", cwd=tmp_path)
    assert ran.code == 0
    assert len(ran.err.splitlines()) == 1


def test_a_hook_with_another_name_is_run_and_not_changed(bare_shop: Repo) -> None:
    hook = bare_shop.git_dir / "hooks/pre-commit"
    other = bare_shop.path.parent / "other-name"
    put(hook, b"#!/bin/sh\n" + SAYS)
    other.hardlink_to(hook)
    before = state(hook.parent)

    assert bare_shop.json("install", "--hooks")["hooks"][0]["action"] == "wrapped"
    assert other.read_bytes() == b"#!/bin/sh\n" + SAYS
    both_run(bare_shop)
    bare_shop.muse("uninstall")
    assert state(hook.parent) == before
    assert hook.samefile(other)


def test_a_hook_that_is_a_folder_comes_back(bare_shop: Repo) -> None:
    hook = bare_shop.git_dir / "hooks/pre-commit"
    put(hook / "inside", b"x", 0o644)
    put(hook.with_name("pre-push"), b"#!/bin/sh\n" + SAYS)
    before = state(hook.parent)

    bare_shop.json("install", "--hooks")
    both_run(bare_shop, theirs=False)
    assert {one["action"] for one in bare_shop.json("uninstall")["hooks"]} == {
        "restored",
        "cut out",
        "removed",
    }
    assert state(hook.parent) == before


def limited(repo: Repo, verb: str) -> int:
    """Run a verb that can write no file of more than a few bytes, as on a disk that is full."""
    script = f"ulimit -f 0; trap '' XFSZ; exec git-muse-coord {verb}"
    return subprocess.run(
        ["sh", "-c", script], cwd=repo.path, capture_output=True, check=False
    ).returncode


@pytest.mark.parametrize("with_folder", [True, False])
@pytest.mark.parametrize("linked", [True, False])
def test_a_full_disk_breaks_nothing(bare_shop: Repo, linked: bool, with_folder: bool) -> None:
    hooks = bare_shop.git_dir / "hooks"
    put(hooks / "pre-commit", b"#!/bin/sh\n" + SAYS)
    if linked:
        (bare_shop.path.parent / "other-name").hardlink_to(hooks / "pre-commit")
    if not with_folder:
        shutil.rmtree(hooks)
    before = state(hooks)

    assert limited(bare_shop, "install --hooks") == 3
    assert state(hooks) == before
    assert bare_shop.muse("uninstall").code == 0
    assert state(hooks) == before


def test_older_lines_stay_where_newer_ones_find_no_room(bare_shop: Repo) -> None:
    hooks = bare_shop.git_dir / "hooks"
    bare_shop.muse("install", "--hooks")
    hook = hooks / "pre-push"
    hook.write_bytes(hook.read_bytes().replace(b"=11", b"=12"))
    before = state(hooks)

    assert "of another version" in bare_shop.muse("doctor").out
    assert limited(bare_shop, "install --hooks") == 3
    assert state(hooks) == before


def test_uninstall_goes_on_after_a_failure(bare_shop: Repo) -> None:
    hooks = bare_shop.git_dir / "hooks"
    put(hooks / "pre-commit", b"#!/bin/sh\n" + SAYS)
    before = state(hooks)
    bare_shop.muse("install", "--hooks")
    put(hooks / "pre-commit.muse-coord-new/in the way", b"", 0o644)

    ran = bare_shop.muse("uninstall")

    assert ran.code == 3
    assert "pre-commit" in ran.err
    assert "the others are undone" in ran.err
    assert "post-commit" in ran.out
    shutil.rmtree(hooks / "pre-commit.muse-coord-new")
    assert bare_shop.muse("uninstall").code == 0
    assert state(hooks) == before


GLOBAL = {
    "the git directory": b"""#!/bin/sh
d=$(git rev-parse --git-dir)
[ ! -x "$d/hooks/pre-commit" ] || exec "$d/hooks/pre-commit" "$@"
""",
    "a variable": b"""#!/bin/sh
own="$(git rev-parse --git-common-dir)/hooks/${0##*/}"
[ ! -x "$own" ] || "$own" "$@"
""",
    "as it is": b"""#!/usr/bin/env bash
if [ -x .git/hooks/pre-commit ]; then .git/hooks/pre-commit "$@" || exit $?; fi
""",
    "python": b"""#!/usr/bin/env python3
import os, subprocess, sys
where = subprocess.run(["git", "rev-parse", "--git-dir"], capture_output=True, text=True).stdout.strip()
own = os.path.join(where, "hooks", os.path.basename(sys.argv[0]))
if os.access(own, os.X_OK):
    sys.exit(subprocess.run([own, *sys.argv[1:]]).returncode)
""",
}


@pytest.mark.parametrize("script", GLOBAL.values(), ids=GLOBAL)
def test_a_shared_script_that_runs_the_hooks_of_each_repository(
    bare_shop: Repo, tmp_path: Path, script: bytes
) -> None:
    shared, own = tmp_path / "shared", bare_shop.git_dir / "hooks"
    put(shared / "pre-commit", script)
    bare_shop.git("config", "core.hooksPath", str(shared))
    if not old_git(bare_shop):
        pytest.skip("this git takes hooks from its configuration")
    before = state(shared), state(own)

    done = bare_shop.json("install", "--hooks")

    assert [one["action"] for one in done["hooks"]] == ["made", *["by hand"] * (len(NAMES) - 1)]
    both_run(bare_shop, theirs=False)
    assert "shared/pre-commit seems to run" in bare_shop.muse("doctor").out
    assert state(shared) == before[0]
    bare_shop.muse("uninstall")
    assert (state(shared), state(own)) == before


@pytest.mark.parametrize(
    "line", [b"# see .git/hooks/pre-commit", b".git/hooks/pre-commit-all", b"lint", b"git status"]
)
def test_a_shared_script_that_does_not(bare_shop: Repo, tmp_path: Path, line: bytes) -> None:
    put(tmp_path / "shared/pre-commit", b"#!/bin/sh\n" + line + b"\n")
    bare_shop.git("config", "core.hooksPath", str(tmp_path / "shared"))
    if not old_git(bare_shop):
        pytest.skip("this git takes hooks from its configuration")

    bare_shop.json("install", "--hooks", code=1)


@pytest.mark.parametrize("path", [".husky/_", ".githooks"])
def test_a_worktree_in_which_the_hooks_were_never_set_up(
    bare_shop: Repo, tmp_path: Path, path: str
) -> None:
    if path == ".husky/_":
        with_husky(bare_shop, SAYS)
    else:
        put(bare_shop.path / ".githooks/pre-commit", b"#!/bin/sh\n" + SAYS)
        bare_shop.git("config", "core.hooksPath", path)
    bare_shop.git("worktree", "add", "-q", str(tmp_path / "new tree"), "-b", "topic")
    linked = Repo(tmp_path / "new tree")
    if not old_git(bare_shop):
        pytest.skip("this git takes hooks from its configuration")

    ran = linked.muse("install", "--hooks")
    doctor = linked.muse("doctor")

    assert (ran.code, doctor.code) == (1, 1)
    for said in (ran.err, doctor.out):
        assert ("husky" if "husky" in path else "core.hooksPath") in said
        assert "which is not there" in said
    assert linked.git("status", "--porcelain") == ""
    put(linked.path / path / "h", HUSKY.encode(), 0o644)
    assert linked.muse("install", "--hooks").code == 0
