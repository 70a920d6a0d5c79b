"""The forms of run ids, by values alone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given, strategies as st

from git_muse_coord.model import codec
from git_muse_coord.model.identity import PAYLOAD, VARIABLE, Identity
from git_muse_coord.model.kind import MAX_RUN_ID
from git_muse_coord.model.text_types import RunId
from git_muse_coord.rules.identity import (
    derived,
    named_apart,
    of_environment,
    of_event,
    short_run_id,
)
from git_muse_coord.rules.kin import are_kin, is_kin
from git_muse_coord.rules.programs import program_of

SESSION = "0d5e7a31-5c0f-4f0e-9b52-0f8f1c1a7d10"
SUB = "a1b2c3d4e5f6"
ANYTHING = st.text(max_size=300)
RUN_ID = codec.text(MAX_RUN_ID, line=True)


def nobody_asked() -> Sequence[Sequence[str]]:
    raise AssertionError("processes were read")


@pytest.mark.parametrize(
    ("agent", "said", "expected"),
    [
        (None, None, Identity(RunId(f"claude:{SESSION}"), PAYLOAD)),
        (SUB, None, Identity(RunId(f"claude:{SESSION}/{SUB}"), PAYLOAD)),
        (None, "ann", Identity(RunId("ann"), VARIABLE)),
        (SUB, "ann", Identity(RunId(f"ann/{SUB}"), VARIABLE)),
        (None, "", Identity(RunId(f"claude:{SESSION}"), PAYLOAD)),
    ],
)
def test_who_an_event_is_about(agent: str | None, said: str | None, expected: Identity) -> None:
    assert of_event("claude", SESSION, agent, said) == expected


def test_an_event_without_a_session_is_of_nobody() -> None:
    assert of_event("claude", "", "sub", None).run_id == "unknown"


@given(ANYTHING.filter(bool), st.none() | ANYTHING)
def test_whatever_a_program_says_becomes_a_run_id_and_only_its_sub_agents_are_kin(
    session: str, agent: str | None
) -> None:
    parent = of_event("codex", session, None, None).run_id
    run_id = of_event("codex", session, agent, None).run_id

    assert RUN_ID.read(run_id) == run_id
    assert parent.count("/") == 0
    assert are_kin(parent, run_id) == bool(agent)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, None),
        ({"CLAUDECODE": "1"}, "claude:"),
        ({"GEMINI_CLI": "1"}, "gemini:"),
        ({"CLAUDE_CODE_SESSION_ID": ""}, None),
        ({"CLAUDE_CODE_SESSION_ID": "s", "CLAUDECODE": "1"}, "claude:s"),
        ({"CODEX_THREAD_ID": "t", "CODEX_SESSION_ID": "s"}, "codex:t"),
        ({"CODEX_SESSION_ID": "s"}, "codex:s"),
        ({"GEMINI_SESSION_ID": "s", "GEMINI_CLI": "1"}, "gemini:s"),
        ({"MUSE_RUN_ID": "ann", "CLAUDE_CODE_SESSION_ID": "s"}, "ann"),
        ({"MUSE_RUN_ID": "", "CLAUDE_CODE_SESSION_ID": "s"}, "claude:s"),
    ],
)
def test_what_variables_say_is_told_without_reading_processes(
    variables: dict[str, str], expected: str | None
) -> None:
    who = of_environment(variables, nobody_asked)

    assert (who and who.run_id) == expected


@pytest.mark.parametrize(
    ("variables", "above", "expected"),
    [
        ({"CLAUDE_CODE_SESSION_ID": "c", "CODEX_THREAD_ID": "x"}, ["codex", "claude"], "codex:x"),
        ({"CLAUDE_CODE_SESSION_ID": "c", "CODEX_THREAD_ID": "x"}, ["claude", "codex"], "claude:c"),
        # Gemini does not tell its commands which session they belong to: they are not Claude's.
        ({"CLAUDE_CODE_SESSION_ID": "c", "GEMINI_CLI": "1"}, ["gemini", "claude"], "gemini:"),
        ({"CLAUDE_CODE_SESSION_ID": "c", "GEMINI_CLI": "1"}, ["claude", "gemini"], "claude:c"),
        # Another program in between that says nothing changes nothing.
        ({"CLAUDE_CODE_SESSION_ID": "c", "GEMINI_CLI": "1"}, ["cursor", "claude"], "claude:c"),
        ({"CLAUDE_CODE_SESSION_ID": "c", "CODEX_THREAD_ID": "x"}, ["vim", "tmux"], None),
    ],
)
def test_of_programs_that_started_each_other_the_innermost_counts(
    variables: dict[str, str], above: Sequence[str], expected: str | None
) -> None:
    who = of_environment(variables, lambda: [["bash", "-c", "claude"], *([name] for name in above)])

    assert (who and who.run_id) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("claude -p hello", "claude"),
        ("/root/.local/share/claude/versions/2.1.332 -p", "claude"),
        ("node /usr/lib/node_modules/@anthropic-ai/claude-code/cli.js", "claude"),
        ("node --max-old-space-size=8192 /usr/bin/gemini -p x", "gemini"),
        ("/usr/bin/node /opt/@google/gemini-cli/dist/index.js", "gemini"),
        ("node /usr/lib/node_modules/@openai/codex/bin/codex.js exec", "codex"),
        ("/opt/@openai/codex-linux-x64/vendor/bin/codex exec", "codex"),
        ("C:\\Programs\\codex.exe exec", "codex"),
        ("vim claude", None),
        ("python3 codex.py", None),
        ("bash -c claude", None),
        ("node", None),
        ("", None),
    ],
)
def test_which_program_a_command_line_runs(line: str, expected: str | None) -> None:
    assert program_of(line.split()) == expected


@pytest.mark.parametrize(
    ("run_id", "shown"),
    [
        (f"claude:{SESSION}", "claude:0d5e7a31"),
        (f"claude:{SESSION}/{SUB}", "claude:0d5e7a31/a1b2c3d4"),
        # Of a UUID of version 7 the first digits are the time: two of one minute begin alike.
        ("codex:0199a213-81c0-7800-8aa1-bbab2a035a53", "codex:0199a213..5a53"),
        ("agent:short", "agent:short"),
        ("ann", "ann"),
        ("Ann-Ames:shop-3f2a1c", "Ann-Ames:shop-3f2a1c"),
        ("ann/a-very-long-name-of-a-task", "ann/a-very-long-name-of-a-task"),
    ],
)
def test_people_see_the_beginning_of_a_session(run_id: str, shown: str) -> None:
    assert short_run_id(run_id) == shown


@pytest.mark.parametrize(
    ("user", "worktree", "expected"),
    [
        ("A U Thor", "naïve répo", "A-U-Thor:naïve-répo-3f2a1c"),
        ("", "", "somebody:worktree-3f2a1c"),
        ("../..", "a:b/c", "somebody:a-b-c-3f2a1c"),
        ("山田 太郎", "café", "山田-太郎:café-3f2a1c"),
        ("cafe\u0301", "x", "café:x-3f2a1c"),
        ("x" * 300, "y" * 300, f"{'x' * 60}:{'y' * 60}-3f2a1c"),
        ("\u202eevil\x1b[31m", "x", "evil-31m:x-3f2a1c"),
    ],
)
def test_what_is_derived_from_names(user: str, worktree: str, expected: str) -> None:
    assert derived(user, worktree, "3f2a1c") == expected


@given(ANYTHING, ANYTHING)
def test_whatever_somebody_is_called_it_becomes_a_run_id(user: str, worktree: str) -> None:
    run_id = derived(user, worktree, "3f2a1c")

    assert RUN_ID.read(run_id) == run_id
    assert (run_id.count(":"), run_id.count("/")) == (1, 0)
    assert run_id.isprintable()
    assert named_apart("ann", run_id) == f"ann:{run_id.split(':')[1]}"


STEPS = st.lists(st.sampled_from(["a", "b", "ab"]), min_size=1, max_size=4)


@given(STEPS, STEPS)
def test_kin_are_those_of_whom_one_began_the_other(steps: list[str], others: list[str]) -> None:
    one, other = "/".join(steps), "/".join(others)
    shared = min(len(steps), len(others))
    expected = steps != others and steps[:shared] == others[:shared]

    assert are_kin(one, other) == are_kin(other, one) == expected
    assert is_kin(one, other, {RunId(other)})
    assert is_kin(one, other, ()) == expected
