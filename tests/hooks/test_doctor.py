"""What the doctor finds, and that each finding has its remedy."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from git_muse_coord.store.hooks import NAMES
from tests.hooks.tools import run_git
from tests.tools import Repo

pytestmark = pytest.mark.slow


def findings(repo: Repo, code: int = 0) -> dict[str, dict[str, Any]]:
    found = repo.json("doctor", code=code)["findings"]
    for one in found:
        assert one["state"] in ("ok", "warn", "fail")
        assert (one["remedy"] is None) == (one["state"] == "ok"), one
    assert code == (1 if any(one["state"] == "fail" for one in found) else 0)
    return {one["name"]: one for one in found}


def test_all_is_well(shop: Repo) -> None:
    shop.reserve("README.md")
    found = findings(shop)

    assert {one["state"] for one in found.values()} == {"ok"}
    assert {f"hook {name}" for name in NAMES} <= set(found)
    assert found["run id"]["detail"] == "bob (muse-coord.runId of the clone)"
    assert found["cache"]["detail"].endswith(" MB")


def test_what_is_missing_is_a_warning(repo: Repo) -> None:
    repo.git("config", "muse-coord.identity", "none")
    found = findings(repo)

    assert found["run id"]["state"] == "warn"
    assert {found[f"hook {name}"]["state"] for name in NAMES} == {"warn"}


def test_a_hook_that_git_does_not_run_is_broken(shop: Repo) -> None:
    (shop.git_dir / "hooks/pre-push").chmod(0o644)

    found = findings(shop, code=1)

    assert found["hook pre-push"]["state"] == "fail"
    assert found["hook pre-commit"]["state"] == "ok"
    shop.muse("install", "--hooks")
    assert findings(shop)["hook pre-push"]["state"] == "ok"


def test_a_hook_with_a_broken_interpreter_is_broken(shop: Repo) -> None:
    hook = shop.git_dir / "hooks/pre-commit"
    hook.write_bytes(hook.read_bytes().replace(b"#!/bin/sh", b"#!/no/such/shell"))

    assert findings(shop, code=1)["hook pre-commit"]["state"] == "fail"


def test_hooks_that_were_redirected_since(shop: Repo) -> None:
    (shop.path / ".githooks").mkdir()
    shop.git("config", "core.hooksPath", ".githooks")

    found = findings(shop, code=1)

    assert found["hooks"]["detail"].startswith("core.hooksPath, in ")
    assert found["hook pre-commit"]["state"] == "fail"
    assert str(shop.git_dir / "hooks/pre-commit") in found["hook pre-commit"]["detail"]
    assert "core.hooksPath" in found["hook pre-commit"]["remedy"]
    assert shop.json("uninstall")["hooks"]  # those that git does not look at any more go, too


def test_the_proof_runs_nothing_else(shop: Repo) -> None:
    hook = shop.git_dir / "hooks/pre-commit"
    shop.muse("uninstall")
    hook.write_text("#!/bin/sh\necho ran >>log\n")
    hook.chmod(0o755)
    shop.muse("install", "--hooks")
    assert findings(shop)["hook pre-commit"]["state"] == "ok"
    hook.write_text(hook.read_text().replace("#!/bin/sh\n", "#!/bin/sh\necho ran >>log\n", 1))

    assert findings(shop)["hook pre-commit"]["state"] == "warn"
    assert not (shop.path / "log").exists()


def test_a_program_that_git_does_not_find_is_broken(
    shop: Repo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "only-git"
    folder.mkdir()
    for name in ("git", "sh"):
        (folder / name).symlink_to(str(shutil.which(name)))
    monkeypatch.setenv("PATH", str(folder))

    assert findings(shop, code=1)["program"]["state"] == "fail"


def test_bad_records_warn_and_torn_refs_are_broken(shop: Repo) -> None:
    shop.plant(f"refs/muse/reservations/{'f' * 64}", b"{}")
    assert findings(shop)["records"]["state"] == "warn"
    torn = shop.git_dir / "refs/muse/releases" / ("e" * 64)
    torn.parent.mkdir(parents=True, exist_ok=True)
    torn.write_text("")
    found = findings(shop, code=1)["records"]
    assert found["state"] == "fail"
    assert found["remedy"] == "git muse-coord fsck --repair"


def test_a_damaged_cache(shop: Repo) -> None:
    shop.reserve("README.md")
    for path in (shop.git_dir / "muse-coord").glob("symbols*"):
        path.unlink()
    (shop.git_dir / "muse-coord/symbols-2.sqlite3").write_bytes(b"no database at all" * 100)

    found = [
        one
        for one in shop.json("doctor")["findings"]
        if one["name"] == "cache" and one["state"] == "warn"
    ]

    assert len(found) == 1
    assert "symbols-2.sqlite3" in found[0]["remedy"]


def test_the_remote(shop: Repo, tmp_path: Path) -> None:
    shop.git("clone", "-q", "--bare", ".", str(tmp_path / "hub"))
    shop.git("remote", "add", "origin", str(tmp_path / "hub"))
    shop.reserve("README.md")
    assert findings(shop)["remote"]["state"] == "warn"
    assert shop.muse("sync").code == 0
    assert findings(shop)["remote"]["state"] == "ok"
    shop.git("config", "--add", "remote.origin.fetch", "refs/muse/*:refs/muse/*")
    assert "remote.origin.fetch" in findings(shop, code=1)["fetch refspec"]["detail"]


def test_settings_that_are_none(shop: Repo) -> None:
    shop.git("config", "muse-coord.hookMode", "soft")
    shop.git("config", "muse-coord.runId", "x" * 300)

    found = findings(shop, code=1)

    assert found["hook mode"]["state"] == found["run id"]["state"] == "fail"


def test_the_text_names_the_remedy(repo: Repo) -> None:
    ran = repo.muse("doctor")

    assert ran.code == 0
    assert "→ git muse-coord install --hooks" in ran.out


def test_a_linked_worktree_and_a_sub_directory(shop: Repo, tmp_path: Path) -> None:
    shop.git("worktree", "add", "-q", str(tmp_path / "linked"))
    for place in (tmp_path / "linked", shop.path / "src"):
        assert findings(Repo(place))["hook pre-commit"]["state"] == "ok"
    assert run_git(shop.path, "status", "--porcelain").out == ""
