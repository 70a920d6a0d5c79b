"""Use case: what an agent without hooks should know when it begins."""

from __future__ import annotations

from git_muse_coord.coordinator.agents.briefing import briefing
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.results import Result
from git_muse_coord.model.text_types import RunId

_LOOP = """\
How to work here, step by step:

1. Before you edit, say what you will touch and why, new symbols too by the name they will have, in single quotes:
     git muse-coord reserve --reason 'round per line' 'src/billing.py::Invoice.total' 'src/billing.py::<imports>'
   What has a name in a file: git muse-coord symbols src/billing.py
   With --strict nothing is reserved where another is: exit code 2. Exit code 5, no answer from the remote: add --local.
2. Where another holds it, do other work first, or wait:
     git muse-coord reserve 'src/billing.py::Invoice.total' --wait=300   in line, at most 300 s; then exit code 4
     git muse-coord reserve 'src/billing.py::Invoice.total' --depends-on ID   says that you wait, and goes on
     git muse-coord tell ID 'Are you done?'   tells its holder; git muse-coord inbox reads what others tell you
     git muse-coord status          says what you hold, who is in your way, and who waits for you
3. While you work, what you hold lives for an hour, and longer with each of your own commands and commits. Else:
     git muse-coord heartbeat --all
   Exit code 4: you hold nothing any more; reserve again.
4. Before you commit, see whether it meets what others hold:
     git muse-coord check
5. When the work is merged or given up:
     git muse-coord release --all

Exit codes: 0 done, conflicts are warnings; 1 bad input; 2 stopped by a conflict; 4 not there; 5 the remote failed.
Each verb takes --json, and -h for help. Nothing is ever locked: a reservation warns."""


class PrimeResult(Result):
    """What is to be known: ``briefing`` of what is going on now, and ``loop``, how to work here."""

    run_id: RunId
    briefing: str
    loop: str


def prime(session: Session, *, run_id: str | None = None) -> PrimeResult:
    """Tell an agent who it is, what others hold, and how to work beside them. Raises BadInput."""
    holder = session.who_reads(run_id)
    return PrimeResult(
        run_id=holder,
        briefing=briefing(session, holder),
        loop=_LOOP,
    )
