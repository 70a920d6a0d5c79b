"""Settings: what ``git config`` says under ``muse-coord``, each with its default beside it.

Git itself tells them, so that ``git -c``, includes and worktree configuration count. For a few of
them the file of a team says what holds where git's configuration says nothing.
"""

from __future__ import annotations

import os

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.later import re
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_time import UTC, datetime, timedelta
from git_muse_coord.model.records import BEAT_SECONDS, MAX_SECONDS
from git_muse_coord.rules.setting_names import SECTION

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from git_muse_coord.rules.lifetime import Limits
    from git_muse_coord.rules.team_settings import TeamSettings

IDENTITIES = ("derived", "none")
BACKGROUND = "background"
HOOK_MODES = ("warn", "block", "off")
AGENT_MODES = ("inform", "ask", "block")
FOREVER = "forever"
NO_END = datetime.max.replace(tzinfo=UTC)
"""The end of a pause that only a person ends, and how that is written."""

_ZONE = f"{SECTION}.zone"
_TEAM = "team"
"""The scope of what the file of a team says, beside those that git tells."""

_NO_BRANCH = r"[\x00-\x20\x7f~^:?*\[\\]|\.\.|@\{|//|/\.|^[-./]|[./]$|\.lock(?:/|$)|^(?:HEAD|@)$"
"""What git allows in no name of a branch; ``a:b`` would be read as two refs, and ``-a`` as an option."""


class Settings(NamedTuple):
    """The values as text, by the full names that git gives them: section and key in lower case."""

    values: Mapping[str, str] = {}
    scopes: Mapping[str, str] = {}
    zones_of_interest: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    """What was said in the file of a team, and does not count."""

    @classmethod
    def of(cls, told: bytes, team: TeamSettings | None = None) -> Settings:
        """What ``git config --null --show-scope --list`` told, and the file of a team.

        Raises nothing: without a value the defaults hold.
        """
        values: dict[str, str] = {}
        scopes: dict[str, str] = {}
        zones: list[str] = []
        fields = iter(os.fsdecode(told).split("\0"))
        for scope, row in zip(fields, fields, strict=False):
            # of several values the last counts, as for git
            name, _, value = row.partition("\n")
            values[name] = value
            scopes[name] = scope
            if name == _ZONE:
                zones.append(value)
        if team is None:
            return cls(values, scopes, tuple(zones))
        for name, value in team.values.items():
            if name not in values:
                values[name] = value
                scopes[name] = _TEAM
        zones_of_interest = tuple(zones) or team.zones
        return cls(values, scopes, zones_of_interest, team.remarks)

    def from_team(self) -> list[str]:
        """The settings that hold because the file of a team says so."""
        names = [name for name, scope in self.scopes.items() if scope == _TEAM]
        return sorted(names)

    @property
    def zones(self) -> tuple[str, ...]:
        """muse-coord.zone: paths of which each agent is told what others reserve there, once a value; none."""
        return self.zones_of_interest

    @property
    def run_id(self) -> str | None:
        """muse-coord.runId: who runs here, when neither an option nor the environment says so."""
        return self._own("runid") or None

    def run_id_scope(self) -> str:
        """Whom git takes the run id to be meant for: local (the clone), worktree, command, global, system."""
        return self.scopes.get(f"{SECTION}.runid", "")

    @property
    def derives_identity(self) -> bool:
        """muse-coord.identity: who runs where nobody says it: derived (a run of the worktree), or none; derived."""
        return self._choice("identity", IDENTITIES) == IDENTITIES[0]

    @property
    def user_name(self) -> str:
        """user.name: what git calls whoever commits here."""
        return self.values.get("user.name", "")

    @property
    def ttl(self) -> int:
        """muse-coord.ttl: the life of a reservation in seconds; 3600."""
        return self._number("ttl", 3600)

    @property
    def remote(self) -> str | None:
        """muse-coord.remote: the remote to sync with; that of the upstream, then origin."""
        return self._own("remote") or None

    @property
    def branch(self) -> str:
        """muse-coord.branch: the branch that carries records where a host refuses our refs; muse-coord."""
        value = self._own("branch") or SECTION
        if re.search(_NO_BRANCH, value):
            raise BadInput(
                f"{SECTION}.branch is {value!r}, which is no name of a branch",
                f"git config --unset {SECTION}.branch",
            )
        return value

    @property
    def auto_sync(self) -> str:
        """muse-coord.autoSync: to sync right after writing (true), in the background (background), or not; false."""
        value = self._own("autosync").lower()
        if value == BACKGROUND:
            return BACKGROUND
        return "true" if _is_true(value) else "false"

    @property
    def sync_every(self) -> int:
        """muse-coord.syncEvery: how old an exchange may be before another begins in the background, in seconds; 60."""
        return self._number("syncEvery", 60)

    @property
    def sync_remote(self) -> str | None:
        """muse-coord.syncRemote: the remote to sync with in the background, as install --sync stored it; none."""
        return self._own("syncremote") or None

    @property
    def sync_address(self) -> str | None:
        """muse-coord.syncAddress: the address that was agreed to for that; with another one nothing is sent; none."""
        return self._own("syncaddress") or None

    @property
    def sync_timeout(self) -> int:
        """muse-coord.syncTimeout: how long such a sync may take, in seconds; 5."""
        return self._number("syncTimeout", 5)

    @property
    def wait_beat(self) -> int:
        """muse-coord.waitBeat: after how many seconds who waits gives another sign of life, 1 to 30; 30."""
        seconds = self._number("waitBeat", BEAT_SECONDS)
        return min(max(seconds, 1), BEAT_SECONDS)

    @property
    def auto_release(self) -> bool:
        """muse-coord.autoRelease: whether reservations end by themselves when their work has landed; true."""
        return _is_true(self._own("autorelease") or "true")

    @property
    def radar(self) -> bool:
        """muse-coord.radar: whether work that nobody announced counts in forecasts; true, in a partial clone false."""
        value = self._own("radar")
        if value:
            return _is_true(value)
        # There git would fetch what it lacks for a merge, from a network that nobody asked for.
        return not self.is_partial

    @property
    def program_folder(self) -> str | None:
        """muse-coord.path: where hooks look for the program that is not on the PATH, as install keeps it; none."""
        return self._own("path") or None

    @property
    def hook_mode(self) -> str:
        """muse-coord.hookMode: what the hooks do at a conflict: warn, block (stop it), or off; warn."""
        return self._choice("hookMode", HOOK_MODES)

    @property
    def agent_mode(self) -> str:
        """muse-coord.agentMode: what agents' hooks do at a conflict: inform, ask (the person), or block; inform."""
        return self._choice("agentMode", AGENT_MODES)

    @property
    def learns(self) -> bool:
        """muse-coord.learn: whether the past merges of this repository are made again to learn from them; true."""
        return _is_true(self._own("learn") or "true")

    @property
    def is_partial(self) -> bool:
        """remote.NAME.promisor: git fetches the objects that it lacks, one after the other, when it needs them."""
        if "extensions.partialclone" in self.values:
            return True
        promisors = self._named("remote.", ".promisor")
        return any(map(_is_true, promisors.values()))

    @property
    def auto_reserve(self) -> bool:
        """muse-coord.autoReserve: whether agents' hooks reserve what is edited; false until install --agent."""
        return _is_true(self._own("autoreserve"))

    @property
    def paused_until(self) -> datetime | None:
        """muse-coord.pausedUntil: until when all hooks are silent, or forever, as pause writes it; never."""
        value = self._own("pauseduntil")
        if not value:
            return None
        if value == FOREVER:
            return NO_END
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            raise BadInput(
                f"{SECTION}.pausedUntil is {value!r}, which is no time",
                "git muse-coord pause --off",
            ) from None

    def is_paused(self, now: datetime) -> bool:
        """Whether the hooks of this clone are to be silent. Raises BadInput."""
        until = self.paused_until
        if until is None:
            return False
        return now < until

    @property
    def hooks_path(self) -> str | None:
        """core.hooksPath: where git looks for hooks instead of in the git directory."""
        value = self.values.get("core.hookspath")
        if value is None:
            return None
        return os.path.expanduser(value)

    @property
    def shared_repository(self) -> str:
        """core.sharedRepository: who else may write to this repository. Without a value it is true, as git takes it."""
        return self.values.get("core.sharedrepository", "umask") or "true"

    @property
    def ignores_case(self) -> bool:
        """core.ignoreCase: git does not tell paths here by the case of their letters; false."""
        value = self.values.get("core.ignorecase", "false")
        return _is_true(value)

    @property
    def ignores_form(self) -> bool:
        """core.precomposeUnicode: git takes composed and decomposed letters in paths for the same; false."""
        value = self.values.get("core.precomposeunicode", "false")
        return _is_true(value)

    @property
    def has_links(self) -> bool:
        """core.symlinks: a symbolic link of the index is one on disk, not a small file; true."""
        value = self.values.get("core.symlinks", "true")
        return _is_true(value)

    @property
    def configured_hooks(self) -> set[str]:
        """hook.NAME.event: the names of hooks that are in the configuration itself, for git 2.54 and newer."""
        return set(self._named("hook.", ".event"))

    @property
    def merge_drivers(self) -> set[str]:
        """merge.NAME.driver: the names of the programs that attributes can choose to merge a file."""
        return set(self._named("merge.", ".driver"))

    @property
    def remotes(self) -> dict[str, str]:
        """remote.NAME.pushurl, else .url: the address of each remote, as it is written there."""
        # What has none is no remote: people set remote.origin.prune for all their repositories.
        addresses = self._named("remote.", ".url")
        addresses.update(self._named("remote.", ".pushurl"))
        return addresses

    def upstream(self, branch: str | None) -> str | None:
        """branch.NAME.remote: where a branch comes from."""
        return self.values.get(f"branch.{branch}.remote")

    @property
    def limits(self) -> Limits:
        """muse-coord.gcGrace, muse-coord.taskRetention: seconds that what is over stays live; 900, and a week."""
        from git_muse_coord.rules.lifetime import Limits

        default = Limits()
        grace = self._seconds("gcGrace", default.grace)
        retention = self._seconds("taskRetention", default.retention)
        return Limits(grace, retention)

    @property
    def colour(self) -> str:
        """color.muse-coord, else color.ui: always, never, or auto."""
        value = self.values.get(f"color.{SECTION}") or self.values.get("color.ui") or "auto"
        if value in ("never", "false", "no", "off", "0"):
            return "never"
        # true means auto to git, too: colour in a file was asked for by nobody
        return "always" if value == "always" else "auto"

    def _named(self, start: str, end: str) -> dict[str, str]:
        """The values of all keys START NAME END, by these names."""
        values: dict[str, str] = {}
        for key, value in self.values.items():
            if key.startswith(start) and key.endswith(end):
                name = key.removeprefix(start).removesuffix(end)
                values[name] = value
        return values

    def _own(self, name: str) -> str:
        return self.values.get(f"{SECTION}.{name}", "")

    def _choice(self, name: str, choices: Sequence[str]) -> str:
        """One of some words, the first where nothing is said. Raises BadInput."""
        said = self._own(name.lower())
        value = said.lower() or choices[0]
        if value not in choices:
            raise BadInput(
                f"{SECTION}.{name} is {value!r}, not one of {', '.join(choices)}",
                f"git config --unset {SECTION}.{name}",
            )
        return value

    def _seconds(self, name: str, default: timedelta) -> timedelta:
        seconds = self._number(name, int(default.total_seconds()))
        return timedelta(seconds=seconds)

    def _number(self, name: str, default: int) -> int:
        value = self._own(name.lower())
        if not value:
            return default
        try:
            number = int(value)
        except ValueError:
            number = -1
        if 0 <= number <= MAX_SECONDS:
            return number
        raise BadInput(
            f"{SECTION}.{name} is {value!r}, not a number of seconds up to a year",
            f"git config --unset {SECTION}.{name}",
        )


def _is_true(value: str) -> bool:
    return value.lower() in ("true", "yes", "on", "1")
