"""Entries go into the text of anybody's settings and come out again to the byte, whatever that text looks like."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.store.agents.json_text import (
    HookEntry,
    NotPlain,
    entries_in,
    must_be_plain,
    own_file,
    with_entries,
    without_entries,
)

GROUPED = [
    HookEntry("SessionStart", {"hooks": [{"type": "command", "command": "ours"}]}),
    HookEntry("PreToolUse", {"matcher": "Edit", "hooks": [{"type": "command", "command": "ours"}]}),
    HookEntry("PreToolUse", {"matcher": "Bash", "hooks": [{"type": "command", "command": "ours"}]}),
]
FLAT = [
    HookEntry("preToolUse", {"command": "ours", "matcher": "Write"}),
    HookEntry("sessionEnd", {"command": "ours"}),
]
THEIRS = {"type": "command", "command": "theirs"}


def is_ours(value: Any) -> bool:
    return isinstance(value, dict) and value.get("command") == "ours"


blanks = st.text(alphabet=" \t\r\n", max_size=3)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=5)
    | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=6,
)
groups: st.SearchStrategy[Any] = (
    st.just({"matcher": "Edit", "hooks": [THEIRS]}) | st.just(THEIRS) | st.just({"hooks": []})
)
events = st.dictionaries(
    st.sampled_from(["SessionStart", "PreToolUse", "preToolUse", "Stop", "sessionEnd"]),
    st.lists(groups | values, max_size=2),
)
documents = st.fixed_dictionaries({}, optional={"hooks": events, "version": st.just(1)}).flatmap(
    lambda fixed: st.dictionaries(st.text(max_size=4), values, max_size=3).map(
        lambda free: {**free, **fixed}
    )
)


@st.composite
def spelled(draw: st.DrawFn, value: Any) -> str:
    """A value as JSON with blanks anywhere, as no program would write it."""

    def blank() -> str:
        return draw(blanks)

    def spell(value: Any) -> str:
        if isinstance(value, dict):
            members = [
                f"{blank()}{json.dumps(name)}{blank()}:{blank()}{spell(inner)}{blank()}"
                for name, inner in value.items()
            ]
            return "{" + (",".join(members) or blank()) + "}"
        if isinstance(value, list):
            return (
                "["
                + (",".join(f"{blank()}{spell(inner)}{blank()}" for inner in value) or blank())
                + "]"
            )
        return json.dumps(value, ensure_ascii=draw(st.booleans()))

    return blank() + spell(value) + blank()


@st.composite
def texts(draw: st.DrawFn) -> str:
    value = draw(documents)
    if draw(st.booleans()):
        return draw(spelled(value))
    indent = draw(st.sampled_from([None, 0, 1, 2, 4, "\t", " \t"]))
    text = json.dumps(value, indent=indent) + draw(st.sampled_from(["", "\n", "\n\n"]))
    return text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@given(texts(), st.sampled_from([GROUPED, FLAT]), st.sampled_from([{}, {"version": 1}]))
def test_in_and_out_is_as_before(text: str, entries: list[HookEntry], rest: dict[str, int]) -> None:
    must_be_plain(text)

    added = with_entries(text, entries)

    assert entries_in(added, is_ours) == entries or same_in_each_event(added, entries)
    assert without_entries(added, is_ours, rest) == text


def same_in_each_event(text: str, entries: list[HookEntry]) -> bool:
    """An event that was there keeps its place, so the order of ours may differ between events."""
    return sorted(map(repr, entries_in(text, is_ours))) == sorted(map(repr, entries))


@given(texts(), st.sampled_from([GROUPED, FLAT]))
def test_nothing_else_changes_what_it_means(text: str, entries: list[HookEntry]) -> None:
    before = json.loads(text)

    after = json.loads(with_entries(text, entries))

    hooks = after.pop("hooks")
    theirs = before.pop("hooks", {})
    assert after == before
    assert list(after) == list(before)
    assert list(hooks)[: len(theirs)] == list(theirs)
    for event, listed in theirs.items():
        assert hooks[event][: len(listed)] == listed


@given(texts(), st.sampled_from([GROUPED, FLAT]), st.data())
def test_what_others_wrote_meanwhile_stays(
    text: str, entries: list[HookEntry], data: st.DataObject
) -> None:
    after = json.loads(with_entries(text, entries))
    event = data.draw(st.sampled_from(sorted(after["hooks"])))
    after["hooks"][event].insert(data.draw(st.integers(0, 3)), {"hooks": [THEIRS]})
    after["new"] = {"a": []}

    left = without_entries(json.dumps(after, indent=2), is_ours, {})

    assert left is not None
    value = json.loads(left)
    assert value["new"] == {"a": []}
    assert {"hooks": [THEIRS]} in value["hooks"][event]
    assert "ours" not in [one.get("command") for one in commands(value["hooks"])]
    expected = [one for one in commands(after["hooks"]) if not is_ours(one)]
    assert commands(value["hooks"]) == expected


def commands(value: Any) -> list[dict[str, Any]]:
    """All objects with a command, in order."""
    if isinstance(value, dict):
        own = [value] if "command" in value else []
        return own + [one for inner in value.values() for one in commands(inner)]
    if isinstance(value, list):
        return [one for inner in value for one in commands(inner)]
    return []


@pytest.mark.parametrize("rest", [{}, {"version": 1}])
@pytest.mark.parametrize("entries", [GROUPED, FLAT])
def test_a_file_of_its_own_goes_whole(entries: list[HookEntry], rest: dict[str, int]) -> None:
    text = own_file(entries, rest)

    assert json.loads(text)["hooks"]
    assert same_in_each_event(text, entries)
    assert without_entries(text, is_ours, rest) is None


def test_a_file_of_its_own_to_which_others_added_stays() -> None:
    value = json.loads(own_file(GROUPED, {}))
    value["permissions"] = {"allow": []}

    left = without_entries(json.dumps(value, indent=2), is_ours, {})

    assert left is not None
    assert json.loads(left) == {"permissions": {"allow": []}}


def test_what_is_put_in_looks_like_what_is_there() -> None:
    text = '{\n\t"a": 1\n}\n'

    added = with_entries(text, [HookEntry("Stop", {"command": "ours"})])

    assert added == (
        '{\n\t"a": 1,\n\t"hooks": {\n\t\t"Stop": [\n\t\t\t{\n\t\t\t\t"command": "ours"\n\t\t\t}\n\t\t]\n\t}\n}\n'
    )


def test_a_command_of_ours_in_a_group_of_others_goes_alone() -> None:
    value = {"hooks": {"Stop": [{"matcher": "x", "hooks": [THEIRS, {"command": "ours"}]}]}}

    left = without_entries(json.dumps(value), is_ours, {})

    assert left == json.dumps({"hooks": {"Stop": [{"matcher": "x", "hooks": [THEIRS]}]}})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        (" \r\n\t", "empty"),
        ("{ // a comment\n}", "plain"),
        ('{"a": 1,}', "plain"),
        ("\ufeff{}", "plain"),
        ('{"a": NaN}', "plain"),
        ("[" * 100_000, "plain"),
        ('{"a": ' + "1" * 5000 + "}", "plain"),
        ("[]", "object"),
        ('{"hooks": []}', "hooks are no"),
        ('{"hooks": {"Stop": {}}}', "hooks.Stop is no list"),
    ],
)
def test_what_is_no_plain_json_is_told(text: str, why: str) -> None:
    with pytest.raises(NotPlain, match=why):
        must_be_plain(text)
