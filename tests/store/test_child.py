"""Programs that are started without ``subprocess`` behave as those that it starts."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from git_muse_coord.stopping import stop_with_children
from git_muse_coord.store.git.child import SpawnedChild, start_child
from git_muse_coord.store.git.popen import PopenChild

Child = SpawnedChild | PopenChild
Start = Callable[..., Child]

MANY = b"0123456789abcdef" * 40_000
"""More than several pipes hold."""


@pytest.fixture(params=["spawned", "by subprocess"])
def start(request: pytest.FixtureRequest) -> Start:
    kind = SpawnedChild if request.param == "spawned" else PopenChild

    def started(script: str, new_session: bool = False) -> Child:
        return kind([sys.executable, "-c", script], os.environ, new_session)

    return started


def descriptors() -> set[str]:
    return set(os.listdir("/dev/fd"))


def test_both_streams_and_the_exit_code_come_back(start: Start) -> None:
    told = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(7)"
    assert start(told).communicate() == (7, b"out\n", b"err\n")


def test_more_than_the_pipes_hold_goes_both_ways_at_once(start: Start) -> None:
    echo = (
        "import sys\n"
        "while piece := sys.stdin.buffer.read(50_000):\n"
        "    sys.stdout.buffer.write(piece); sys.stderr.buffer.write(piece)"
    )
    before = descriptors()
    assert start(echo).communicate(MANY) == (0, MANY, MANY)
    assert descriptors() == before


def test_a_program_that_does_not_read_its_stdin_is_no_failure(start: Start) -> None:
    assert start("print('enough')").communicate(MANY) == (0, b"enough\n", b"")


@pytest.mark.parametrize("kind", [SpawnedChild, PopenChild])
def test_signals_that_python_ignores_are_not_ignored_by_what_it_starts(kind: Start) -> None:
    code, out, _ = kind(
        ["sh", "-c", "kill -PIPE $$; echo ignored"], os.environ, False
    ).communicate()
    assert (code, out) == (-13, b"")


def test_time_that_is_up_is_told_and_one_may_go_on_waiting(start: Start) -> None:
    child = start("import time; print('early', flush=True); time.sleep(0.6); print('late')")
    with pytest.raises(TimeoutError):
        child.communicate(seconds=0.2)
    assert child.communicate() == (0, b"early\nlate\n", b"")


def test_a_program_that_closed_its_streams_is_still_waited_for_in_time(start: Start) -> None:
    child = start("import os, time; os.close(1); os.close(2); time.sleep(0.6); os._exit(5)")
    with pytest.raises(TimeoutError):
        child.communicate(seconds=0.2)
    assert child.communicate()[0] == 5


def test_what_it_started_is_stopped_with_its_session(start: Start) -> None:
    script = "import subprocess, time; subprocess.Popen(['sleep', '60']); time.sleep(60)"
    child = start(script, new_session=True)
    assert os.getsid(child.pid) == child.pid
    with pytest.raises(TimeoutError):
        child.communicate(seconds=0.5)
    stop_with_children(child.pid)
    assert child.communicate() == (-9, b"", b"")


def test_without_a_session_of_its_own_it_stays_in_ours(start: Start) -> None:
    child = start("import time; time.sleep(60)")
    assert os.getpgid(child.pid) == os.getpgid(0)
    child.abandon()
    with pytest.raises(ProcessLookupError):
        os.kill(child.pid, 0)


def test_who_is_forgotten_leaves_neither_zombie_nor_pipe() -> None:
    before = descriptors()
    child = SpawnedChild(["sleep", "60"], os.environ, False)
    pid = child.pid
    del child
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert descriptors() == before


def test_one_that_ended_is_never_asked_to_end_again() -> None:
    child = SpawnedChild(["true"], os.environ, False)
    child.communicate()
    child.terminate()  # its number may be that of another program by now
    assert child.communicate()[0] == 0


@pytest.mark.parametrize("kind", [SpawnedChild, PopenChild])
def test_a_program_that_is_not_there_leaves_nothing(kind: Start) -> None:
    before = descriptors()
    with pytest.raises(FileNotFoundError):
        kind(["muse-no-such-program"], os.environ, False)
    assert descriptors() == before


def test_no_descriptor_of_ours_goes_on(tmp_path: Path) -> None:
    with open(tmp_path / "ours", "w") as file:
        script = f"test ! -e /dev/fd/{file.fileno()}"
        assert SpawnedChild(["sh", "-c", script], os.environ, False).communicate()[0] == 0


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", "<&- 2>&-"])
def test_we_need_no_streams_ourselves(tmp_path: Path, closed: str) -> None:
    script = (
        "import os; from git_muse_coord.store.git.child import start_child\n"
        "answer = start_child(['sh', '-c', 'cat; echo err >&2; exit 3'], os.environ).communicate(b'in')\n"
        f"open({str(tmp_path / 'said')!r}, 'w').write(repr(answer))"
    )
    subprocess.run(
        ["sh", "-c", f'"$0" -c "$1" {closed}', sys.executable, script], check=True, timeout=60
    )
    assert (tmp_path / "said").read_text() == repr((3, b"in", b"err\n"))


def test_where_a_session_cannot_be_had_subprocess_gives_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def lacking(*_: object, setsid: bool, **__: object) -> int:
        assert setsid
        raise NotImplementedError

    monkeypatch.setattr(os, "posix_spawnp", lacking)
    before = descriptors()
    child = start_child(["sleep", "60"], os.environ, new_session=True)
    assert isinstance(child, PopenChild)
    assert os.getsid(child.pid) == child.pid
    child.abandon()
    assert descriptors() == before


def test_one_that_ends_at_once_is_not_waited_for_long() -> None:
    child = SpawnedChild(["true"], os.environ, False)
    time.sleep(0.2)
    assert child.communicate(seconds=0.0)[0] == 0
