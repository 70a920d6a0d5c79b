"""Use case: silence all hooks of a clone for a while, and let them speak again."""

from __future__ import annotations

from git_muse_coord.model.codec import format_time
from git_muse_coord.model.errors import BadInput, NotThere
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.model.results import Result
from git_muse_coord.rules.setting_names import SECTION
from git_muse_coord.rules.spans import read_span
from git_muse_coord.store.settings import FOREVER, NO_END

if TYPE_CHECKING:
    from datetime import datetime

    from git_muse_coord.coordinator.session import Session

_KEY = f"{SECTION}.pausedUntil"


class PauseResult(Result):
    """Whether the hooks of this clone are silent now; ``until`` is null where that ends only by hand."""

    paused: bool
    until: datetime | None


def pause_hooks(
    session: Session,
    *,
    for_: str | None = None,
    off: bool = False,
) -> PauseResult:
    """Silence the hooks of this clone, of git and of agents' programs: for a span such as ``1h``, or until ``off``.

    Raises BadInput; NotThere where ``off`` finds nothing paused.
    """
    if off and for_ is not None:
        raise BadInput("--off ends a pause now, so it takes no --for")
    git = session.repository.git
    if off:
        # Whatever is written there goes, a time that is over and a word that is none, too.
        if git.ask("config", "--local", "--unset-all", _KEY).code:
            raise NotThere("the hooks of this clone are not paused")
        return PauseResult(paused=False, until=None)
    until = None if for_ is None else session.now() + timedelta(seconds=read_span(for_))
    git.run("config", "--local", _KEY, FOREVER if until is None else format_time(until))
    return PauseResult(paused=True, until=until)


def pause_now(session: Session) -> tuple[bool, datetime | None]:
    """Whether the hooks are silent now, and until when; None where only a person ends it. Raises BadInput."""
    until = session.settings.paused_until
    if until is None or until <= session.now():
        return False, None
    return True, None if until == NO_END else until
