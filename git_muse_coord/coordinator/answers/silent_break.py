"""What breaks where git merges two branches without a word, as it is told."""

from __future__ import annotations

from git_muse_coord.model.address import IMPORTS
from git_muse_coord.model.declared import Declared
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from git_muse_coord.rules.merge_plan import Item
    from git_muse_coord.rules.merged_symbol import Site


class CallSite(Declared):
    """What breaks: the symbol in which it is, its file and line, and who brings it: ours, theirs, or a branch."""

    address: str
    file: str
    line: int
    side: str


class SilentBreak(Declared):
    """A symbol over which the result of merging two branches breaks, although git merges them.

    ``changes`` says what the branches did to it, ``conflict_type`` is as in plan-merge, ``sites``
    are the uses that break, or the definitions that meet, and ``side`` the branch that brings each.
    ``commits`` are the ends of the two.
    """

    branches: tuple[str, str]
    commits: tuple[str, str]
    address: str
    conflict_type: str
    changes: dict[str, str]
    recommendation: str
    sites: tuple[CallSite, ...]


def call_site(site: Site) -> CallSite:
    """A use, as it is told."""
    caller = site.caller
    return CallSite(
        address=str(caller),
        file=caller.path,
        line=site.line,
        side=site.side,
    )


def silent_break(
    branches: tuple[str, str],
    commits: tuple[str, str],
    item: Item,
) -> SilentBreak:
    """A finding of a merge of two branches, whose names are those of its sides."""
    changes: dict[str, str] = {}
    for branch, change in zip(branches, (item.ours, item.theirs), strict=True):
        if change is not None:
            changes[branch] = change
    return SilentBreak(
        branches=branches,
        commits=commits,
        address=str(item.address),
        conflict_type=str(item.conflict_type),
        changes=changes,
        recommendation=item.recommendation,
        sites=tuple(map(call_site, item.sites)),
    )


def looked_for_in(
    looked_at: int,
    pairs: int,
) -> str:
    """What is said where there are too many branches to look at each with each."""
    return f"callers that break were looked for in {looked_at} of {pairs:,} pairs of branches"


_DONE = {
    "renamed": "renamed",
    "moved": "moved",
    "deleted": "deleted",
    "signature": "gave new parameters",
}
_STANDING = {
    "double_definition": "stands twice",
    "lost_import": "is not imported any more",
    "lost_override": "overrides nothing any more",
}
"""What is wrong with what is no use of something."""


def sentences(broken: SilentBreak) -> Iterator[str]:
    """A sentence for each place at which something breaks; one that only imports what it uses has none of its own."""
    calling = {site.file for site in broken.sites if not _is_import(site)}
    for site in broken.sites:
        if _is_import(site) and site.file in calling:
            continue
        wrong = _what_is_wrong(broken, site)
        yield f"{site.file}:{site.line} {wrong}: {broken.recommendation}"


def _what_is_wrong(broken: SilentBreak, site: CallSite) -> str:
    _, _, name = site.address.rpartition("::")
    standing = _STANDING.get(broken.conflict_type)
    if standing is not None:
        return f"{name} {standing} ({site.side})"
    (taker,) = (branch for branch in broken.branches if branch != site.side)
    # What went away with what was around it has no change of its own.
    change = broken.changes.get(taker, "deleted")
    done = _DONE.get(change, "changed")
    uses = "imports" if _is_import(site) else f"{name} uses"
    return f"{uses} {broken.address}, which {taker} {done}"


def _is_import(site: CallSite) -> bool:
    return site.address.endswith(f"::{IMPORTS}")
