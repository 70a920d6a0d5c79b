"""What a remote was found to allow: custom refs, atomic pushes, deletions. Learned by doing, kept in git config.

Kept per clone and remote, as ``muse-coord.<remote>.refs``, ``.atomic`` and ``.deletions``; a remote
whose address changed is learned anew.
"""

from __future__ import annotations

from git_muse_coord.rules.setting_names import SECTION
from git_muse_coord.store.git.process import Git
from git_muse_coord.store.settings import Settings


class Capabilities:
    """The findings about one remote: True, False, or None while it is not known."""

    def __init__(
        self,
        git: Git,
        settings: Settings,
        remote: str,
        address: str,
    ) -> None:
        self._git = git
        self._remote = remote
        self._address = address
        start = f"{SECTION}.{remote}"
        # what was learned at another address may not be true here
        self._stale = settings.values.get(f"{start}.address") != address
        self._found: dict[str, bool | None] = {}
        for name in ("refs", "atomic", "deletions"):
            stored = None if self._stale else settings.values.get(f"{start}.{name}")
            self._found[name] = _boolean(stored)
        self._stored = dict(self._found)

    @property
    def refs(self) -> bool | None:
        """Whether it takes refs under refs/muse/."""
        return self._found["refs"]

    @property
    def atomic(self) -> bool | None:
        """Whether it takes pushes of several refs, all or none."""
        return self._found["atomic"]

    @property
    def deletions(self) -> bool | None:
        """Whether it lets refs be deleted."""
        return self._found["deletions"]

    def suppose(self, **findings: bool) -> None:
        """Go by some findings until they are learned, or this sync is over."""
        self._found.update(findings)

    def learn(self, **findings: bool) -> None:
        """Remember some findings."""
        self.suppose(**findings)
        news: dict[str, bool] = {}
        for name, value in findings.items():
            if self._stored[name] != value:
                news[name] = value
        # What was found at another address says nothing of this one.
        if news and self._stale:
            for name in self._stored:
                self._config("--unset-all", name)
            self._config("--replace-all", "address", self._address)
            self._stale = False
        for name, value in news.items():
            self._stored[name] = value
            text = "true" if value else "false"
            self._config("--replace-all", name, text)

    def _config(
        self,
        how: str,
        name: str,
        *value: str,
    ) -> None:
        # a configuration that cannot be written costs a question more the next time
        self._git.ask_apart("config", how, "--", f"{SECTION}.{self._remote}.{name}", *value)


def _boolean(value: str | None) -> bool | None:
    return None if value is None else value == "true"
