"""Who runs where no caller says it: by the settings, else by what is derived for the worktree."""

from __future__ import annotations

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.identity import (
    CLONE,
    COMMAND,
    DERIVED,
    NONE,
    USER,
    WORKTREE,
    Identity,
)
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import UNKNOWN
from git_muse_coord.model.text_types import RunId
from git_muse_coord.store.derived_identity import DerivedIdentity

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from git_muse_coord.store.git.ancestors import Ancestor
    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.store.settings import Settings

_SOURCES = {
    "worktree": WORKTREE,
    "command": COMMAND,
    "local": CLONE,
}
"""What a run id is meant for, by the scope that git tells; any other is meant for all clones of a user."""


class OwnIdentity:
    """The identity of one worktree, for all who run in it and say nothing."""

    def __init__(self, repository: Repository, settings: Callable[[], Settings]) -> None:
        self._repository = repository
        # Asked for each time: in a process that stays they change.
        self._settings = settings
        self._derived = DerivedIdentity(repository, settings().user_name)

    def now(self) -> Identity:
        """The identity by the settings of this moment. Raises BadInput.

        A name that is set for several worktrees is that of the main worktree of its clone;
        elsewhere what is derived is added, so that it never makes two agents one.
        """
        settings = self._settings()
        name = settings.run_id
        derives = settings.derives_identity
        if name is None and derives:
            return Identity(self._derived.run_id, DERIVED)
        if name is None:
            return Identity(UNKNOWN, NONE)
        source = _SOURCES.get(settings.run_id_scope(), USER)
        is_linked = self._repository.git_dir != self._repository.common_dir
        is_for_several = source == USER or (source == CLONE and is_linked)
        if name == UNKNOWN or not derives or not is_for_several:
            return Identity(RunId(name), source)
        from git_muse_coord.rules.identity import named_apart

        own_name = named_apart(name, self._derived.run_id)
        return Identity(own_name, source)

    def speaks_for(self, run_id: RunId) -> bool:
        """Whether a run id is that of whoever says nothing in this worktree; nobody's is not."""
        try:
            identity = self.now()
        except BadInput:  # of who says who he is, settings that cannot be read are no affair
            return False
        return run_id != UNKNOWN and run_id == identity.run_id

    def to_write(self) -> RunId:
        """The run id for a record that is about to be written: what is derived for it is kept first.

        Raises BadInput and StoreFailed.
        """
        identity = self.now()
        if identity.run_id == UNKNOWN:
            return UNKNOWN
        if self._holds_derived(identity):
            self._derived.keep()
            # Another process may have been the first to keep one.
            identity = self.now()
        # Who only reads is nobody's rival, so only those who write are noted.
        from git_muse_coord.store.claimants import Claimants

        Claimants(self._repository, identity.run_id).note()
        return identity.run_id

    def is_lasting(self, identity: Identity) -> bool:
        """Whether an identity is there to stay; what is derived and not kept is another one in each process."""
        is_own = not identity.is_said and self._holds_derived(identity)
        return not is_own or self._derived.kept() is not None

    def sharers(self, identity: Identity) -> list[Ancestor]:
        """The processes at work under an identity that does not tell them apart, where they are several."""
        # A name that a caller says is his own affair.
        if identity.is_said or identity.run_id == UNKNOWN:
            return []
        from git_muse_coord.store.claimants import Claimants

        claimants = Claimants(self._repository, identity.run_id)
        at_once = claimants.at_once()
        if len(at_once) < 2:
            return []
        return at_once

    def _holds_derived(self, identity: Identity) -> bool:
        return identity.run_id not in (UNKNOWN, self._settings().run_id)


GIVE_EACH_ONE = "if these are two agents, give each a MUSE_RUN_ID of its own"
"""What to do about a run id that several processes share."""


def sharing_sentence(processes: Sequence[Ancestor]) -> str:
    """What is to be said of processes that share a run id."""
    names = ", ".join(f"{process.name} ({process.pid})" for process in processes)
    return f"{len(processes)} processes in this worktree have written under one run id: {names}"


def sharing_warnings(processes: Sequence[Ancestor]) -> list[str]:
    """The warning about them, where there are any."""
    if not processes:
        return []
    return [f"{sharing_sentence(processes)}; {GIVE_EACH_ONE}"]
