"""A sync in the background: due or not, begun once, waited for by nobody, in nobody's way, and asking nobody."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from git_muse_coord.coordinator.autosync import begin_if_due
from git_muse_coord.coordinator.background_sync import (
    exchange_log,
    exchange_unattended,
    last_started,
)
from git_muse_coord.coordinator.session import Session
from git_muse_coord.coordinator.sync_trouble import sync_trouble
from git_muse_coord.model.last_exchange import LastExchange
from git_muse_coord.store.git import processes
from git_muse_coord.store.git.background import Started
from tests.sync.hubs import Hub, locked_web_server, plant_records, silent_server
from tests.tools import Repo, a_reservation, program

pytestmark = pytest.mark.slow


def session_in(clone: Repo) -> Session:
    return Session(str(clone.path), stays=False)


def agree(clone: Repo, every: int = 60) -> Repo:
    """Let a clone sync in the background."""
    clone.git("config", "muse-coord.syncEvery", str(every))
    assert clone.muse("install", "--sync").code == 0
    return clone


def last(clone: Repo) -> LastExchange:
    return exchange_log(session_in(clone)).read()


def started(clone: Repo) -> Started | None:
    return last_started(session_in(clone))


def until(true: Callable[[], object], seconds: float = 30.0) -> None:
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "it never came true"
        time.sleep(0.05)


def has_ended(process: Started | None) -> bool:
    assert process is not None
    return not process.is_there or processes.is_zombie(process.pid)


def settled(clone: Repo) -> LastExchange:
    """What is remembered when the process that was started last is over."""
    until(lambda: has_ended(started(clone)))
    return last(clone)


@pytest.fixture
def one(clones: tuple[Repo, Repo]) -> Repo:
    """A clone that syncs in the background."""
    return agree(clones[0])


@pytest.fixture
def silent(clones: tuple[Repo, Repo]) -> Iterator[Repo]:
    """A clone whose remote takes connections and never says a word."""
    with silent_server() as address:
        clones[0].git("remote", "set-url", "origin", address)
        yield agree(clones[0])
        process = started(clones[0])
        if process is not None and not has_ended(process):
            os.killpg(process.pid, signal.SIGKILL)
        for pid in talking_to(address):
            os.kill(pid, signal.SIGKILL)


def talking_to(address: str) -> list[int]:
    """The git processes that have an address on their command line."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                words = (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if words.startswith(b"git\0") and address.encode() in words:
                found.append(int(entry.name))
    return found


def test_another_clone_hears_of_it_within_seconds(any_hub: Hub) -> None:
    one, two = agree(any_hub.clone("one"), 1), agree(any_hub.clone("two"), 1)
    reservation = program("reserve", "a.py", "--run-id", "a", "--json", cwd=one.path).json
    began = time.monotonic()

    until(lambda: reservation["reservation_id"] in two.held())

    # 5 s, and more where all cores are busy with other tests
    assert time.monotonic() - began < 15
    assert last(two).at


def test_nothing_begins_before_it_is_due_or_without_being_asked_for(
    clones: tuple[Repo, Repo],
) -> None:
    one, two = clones
    two.muse("list")
    assert started(two) is None
    agree(one).json("sync")
    for line in (["list"], ["status"], ["check"], ["forecast"], ["hook", "post-commit"]):
        one.muse(*line)
    assert started(one) is None


@pytest.mark.parametrize(
    "line",
    [
        ["list"],
        ["status"],
        ["check"],
        ["forecast"],
        ["reserve", "a.py"],
        ["reserve", "a.py", "--strict"],
        ["release", "--all"],
        ["intent", "a.py", "--op", "modify"],
        ["hook", "pre-commit"],
        ["hook", "post-commit"],
        ["hook", "pre-push"],
    ],
    ids=" ".join,
)
def test_every_verb_about_others_and_every_hook_begins_one(one: Repo, line: list[str]) -> None:
    one.git("config", "muse-coord.syncEvery", "1")
    one.json("sync")
    time.sleep(1.1)
    assert program(*line, cwd=one.path).code in (0, 4)
    assert settled(one).failures == 0
    assert started(one) is not None


def test_what_was_written_just_after_an_exchange_goes_out_without_another_event(
    hub: Hub, one: Repo
) -> None:
    one.git("config", "muse-coord.syncEvery", "3")
    one.json("sync")
    one.reserve("a.py")
    first = started(one)
    one.reserve("b.py")
    one.reserve("c.py")

    assert started(one) == first, "one waits for all of them"
    assert hub.refs() == {}
    until(lambda: len(hub.refs()) == 3)


def test_what_is_written_while_one_is_at_work_goes_out_with_it(hub: Hub, one: Repo) -> None:
    hub.hook("pre-receive", f"touch '{hub.path}/busy'; sleep 3")
    one.reserve("a.py")
    first = started(one)
    until((hub.path / "busy").exists)
    one.reserve("b.py")
    assert started(one) == first
    until(lambda: len(hub.refs()) == 2)
    assert started(one) == first


def test_many_at_once_begin_one(hub: Hub, one: Repo, tmp_path: Path) -> None:
    asked = tmp_path / "asked"
    upload = tmp_path / "upload-pack"
    upload.write_text(f'#!/bin/sh\necho >>"{asked}"\nexec git-upload-pack "$@"\n')
    upload.chmod(0o755)
    one.git("config", "remote.origin.uploadpack", str(upload))

    with ThreadPoolExecutor(12) as pool:
        ran = list(pool.map(lambda _: program("list", cwd=one.path), range(24)))

    assert {each.code for each in ran} == {0}
    assert settled(one).at
    # one listing shows that there is nothing to do
    assert len(asked.read_text()) == 1


def test_nobody_waits_for_it_and_it_holds_nothing_of_its_starters(
    silent: Repo, tmp_path: Path
) -> None:
    secret = os.open(tmp_path / "of the caller", os.O_CREAT | os.O_RDWR)
    index = str(silent.git_dir / "index")
    began = time.monotonic()
    ran = subprocess.run(
        [sys.executable, "-m", "git_muse_coord", "list"],
        cwd=silent.path,
        env={
            **os.environ,
            "GIT_DIR": str(silent.git_dir),
            "GIT_INDEX_FILE": index,
            "GIT_CONFIG_PARAMETERS": "'a.b=c'",
            "DISPLAY": ":0",
        },
        pass_fds=[secret],
        capture_output=True,
        check=True,
    )
    os.close(secret)

    assert time.monotonic() - began < 10
    assert ran.stdout == b"No reservations.\n"
    process = started(silent)
    assert process is not None
    until(lambda: talking_to("git://127.0.0.1"))
    proc = Path("/proc") / str(process.pid)
    assert [os.readlink(proc / "fd" / str(number)) for number in range(3)] == ["/dev/null"] * 3
    handles = [os.readlink(handle) for handle in (proc / "fd").iterdir()]
    assert not [handle for handle in handles if "of the caller" in handle]
    told = dict(
        variable.partition(b"=")[::2] for variable in (proc / "environ").read_bytes().split(b"\0")
    )
    assert not told.keys() & {b"GIT_INDEX_FILE", b"GIT_CONFIG_PARAMETERS", b"DISPLAY"}
    assert told[b"GIT_TERMINAL_PROMPT"] == b"0"
    assert told[b"GCM_INTERACTIVE"] == b"never"
    assert os.getsid(process.pid) == process.pid
    # while it hangs nobody starts another
    silent.muse("list")
    assert started(silent) == process


def test_one_that_hangs_is_stopped_with_all_that_it_started(silent: Repo) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import git_muse_coord.background as b; b.CAP_SECONDS = 2; b.main()",
            str(silent.path),
            "0",
        ],
        start_new_session=True,
        capture_output=True,
        timeout=20,
        check=False,
    )

    assert done.returncode == -signal.SIGKILL
    assert (done.stdout, done.stderr) == (b"", b"")
    assert last(silent).said == "it took too long, and was stopped"
    assert talking_to("git://127.0.0.1") == []
    assert "took too long" in silent.json("status")["sync_trouble"]


def test_one_that_was_killed_is_followed_by_another(one: Repo, hub: Hub) -> None:
    hub.hook("pre-receive", "sleep 60")
    one.git("config", "muse-coord.syncEvery", "1")
    one.reserve("a.py")
    first = started(one)
    assert first is not None
    time.sleep(1.2)
    one.muse("list")
    assert started(one) == first

    os.killpg(first.pid, signal.SIGKILL)
    hub.hook("pre-receive", "exit 0")
    until(lambda: not first.is_there)
    until(lambda: one.muse("list") and hub.refs())


def test_where_nobody_reaps_the_last_one_no_more_are_started(one: Repo) -> None:
    zombie = subprocess.Popen(["true"])
    until(lambda: processes.is_zombie(zombie.pid))
    mark = one.git_dir / "muse-coord/background-sync.started"
    assert (mark.parent / "background").exists(), "for the hooks"
    mark.write_text(f"{zombie.pid} {processes.birth(zombie.pid)}")
    an_hour_ago = time.time() - 3600
    os.utime(mark, (an_hour_ago, an_hour_ago))

    one.muse("reserve", "a.py")

    left = started(one)
    assert left is not None
    assert left.pid == zombie.pid
    assert "zombie" in one.muse("status").out
    assert "zombie" in one.muse("doctor").out
    zombie.wait()
    one.muse("list")
    until(lambda: last(one).at)
    assert one.json("status")["sync_trouble"] is None


def test_a_remote_that_fails_is_let_rest_and_told_of_by_those_who_are_asked(
    hub: Hub, one: Repo
) -> None:
    one.git("config", "muse-coord.syncEvery", "1")
    gone = hub.path.rename(hub.path.with_name("gone"))
    ran = one.muse("reserve", "a.py")
    assert (ran.code, "cannot" in ran.err) == (0, False)
    failed = settled(one)
    first = started(one)

    assert failed.failures == 1
    assert not failed.needs_login
    time.sleep(1.2)
    one.muse("reserve", "b.py")
    assert started(one) == first, "it rests for a minute"
    assert "failed once" in one.json("status")["sync_trouble"]
    assert "Nothing is synced in the background: failed once" in one.muse("status").out
    assert "failed once" in one.muse("doctor").out

    # a minute later
    exchange_log(session_in(one)).note_failure(datetime.now(UTC) - timedelta(hours=2), "so")
    one.muse("list")
    assert settled(one).failures == 3
    gone.rename(hub.path)
    one.json("sync")
    assert last(one).failures == 0
    assert one.json("status")["sync_trouble"] is None


def test_another_address_is_sent_nothing(hub: Hub, one: Repo) -> None:
    other = hub.path.with_name("other.git")
    shutil.copytree(hub.path, other)
    one.reserve("a.py")
    until(hub.refs)
    settled(one)
    for number, change in enumerate(
        (
            ["remote", "set-url", "origin", str(other)],
            ["config", f"url.{other}.insteadOf", hub.url],
        )
    ):
        one.git(*change)
        # as if it were due
        (one.git_dir / "muse-coord/background-sync.started").unlink()
        for note in (one.git_dir / "muse-coord").glob("exchanged-*"):
            note.unlink()
        one.reserve(f"b{number}.py")
        assert settled(one).failures == 1
        assert Repo(other).refs() == {}
        assert "another address" in one.json("status")["sync_trouble"]
        assert "another address" in one.muse("doctor").out
        one.git("remote", "set-url", "origin", hub.url)

    # who agrees to it is served again
    assert one.json("install", "--sync")["sync"]["address"] == str(other)
    one.git("config", "muse-coord.syncEvery", "1")
    until(lambda: one.muse("list") and len(Repo(other).refs()) == 3)


def test_without_consent_nothing_is_begun(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    one.git("config", "muse-coord.autoSync", "background")
    one.muse("reserve", "a.py")
    assert started(one) is None
    assert "nobody has agreed" in one.json("status")["sync_trouble"]
    one.git("config", "muse-coord.syncRemote", "origin")
    one.muse("reserve", "a.py")
    assert started(one) is None
    assert "nobody has agreed" in one.json("status")["sync_trouble"]
    agree(one)
    one.git("remote", "remove", "origin")
    assert "there is no remote 'origin'" in one.json("status")["sync_trouble"]
    one.muse("reserve", "a.py")


@pytest.mark.parametrize(
    "lock", ["index.lock", "packed-refs.lock", "gc.pid", "worktrees/w/index.lock"]
)
def test_beside_a_lock_of_gits_nothing_is_deleted_or_packed(
    hub: Hub, one: Repo, clones: tuple[Repo, Repo], lock: str
) -> None:
    _, two = clones
    two.reserve("b.py")
    two.json("sync")
    past = datetime.now(UTC) - timedelta(days=2)
    old = [
        a_reservation(f"{n}.py", created_at=past, expires_at=past + timedelta(hours=1))
        for n in range(3)
    ]
    plant_records(one.path, old)
    one.git("worktree", "add", "-qb", "w", "../w")
    held = one.git_dir / lock
    held.touch()

    one.muse("list")
    assert settled(one).at

    assert len(one.held()) == 1
    assert len(one.refs()) == 4, "the old ones are still there"
    assert one.refs("refs/muse-incoming/")
    held.unlink()
    (one.git_dir / "muse-coord/background-sync.started").unlink()
    one.git("config", "muse-coord.syncEvery", "1")
    time.sleep(1.1)
    one.muse("list")
    until(lambda: len(one.refs()) == 1)


def test_it_works_from_a_worktree_that_goes_away(hub: Hub, one: Repo) -> None:
    one.git("worktree", "add", "-qb", "three", "../three ü")
    place = one.path.parent / "three ü"
    hub.hook("pre-receive", "sleep 1")
    assert program("reserve", "./a.py", cwd=place).code == 0
    one.git("worktree", "remove", "--force", str(place))
    until(hub.refs)
    assert settled(one).failures == 0


def test_a_commit_begins_one_and_does_not_wait(hub: Hub, one: Repo) -> None:
    one.muse("install", "--hooks")
    one.reserve("src/billing.py", "--local")
    until(hub.refs)
    settled(one)
    one.git("config", "muse-coord.syncEvery", "1")
    time.sleep(1.2)
    before = last(one).at
    one.write("src/shop.py", "x = 1\n")
    one.commit("x")
    until(lambda: last(one).at != before)
    assert last(one).failures == 0


HELPER = """#!/bin/sh
echo "$1" >>"{log}"
[ "$1" = get ] || exit 0
printf 'username=me\\npassword=secret\\n'
"""


def test_a_refusal_erases_no_password_and_is_not_tried_again(
    hub: Hub, clones: tuple[Repo, Repo], tmp_path: Path
) -> None:
    one, _ = clones
    log, helper = tmp_path / "log", tmp_path / "git-credential-odd helper"
    helper.write_text(HELPER.format(log=log))
    helper.chmod(0o755)
    hub.git("config", "http.receivepack", "true")
    with locked_web_server(hub.path.parent) as (address, server):
        one.git("remote", "set-url", "origin", f"{address}/{hub.path.name}")
        one.git("config", f"credential.{address}.helper", f"!'{helper}'")
        # so that is what git does, and what must not happen
        one.json("sync", code=5)
        assert "erase" in log.read_text().split()
        log.unlink()
        agree(one, 1)

        one.reserve("a.py")

        failed = settled(one)
        assert failed.needs_login
        assert log.read_text().split() == ["get"]
        first = started(one)
        time.sleep(1.2)
        one.muse("list")
        assert started(one) == first
        assert "cannot be used" in one.json("status")["sync_trouble"]

        server.wants = "Basic " + base64.b64encode(b"me:secret").decode()
        one.json("sync")
        assert "store" in log.read_text().split()
        log.unlink()
        one.reserve("b.py")
        until(lambda: len(hub.refs()) == 2)
        assert not settled(one).needs_login
        assert set(log.read_text().split()) == {"get"}


def test_without_a_password_nobody_is_asked_for_one(
    hub: Hub, clones: tuple[Repo, Repo], tmp_path: Path
) -> None:
    one, _ = clones
    asked = tmp_path / "asked"
    askpass = tmp_path / "askpass"
    askpass.write_text(f'#!/bin/sh\necho "$1" >>"{asked}"\necho x\n')
    askpass.chmod(0o755)
    one.git("config", "core.askPass", str(askpass))
    with locked_web_server(hub.path.parent) as (address, server):
        one.git("remote", "set-url", "origin", f"{address}/{hub.path.name}")
        agree(one)
        program("reserve", "a.py", cwd=one.path, GIT_ASKPASS=str(askpass), SSH_ASKPASS=str(askpass))
        assert settled(one).needs_login
        assert server.seen == [None]
        assert not asked.exists()


SSH = """#!/bin/sh
echo "$*" >>"{log}"
while [ "$1" = -o ]; do shift 2; done
[ "$1" = -G ] && exit 0
shift
eval "exec $*"
"""


@pytest.mark.parametrize("way", ["GIT_SSH_COMMAND", "core.sshCommand", "GIT_SSH"])
def test_the_ssh_of_the_user_is_told_not_to_ask(
    hub: Hub, clones: tuple[Repo, Repo], tmp_path: Path, way: str
) -> None:
    one, _ = clones
    log, ssh = tmp_path / "log", tmp_path / "my ssh"
    ssh.write_text(SSH.format(log=log))
    ssh.chmod(0o755)
    one.git("remote", "set-url", "origin", f"ssh://example.invalid{hub.path}")
    variables: dict[str, Any] = {}
    if way == "core.sshCommand":
        one.git("config", way, f"'{ssh}'")
    else:
        variables[way] = str(ssh) if way == "GIT_SSH" else f"'{ssh}'"
    agree(one)

    program("reserve", "a.py", cwd=one.path, **variables)

    assert settled(one).failures == 0, last(one)
    assert len(hub.refs()) == 1
    assert all(line.startswith("-o BatchMode=yes") for line in log.read_text().splitlines())


def test_an_ssh_that_is_refused_is_a_login_that_failed(
    clones: tuple[Repo, Repo], tmp_path: Path
) -> None:
    one, _ = clones
    ssh = tmp_path / "ssh"
    ssh.write_text("#!/bin/sh\necho 'me@host: Permission denied (publickey).' >&2\nexit 255\n")
    ssh.chmod(0o755)
    one.git("remote", "set-url", "origin", "ssh://example.invalid/hub.git")
    one.git("config", "core.sshCommand", str(ssh))
    agree(one)
    one.muse("list")
    assert settled(one).needs_login


def test_what_leaves_is_said_first_and_passwords_are_not(clones: tuple[Repo, Repo]) -> None:
    one, _ = clones
    one.git("remote", "set-url", "origin", "https://me:secret@example.invalid/hub.git")
    before = (one.git_dir / "config").read_text()

    shown = one.muse("install", "--sync", "--print")
    assert "Nothing was changed" in shown.out
    assert (one.git_dir / "config").read_text() == before
    told = one.muse("install", "--sync").out
    for word in ("paths", "symbols", "reasons", "run ids", "https://***@example.invalid/hub.git"):
        assert word in told
    assert "secret" not in told
    assert one.json("install", "--sync")["sync"]["action"] == "present"
    assert one.git("config", "muse-coord.syncRemote") == "origin"
    assert one.git("config", "muse-coord.syncAddress").endswith("me:secret@example.invalid/hub.git")
    assert one.json("uninstall", "--sync")["sync"]["action"] == "withdrawn"
    assert (one.git_dir / "config").read_text() == before
    assert one.json("uninstall")["sync"] is None
    assert one.muse("install", "--sync", "nowhere").code == 1


def test_who_takes_it_back_while_one_waits_is_heeded(hub: Hub, one: Repo) -> None:
    one.git("config", "muse-coord.syncEvery", "3")
    one.json("sync")
    one.reserve("a.py")
    assert started(one) is not None
    one.git("config", "muse-coord.autoSync", "false")
    until(lambda: has_ended(started(one)))
    assert hub.refs() == {}
    assert last(one).failures == 0


def test_an_error_of_ours_is_told_like_one_of_the_remote(
    one: Repo, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise KeyError("x")

    monkeypatch.setattr("git_muse_coord.coordinator.sync.if_idle", fail)
    exchange_unattended(session_in(one))
    assert "internal error: KeyError: 'x'" in one.json("status")["sync_trouble"]


def test_a_clone_without_a_remote_has_nothing_to_agree_to(repo: Repo) -> None:
    assert "no remote is configured" in repo.muse("install", "--sync").err


def test_a_caller_who_sets_the_clock_starts_nothing(one: Repo) -> None:
    library = one.coordinator(clock=lambda: datetime.now(UTC))
    library.reserve(["a.py"])
    begin_if_due(library)
    assert started(one) is None
    assert sync_trouble(library) is None


def test_a_library_starts_one_and_leaves_no_zombie(hub: Hub, one: Repo) -> None:
    one.coordinator().reserve(["a.py"])
    until(hub.refs)
    process = started(one)
    assert process is not None
    until(lambda: not process.is_there)


def test_bad_settings_start_nothing_and_say_nothing_here(one: Repo) -> None:
    one.git("config", "muse-coord.syncEvery", "soon")
    assert one.muse("list").code == 0
    assert started(one) is None
    assert json.loads(one.muse("reserve", "a.py", "--json").out)["reservation_id"]


@pytest.mark.parametrize("is_linked", [False, True])
def test_a_commit_where_nothing_is_reserved_yet_begins_one_too(
    clones: tuple[Repo, Repo], is_linked: bool
) -> None:
    one, two = clones
    two.reserve("a.py")
    two.json("sync")
    agree(one).muse("install", "--hooks")
    place = one
    if is_linked:
        one.git("worktree", "add", "-qb", "three", "../three ü")
        place = Repo(one.path.parent / "three ü")
    place.git("commit", "-q", "--no-verify", "--allow-empty", "-m", "x")
    until(lambda: one.refs())
    one.muse("uninstall", "--sync")
    assert not (one.git_dir / "muse-coord/background").exists()
