"""What the measuring scripts share: repositories filled with records, and the time that processes take."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

from git_muse_coord.model import codec, records
from git_muse_coord.model.records import Record, Release, Reservation
from git_muse_coord.model.text_types import RunId
from git_muse_coord.symbols.extract import MAX_BYTES
from git_muse_coord.symbols.languages import detect

PROGRAM = str(Path(sys.executable).parent / "git-muse-coord")
FILES = [f"src/part{part:02}/module{module}.py" for part in range(20) for module in range(10)]
EVERYTHING = "refs/muse/*:refs/muse/*"


def seal() -> None:
    """Keep the user's settings out, let git find the tool, and let Python keep compiled files, as for its users."""
    os.environ.update(
        PATH=os.pathsep.join([str(Path(PROGRAM).parent), os.environ.get("PATH", os.defpath)]),
        GIT_CONFIG_GLOBAL=os.devnull,
        GIT_CONFIG_NOSYSTEM="1",
        GIT_AUTHOR_NAME="bench",
        GIT_AUTHOR_EMAIL="bench@example.invalid",
        GIT_COMMITTER_NAME="bench",
        GIT_COMMITTER_EMAIL="bench@example.invalid",
    )
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def git(where: Path, *arguments: str, given: bytes = b"") -> str:
    """Run git and return its stdout. Raises CalledProcessError."""
    return subprocess.run(
        ["git", *arguments], cwd=where, input=given, capture_output=True, check=True
    ).stdout.decode()


def timed(where: Path, *line: str) -> float:
    """The time that a process takes, in seconds; with MUSE_BENCH_CPU set that of the processor, for its children too.

    On a machine that is busy only the latter says something. Raises CalledProcessError.
    """
    start = time.perf_counter()
    child = subprocess.Popen(
        line,
        cwd=where,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert child.stderr is not None
    with child.stderr:
        said = child.stderr.read()
    _, status, used = os.wait4(child.pid, 0)
    took = time.perf_counter() - start
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, line, stderr=said)
    return used.ru_utime + used.ru_stime if "MUSE_BENCH_CPU" in os.environ else took


def source_files(roots: Iterable[Path]) -> Iterator[tuple[Path, Path, bytes]]:
    """Each file under some roots that the tool reads inside: its root, its path and its contents."""
    for root in roots:
        for path in sorted(root.rglob("*")):
            if path.is_file() and not path.is_symlink() and ".git" not in path.parts:
                data = path.read_bytes()
                if len(data) <= MAX_BYTES and detect(path.as_posix(), data):
                    yield root, path, data


def new_repository(path: Path, files: Iterable[str] = FILES) -> None:
    """A repository with one commit of some empty files."""
    path.mkdir()
    git(path, "init", "-q", "-b", "main")
    for name in files:
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).touch()
    git(path, "add", ".")
    git(path, "commit", "-q", "-m", "Files")


def reservations(
    count: int, *, life: timedelta = timedelta(days=1), age: timedelta = timedelta()
) -> Iterator[Record]:
    """Reservations of 40 runs in the files, made one after the other, the last of them ``age`` ago."""
    now = datetime.now(UTC) - age
    for number in range(count):
        path = FILES[number % len(FILES)]
        yield Reservation(
            run_id=RunId(f"run-{number % 40}"),
            nonce=os.urandom(16).hex(),
            branch="main",
            commit=None,
            addresses=tuple(
                sorted(f"{path}::Class{number}.method{one}" for one in range(1 + number % 3))
            ),
            operation="modify",
            reason=None,
            depends_on=(),
            created_at=now - timedelta(seconds=count - number),
            expires_at=now + life,
        )


def finished(count: int) -> Iterator[Record]:
    """Records past all graces: of four, two expired reservations and one released one with its release."""
    for number, record in enumerate(
        reservations(count - count // 4, life=timedelta(hours=1), age=timedelta(hours=9))
    ):
        assert isinstance(record, Reservation)
        yield record
        if number % 3 == 2:
            yield Release(
                run_id=record.run_id,
                nonce=os.urandom(16).hex(),
                reservation_id=codec.content_id(records.encode(record)),
                outcome="done",
                released_at=record.created_at + timedelta(minutes=10),
                expires_at=record.expires_at,
            )


def plant(where: Path, new: Iterable[Record]) -> None:
    """Put records under their refs with git alone, quickly."""
    script: list[bytes] = []
    names: list[str] = []
    for number, record in enumerate(new, 1):
        blob = records.encode(record)
        names.append(records.ref_name(record, codec.content_id(blob)))
        script.append(b"blob\nmark :%d\ndata %d\n%s\n" % (number, len(blob), blob))
    if not names:
        return
    marks = where / "marks-of-the-import"
    git(where, "fast-import", "--quiet", f"--export-marks={marks}", given=b"".join(script))
    oids = dict(line.split() for line in marks.read_text().splitlines())
    marks.unlink()
    creations = "".join(
        f"create {name} {oids[f':{number}']}\n" for number, name in enumerate(names, 1)
    )
    git(where, "update-ref", "--stdin", given=creations.encode())


def functions(number: int, modules: int, count: int) -> str:
    """A module of functions of some lines each, which call each other and one in the next of so many modules."""
    after = (number + 1) % modules
    lines = [
        f"from src.part{after % 20:02}.module{after:03} import function{after}_0 as following",
        "",
    ]
    for one in range(count):
        other = (one * 7 + 1) % count
        lines += [
            "",
            f"def function{number}_{one}(items, factor={one}):",
            f'    """Add up what item {one} makes of it."""',
            "    total = 0",
            "    for item in items:",
            "        if item > factor:",
            f"            total += function{number}_{other}([item - 1])",
            f"    return total + following([factor]) * {one}"
            if one % 3 == 0
            else "    return total",
            "",
        ]
    return "\n".join(lines)


def module_paths(count: int) -> list[str]:
    """Where such modules lie."""
    return [f"src/part{number % 20:02}/module{number:03}.py" for number in range(count)]


def stream(where: Path, commits: Iterable[str]) -> None:
    """Make commits, quickly."""
    git(where, "fast-import", "--quiet", "--force", given="".join(commits).encode())


def commit(branch: str, message: str, files: Mapping[str, str], parent: str | None = None) -> str:
    """A commit for ``stream``, after the one before it on its branch there, or after ``parent``."""
    header = f"commit refs/heads/{branch}\ncommitter bench <bench@example.invalid> 1700000000 +0000\n{_data(message)}"
    header += f"from refs/heads/{parent}\n" if parent else ""
    return header + "".join(
        f"M 100644 inline {path}\n{_data(text)}" for path, text in files.items()
    )


def _data(text: str) -> str:
    return f"data {len(text.encode())}\n{text}\n"
