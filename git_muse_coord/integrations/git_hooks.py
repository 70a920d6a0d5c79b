"""What our hooks do when git calls them: check what is to be committed or pushed, and note what was committed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from git_muse_coord.coordinator.answers.conflict import ConflictDetail
from git_muse_coord.coordinator.comparison import CheckResult, compare
from git_muse_coord.coordinator.merge_check import merge_warnings
from git_muse_coord.coordinator.provenance import provenance
from git_muse_coord.coordinator.session import Session
from git_muse_coord.model.codec import Json
from git_muse_coord.model.errors import HookStopped
from git_muse_coord.source.changed import comparisons
from git_muse_coord.store.git.trees import Delta, Trees
from git_muse_coord.store.hooks.pushed_ranges import ranges
from git_muse_coord.store.records import notes

_GOING_ON = {
    "pre-commit": "git commit --no-verify",
    "pre-merge-commit": "git merge --no-verify",
    "pre-push": "git push --no-verify",
}


@dataclass(kw_only=True, eq=False)
class HookResult(CheckResult):
    """What a hook found, as in ``check``.

    ``mode`` is warn, block or off; ``note`` is what was noted on the commit, null for nothing.
    """

    hook: str
    mode: str
    note: dict[str, Json] | None


def hook(
    session: Session,
    name: str,
    arguments: Sequence[str] = (),
    *,
    run_id: str | None = None,
    given: bytes = b"",
    merging: Sequence[str] = (),
    early: Callable[[HookResult], None] = lambda _: None,
) -> HookResult:
    """Do what a hook of git asks for.

    ``arguments``, ``given`` (its stdin) and ``merging`` (the commits to be merged) are what git
    hands to it. ``early`` is told what is known when there is more to look at.

    Raises HookStopped at a conflict in the mode block, with the answer in its ``result``.
    """
    mode, holder = session.settings.hook_mode, session.who(run_id)
    result = HookResult(
        hook=name,
        mode=mode,
        run_id=holder,
        changes=(),
        conflicts=(),
        conflict_details=(),
        note=None,
    )
    if result.mode == "off":
        return result
    if name == "post-commit":
        _note(session, result)
        return result
    snapshot = session.store.look()
    # in block, too, what was not looked at stops nothing
    remark = f" (hookMode {mode})"
    for sides in _comparisons(session, name, arguments, given, merging):
        result = _added(
            result, compare(session, sides, holder, snapshot, partial(_tell, early, result), remark)
        )
    if name != "pre-push":
        result.warnings += merge_warnings(session, merging=merging)
    if stopped := verdict(result):
        raise stopped
    return result


def _comparisons(
    session: Session, name: str, arguments: Sequence[str], given: bytes, merging: Sequence[str]
) -> Iterator[Iterable[list[Delta]]]:
    """What to compare: the index, or for each ref that is pushed the ranges that all must show a change."""
    if name != "pre-push":
        yield comparisons(session.repository, merging=merging)
        return
    remote, trees = arguments[0] if arguments else "", Trees(session.repository)
    for spans in ranges(session.repository.git, remote, given.decode("utf-8", "surrogateescape")):
        yield map(trees.between, spans)


def _note(session: Session, result: HookResult) -> None:
    commit = session.repository.head().commit
    made_of = provenance(session, commit, result.run_id) if commit else None
    if commit and made_of and made_of.matters:
        result.note = made_of.fact()
        notes.add(session.repository, commit, result.note)


def verdict(result: HookResult) -> HookStopped | None:
    """Why git must stop, if it must."""
    if result.mode != "block" or not result.conflicts:
        return None
    going_on = f"wait for them, or go on all the same: {_GOING_ON[result.hook]}"
    return HookStopped(
        "stopped, because others reserved what this changes",
        f"{going_on} (git config muse-coord.hookMode warn never stops)",
        result,
    )


def _tell(early: Callable[[HookResult], None], result: HookResult, found: CheckResult) -> None:
    early(_added(result, found))


def _added(result: HookResult, found: CheckResult) -> HookResult:
    """What was known before, and what one push, or the index, meets."""
    known = set(map(_key, result.conflict_details))
    seen = {one.address for one in result.changes}
    pairs = zip(found.conflict_details, found.conflicts, strict=True)
    new = [(detail, sentence) for detail, sentence in pairs if _key(detail) not in known]
    more = replace(
        result,
        changes=(*result.changes, *(one for one in found.changes if one.address not in seen)),
        conflicts=(*result.conflicts, *(sentence for _, sentence in new)),
        conflict_details=(*result.conflict_details, *(detail for detail, _ in new)),
    )
    more.warnings = list(dict.fromkeys([*result.warnings, *found.warnings]))
    return more


def _key(detail: ConflictDetail) -> tuple[str, str, str]:
    return detail.address, detail.held_address, detail.reservation_id
