"""What every use case stands on: the repository, its records, the settings, the clock, and checked input."""

from __future__ import annotations

import os

from git_muse_coord.model import codec
from git_muse_coord.model.codec import InvalidRecord
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.identity import OPTION, Identity
from git_muse_coord.model.kind import RUN_ID
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import UTC, datetime, timedelta
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.model.records import MAX_SECONDS, encode
from git_muse_coord.model.text_types import RecordId, RunId
from git_muse_coord.rules.setting_names import SECTION, TEAM_FILE
from git_muse_coord.store.git.repository import DIRECTORY, Repository

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from git_muse_coord.coordinator.own_identity import OwnIdentity
    from git_muse_coord.model.address import Address
    from git_muse_coord.model.records import Record
    from git_muse_coord.rules.team_settings import TeamSettings
    from git_muse_coord.source.addressing.resolver import AddressResolver
    from git_muse_coord.source.allowance import Allowance
    from git_muse_coord.source.merging.merge_memory import MergeMemory
    from git_muse_coord.source.sources import Sources
    from git_muse_coord.store.agent_memory.memory import AgentMemory
    from git_muse_coord.store.records.made_here import MadeHere
    from git_muse_coord.store.records.records import RecordStore
    from git_muse_coord.store.records.snapshot import Snapshot
    from git_muse_coord.store.settings import Settings
    from git_muse_coord.symbols.kinds import FileId
    from git_muse_coord.symbols.values import FileSymbols

_OUR_SECTION = f"\0{SECTION}.".encode()


def utc_now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def random_nonce() -> str:
    """32 random hex digits."""
    # Two reservations of the same second with the same words must not be one record.
    return os.urandom(16).hex()


def load_store() -> None:
    """Load what ``Session.store`` will need, while there is something to wait for."""
    from git_muse_coord.store.git import objects, refs  # noqa: F401
    from git_muse_coord.store.records import cache, records  # noqa: F401


class _SettingsRead(NamedTuple):
    """Settings, and what they were read from."""

    configuration: bytes
    stamp: tuple[int, ...] | None
    settings: Settings

    def is_of(self, configuration: bytes, stamp: tuple[int, ...] | None) -> bool:
        """Whether they were read from this configuration, the very object, and a team's file of this stamp."""
        return self.configuration is configuration and self.stamp == stamp


class Session:
    """Coordination in the repository at ``path``.

    ``clock`` and ``nonce`` are parameters so that a caller can fix them; ``progress`` is told what
    takes long, and ``notice`` what whoever waits should know meanwhile. ``stays`` says that this
    process will write more than once, which makes it worth to load libgit2. ``claimed`` says who
    runs, as far as the caller knows that from elsewhere than an argument; ``meanwhile`` is done
    while git looks for the repository. Raises NoRepository.
    """

    def __init__(
        self,
        path: str = ".",
        *,
        clock: Callable[[], datetime] = utc_now,
        nonce: Callable[[], str] = random_nonce,
        progress: Callable[[str], None] = lambda _: None,
        notice: Callable[[str], None] = lambda _: None,
        stays: bool = True,
        claimed: Callable[[], Identity | None] = lambda: None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        self.repository = Repository(path, stays, meanwhile=meanwhile)
        self.now = clock
        self.nonce = nonce
        self.progress = progress
        self.notice = notice
        self._claimed = claimed
        self._settings_of: _SettingsRead | None = None
        self._recent_symbols: dict[FileId, FileSymbols] = {}
        self.allowance: Allowance | None = None
        """The time that this may take, where there is a limit."""
        self.before_long_work: Callable[[], None] = lambda: None
        """Called before what may take long, or go wrong in native code."""

    @property
    def settings(self) -> Settings:
        """The settings: in a process that stays as they are now, else as they were at its beginning."""
        configuration = self.repository.configuration
        stamp = self._stamp_of_team_file()
        known = self._settings_of
        if known is None or not known.is_of(configuration, stamp):
            from git_muse_coord.store.settings import Settings

            team: TeamSettings | None = None
            if stamp is not None:
                from git_muse_coord.store.git.team_file import read_team_settings

                team = read_team_settings(self.repository, self._team_file)
            settings = Settings.of(configuration, team)
            known = _SettingsRead(configuration, stamp, settings)
            self._settings_of = known
        return known.settings

    def remarks_on_settings(self) -> list[str]:
        """What was set under names that are none, or where it does not count."""
        # Whoever has set nothing need not pay for reading all settings.
        is_any_set = _OUR_SECTION in self.repository.configuration
        if not is_any_set and self._stamp_of_team_file() is None:
            return []
        from git_muse_coord.rules.setting_names import unknown_names

        settings = self.settings
        return [*unknown_names(settings.values), *settings.remarks]

    def _stamp_of_team_file(self) -> tuple[int, ...] | None:
        """What tells that the file of a team was changed; None where there is none, as mostly."""
        try:
            facts = os.lstat(self._team_file)
        except (OSError, ValueError):
            return None
        return facts.st_mtime_ns, facts.st_ctime_ns, facts.st_size, facts.st_ino

    @property
    def _team_file(self) -> str:
        top = self.repository.top
        # a bare repository has no files; nothing is found under the name that is empty
        if top is None:
            return ""
        return os.path.join(top, TEAM_FILE)

    @property
    def has_written(self) -> bool:
        """Whether records were written by way of this session."""
        store: RecordStore | None = self.__dict__.get("store")
        return store is not None and store.has_written

    @cached_property
    def store(self) -> RecordStore:
        """The records of this repository."""
        # The hooks of agents' programs mostly have nothing to look up, and are waited for.
        from git_muse_coord.store.git.objects import Objects
        from git_muse_coord.store.git.refs import Refs
        from git_muse_coord.store.records import cache as record_cache
        from git_muse_coord.store.records.listing import files_of_refs
        from git_muse_coord.store.records.records import RecordStore

        repository = self.repository
        objects = Objects(repository)
        cache_file = repository.own_file(record_cache.NAME)
        cache = record_cache.RecordCache(cache_file)
        refs = Refs(repository.git, repository.stays)
        return RecordStore(
            objects,
            refs,
            cache,
            self._made_here,
            files_of_refs(repository),
        )

    def _made_here(self) -> MadeHere:
        from git_muse_coord.store.records.made_here import MadeHere

        return MadeHere(self.repository)

    @cached_property
    def agent_memory(self) -> AgentMemory:
        """What is remembered of the agents at work in this repository."""
        from git_muse_coord.store.agent_memory import NAME
        from git_muse_coord.store.agent_memory.memory import AgentMemory

        return AgentMemory(self.repository.own_file(NAME))

    @cached_property
    def merge_memory(self) -> MergeMemory:
        """What the past merges of this repository have taught."""
        from git_muse_coord.source.merging.merge_memory import NAME, MergeMemory

        return MergeMemory(self.repository.own_file(NAME))

    def ended_here(self) -> set[RunId]:
        """The sessions of agents that were at work in this worktree and have ended."""
        if not self.has_agent_memory:
            return set()
        return self.agent_memory.ended_runs(self.repository.git_dir)

    def seen_here(self) -> set[RunId]:
        """All sessions of agents that were seen in this worktree, whether they have ended or not."""
        if not self.has_agent_memory:
            return set()
        return self.agent_memory.runs_in(self.repository.git_dir)

    def close_files(self) -> None:
        """Let go of the files of caches. What is asked of them next opens them again."""
        opened = vars(self)
        if "store" in opened:
            self.store.cache.close()
        if "agent_memory" in opened:
            self.agent_memory.close()

    @cached_property
    def own_identity(self) -> OwnIdentity:
        """Who runs in this worktree where no caller says it."""
        from git_muse_coord.coordinator.own_identity import OwnIdentity

        return OwnIdentity(self.repository, lambda: self.settings)

    def who_reads(self, run_id: str | None) -> RunId:
        """The run id, for what only reads. Raises BadInput."""
        return self.identity(run_id).run_id

    def who_writes(self, run_id: str | None) -> RunId:
        """The run id, for a record that is about to be written. Raises BadInput and StoreFailed."""
        identity = self.identity(run_id)
        if identity.is_said:
            return identity.run_id
        return self.own_identity.to_write()

    def identity(self, run_id: str | None = None) -> Identity:
        """Who runs, and where that was said. Raises BadInput for a run id that breaks the limits."""
        if run_id is None:
            who = self._by_environment() or self.own_identity.now()
        else:
            who = Identity(RunId(run_id), OPTION)
        # Variables and settings were written by hand, and are held to the same limits.
        try:
            RUN_ID.read(who.run_id)
        except InvalidRecord as error:
            raise BadInput(f"the run id {error}") from None
        return who

    def _by_environment(self) -> Identity | None:
        """Who the caller claims to be: a sub-agent, where its shell command is the only one under way."""
        said = self._claimed()
        if said is None:
            return None
        if not self.has_agent_memory:
            # Only what hooks remember could tell which session it is.
            return None if said.lacks_session else said
        calls = self.agent_memory.calls
        now = self.now()
        if said.lacks_session:
            begun = calls.open_run_of(said.run_id, self.repository.git_dir, now)
            if begun is None:
                return None
            return said._replace(run_id=begun)
        # Variables are the same in a session and in its sub-agents; the hooks know who began.
        agent = calls.open_agent(said.run_id, now)
        return said._replace(run_id=agent)

    @property
    def has_agent_memory(self) -> bool:
        """Whether a hook of an agent's program ever ran here: where none did, to look makes no file."""
        from git_muse_coord.store.agent_memory import NAME

        file = os.path.join(self.repository.common_dir, DIRECTORY, NAME)
        return os.path.exists(file)

    def life(self, ttl: int | None) -> timedelta:
        """How long what is reserved lasts: as somebody says, else by the settings. Raises BadInput."""
        if ttl is None:
            ttl = self.settings.ttl
        return seconds(ttl, "the time to live")

    def time_to_write(self) -> datetime:
        """The time, for what is to be written. Raises BadInput when the clock is so wrong that nobody would read it."""
        now = self.now()
        if codec.is_time_to_write(now):
            return now
        day = codec.format_time(now)[:10]
        raise BadInput(
            f"the clock of this machine says {day}, which is not between 2000 and 2200",
            "set it right; nothing was written",
        )

    def remote_name(self, named: str | None) -> str | None:
        """The remote to use, or None where none is configured. Raises BadInput for one that is not."""
        # Most commands ask for no remote.
        from git_muse_coord.rules.remote_choice import choose_remote

        settings = self.settings
        wanted = named or settings.remote
        return choose_remote(
            settings.remotes,
            wanted,
            lambda: settings.upstream(self.repository.head().branch),
        )

    def addresses(self, texts: Iterable[str]) -> list[Address]:
        """The addresses that somebody's texts mean, sorted and unique. Raises BadInput."""
        return self.resolver().resolve(texts)

    def sources(self) -> Sources:
        """The source files, with nothing of them read yet."""
        from git_muse_coord.source.sources import Sources

        return Sources(self.repository, self.progress, self._recent_symbols)

    def resolver(self) -> AddressResolver:
        """What reads addresses, in the repository as it is now."""
        from git_muse_coord.source.addressing.resolver import AddressResolver

        return AddressResolver(self.repository, self.settings, self.progress)


def seconds(value: int, what: str) -> timedelta:
    """A span of 1 second to 365 days. Raises BadInput."""
    if not 1 <= value <= MAX_SECONDS:
        raise BadInput(f"{what} is {value:,}, not 1 to {MAX_SECONDS:,} seconds")
    return timedelta(seconds=value)


def ignored(snapshot: Snapshot) -> list[str]:
    """The warnings about refs that were skipped, and about those that stand in the way of git itself."""
    # Mostly there are none, and what would word it is not loaded.
    if not snapshot.bad and not snapshot.lost:
        return []
    from git_muse_coord.coordinator.answers.ignored import about_ignored

    return about_ignored(snapshot)


def checked_id(record: Record) -> RecordId:
    """The id of a record that is about to be written. Raises BadInput where it breaks the limits of its kind."""
    # They are judged where it is encoded, whoever makes one.
    try:
        blob = encode(record)
    except InvalidRecord as error:
        raise BadInput(f"the {error}") from None
    return codec.content_id(blob)
