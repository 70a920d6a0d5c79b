"""The branches that are under way: of all that is announced, of what it waits for, and those asked for by name.

How they are merged is the business of ``reconcile``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from git_muse_coord.model.errors import BadInput
from git_muse_coord.rules.forecast import Stake
from git_muse_coord.store.git.branches import Branch, Branches


class Underway:
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
        self.asked = [named(known, name) for name in asked]
        if any(one == target for one in self.asked):
            raise BadInput(
                f"{target.name} is the branch that the others go onto", "name another with --onto"
            )
        own = dict.fromkeys(one.branch for one in announced if one.branch is not None)
        waited = dict.fromkeys(name for name in own for name in waits_for.get(name, ()))
        here = {
            name: known.find(name) for name in {**own, **waited} if not known.is_same(name, target)
        }
        gone = [name for name in own if name in here and here[name] is None]
        if gone:
            warnings.append(
                f"gone, and left out, though named by active reservations or intents: {few(gone)}"
            )
        if loose := [one for one in announced if one.branch is None]:
            warnings.append(
                f"{len(loose):,} of the active reservations and intents were made on no branch"
            )
        names = {name: one.name for name, one in here.items() if one}
        self.branches = {one.name: one for one in (*self.asked, *here.values()) if one}
        self.only_waited_for = {names[name] for name in waited if name in names and name not in own}
        self.only_waited_for -= {one.name for one in self.asked}
        self.stakes = [
            one._replace(branch=names.get(one.branch or "", one.branch)) for one in announced
        ]
        self.waits_for = {
            names[name]: {names[other] for other in others if other in names}
            for name, others in waits_for.items()
            if name in names
        }

    def runs(self, branch: str) -> tuple[str, ...]:
        """Who has announced work on a branch."""
        return tuple(sorted({one.run_id for one in self.stakes if one.branch == branch}))


def named(known: Branches, name: str) -> Branch:
    """The branch of a name. Raises BadInput."""
    if found := known.find(name):
        return found
    raise BadInput(f"there is no branch {name[:100]!r} here", "git branch -a lists those that are")


def few(names: Sequence[str]) -> str:
    """Some names, and how many more."""
    more = f" and {len(names) - 5:,} more" if len(names) > 5 else ""
    return f"{', '.join(names[:5])}{more}"
