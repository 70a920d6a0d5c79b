"""One agent alone, cleared, resumed, compacted and killed again and again: nothing ever stops it."""

from __future__ import annotations

import random
import subprocess

from git_muse_coord.model.agents import Decision
from git_muse_coord.store.git.processes import birth
from tests.agents.playing import Clock, Player, a_place, held
from tests.tools import Repo, tries

EDITS = tries(75, thorough=150)


def test_none_of_many_edits_of_one_agent_alone_is_denied(
    repo: Repo, clock: Clock, daemons: list[subprocess.Popen[bytes]]
) -> None:
    a_place(repo, "agentMode=block")
    choice = random.Random(12)
    player = _begin(repo, clock, daemons)
    sub: Player | None = None
    happened: set[str] = set()
    for step in range(EDITS):
        clock.pass_by(seconds=choice.choice((5, 40, 300, 1500)))
        what = choice.choices(
            ("edit", "clear", "resume", "crash", "commit", "sub-agent"), (75, 5, 5, 4, 3, 8)
        )[0]
        happened.add(what)
        if what == "clear":
            player.end()
        if what == "crash":  # nobody says that it ended
            daemons[-1].kill()
            daemons[-1].wait()
        if what in ("clear", "crash"):
            player, sub = _begin(repo, clock, daemons), None
        elif what == "resume":
            player.start()
        elif what == "commit":
            player.shell(lambda: repo.commit("Work"))
        elif what == "sub-agent" and sub is not None:
            sub.end()
            sub = None
        elif what == "sub-agent":
            sub = player.sub(f"a{step}")
            sub.start()
        path = choice.choice(("src/a.py", "src/b.py", "src/c.py"))
        head = f"def {choice.choice('fgh')}(x):\n"
        answer = (sub or player).edit(path, head, f"{head}    y = {step}\n")
        assert answer.decision is Decision.INFORM, (step, what, answer.text)
    assert len(happened) == 6
    assert held(repo)


def _begin(repo: Repo, clock: Clock, daemons: list[subprocess.Popen[bytes]]) -> Player:
    """A session in a program of its own."""
    program = subprocess.Popen(["sleep", "3600"])
    daemons.append(program)
    name = f"{program.pid} {birth(program.pid)}"
    player = Player(repo.path, f"session-{len(daemons)}", clock, process=lambda: name)
    player.start()
    return player
