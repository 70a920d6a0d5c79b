"""Tools of the tests: a repository to work in, and the program run in it as a user would."""

from __future__ import annotations

import contextlib
import io
import json
import os
import secrets
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from git_muse_coord import boundary
from git_muse_coord.coordinator import Coordinator
from git_muse_coord.model import codec, records
from git_muse_coord.model.records import Record, Reservation

NOON = datetime(2026, 3, 18, 12, tzinfo=UTC)
"""A moment for tests that fix the clock."""


FAR: dict[str, Any] = {"created_at": NOON.replace(year=2190), "expires_at": NOON.replace(year=2191)}
"""The times of a reservation that is active, whenever the tests run."""


def tries(usual: int, thorough: int) -> int:
    """How often a test tries at random: ``THOROUGH=1`` asks for more."""
    return thorough if os.environ.get("THOROUGH") else usual


def a_reservation(*addresses: str, **changes: Any) -> Reservation:
    """A reservation by ``a``, from noon until an hour later."""
    facts: dict[str, Any] = {
        "run_id": "a",
        "nonce": secrets.token_hex(16),
        "branch": "main",
        "commit": None,
        "addresses": tuple(sorted(addresses)),
        "operation": "modify",
        "reason": None,
        "depends_on": (),
        "created_at": NOON,
        "expires_at": NOON + timedelta(hours=1),
    }
    return Reservation(**{**facts, **changes})


@dataclass(frozen=True)
class Ran:
    """What a run of the program did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        lines = self.out.splitlines()
        assert len(lines) == 1, self.out
        value: dict[str, Any] = json.loads(lines[0])
        return value


def git_in(path: Path, *arguments: str, given: bytes = b"", check: bool = True) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=path, input=given, capture_output=True, check=False
    )
    assert not check or done.returncode == 0, (arguments, done.stderr)
    return done.stdout.decode("utf-8", "surrogateescape").rstrip("\n")


def program(*arguments: str, cwd: Path, given: bytes = b"", **environment: str) -> Ran:
    """Run the program as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "git_muse_coord", *arguments],
        cwd=cwd,
        input=given,
        capture_output=True,
        env={**os.environ, **environment},
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


@dataclass(frozen=True)
class Repo:
    """A repository and the program in it."""

    path: Path

    @classmethod
    def make(cls, path: Path, *init_options: str) -> Repo:
        """A new repository without a commit."""
        path.mkdir(parents=True)
        git_in(path, "init", "-q", *init_options)
        return cls(path)

    @property
    def git_dir(self) -> Path:
        return Path(self.git("rev-parse", "--absolute-git-dir"))

    def git(self, *arguments: str, given: bytes = b"", check: bool = True) -> str:
        return git_in(self.path, *arguments, given=given, check=check)

    def write(self, name: str, content: str) -> None:
        target = self.path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content)

    def commit(self, message: str) -> str:
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD")

    def muse(self, *arguments: str) -> Ran:
        """Run the program in this process, which is fast; ``program`` runs a real one."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = boundary.run(["-C", str(self.path), *arguments])
        return Ran(code, out.getvalue(), err.getvalue())

    def json(self, *arguments: str, code: int = 0) -> dict[str, Any]:
        ran = self.muse(*arguments, "--json")
        assert ran.code == code, (ran.out, ran.err)
        return ran.json

    def reserve(self, *arguments: str) -> str:
        """Reserve and return the id."""
        reserved: str = self.json("reserve", *arguments)["reservation_id"]
        return reserved

    def coordinator(self, **options: Any) -> Coordinator:
        return Coordinator(str(self.path), **options)

    def held(self, *options: str) -> list[str]:
        """The ids that ``list`` shows."""
        return [one["reservation_id"] for one in self.json("list", *options)["reservations"]]

    def bad(self) -> dict[str, str]:
        """What ``fsck`` finds: the reason for each bad ref."""
        ran = self.muse("fsck", "--json")
        found = {one["ref"]: one["reason"] for one in ran.json["bad"]}
        assert ran.code == (1 if found else 0)
        return found

    def sound(self) -> None:
        """Git itself finds nothing wrong, and neither do we."""
        for command in (
            ["fsck", "--strict"],
            ["gc", "-q"],
            ["log", "--all", "--oneline"],
            ["pack-refs", "--all"],
        ):
            self.git(*command)
        assert self.bad() == {}

    def loose(self, oid: str) -> Path:
        """The file of an object that is not packed."""
        return self.git_dir / "objects" / oid[:2] / oid[2:]

    def refs(self, prefix: str = "refs/muse/") -> dict[str, str]:
        rows = self.git("for-each-ref", "--format=%(refname) %(objectname)", prefix).splitlines()
        return dict(row.split(" ") for row in rows)

    def plant(self, ref: str, blob: bytes) -> str:
        """Put a blob under a ref with git alone, as a foreign clone could."""
        oid = self.git("hash-object", "-w", "--stdin", given=blob)
        self.git("update-ref", ref, oid)
        return oid

    def plant_record(self, record: Record) -> str:
        """Put a sound record under its ref with git alone, and return its id."""
        blob = records.encode(record)
        content_id = codec.content_id(blob)
        self.plant(records.ref_name(record, content_id), blob)
        return content_id
