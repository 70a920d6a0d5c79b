"""The branches under way: those of all that is announced, of what it waits for, and those asked for by name.

How they are merged is the business of ``reconcile``.
"""

from __future__ import annotations

from collections.abc import (
    Collection,
    Iterable,
    Mapping,
    Sequence,
)

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.text_types import list_of_texts
from git_muse_coord.model.wording import few
from git_muse_coord.rules.stakes import Stake
from git_muse_coord.store.git.branches import Branch, Branches


class BranchesAtWork:
    """The branches that are to be merged, under the names that they have here, and what was announced for them.

    ``waits_for`` and ``stakes`` go by the same names; ``only_waited_for`` are the branches on which
    nothing is announced any more. Adds to ``warnings`` what is left out. Raises BadInput for an
    ``asked`` one that is not here.
    """

    def __init__(
        self,
        known: Branches,
        target: Branch,
        asked: Iterable[str],
        announced: Sequence[Stake],
        waits_for: Mapping[str, Collection[str]],
        warnings: list[str],
    ) -> None:
        self.asked = _asked(known, target, list_of_texts(asked))
        self._known = known
        self._target = target
        announced_on = _branches_of(announced)
        waited_for = _waited_for(announced_on, waits_for)
        # In the order of the records, so that the same records always give the same answer.
        here, gone = self._look_up([*announced_on, *waited_for])
        _warn_of_gone(announced_on, gone, warnings)
        _warn_of_branchless(announced, warnings)

        self.branches: dict[str, Branch] = {}
        for branch in (*self.asked, *here.values()):
            self.branches[branch.name] = branch
        # A record may name a branch as the remote has it; from here on all go by the local name.
        local_names = {name: branch.name for name, branch in here.items()}
        self.only_waited_for = self._only_waited_for(waited_for, announced_on, local_names)
        self.stakes = [_renamed(stake, local_names) for stake in announced]
        self.waits_for = _renamed_waits(waits_for, local_names)

    def runs(self, branch: str) -> tuple[str, ...]:
        """Who has announced work on a branch."""
        run_ids: set[str] = set()
        for stake in self.stakes:
            if stake.branch == branch:
                run_ids.add(stake.run_id)
        return tuple(sorted(run_ids))

    def _look_up(self, names: Iterable[str]) -> tuple[dict[str, Branch], set[str]]:
        """The branches of some names that are here, and the names of those that are not; the target is neither."""
        here: dict[str, Branch] = {}
        gone: set[str] = set()
        for name in names:
            if self._known.is_same(name, self._target):
                continue
            branch = self._known.find(name)
            if branch is None:
                gone.add(name)
            else:
                here[name] = branch
        return here, gone

    def _only_waited_for(
        self,
        waited_for: Iterable[str],
        announced_on: Iterable[str],
        local_names: Mapping[str, str],
    ) -> set[str]:
        local: set[str] = set()
        not_announced = set(waited_for).difference(announced_on)
        for name in not_announced:
            if name in local_names:
                local.add(local_names[name])
        # Whoever asks for a branch wants it merged, whatever is announced on it.
        for branch in self.asked:
            local.discard(branch.name)
        return local


def branch_named(known: Branches, name: str) -> Branch:
    """The branch of a name. Raises BadInput."""
    branch = known.find(name)
    if branch is None:
        raise BadInput(
            f"there is no branch {name[:100]!r} here", "git branch -a lists those that are"
        )
    return branch


def _asked(
    known: Branches,
    target: Branch,
    names: Iterable[str],
) -> list[Branch]:
    asked = [branch_named(known, name) for name in names]
    # It would be merged into itself.
    if target in asked:
        raise BadInput(
            f"{target.name} is the branch that the others go onto", "name another with --onto"
        )
    return asked


def _branches_of(announced: Iterable[Stake]) -> list[str]:
    names: dict[str, None] = {}
    for stake in announced:
        if stake.branch is not None:
            names[stake.branch] = None
    return list(names)


def _waited_for(names: Iterable[str], waits_for: Mapping[str, Collection[str]]) -> list[str]:
    waited_for: dict[str, None] = {}
    for name in names:
        for awaited in waits_for.get(name, ()):
            waited_for[awaited] = None
    return list(waited_for)


def _warn_of_gone(
    announced_on: Iterable[str],
    gone: set[str],
    warnings: list[str],
) -> None:
    # What only somebody waits for may well be merged and deleted by now.
    missed = [name for name in announced_on if name in gone]
    if missed:
        warnings.append(
            f"gone, and left out, though named by active reservations or intents: {few(missed)}"
        )


def _warn_of_branchless(announced: Iterable[Stake], warnings: list[str]) -> None:
    count = sum(stake.branch is None for stake in announced)
    if count:
        warnings.append(f"{count:,} of the active reservations and intents were made on no branch")


def _renamed(stake: Stake, local_names: Mapping[str, str]) -> Stake:
    if stake.branch is None:
        return stake
    # One that is not here keeps the name that the record gives it.
    local_name = local_names.get(stake.branch, stake.branch)
    return stake._replace(branch=local_name)


def _renamed_waits(
    waits_for: Mapping[str, Collection[str]], local_names: Mapping[str, str]
) -> dict[str, set[str]]:
    """What waits for what, among the branches that are here."""
    renamed: dict[str, set[str]] = {}
    for name, waited_for in waits_for.items():
        if name not in local_names:
            continue
        local_name = local_names[name]
        here = local_names.keys() & waited_for
        renamed[local_name] = {local_names[awaited] for awaited in here}
    return renamed
