"""A line is read by click or without it: nobody can tell which it was."""

from __future__ import annotations

import contextlib
import io
import re
import shutil
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from git_muse_coord import boundary
from git_muse_coord.commands.app import App
from git_muse_coord.commands.options import Verb
from git_muse_coord.commands.plain_line import read_plain_line
from tests.cli.lines import random_line
from tests.tools import Ran, Repo, program, tries

LINES = tries(1_000, thorough=2_000)
SLOW = {boundary.SLOW_WAY: "1"}
DURATION = re.compile(r'"duration_ms":\d+')
ODD = re.compile(r"-[^-].|--[a-z-]+=-.")
"""Letters that are written together, and what looks like an option behind a sign of equality."""
CHANGING = (
    (re.compile(r'"(duration_ms|seconds_left)":[0-9.]+'), "NUMBER"),
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?"), "TIME"),
    # of findings, which tell minutes: the next one may begin in between
    (re.compile(r"\b\d\d:\d\d\b"), "TIME"),
    # Ids, their beginnings, nonces, and the end of a run id that is derived.
    (re.compile(r"(?<![0-9a-f])[0-9a-f]{12,64}(?![0-9a-f])|(?<=-)[0-9a-f]{6}\b"), "ID"),
    (re.compile(r"\b\d+ (s|min|h)\b *"), "SPAN"),
)
"""What differs between any two runs."""

RUNS = """
    status
    whoami --json
    reserve a.py
    reserve a.py::f --run-id ann --op modify --reason why
    reserve a.py::f --run-id bob --json
    reserve --run-id=bob --strict a.py::f
    reserve src/ b.py --run-id eve --ttl 3600 -q
    -C src reserve ./inner.py --run-id ann
    reserve --depends-on {0} b.py::g --run-id eve --json
    reserve --depends-on nothing b.py
    reserve --depends-on 0123456789 b.py
    reserve --op no b.py
    reserve --ttl x b.py
    reserve --ttl 0 b.py
    reserve
    reserve nowhere.py::h --run-id ann
    reserve --from-diff --run-id ann --dry-run
    reserve --stdin --run-id ann --json
    reserve -- -odd.py
    reserve ../outside.py
    list
    list --all --json
    list --mine --run-id ann
    list --address src/
    list --conflicts --format json
    list --color always
    list --color never -jq
    -C nowhere list
    --json list --branch main
    list extra
    lits
    show {0}
    show {0} --json
    show 0
    heartbeat --all --run-id ann
    heartbeat {1} --run-id ann --extension 7200 --json
    heartbeat 0123456789
    check
    check --json --run-id cat
    check --format sarif --run-id cat
    check --strict --run-id cat
    check --range nowhere..HEAD
    intent a.py::f --op modify --run-id ann --detail how
    intent a.py::f
    take {2} --reason dead --run-id cat
    take {2}
    dag
    dag --format dot
    dag --for {0} -j
    symbols a.py
    symbols --changed
    symbols --json --changed HEAD
    forecast --run-id ann --min-confidence 0.5
    forecast --min-confidence many
    release {0} --run-id cat
    release {0} --run-id ann --outcome abandoned
    release {0} --run-id ann
    release --all --run-id eve --json
    gc --json
    fsck -v
    hook pre-commit --run-id cat
    hook no-such
    pause --for 1h
    pause --off
    sync
    plan-merge HEAD
    doctor --json extra
    -q
    --version
    list -h
"""


class Reading:
    """Reads lines as far as the verb would begin, and keeps what it would be given."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.given: object = None
        reading = self

        def run(verb: Verb, app: App, options: dict[str, Any]) -> int:
            told = (app.path, app.json, app.format, app.colour, app.quiet, app.verbose)
            reading.given = (verb.name, app.command, told, sorted(options.items()))
            return 0

        monkeypatch.setattr(Verb, "run", run)

    def read(self, words: list[str], environment: dict[str, str]) -> tuple[str, Ran]:
        self.given = None
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = boundary.run(words, App(environment))
        said = DURATION.sub("", out.getvalue())
        return repr(self.given), Ran(code, said, err.getvalue())


@pytest.mark.slow
def test_both_ways_read_the_same_or_complain_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    reading = Reading(monkeypatch)
    random = Random(13)
    kinds: Counter[str] = Counter()
    for _ in range(LINES):
        words = random_line(random)
        quick = reading.read(words, {})
        assert quick == reading.read(words, SLOW), words
        is_plain = read_plain_line(App({}), words) is not None
        kinds["plain" if is_plain else f"odd, exit code {quick[1].code}"] += 1
        is_right = quick[0] != "None"
        assert is_plain == is_right or any(map(ODD.match, words)), words
    # Were all lines of one kind, nothing would have been compared.
    assert kinds["plain"] > LINES // 4, kinds
    assert kinds["odd, exit code 0"] > LINES // 50, kinds
    assert kinds["odd, exit code 1"] > LINES // 4, kinds


@pytest.mark.slow
def test_both_ways_do_the_same_in_a_repository(tmp_path: Path) -> None:
    template = made_repository(tmp_path / "template")
    quick = Place(tmp_path / "quick" / "clone", template, {})
    slow = Place(tmp_path / "slow" / "clone", template, SLOW)
    for text in RUNS.strip().splitlines():
        assert quick.run(text) == slow.run(text), text
    assert quick.records() == slow.records()
    # Were nothing written, nothing would have been compared.
    assert len(quick.records()) > 15


class Place:
    """A copy of a repository, in which lines are read in one of the two ways."""

    def __init__(self, path: Path, template: Path, environment: dict[str, str]) -> None:
        shutil.copytree(template, path)
        self._path = path
        self._environment = environment
        self._ids: list[str] = []

    def run(self, text: str) -> Ran:
        words = [word.format(*self._ids) for word in text.split()]
        ran = program(*words, cwd=self._path, given=b"b.py\n", **self._environment)
        reserved = re.search(r"Reservation ID: (sha256:\w+)", ran.out)
        if reserved:
            self._ids.append(reserved[1])
        return Ran(ran.code, self._masked(ran.out), self._masked(ran.err))

    def records(self) -> list[str]:
        repo = Repo(self._path)
        texts = []
        for ref in repo.git("for-each-ref", "--format=%(refname)", "refs/muse").splitlines():
            texts.append(self._masked(f"{ref} {repo.git('cat-file', 'blob', ref)}"))
        return sorted(texts)

    def _masked(self, text: str) -> str:
        text = text.replace(str(self._path), "PLACE")
        for pattern, word in CHANGING:
            text = pattern.sub(word, text)
        return text


def made_repository(path: Path) -> Path:
    """A repository with some files, of which one is changed and staged."""
    repo = Repo.make(path)
    repo.write("a.py", "def f():\n    return 1\n")
    repo.write("b.py", "def g():\n    return 2\n")
    repo.write("src/inner.py", "X = 1\n")
    repo.commit("x")
    repo.write("a.py", "def f():\n    return 3\n")
    repo.git("add", "a.py")
    return path
