"""Other programs that keep agents apart, as a user has them: how each is installed, filled, and asked."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

HOME = Path(__file__).resolve().parents[1] / ".peers"
"""Where they are installed: each in an environment of its own, with nothing else in it; git ignores it."""

ASKED = "src/part03/module5.py"


@dataclass
class Peer:
    """One program. In its texts ``{place}`` is the repository and ``{new}`` a file that nobody holds.

    ``fill`` is Python for its own environment, with ``count`` and ``place`` set, that makes so many
    claims by 40 holders. ``given`` is what a claim reads on stdin. A question without a command is
    one that it cannot be asked.
    """

    name: str
    fill: str
    claim: Sequence[str]
    ask_all: Sequence[str]
    ask_one: Sequence[str] = ()
    given: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)
    begin: Sequence[Sequence[str]] = ()
    least_python: tuple[int, int] = (3, 9)
    version: str = ""
    python: str = ""

    def install(self) -> str | None:
        """Install it, or find it installed; the reason where that cannot be."""
        interpreter = _interpreter(self.least_python)
        if interpreter is None:
            wanted = ".".join(map(str, self.least_python))
            return f"wants Python {wanted}, which is not here"
        return self._install_by(interpreter, self.name)

    def _install_by(self, interpreter: str, requirement: str) -> str | None:
        if not self.programs.exists():
            subprocess.run([interpreter, "-m", "venv", str(HOME / self.name)], check=True)
            pip = [str(self.programs / "python"), "-m", "pip", "install", "-q", "--compile"]
            if subprocess.run([*pip, requirement], capture_output=True).returncode:
                shutil.rmtree(HOME / self.name)
                return "could not be installed"
        asked = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]), *sys.version_info[:3])"
        told = self.run_python(asked, self.name)
        self.version, *numbers = told.split()
        self.python = ".".join(numbers)
        return None

    @property
    def programs(self) -> Path:
        """Where its programs are."""
        return HOME / self.name / "bin"

    def run_python(
        self,
        code: str,
        *arguments: str,
        where: Path | None = None,
    ) -> str:
        """Run something in its environment, and return what it printed. Raises CalledProcessError."""
        line = [str(self.programs / "python"), "-c", code, *arguments]
        ran = subprocess.run(
            line, cwd=where, env=self.environment(where), capture_output=True, check=True
        )
        return ran.stdout.decode()

    def environment(self, place: Path | None) -> dict[str, str]:
        """Its variables in a repository."""
        variables = dict(os.environ)
        for name, value in self.variables.items():
            variables[name] = value.format(place=place, new="")
        return variables

    def prepare(self, place: Path, count: int) -> None:
        """Fill it in a repository. Raises CalledProcessError."""
        for line in self.begin:
            self.run(line, place)
        code = f"import sys\ncount, place = int(sys.argv[1]), sys.argv[2]\n{self.fill}"
        self.run_python(code, str(count), str(place), where=place)

    def run(self, line: Sequence[str], place: Path) -> None:
        """Run one of its commands. Raises CalledProcessError."""
        program = str(self.programs / line[0])
        subprocess.run(
            [program, *line[1:]],
            cwd=place,
            env=self.environment(place),
            stdout=subprocess.DEVNULL,
            check=True,
        )


class Ours(Peer):
    """This program, as a user has it: a wheel in an environment of its own."""

    def install(self) -> str | None:
        """Build the wheel of this tree and install it anew."""
        shutil.rmtree(HOME / self.name, ignore_errors=True)
        wheels = HOME / "wheels"
        shutil.rmtree(wheels, ignore_errors=True)
        here = Path(__file__).resolve().parents[1]
        build = [
            sys.executable,
            "-m",
            "pip",
            "wheel",
            "-q",
            "--no-deps",
            "-w",
            str(wheels),
            str(here),
        ]
        subprocess.run(build, check=True)
        (wheel,) = wheels.glob("*.whl")
        return self._install_by(sys.executable, str(wheel))


def _interpreter(least: tuple[int, int]) -> str | None:
    """The Python that runs this, or, where that is too old, the oldest one here that will do."""
    if sys.version_info >= least:
        return sys.executable
    place = Path(sysconfig.get_config_var("prefix")).parent
    for minor in range(least[1], least[1] + 4):
        beside = sorted(place.glob(f"3.{minor}.*/bin/python3"))
        for program in (*map(str, beside), f"python3.{minor}"):
            # What pyenv puts on the path may only say that there is none.
            if (
                shutil.which(program)
                and not subprocess.run([program, "-c", ""], capture_output=True).returncode
            ):
                return program
    return None


_SQLITE = """
import sqlite3, datetime
now = datetime.datetime.now(datetime.timezone.utc)
rows = [(f"{place}/src/part{n % 20:02}/held{n}.py", f"run-{n % 40}") for n in range(count)]
database = sqlite3.connect(PATH)
with database:
    database.executemany(INSERT, [(*row, *REST) for row in rows])
"""


def _by_sqlite(
    path: str,
    insert: str,
    rest: str,
) -> str:
    """Rows by the hand of SQLite: to claim so many one by one takes some of them hours."""
    text = _SQLITE.replace("PATH", path).replace("INSERT", repr(insert))
    return text.replace("REST", rest)


OURS = Ours(
    name="git-muse-coord",
    fill="",
    claim=("git-muse-coord", "reserve", "{new}", "--run-id", "bench"),
    ask_all=("git-muse-coord", "list"),
    ask_one=("git-muse-coord", "list", "--address", ASKED),
)

PEERS = (
    Peer(
        name="agent-file-claim",
        fill="""
from agent_file_claim.claims import FileClaims
files = FileClaims(f"{place}/.claims")
held = {}
for n in range(count):
    held.setdefault(f"run-{n % 40}", []).append(f"{place}/src/part{n % 20:02}/held{n}.py")
for session, paths in held.items():
    files.write(session, paths, place)
""",
        claim=("agent-file-claim", "--dir", "{place}/.claims", "hook"),
        ask_all=("agent-file-claim", "--dir", "{place}/.claims", "list"),
        given='{{"session_id": "bench", "cwd": "{place}", "hook_event_name": "PreToolUse", "tool_name": "Write", '
        '"tool_input": {{"file_path": "{place}/{new}"}}}}',
    ),
    Peer(
        name="claude-agent-sync",
        begin=[("agent-sync", "init"), ("agent-sync", "register", "--name", "bench")],
        fill=_by_sqlite(
            "f'{place}/.claude/coordination/state.sqlite'",
            "INSERT INTO locks(file_path, owner_agent_id, created_at, expires_at) VALUES (?, ?, ?, ?)",
            "(now.isoformat(), (now + datetime.timedelta(days=1)).isoformat())",
        ).replace('f"{place}/src', 'f"src'),
        claim=("agent-sync", "lock", "{new}"),
        ask_all=("agent-sync", "locks"),
        variables={"AGENT_SYNC_ROOT": "{place}", "AGENT_SYNC_ID": "bench"},
    ),
    Peer(
        name="puenteo",
        begin=[("puenteo", "claims")],
        fill=_by_sqlite(
            "f'{place}/.bus/bus.db'",
            "INSERT INTO claims(resource, holder, note, created, expires) VALUES (?, ?, '', ?, ?)",
            "(now.timestamp(), now.timestamp() + 86400)",
        ),
        claim=("puenteo", "claim", "./{new}"),
        ask_all=("puenteo", "claims"),
        ask_one=("puenteo", "claims", "--check", f"./{ASKED}"),
        variables={
            "PUENTEO_BUS": "{place}/.bus/bus.db",
            "PUENTEO_AS": "bench",
            "PUENTEO_HOME": "{place}/.bus",
        },
    ),
    Peer(
        name="agent-lease-mcp",
        begin=[("agent-lease", "claim", "README")],
        fill=_by_sqlite(
            "f'{place}/.room/room.db'",
            "INSERT INTO claims(path, agent, claimed_at, expires_at) VALUES (?, ?, ?, ?)",
            "(now.timestamp(), now.timestamp() + 86400)",
        ),
        claim=("agent-lease", "claim", "{new}"),
        ask_all=("agent-lease", "room"),
        ask_one=("agent-lease", "owner", ASKED),
        variables={"AGENT_LEASE_DB": "{place}/.room/room.db", "AGENT_NAME": "bench"},
        least_python=(3, 11),
    ),
    Peer(
        name="laneguard",
        fill="""
import json
rows = [{"owner": f"run-{n % 40}", "path": f"src/part{n % 20:02}/held{n}.py", "since": "2026-11-01T00:00:00Z"}
        for n in range(count)]
rows.sort(key=lambda row: (row["owner"], row["path"]))
with open(f"{place}/ledger.json", "w") as file:
    json.dump({"kind": "claims", "version": 1, "claims": rows}, file)
""",
        claim=("laneguard", "claim", "{new}"),
        ask_all=("laneguard", "claims"),
        variables={"LANEGUARD_LEDGER": "{place}/ledger.json", "LANEGUARD_OWNER": "bench"},
        least_python=(3, 12),
    ),
)
