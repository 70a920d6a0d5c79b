"""Which remote a sync talks to, and at which address."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.docs.test_schemas import answer
from tests.sync.hubs import Hub, at_upload, silent_server
from tests.tools import Repo, git_in, program


@pytest.fixture
def spare(hub: Hub) -> Hub:
    """A second remote."""
    git_in(hub.path.parent, "clone", "-q", "--bare", str(hub.path), "spare.git")
    path = hub.path.parent / "spare.git"
    return Hub(path, str(path))


def test_the_setting_comes_before_the_upstream_and_the_upstream_before_origin(
    hub: Hub, spare: Hub
) -> None:
    one = hub.clone("one")
    one.git("remote", "add", "spare", spare.url)
    one.git("fetch", "-q", "spare")

    assert one.json("sync")["remote"] == "origin"
    one.git("branch", "-q", "-u", "spare/main")
    assert one.json("sync")["remote"] == "spare"
    one.git("config", "muse-coord.remote", "origin")
    assert one.json("sync")["remote"] == "origin"
    assert one.json("sync", "spare")["remote"] == "spare"


def test_where_there_is_only_one_remote_its_name_does_not_matter(hub: Hub) -> None:
    one = hub.clone("one")
    one.git("remote", "rename", "origin", "elsewhere")
    one.git("branch", "--unset-upstream")

    assert one.json("sync")["remote"] == "elsewhere"


@pytest.mark.parametrize("how", ["named", "configured"])
def test_an_unknown_remote_is_exit_1_with_the_list_of_remotes(
    hub: Hub, spare: Hub, how: str
) -> None:
    one = hub.clone("one")
    one.git("remote", "add", "spare", spare.url)
    line = ["sync", "nowhere"] if how == "named" else ["sync"]
    if how == "configured":
        one.git("config", "muse-coord.remote", "nowhere")

    assert answer(one, *line, code=1)["error"]["code"] == "bad_input"
    ran = one.muse(*line)
    assert ran.code == 1
    assert "no remote 'nowhere'" in ran.err
    assert "origin, spare" in ran.err


@pytest.mark.parametrize(
    "line", [["sync"], ["gc", "--execute", "--remote"], ["gc", "--remote"]], ids=" ".join
)
def test_without_a_remote_there_is_nothing_to_sync_with(repo: Repo, line: list[str]) -> None:
    ran = repo.muse(*line)

    assert ran.code == 1
    assert "no remote is configured" in ran.err


@pytest.mark.slow
def test_with_a_push_address_of_its_own_everything_happens_there(hub: Hub, spare: Hub) -> None:
    one, two = hub.clone("one"), hub.clone("two")
    for clone in (one, two):
        clone.git("config", "remote.origin.pushurl", spare.url)
    held = one.reserve("a.py", "--run-id", "a", "--strict")
    one.reserve("b.py", "--run-id", "a")

    one.json("sync")
    assert two.json("sync")["fetched"] == {"reservations": 2}
    assert two.held()[0] == held
    assert two.muse("reserve", "a.py", "--run-id", "b", "--strict").code == 2
    assert hub.refs() == {}
    assert hub.refs("refs/muse-epoch/") == {}
    assert len(spare.refs()) == 2


def test_a_remote_whose_name_holds_dots_and_capitals_is_remembered(hub: Hub) -> None:
    one = hub.clone("one")
    one.git("remote", "rename", "origin", "My.Fork")
    one.reserve("a.py", "--run-id", "a")

    assert one.json("sync", "My.Fork")["pushed"] == {"reservations": 1}
    assert one.git("config", "muse-coord.My.Fork.refs") == "true"
    assert one.json("sync", "My.Fork")["pushed"] == {}


@pytest.mark.slow
def test_what_was_learned_of_an_address_is_forgotten_with_the_address(hub: Hub, spare: Hub) -> None:
    one = hub.clone("one")
    hub.hook("pre-receive", "grep -q refs/muse && exit 1; exit 0")
    one.reserve("a.py", "--run-id", "a")
    assert one.json("sync")["via"] == "branch"
    assert one.git("config", "muse-coord.origin.refs") == "false"

    one.git("remote", "set-url", "origin", spare.url)
    assert one.json("sync")["via"] == "refs"
    assert len(spare.refs()) == 1
    assert one.git("config", "muse-coord.origin.address") == spare.url
    assert one.git("config", "muse-coord.origin.refs") == "true"


def test_findings_about_an_old_address_never_count_for_a_new_one(hub: Hub, spare: Hub) -> None:
    one = hub.clone("one")
    for name in ("refs", "atomic", "deletions"):
        one.git("config", f"muse-coord.origin.{name}", "false")
    one.git("config", "muse-coord.origin.address", "elsewhere")
    one.reserve("a.py", "--run-id", "a")

    one.json("sync")
    assert one.git("config", "muse-coord.origin.refs") == "true"
    assert one.git("config", "muse-coord.origin.deletions", check=False) in ("", "true")
    assert one.git("config", "muse-coord.origin.atomic", check=False) in ("", "true")


def test_a_remote_that_is_not_there_is_exit_5_with_one_line_that_names_it(
    hub: Hub, tmp_path: Path
) -> None:
    one = hub.clone("one")
    held = one.reserve("a.py", "--run-id", "a")
    hub.path.rename(tmp_path / "away.git")

    ran = one.muse("sync")
    assert ran.code == 5
    assert ran.out == ""
    assert len(ran.err.splitlines()) == 1
    assert "origin" in ran.err
    assert "does not appear to be a git repository" in ran.err
    assert answer(one, "sync", code=5)["error"]["code"] == "remote_failed"
    assert one.held() == [held]

    (tmp_path / "away.git").rename(hub.path)
    assert one.json("sync")["pushed"] == {"reservations": 1}


@pytest.mark.slow
@pytest.mark.parametrize(
    "line", [["sync"], ["sync", "--push-only"], ["gc", "--remote"], ["gc", "--remote", "--execute"]]
)
def test_a_remote_that_says_nothing_is_given_up_and_named_meanwhile(
    repo: Repo, line: list[str]
) -> None:
    repo.reserve("a.py", "--run-id", "a")
    with silent_server() as address:
        repo.git("remote", "add", "origin", address)

        ran = program(*line, "--timeout", "3", cwd=repo.path)
    assert ran.code == 5
    assert ran.err.splitlines() == [
        "waiting for remote 'origin' ...",
        "error: remote 'origin' said nothing for 3 s; local records are kept; try again, or give it longer:"
        " --timeout SECONDS",
    ]


@pytest.mark.slow
def test_a_remote_that_is_slow_but_alive_is_waited_for(hub: Hub, tmp_path: Path) -> None:
    one = hub.clone("one")
    one.reserve("a.py", "--run-id", "a")
    at_upload(one, tmp_path, 1, "for n in 1 2 3 4 5; do echo at work >&2; sleep 0.5; done")

    assert one.json("sync", "--timeout", "1")["pushed"] == {"reservations": 1}


@pytest.mark.parametrize("seconds", ["0", "-3", "soon"])
def test_a_timeout_that_is_no_number_of_seconds_is_bad_input(hub: Hub, seconds: str) -> None:
    ran = hub.clone("one").muse("sync", "--timeout", seconds)

    assert ran.code == 1
    assert "--timeout" in ran.err


DASHED = "--upload-pack=touch {mark};git-upload-pack"


@pytest.mark.parametrize(
    "line",
    [
        ["sync"],
        ["sync", "--push-only"],
        ["gc", "--execute", "--remote"],
        ["reserve", "a.py", "--strict"],
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("key", ["url", "pushurl"])
def test_an_address_that_begins_with_a_dash_runs_nothing(
    hub: Hub, tmp_path: Path, line: list[str], key: str
) -> None:
    one = hub.clone("one")
    mark = tmp_path / "mark"
    one.git("config", f"remote.origin.{key}", DASHED.format(mark=mark))

    ran = one.muse(*line)
    assert ran.code == 5
    assert len(ran.err.splitlines()) == 1
    assert not mark.exists()


def test_a_remote_whose_name_begins_with_a_dash_is_a_remote(hub: Hub) -> None:
    one = hub.clone("one")
    one.git("remote", "remove", "origin")
    one.git("config", "remote.--all.url", hub.url)
    one.reserve("a.py", "--run-id", "a")

    assert one.json("sync")["remote"] == "--all"
    assert len(hub.refs()) == 1
    assert one.git("config", "muse-coord.--all.refs") == "true"


@pytest.mark.parametrize(
    "name", ["-x", "a:b", "a b", "*", "a..b", ".a", "a.lock", "a/", "@{1}", "a//b", "HEAD", "@"]
)
def test_the_branch_must_have_a_name_that_git_allows(hub: Hub, name: str) -> None:
    one = hub.clone("one")
    one.git("config", "muse-coord.branch", name)

    ran = one.muse("sync")
    assert ran.code == 1
    assert "is no name of a branch" in ran.err
