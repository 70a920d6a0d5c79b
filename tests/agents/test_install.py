"""Hooks of agents' programs: put beside what is there, twice is once, and taken out to the byte."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.tools import Repo, program

NAMES = ["claude", "codex", "gemini", "copilot", "cursor", "opencode"]
FILES = {
    "claude": ".claude/settings.json",
    "codex": ".codex/hooks.json",
    "gemini": ".gemini/settings.json",
    "copilot": ".github/hooks/muse-coord.json",
    "cursor": ".cursor/hooks.json",
    "opencode": ".opencode/plugins/muse-coord.js",
}
IN_JSON = NAMES[:-1]
SETTINGS = (
    '{\n\t"permissions": {"allow": [ "Bash(ls)" ]},\n\t"hooks": {\n'
    '\t\t"PreToolUse": [\n\t\t\t{"matcher": "Bash", "hooks": [{"type": "command", "command": "lint"}]}\n'
    '\t\t],\n\t\t"Stop": []\n\t},\n\t"model": "größer"\n}'
)


def everything(path: Path) -> dict[str, bytes | None]:
    """All that lies in a folder but for what git keeps; None for folders."""
    return {
        str(each.relative_to(path)): each.read_bytes() if each.is_file() else None
        for each in sorted(path.rglob("*"))
        if ".git" not in each.relative_to(path).parts[:1]
    }


def actions(repo: Repo, *line: str, code: int = 0) -> dict[str, str]:
    return {each["agent"]: each["action"] for each in repo.json(*line, code=code)["agents"]}


@pytest.mark.parametrize("name", NAMES)
def test_in_and_out(repo: Repo, name: str) -> None:
    before = everything(repo.path)
    configuration = (repo.git_dir / "config").read_bytes()

    assert actions(repo, "install", "--agent", name) == {name: "made", "git": "set"}
    made = everything(repo.path)
    assert set(made) - set(before) >= {FILES[name]}
    assert repo.git("config", "muse-coord.autoReserve") == "true"

    assert actions(repo, "install", "--agent", name) == {name: "present"}
    assert everything(repo.path) == made

    assert actions(repo, "uninstall") == {name: "removed", "git": "unset"}
    assert everything(repo.path) == before
    assert (repo.git_dir / "config").read_bytes() == configuration


def test_all_of_them(repo: Repo) -> None:
    before = everything(repo.path)

    assert list(actions(repo, "install", "--agent", "all")) == [*NAMES, "git"]
    assert all((repo.path / path).is_file() for path in FILES.values())
    assert actions(repo, "uninstall", "--agent", "codex")["codex"] == "removed"
    assert not (repo.path / ".codex").exists()
    assert repo.muse("uninstall").code == 0
    assert everything(repo.path) == before


@pytest.mark.parametrize("name", IN_JSON)
def test_settings_that_are_there_stay(repo: Repo, name: str) -> None:
    repo.write(FILES[name], SETTINGS)
    path = repo.path / FILES[name]
    path.chmod(0o640)

    assert actions(repo, "install", "--agent", name)[name] == "added"

    text = path.read_text()
    assert text.startswith(SETTINGS[: SETTINGS.index('\t\t],\n\t\t"Stop"') - 1])
    assert "\n\t\t\t{\n\t\t\t\t" in text
    assert path.stat().st_mode & 0o777 == 0o640
    assert actions(repo, "install", "--agent", name)[name] == "present"

    assert actions(repo, "uninstall")[name] == "cut out"
    assert path.read_bytes() == SETTINGS.encode()
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize("name", IN_JSON)
def test_what_others_added_since_stays(repo: Repo, name: str) -> None:
    repo.muse("install", "--agent", name)
    path = repo.path / FILES[name]
    value = json.loads(path.read_text())
    value["hooks"]["Stop"] = [{"hooks": [{"type": "command", "command": "bell"}]}]
    path.write_text(json.dumps(value, indent=4))

    assert actions(repo, "uninstall")[name] == "cut out"

    left = json.loads(path.read_text())
    assert left["hooks"] == {"Stop": [{"hooks": [{"type": "command", "command": "bell"}]}]}


def test_older_entries_give_way_to_those_of_today(repo: Repo) -> None:
    before = {"hooks": {"Stop": [], "PreToolUse": [{"hooks": [{"command": "bell"}]}]}}
    older = json.loads(json.dumps(before))
    handler = {"type": "command", "command": "git", "args": ["muse-coord", "hook", "claude"]}
    older["hooks"]["PreToolUse"].append({"matcher": "Edit", "hooks": [handler]})
    repo.write(FILES["claude"], json.dumps(older, indent=1))

    assert actions(repo, "install", "--agent", "claude")["claude"] == "renewed"

    assert '"args"' not in (repo.path / FILES["claude"]).read_text()
    repo.muse("uninstall")
    assert (repo.path / FILES["claude"]).read_text() == json.dumps(before, indent=1)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{\n  // mine\n  "hooks": {}\n}\n', "no plain JSON"),
        (b"", "empty"),
        (b"[]", "no JSON object"),
        (b'{"hooks": []}', "hooks are no JSON object"),
        (b'{"a": "\xff"}', "no UTF-8"),
    ],
)
def test_what_cannot_be_changed_is_left_alone_and_the_lines_are_told(
    repo: Repo, content: bytes, why: str
) -> None:
    path = repo.path / FILES["gemini"]
    path.parent.mkdir()
    path.write_bytes(content)

    ran = repo.muse("install", "--agent", "gemini", "--agent", "claude")

    assert ran.code == 1
    assert len(ran.err.splitlines()) == 1
    assert why in ran.err
    assert "git-muse-coord hook gemini" in ran.out
    assert path.read_bytes() == content
    # One that cannot be had keeps no other from being installed.
    assert (repo.path / FILES["claude"]).exists()


def test_comments_that_came_later_are_told_when_it_is_undone(repo: Repo) -> None:
    repo.muse("install", "--agent", "all")
    path = repo.path / FILES["gemini"]
    content = b"// mine\n" + path.read_bytes()
    path.write_bytes(content)

    ran = repo.muse("uninstall")

    assert ran.code == 1
    assert f"{FILES['gemini']} is left as it is" in ran.err
    assert path.read_bytes() == content
    assert not (repo.path / FILES["claude"]).exists()


def test_a_read_only_file_is_told_in_one_line(repo: Repo) -> None:
    repo.write(FILES["claude"], SETTINGS)
    path = repo.path / FILES["claude"]
    path.chmod(0o444)

    ran = repo.muse("install", "--agent", "claude")

    assert ran.code == 3
    assert ran.err == f"error: {path} is read-only, and left as it is\n"
    assert path.read_text() == SETTINGS
    assert os.listdir(path.parent) == ["settings.json"]
    assert repo.git("config", "muse-coord.autoReserve", check=False) == ""


def test_a_folder_in_the_place_of_the_file(repo: Repo) -> None:
    (repo.path / FILES["claude"]).mkdir(parents=True)

    ran = repo.muse("install", "--agent", "claude")

    assert ran.code == 3
    assert len(ran.err.splitlines()) == 1


def test_links_are_followed(repo: Repo, tmp_path: Path) -> None:
    shared = tmp_path / "shared.json"
    shared.write_text(SETTINGS)
    path = repo.path / FILES["claude"]
    path.parent.mkdir()
    path.symlink_to(shared)

    repo.muse("install", "--agent", "claude")
    assert path.is_symlink()
    assert "muse-coord hook claude" in shared.read_text()
    repo.muse("uninstall")

    assert path.is_symlink()
    assert shared.read_text() == SETTINGS


def test_a_link_that_leads_nowhere_stays_one(repo: Repo, tmp_path: Path) -> None:
    path = repo.path / FILES["claude"]
    path.parent.mkdir()
    path.symlink_to(tmp_path / "nowhere" / "settings.json")

    repo.muse("install", "--agent", "claude")
    assert "muse-coord hook claude" in path.read_text()
    repo.muse("uninstall")

    assert path.is_symlink()
    assert not path.exists()


def test_from_below_and_in_another_worktree(repo: Repo) -> None:
    repo.git("worktree", "add", "-q", "-b", "second", "../zweiter Baum")
    second = Repo(repo.path.parent / "zweiter Baum")

    assert program("install", "--agent", "claude", cwd=second.path / "src").code == 0

    assert (second.path / FILES["claude"]).is_file()
    assert not (repo.path / ".claude").exists()
    assert program("uninstall", cwd=second.path / "src").code == 0
    assert not (second.path / ".claude").exists()


def test_a_bare_repository_has_no_place_for_them(tmp_path: Path) -> None:
    bare = Repo.make(tmp_path / "bare", "--bare")

    assert bare.muse("install", "--agent", "claude").code == 1


def test_only_shown(repo: Repo) -> None:
    before = everything(repo.path)

    ran = repo.muse("install", "--agent", "all", "--print")

    assert ran.code == 0
    for name in IN_JSON:
        assert f"git-muse-coord hook {name} || exit 0" in ran.out
    assert everything(repo.path) == before
    assert repo.git("config", "muse-coord.autoReserve", check=False) == ""


def test_for_all_repositories(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "höme"
    (home / ".config").mkdir(parents=True)
    (home / ".gitconfig").write_text("[user]\n\tname = x\n")
    before = everything(home)
    monkeypatch.setenv("HOME", str(home))
    nowhere = Repo(tmp_path)

    done = nowhere.json("install", "--agent", "all", "--user")

    for name, place in {
        "claude": ".claude/settings.json",
        "codex": ".codex/hooks.json",
        "gemini": ".gemini/settings.json",
        "copilot": ".copilot/hooks/muse-coord.json",
        "cursor": ".cursor/hooks.json",
        "opencode": ".config/opencode/plugins/muse-coord.js",
    }.items():
        assert (home / place).is_file(), name
    assert "autoReserve = true" in (home / ".gitconfig").read_text()
    assert not any(line.startswith("Commit") for line in done["advice"])
    assert actions(nowhere, "uninstall", "--user") == {
        **dict.fromkeys(NAMES, "removed"),
        "git": "unset",
    }
    assert everything(home) == before


def test_folders_that_variables_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLAUDE_CONFIG_DIR", str(tmp_path / "elsewhere"))

    Repo(tmp_path).muse("install", "--agent", "claude", "--user")

    assert (tmp_path / "elsewhere" / "settings.json").is_file()


@pytest.mark.parametrize(
    ("where", "is_on"),
    [
        ({"project": True}, True),
        ({"user": True}, True),
        ({"user": True, "local": False}, False),
        ({"local": True, "project": False}, True),
        ({}, False),
    ],
)
def test_beside_the_plugin_nothing_is_added(
    repo: Repo, where: dict[str, bool], is_on: bool
) -> None:
    places = {
        "user": Path(os.environ["HOME"], ".claude/settings.json"),
        "project": repo.path / ".claude/settings.json",
        "local": repo.path / ".claude/settings.local.json",
    }
    for name, value in where.items():
        places[name].parent.mkdir(exist_ok=True)
        places[name].write_text(json.dumps({"enabledPlugins": {"muse-coord@muse-coord": value}}))

    done = actions(repo, "install", "--agent", "claude")

    assert (done["claude"] == "present") is is_on
    assert repo.git("config", "muse-coord.autoReserve") == "true"


def test_a_choice_that_was_made_stays(repo: Repo) -> None:
    repo.git("config", "muse-coord.autoReserve", "false")

    repo.muse("install", "--agent", "claude")
    assert repo.git("config", "muse-coord.autoReserve") == "false"
    repo.muse("uninstall")

    assert repo.git("config", "muse-coord.autoReserve") == "false"


def test_what_a_user_says_for_all_clones_counts_in_each(repo: Repo) -> None:
    repo.git("config", "--global", "muse-coord.autoReserve", "false")

    assert "git" not in actions(repo, "install", "--agent", "claude")
    assert repo.git("config", "muse-coord.autoReserve") == "false"


def test_a_file_in_the_place_of_the_folder(repo: Repo) -> None:
    repo.write(".claude", "mine\n")

    ran = repo.muse("install", "--agent", "claude")

    assert ran.code == 3
    assert len(ran.err.splitlines()) == 1
    assert repo.muse("uninstall").code == 0
    assert (repo.path / ".claude").read_text() == "mine\n"


def test_a_plugin_that_was_changed_is_left_alone(repo: Repo) -> None:
    path = repo.path / FILES["opencode"]
    repo.write(FILES["opencode"], "export const Mine = async () => ({})\n")

    assert repo.muse("install", "--agent", "opencode").code == 1
    assert repo.muse("uninstall").code == 1

    assert path.read_text() == "export const Mine = async () => ({})\n"


@pytest.mark.parametrize("name", IN_JSON)
def test_the_line_is_silent_where_the_program_is_missing_or_broken(
    repo: Repo, name: str, tmp_path: Path
) -> None:
    """A wrong exit code would stop every edit of a colleague who has no git-muse-coord, or a broken one."""
    lines = {
        line.strip().removeprefix('"command": ').strip('",')
        for line in repo.muse("install", "--agent", name, "--print").out.splitlines()
        if "git-muse-coord hook" in line
    }
    assert len(lines) == 1
    line = lines.pop()
    folder = tmp_path / "bin"
    folder.mkdir()
    for tool in ("git", "sh"):
        (folder / tool).symlink_to(shutil.which(tool) or tool)
    (tmp_path / "run").write_text(line)

    def run() -> str:
        return repo.git(
            *("-c", f"alias.run=!env -i PATH='{folder}' HOME=/ sh '{tmp_path / 'run'}' 2>&1"), "run"
        )

    assert run() == ""
    (folder / "git-muse-coord").write_text("#!/bin/sh\nexit 2\n")
    (folder / "git-muse-coord").chmod(0o755)
    assert run() == ""


def test_the_lines_never_change() -> None:
    """Codex trusts a hook by what it says: another line, and every user has to trust it anew."""
    from git_muse_coord.store.agents.programs import command_line

    assert command_line("codex") == (
        "command -v git-muse-coord >/dev/null || exit 0; git-muse-coord hook codex || exit 0"
    )
