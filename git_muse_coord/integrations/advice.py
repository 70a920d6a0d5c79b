"""The lines to add where only the user, or the manager of the hooks, can."""

from __future__ import annotations

from collections.abc import Sequence

from git_muse_coord.model.errors import HookStopped
from git_muse_coord.store.hooks import scripts as hook_scripts
from git_muse_coord.store.hooks.places import MANIFEST_ID

STOP = HookStopped.exit_code
"""Nothing else may stop git: a program that is missing or broken ends with other codes."""

_NAMES = {
    "pre-push": "reservations of others, before a push",
    "post-commit": "a note of what was committed",
    "post-merge": "reservations that have landed",
    "post-rewrite": "callers that a rebase breaks",
}


def _for_pre_commit(names: Sequence[str]) -> str:
    # One entry serves both, by its stages.
    entries = dict.fromkeys("pre-commit" if name == "pre-merge-commit" else name for name in names)
    return "\n".join(["  - repo: local", "    hooks:", *map(_entry, entries)])


def _entry(name: str) -> str:
    hook_id = MANIFEST_ID
    stages = "pre-commit, pre-merge-commit"
    if name in _NAMES:
        hook_id = f"{MANIFEST_ID}-{name}"
        stages = name
    title = _NAMES.get(name, "reservations of others")
    return f"""\
      - id: {hook_id}
        name: {title}
        entry: sh -c 'git muse-coord hook {name} "$@" || test $? -ne {STOP}' --
        language: system
        stages: [{stages}]
        always_run: true
        pass_filenames: false
        verbose: true"""


def _for_lefthook(names: Sequence[str]) -> str:
    return "\n".join(map(_command, names))


def _command(name: str) -> str:
    arguments = ""
    more = ""
    if name == "pre-push":
        arguments = " {1} {2}"
        more = "\n      use_stdin: true"
    return f"""\
{name}:
  commands:
    muse-coord:
      run: git muse-coord hook {name}{arguments} || test $? -ne {STOP}{more}"""


_MANAGERS = {
    "pre-commit": (".pre-commit-config.yaml", _for_pre_commit),
    "lefthook": ("lefthook.yml", _for_lefthook),
}


def lasting(owner: str | None, names: Sequence[str]) -> tuple[str, ...]:
    """What to add for some hooks to the configuration of a program that writes them itself."""
    if owner == "husky":
        return (
            "husky serves only those worktrees in which it was set up: run npx husky in each new one.",
        )
    if owner not in _MANAGERS or not names:
        return ()
    file, lines = _MANAGERS[owner]
    head = f"{owner} may write its scripts anew; to keep ours for good, add to {file}:"
    return (head, *lines(names).splitlines())


def by_hand(name: str) -> tuple[str, ...]:
    """What to add at the top of a script that we leave alone."""
    return tuple(hook_scripts.block(name, "added").decode().splitlines())
