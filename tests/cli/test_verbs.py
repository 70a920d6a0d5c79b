"""What each verb does, as its user sees it."""

from __future__ import annotations

import re
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from git_muse_coord.coordinator import Coordinator
from git_muse_coord.model.errors import BadInput, NotThere, Stopped
from tests.docs.places import run
from tests.tools import FAR, NOON, Repo, a_reservation, program

HOUR = timedelta(hours=1)


def when(text: str) -> datetime:
    return datetime.fromisoformat(text)


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def library(repo: Repo, clock: Clock) -> Coordinator:
    return repo.coordinator(clock=clock)


# reserve


def test_addresses_on_stdin_join_those_on_the_line(repo: Repo) -> None:
    ran = program(
        "reserve",
        "b.py",
        "--stdin",
        "--json",
        cwd=repo.path,
        given="a.py\r\n\nü ö.py\nb.py\n".encode(),
    )
    assert ran.json["addresses"] == ["a.py", "b.py", "ü ö.py"]


def test_nothing_on_stdin_is_no_address(repo: Repo) -> None:
    ran = program("reserve", "--stdin", cwd=repo.path, given=b"\n \n")
    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)


def test_a_bad_line_on_stdin_stores_nothing(repo: Repo) -> None:
    ran = program("reserve", "--stdin", cwd=repo.path, given=b"a.py\n\x1b[2J\n")
    assert ran.code == 1
    assert repo.refs() == {}


def test_a_dry_run_tells_what_would_be_and_stores_nothing(repo: Repo) -> None:
    held = repo.reserve("src/", "--run-id", "a")
    before = repo.refs("refs/")

    answer = repo.json("reserve", "src/shop.py", "--run-id", "b", "--dry-run")
    strict = repo.json("reserve", "src/shop.py", "--run-id", "b", "--dry-run", "--strict", code=2)

    assert answer["reservation_id"] is strict["reservation_id"] is None
    assert [one["reservation_id"] for one in answer["conflict_details"]] == [held]
    assert repo.refs("refs/") == before
    assert repo.muse("reserve", "x.py", "--dry-run").out.startswith("Would reserve 1 address")


def test_the_answer_holds_every_field_of_the_contract(repo: Repo) -> None:
    answer = repo.json(
        "reserve", "src/billing.py::compute_total", "--run-id", "a", "--op", "modify", "--ttl", "60"
    )

    assert list(answer) == [
        *(
            "schema_version",
            "command",
            "exit_code",
            "duration_ms",
            "warnings",
            "remote",
            "synced_at",
            "reservation_id",
            "run_id",
            "branch",
        ),
        *(
            "commit",
            "addresses",
            "created_at",
            "expires_at",
            "operation",
            "reason",
            "conflicts",
            "conflict_details",
        ),
        *("unresolved", "depends_on", "blocked_by", "reused", "dependency_error"),
        *("reservation_ids", "reservations", "behind", "ticket"),
    ]
    assert when(answer["expires_at"]) - when(answer["created_at"]) == timedelta(seconds=60)
    assert answer["commit"] == repo.git("rev-parse", "HEAD")


def test_a_directory_needs_no_slash_where_it_exists(repo: Repo) -> None:
    assert repo.json("reserve", "src")["addresses"] == ["src/"]
    assert repo.json("reserve", "nowhere", "nowhere/")["addresses"] == ["nowhere", "nowhere/"]


def test_an_address_that_is_not_there_yet_is_reserved_with_a_hint(repo: Repo) -> None:
    ran = repo.muse("reserve", "src/biling.py::f")
    assert ran.code == 0
    assert "Not in the working tree: src/biling.py::f; did you mean src/billing.py?" in ran.out


def test_runs_that_say_to_be_unknown_conflict_with_each_other(repo: Repo) -> None:
    unknown = ("--run-id", "unknown")
    repo.reserve("a.py", *unknown)
    assert len(repo.json("reserve", "a.py", *unknown)["conflicts"]) == 1
    assert repo.json("reserve", "a.py", "--strict", *unknown, code=2)["reservation_id"] is None


def test_a_run_does_not_stop_itself(repo: Repo) -> None:
    repo.reserve("src/", "--run-id", "a")
    assert repo.json("reserve", "src/billing.py", "--run-id", "a", "--strict")["conflicts"] == []


def test_equal_reservations_are_two_records(repo: Repo, library: Coordinator) -> None:
    one, other = (library.reserve(["a.py"], run_id="a", new=True).reservation_id for _ in range(2))
    assert one != other
    assert len(repo.refs()) == 2


def test_a_dependency_may_be_a_prefix_and_is_stored_in_full(repo: Repo) -> None:
    first = repo.reserve("a.py", "--run-id", "a")

    for prefix in (first[:14], first[7:14], first[7:].upper()):
        answer = repo.json("reserve", "b.py", "--run-id", "a", "--depends-on", prefix)
        assert answer["depends_on"] == answer["blocked_by"] == [first]


def test_an_ambiguous_prefix_is_exit_1_everywhere_and_the_next_digit_helps(repo: Repo) -> None:
    one, other = (  # two nonces, found by trying, whose ids begin alike
        repo.plant_record(a_reservation("a.py", nonce=nonce, **FAR)) for nonce in ("6275", "13900")
    )
    shared = "sha256:3515620"
    assert one.startswith(shared)
    assert other.startswith(shared)

    for line in (
        ["release", shared, "--run-id", "a"],
        ["heartbeat", shared, "--run-id", "a"],
        ["show", shared],
        ["dag", "--for", shared],
        ["reserve", "b.py", "--depends-on", shared],
    ):
        ran = repo.muse(*line)
        assert ran.code == 1
        assert "ambiguous" in ran.err
    assert len(repo.refs()) == 2
    assert repo.json("show", one[:16])["id"] == one


# who runs


def test_the_option_wins_over_the_environment_over_the_setting_over_what_is_derived(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def who(*options: str) -> str:
        name: str = repo.json("reserve", "a.py", *options)["run_id"]
        return name

    assert who().startswith("somebody:naïve-répo-")
    repo.git("config", "muse-coord.runId", "from-config")
    assert who() == "from-config"
    monkeypatch.setenv("MUSE_RUN_ID", "from-environment")
    assert who() == "from-environment"
    assert who("--run-id", "from-option") == "from-option"
    monkeypatch.setenv("MUSE_RUN_ID", "")
    assert who() == "from-config"


def test_git_dash_c_sets_a_setting_for_one_run(repo: Repo) -> None:
    repo.git(
        "-c",
        "muse-coord.runId=for-once",
        "-c",
        "muse-coord.ttl=77",
        "muse-coord",
        "reserve",
        "a.py",
    )
    [held] = repo.json("list")["reservations"]
    assert held["run_id"] == "for-once"
    assert when(held["expires_at"]) - when(held["created_at"]) == timedelta(seconds=77)


def test_a_linked_worktree_may_have_a_setting_of_its_own(repo: Repo, tmp_path: Path) -> None:
    repo.git("config", "extensions.worktreeConfig", "true")
    repo.git("worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    side = Repo(tmp_path / "side")
    side.git("config", "--worktree", "muse-coord.runId", "side-agent")

    assert side.json("reserve", "a.py")["run_id"] == "side-agent"
    assert repo.json("reserve", "a.py")["run_id"] not in ("unknown", "side-agent")


@pytest.mark.parametrize("value", ["1h", "0", "-5", "1.5", "31536001", "x\x1by"])
def test_a_bad_ttl_in_the_settings_is_exit_1_and_an_option_gets_past_it(
    repo: Repo, value: str
) -> None:
    repo.git("config", "muse-coord.ttl", value)

    ran = repo.muse("reserve", "a.py")

    assert (ran.code, ran.out, len(ran.err.splitlines())) == (1, "", 1)
    assert repo.refs() == {}
    assert repo.muse("list").code == 0
    assert repo.muse("reserve", "a.py", "--ttl", "60").code == 0


def test_a_bad_run_id_in_the_environment_is_exit_1(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSE_RUN_ID", "a\x1b[31m")
    ran = repo.muse("reserve", "a.py")
    assert (ran.code, len(ran.err.splitlines())) == (1, 1)
    assert repo.refs() == {}


# list


def test_a_run_that_says_who_it_is_still_sees_everybody(
    repo: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, other = repo.reserve("a.py", "--run-id", "a"), repo.reserve("b.py", "--run-id", "b")
    monkeypatch.setenv("MUSE_RUN_ID", "a")

    assert repo.held() == [mine, other]
    assert repo.held("--mine") == [mine]
    assert repo.held("--run-id", "b") == [other]


def test_filters_let_through_what_passes_all_of_them(repo: Repo) -> None:
    a = repo.reserve("src/billing.py::f", "--run-id", "a")
    repo.git("checkout", "-q", "-b", "side")
    b = repo.reserve("src/", "--run-id", "b")
    c = repo.reserve("README.md", "--run-id", "b")

    assert repo.held() == [a, b, c]
    assert repo.held("--run-id", "b") == [b, c]
    assert repo.held("--branch", "side") == [b, c]
    assert repo.held("--branch", "main") == [a]
    assert repo.held("--address", "src/billing.py") == [a, b]
    assert repo.held("--address", "src/other.py") == [b]
    assert repo.held("--address", "src/other.py", "--address", "README.md") == [b, c]
    assert repo.held("--conflicts") == [a, b]
    assert repo.held("--conflicts", "--run-id", "b") == [b]
    assert repo.held("--run-id", "nobody") == []
    repo.git("config", "muse-coord.runId", "b")
    assert repo.held("--mine", "--address", "./") == [b, c]


def test_what_is_over_shows_only_with_all(library: Coordinator, clock: Clock) -> None:
    expiring = library.reserve(["a.py"], run_id="a", ttl=60)
    released = library.reserve(["b.py"], run_id="a")
    library.release([released.reservation_id or ""], run_id="a")

    clock.now += timedelta(seconds=59)
    assert [one.seconds_left for one in library.list().reservations] == [1]
    clock.now += timedelta(seconds=1)
    assert library.list().reservations == ()
    assert {one.reservation_id: one.state for one in library.list(all=True).reservations} == {
        expiring.reservation_id: "expired",
        released.reservation_id: "released",
    }


def test_what_a_clock_far_ahead_made_is_marked(library: Coordinator, clock: Clock) -> None:
    clock.now += HOUR
    library.reserve(["a.py"])
    clock.now -= HOUR
    assert [one.from_future for one in library.list().reservations] == [True]
    clock.now += HOUR - timedelta(seconds=100)
    assert [one.from_future for one in library.list().reservations] == [False]


# heartbeat


def test_a_heartbeat_moves_the_expiry_and_never_back(library: Coordinator, clock: Clock) -> None:
    one = library.reserve(["a.py"], run_id="a").reservation_id or ""
    clock.now += HOUR / 2

    [beat] = library.heartbeat([one], run_id="a").heartbeats
    assert (beat.status, beat.expires_at) == ("ok", clock.now + HOUR)
    [again] = library.heartbeat([one], run_id="a", extension=1).heartbeats
    assert again.expires_at == clock.now + HOUR

    clock.now += HOUR - timedelta(seconds=1)
    assert [held.seconds_left for held in library.list().reservations] == [1]


def test_a_new_heartbeat_deletes_nothing_and_a_gc_leaves_one(
    repo: Repo, library: Coordinator, clock: Clock
) -> None:
    one = library.reserve(["a.py"], run_id="a").reservation_id or ""
    for _ in range(3):
        clock.now += timedelta(minutes=1)
        library.heartbeat([one], run_id="a")
    assert len(repo.refs("refs/muse/heartbeats")) == 3
    library.gc(execute=True)
    assert len(repo.refs("refs/muse/heartbeats")) == 1
    assert repo.bad() == {}


@pytest.mark.parametrize("fate", ["already_released", "expired", "not_found"])
def test_a_heartbeat_for_what_is_over_is_exit_4_and_extends_nothing(
    repo: Repo, library: Coordinator, clock: Clock, fate: str
) -> None:
    alive = library.reserve(["b.py"], run_id="a", ttl=9000).reservation_id or ""
    over = library.reserve(["a.py"], run_id="a", ttl=60).reservation_id or ""
    if fate == "already_released":
        library.release([over], run_id="a")
    elif fate == "expired":
        clock.now += timedelta(seconds=60)
    else:
        over = "sha256:" + "f" * 64

    with pytest.raises(NotThere) as gone:
        library.heartbeat([alive, over], run_id="a")

    assert [(one.reservation_id, one.status) for one in gone.value.result.heartbeats] == [
        (alive, "ok"),
        (over, fate),
    ]
    assert repo.refs("refs/muse/heartbeats") == {}


def test_a_heartbeat_of_another_run_is_refused(repo: Repo) -> None:
    one = repo.reserve("a.py", "--run-id", "a")
    assert repo.muse("heartbeat", one, "--run-id", "b").code == 1
    assert repo.refs("refs/muse/heartbeats") == {}


def test_a_heartbeat_for_all_is_for_what_the_run_holds(repo: Repo) -> None:
    mine = [repo.reserve(f"{name}.py", "--run-id", "a") for name in "xy"]
    repo.reserve("z.py", "--run-id", "b")

    answer = repo.json("heartbeat", "--all", "--run-id", "a", "--extension", "7200")

    assert [one["reservation_id"] for one in answer["heartbeats"]] == mine
    assert repo.json("heartbeat", "--all", "--run-id", "c", code=4)["heartbeats"] == []


def test_the_command_shows_each_fate_and_exits_4(repo: Repo) -> None:
    one = repo.reserve("a.py", "--run-id", "a")
    repo.json("release", one, "--run-id", "a")

    ran = repo.muse("heartbeat", one, "--run-id", "a")

    assert ran.code == 4
    assert ran.out == ""
    assert re.fullmatch(
        rf"error: nothing extended: {one[7:19]} \(a.py\) was already released by run-id 'a' at [-:T\d]+ UTC;"
        r" to go on: git muse-coord reserve --run-id a a.py\n",
        ran.err,
    )


def test_a_heartbeat_after_the_end_says_which_when_and_how_to_go_on(repo: Repo) -> None:
    words = ["--op", "modify", "--reason", "it's the parser", "--ttl", "1"]
    one = repo.reserve("src/new file ü.py", "src/b.py::f", "--run-id", "a", *words)
    two = repo.reserve("c.py", "--run-id", "a", "--ttl", "1")
    three = repo.reserve("d.py", "--run-id", "a")
    ended = repo.json("show", one)["record"]["expires_at"]
    time.sleep(1.1)

    beat = repo.muse("heartbeat", one, three, "--run-id", "a")

    assert (beat.code, beat.out) == (4, "")
    again = (
        "git muse-coord reserve --op modify --reason 'it'\"'\"'s the parser' --run-id a"
        " src/b.py::f 'src/new file ü.py'"
    )
    assert beat.err == (
        f"error: nothing extended: {one[7:19]} (src/b.py::f, src/new file ü.py)"
        f" expired at {ended[:19]} UTC; to go on: {again}\n"
    )
    # what is printed can be pasted, and gives the same again
    pasted = run("bash", "-c", again, cwd=repo.path)
    assert pasted.returncode == 0, pasted.stderr
    assert "'a'" in pasted.stdout
    answer = repo.json("heartbeat", two, "--run-id", "a", code=4)
    assert answer["heartbeats"][0]["ended_at"] == repo.json("show", two)["record"]["expires_at"]


def test_a_heartbeat_for_all_of_nothing_names_what_has_expired(repo: Repo) -> None:
    one = repo.reserve("a.py", "--run-id", "a", "--ttl", "1")
    time.sleep(1.1)

    beat = repo.muse("heartbeat", "--all", "--run-id", "a")

    assert beat.code == 4
    assert f"; {one[7:19]} (a.py) expired at " in beat.err
    assert beat.err.endswith("; to go on: git muse-coord reserve --run-id a a.py\n")


def test_a_heartbeat_takes_the_life_that_is_set(repo: Repo) -> None:
    one = repo.reserve("a.py", "--run-id", "a")
    repo.git("config", "muse-coord.ttl", "9000")

    repo.json("heartbeat", one, "--run-id", "a")

    (held,) = repo.json("list")["reservations"]
    assert 8900 < held["seconds_left"] <= 9000


# release


def test_releasing_twice_is_exit_4_the_second_time(repo: Repo) -> None:
    one = repo.reserve("a.py", "--run-id", "a")

    assert repo.json("release", one[:20], "--run-id", "a")["released"] == [one]
    again = repo.json("release", one, "--run-id", "a", code=4)

    assert "already released by run-id 'a'" in again["error"]["message"]
    assert repo.held() == []


def test_what_another_run_holds_needs_force(repo: Repo) -> None:
    one = repo.reserve("a.py", "--run-id", "a")

    assert repo.muse("release", one, "--run-id", "b").code == 1
    assert repo.held() == [one]
    assert repo.json("release", one, "--run-id", "b", "--force", "--outcome", "abandoned")[
        "released"
    ] == [one]
    release = repo.json("show", one)["related"][0]["record"]
    assert (release["run_id"], release["outcome"]) == ("b", "abandoned")


@pytest.mark.parametrize(
    ("wrong", "code"), [("released", 4), ("foreign", 1), ("absent", 4), ("malformed", 1)]
)
def test_of_several_all_are_released_or_none(repo: Repo, wrong: str, code: int) -> None:
    good = [repo.reserve(f"{name}.py", "--run-id", "a") for name in "xy"]
    ids = {
        "released": repo.reserve("r.py", "--run-id", "a"),
        "foreign": repo.reserve("f.py", "--run-id", "b"),
        "absent": "f" * 64,
        "malformed": "sha256:zzz",
    }
    repo.json("release", ids["released"], "--run-id", "a")
    before = repo.refs()

    assert repo.muse("release", good[0], ids[wrong], good[1], "--run-id", "a").code == code

    assert repo.refs() == before
    assert set(repo.json("release", *good, good[0], "--run-id", "a")["released"]) == set(good)


def test_releasing_all_releases_what_the_run_holds_and_no_more(repo: Repo) -> None:
    mine = {repo.reserve(f"{name}.py", "--run-id", "a") for name in "xy"}
    other = repo.reserve("z.py", "--run-id", "b")

    assert set(repo.json("release", "--all", "--run-id", "a")["released"]) == mine
    assert repo.held() == [other]


def test_a_release_says_who_can_go_on(repo: Repo) -> None:
    first = repo.reserve("a.py", "--run-id", "a")
    second = repo.reserve("b.py", "--run-id", "a")
    waiting = repo.reserve("c.py", "--run-id", "b", "--depends-on", first, "--depends-on", second)

    assert repo.json("release", first, "--run-id", "a")["became_ready"] == []
    ran = repo.muse("release", second, "--run-id", "a")

    assert f"Ready now (1):\n  {waiting[7:19]}\n" in ran.out


# show, status, dag


def test_show_tells_a_record_its_state_and_what_belongs_to_it(repo: Repo) -> None:
    first = repo.reserve("a.py", "--run-id", "a", "--reason", "rounding")
    second = repo.reserve("b.py", "--run-id", "b", "--depends-on", first)
    repo.json("heartbeat", first, "--run-id", "a", "--extension", "7200")

    answer = repo.json("show", first)

    assert (answer["kind"], answer["state"], answer["record"]["reason"]) == (
        "reservation",
        "active",
        "rounding",
    )
    assert [one["kind"] for one in answer["related"]] == ["heartbeat", "reservation"]
    assert answer["related"][1]["id"] == second
    beat = answer["related"][0]["id"]
    assert repo.json("show", beat[7:20])["state"] is None
    assert "rounding" in repo.muse("show", first).out


def test_status_tells_what_i_hold_who_overlaps_and_who_waits(repo: Repo) -> None:
    mine = repo.reserve("src/billing.py", "--run-id", "a")
    other = repo.reserve("src/", "--run-id", "b", "--depends-on", mine)
    repo.reserve("README.md", "--run-id", "c")

    answer = repo.json("status", "--run-id", "a")

    assert [one["reservation_id"] for one in answer["mine"]] == [mine]
    assert [one["reservation_id"] for one in answer["conflicts"]] == [other]
    assert [one["reservation_id"] for one in answer["waiting_for_me"]] == [other]
    assert answer["active_reservations"] == 3
    assert repo.json("status", "--run-id", "nobody")["mine"] == []


def test_dag_shows_states_edges_order_and_what_is_ready(repo: Repo) -> None:
    a = repo.reserve("a.py", "--run-id", "a")
    b = repo.reserve("b.py", "--run-id", "b", "--depends-on", a)
    c = repo.reserve("c.py", "--run-id", "c", "--depends-on", b)

    answer = repo.json("dag")
    assert {one["reservation_id"]: one["state"] for one in answer["nodes"]} == {
        a: "ready",
        b: "blocked",
        c: "blocked",
    }
    assert answer["edges"] == [{"from": a, "to": b}, {"from": b, "to": c}]
    assert answer["order"] == answer["critical_path"] == [a, b, c]
    assert repo.json("dag", "--ready")["order"] == [a]

    repo.json("release", a, "--run-id", "a")
    assert [one["state"] for one in repo.json("dag", "--for", b[:20])["nodes"]] == [
        "done",
        "ready",
        "blocked",
    ]
    assert repo.json("dag", "--for", "f" * 64, code=4)["error"]["code"] == "not_there"


def test_dot_and_mermaid_hold_every_node_and_edge(repo: Repo) -> None:
    a = repo.reserve('we"ird <b>.py', "--run-id", 'q"\\uote')
    b = repo.reserve("b.py", "--run-id", "b", "--depends-on", a)
    short = [one[7:19] for one in (a, b)]

    dot, mermaid = (
        repo.muse("dag", "--format", "dot").out,
        repo.muse("dag", "--format", "mermaid").out,
    )

    assert dot.startswith("digraph reservations {\n")
    assert dot.endswith("}\n")
    assert f'  "{short[0]}" -> "{short[1]}";\n' in dot
    assert mermaid.startswith("flowchart LR\n")
    assert f"  r{short[0]} --> r{short[1]}\n" in mermaid
    assert "<b>" not in mermaid


# the library


def test_the_library_raises_where_the_command_would_fail(repo: Repo, library: Coordinator) -> None:
    library.reserve(["a.py"], run_id="a")
    with pytest.raises(Stopped) as stopped:
        library.reserve(["a.py"], run_id="b", strict=True)
    assert stopped.value.result.reservation_id is None
    with pytest.raises(BadInput):
        library.reserve(["/a.py"])
    with pytest.raises(BadInput):
        library.release([], all=False)
    assert len(repo.refs()) == 1


def test_a_library_that_stays_records_the_commit_of_the_moment(
    repo: Repo, library: Coordinator
) -> None:
    before = library.reserve(["a.py"])
    repo.write("new.py", "")
    commit = repo.commit("Another")
    repo.git("checkout", "-q", "-b", "side")

    after = library.reserve(["a.py"])

    assert (after.branch, after.commit) == ("side", commit)
    assert before.commit != commit


def test_the_library_and_the_command_see_the_same(repo: Repo) -> None:
    library = repo.coordinator()
    one = library.reserve(["a.py"], run_id="a").reservation_id
    two = repo.reserve("b.py", "--run-id", "b")
    assert (
        [held.reservation_id for held in library.list().reservations] == repo.held() == [one, two]
    )
