"""The plugin and the skill for Claude Code are what its validator asks for, told without the program."""

from __future__ import annotations

import json
import re
from typing import Any

from git_muse_coord.commands import VERBS
from git_muse_coord.store.agents.json_text import HookEntry, entries_in
from git_muse_coord.store.agents.programs import AGENT_PROGRAMS, calls_us
from git_muse_coord.version import __version__
from tests.docs.places import TOP

PLUGIN = TOP / "plugins" / "claude"
SKILL = PLUGIN / "skills" / "muse-coord" / "SKILL.md"


def load(path: str) -> dict[str, Any]:
    value: dict[str, Any] = json.loads((TOP / path).read_text(encoding="utf-8"))
    return value


def by_event(entry: HookEntry) -> tuple[str, str]:
    return entry.event, repr(entry.value)


def test_the_marketplace_leads_to_the_plugin() -> None:
    market = load(".claude-plugin/marketplace.json")
    manifest = load("plugins/claude/.claude-plugin/plugin.json")

    (listed,) = market["plugins"]
    assert market["owner"]["name"]
    assert (TOP / listed["source"]).resolve() == PLUGIN
    assert listed["name"] == manifest["name"] == "muse-coord"
    assert listed["description"] == manifest["description"]
    assert manifest["version"] == __version__
    # What install looks for among the plugins that are on: NAME@MARKETPLACE.
    assert market["name"] == "muse-coord"


def test_its_hooks_are_those_that_are_installed() -> None:
    text = (PLUGIN / "hooks" / "hooks.json").read_text(encoding="utf-8")
    claude = next(program for program in AGENT_PROGRAMS if program.name == "claude")

    found = sorted(entries_in(text, calls_us), key=by_event)
    assert found == sorted(claude.entries, key=by_event)


def test_the_skill_is_one() -> None:
    _, head, body = SKILL.read_text(encoding="utf-8").split("---\n", 2)
    facts = dict(line.split(": ", 1) for line in head.splitlines())

    assert facts["name"] == SKILL.parent.name
    assert 0 < len(facts["description"]) <= 500
    assert set(re.findall(r"git muse-coord ([a-z][a-z-]*)", body)) <= set(VERBS)
