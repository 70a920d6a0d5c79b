"""The lines to add where only the user, or the manager of the hooks, can."""

from __future__ import annotations

from git_muse_coord.store import hook_scripts

_PRE_COMMIT = """\
pre-commit may write its scripts anew; to keep ours for good, add to .pre-commit-config.yaml:
  - repo: local
    hooks:
      - id: git-muse-coord
        name: reservations of others
        entry: git muse-coord hook pre-commit
        language: system
        always_run: true
        pass_filenames: false
        verbose: true"""

_LEFTHOOK = """\
lefthook may write its scripts anew; to keep ours for good, add to lefthook.yml:
pre-commit:
  commands:
    muse-coord:
      run: git muse-coord hook pre-commit
pre-push:
  commands:
    muse-coord:
      run: git muse-coord hook pre-push {1} {2}
      use_stdin: true"""


def lasting(owner: str | None) -> tuple[str, ...]:
    """What to add to the configuration of a program that writes the hooks itself."""
    text = {"pre-commit": _PRE_COMMIT, "lefthook": _LEFTHOOK}.get(owner or "", "")
    return tuple(text.splitlines())


def by_hand(name: str) -> tuple[str, ...]:
    """What to add at the top of a script that we leave alone."""
    return tuple(hook_scripts.block(name, "added").decode().splitlines())
