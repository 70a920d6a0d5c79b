"""What our hooks do when git calls them: check what is to be committed or pushed, and follow what was.

What only one of them needs is loaded there: every commit waits for it.
"""

from __future__ import annotations

from git_muse_coord.coordinator.answers.checked import CheckResult
from git_muse_coord.coordinator.autosync import begin_if_due
from git_muse_coord.coordinator.comparison import compare
from git_muse_coord.coordinator.freshness import blindness
from git_muse_coord.coordinator.keep_alive import keep_alive
from git_muse_coord.model.address import Address
from git_muse_coord.model.errors import HookStopped
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.records import Reservation
from git_muse_coord.model.text_types import RunId
from git_muse_coord.source.changed import comparisons
from git_muse_coord.store.git import commits
from git_muse_coord.store.git.trees import Trees
from git_muse_coord.store.hooks import met_nothing
from git_muse_coord.store.hooks.reserved import mark_reserved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from git_muse_coord.coordinator.answers.conflict import ConflictDetail
    from git_muse_coord.coordinator.answers.let_go import LetGo
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.codec import Json
    from git_muse_coord.store.git.trees import Delta
    from git_muse_coord.store.records.snapshot import Snapshot

_GOING_ON = {
    "pre-commit": "git commit --no-verify",
    "pre-merge-commit": "git merge --no-verify",
    "pre-push": "git push --no-verify",
}


class HookResult(CheckResult):
    """What a hook found, as in ``check``.

    ``mode`` is warn, block or off, as it also is while the hooks are paused; ``note`` is what was
    noted on the commit, ``landed`` what was released because its work is merged; ``range`` is
    the range of commits that is pushed, of several the first that meets something; null for nothing.
    ``remote`` and ``synced_at`` are told by ``check`` alone.
    """

    hook: str
    mode: str
    note: dict[str, Json] | None
    landed: LetGo | None = None
    range: str | None = None

    @property
    def meets_strangers(self) -> bool:
        """Whether something is met of somebody who is not kin: only that can stop git."""
        return not all(conflict.kin for conflict in self.conflict_details)


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
    settings = session.settings
    mode = "off" if settings.is_paused(session.now()) else settings.hook_mode
    holder = session.who(run_id)
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
    if name == "post-merge":
        from git_muse_coord.coordinator.answers.let_go import let_go

        result.landed = let_go(session, holder)
    # After that, so that others hear of it.
    begin_if_due(session)
    if name == "post-merge":
        return result
    trees = Trees(session.repository)
    if name == "pre-commit":
        trees.begin_staged()
    snapshot = session.store.look()
    # The next one need not have git look through all of them for one.
    is_any_reserved = snapshot.index.has(Reservation)
    mark_reserved(session.repository, is_any_reserved)
    if name == "post-commit":
        # Whoever commits is at work, whatever becomes of the note.
        keep_alive(session, holder, snapshot)
        _note(session, result, run_id, snapshot)
        return result
    blind = blindness(session, name)
    if blind:
        result.warnings.append(f"{blind} (this is said once)")
    # a mode that was mistyped would be noticed by nobody
    result.warnings += session.remarks_on_settings()
    # in block, too, what was not looked at stops nothing
    remark = f" (hookMode {mode})"
    is_committed = name == "pre-push"
    met_nothing.forget(session.repository)
    for spans, sides in _comparisons(trees, name, arguments, given, merging):
        # Of several branches that of the first conflict is named.
        if spans and not result.conflict_details:
            result.range = spans[0]
        tell = _teller(early, result)
        found = compare(
            session,
            sides,
            holder,
            snapshot,
            tell,
            remark,
            is_committed=is_committed,
        )
        if spans and found.conflict_details:
            from git_muse_coord.coordinator.told_at_commit import mark_told

            mark_told(session, spans, found)
        result = _added(result, found)
    if not is_committed and (merging or commits.merging(session.repository)):
        session.before_long_work()
        from git_muse_coord.coordinator.merge_check import merge_warnings

        result.warnings += merge_warnings(session, merging=merging)
    stopped = verdict(result)
    if stopped is not None:
        raise stopped
    _take_up(session, result, snapshot)
    if name == "pre-commit":
        _spare_post_commit(session, result, trees.told, snapshot)
    return result


def _comparisons(
    trees: Trees,
    name: str,
    arguments: Sequence[str],
    given: bytes,
    merging: Sequence[str],
) -> Iterator[tuple[Sequence[str], Iterable[list[Delta]]]]:
    """What to compare: the index, or for each ref that is pushed the ranges that all must show a change.

    With each come these ranges, where commits are compared.
    """
    if name != "pre-push":
        yield (), comparisons(trees, merging=merging)
        return
    from git_muse_coord.store.hooks.pushed_ranges import ranges

    remote = arguments[0] if arguments else ""
    # Names of refs are bytes: what is no UTF-8 must reach git as it came.
    lines = given.decode("utf-8", "surrogateescape")
    for spans in ranges(trees.repository.git, remote, lines):
        yield spans, map(trees.between, spans)


def _note(
    session: Session,
    result: HookResult,
    run_id: str | None,
    snapshot: Snapshot,
) -> None:
    """Note on the last commit whose work it holds, where it has to do with a reservation."""
    commit = session.repository.head().commit
    if not commit:
        return
    from git_muse_coord.coordinator.provenance import provenance

    made_of = provenance(session, commit, snapshot, session.who(run_id))
    if made_of.meets_reservations:
        result.note = made_of._replace(run_id=session.who_writes(run_id)).fact()
        from git_muse_coord.store.records import notes

        notes.add(session.repository, commit, result.note)


def _spare_post_commit(
    session: Session,
    result: HookResult,
    told: bytes,
    snapshot: Snapshot,
) -> None:
    """Where post-commit would find nothing to note, do now what else it would do, and leave word of that."""
    if result.conflict_details or result.warnings:
        return
    changed: list[Address] = []
    for path in met_nothing.paths_in(told):
        changed.append(Address(path))
        changed.append(Address(path + "/"))  # a submodule is reserved as a directory
    holder = result.run_id
    for reservation in snapshot.world_around(changed).active(session.now()).values():
        if reservation.run_id == holder:
            return
    keep_alive(session, holder, snapshot)
    met_nothing.remember(session.repository, told)


def _take_up(
    session: Session,
    result: HookResult,
    snapshot: Snapshot,
) -> None:
    """Keep alive what a session that ended in this worktree has left, and what is gone on with here."""
    left_by = {RunId(conflict.run_id) for conflict in result.conflict_details if conflict.kin}
    if not left_by:
        return
    # It keeps the name of who reserved it, so that the others go on to meet the one they know.
    for holder in left_by & session.ended_here():
        keep_alive(session, holder, snapshot)


def verdict(result: HookResult) -> HookStopped | None:
    """Why git must stop, if it must."""
    if result.mode != "block" or not result.meets_strangers:
        return None
    going_on = f"wait for them, or go on all the same: {_GOING_ON[result.hook]}"
    return HookStopped(
        "stopped, because others reserved what this changes",
        f"{going_on} (git config muse-coord.hookMode warn never stops)",
        result,
    )


def _teller(
    early: Callable[[HookResult], None],
    result: HookResult,
) -> Callable[[CheckResult], None]:
    """What tells early what is known by now, with what was known before."""
    return lambda found: early(_added(result, found))


def _added(result: HookResult, found: CheckResult) -> HookResult:
    """What was known before, and what one push, or the index, meets."""
    # Several refs of one push can hold the same commits, and say the same of them.
    known = set(map(_key, result.conflict_details))
    details = list(result.conflict_details)
    sentences = list(result.conflicts)
    for detail, sentence in zip(found.conflict_details, found.conflicts, strict=True):
        if _key(detail) not in known:
            details.append(detail)
            sentences.append(sentence)
    seen = {change.address for change in result.changes}
    new_changes = [change for change in found.changes if change.address not in seen]
    together = result._replace(
        changes=(*result.changes, *new_changes),
        conflicts=tuple(sentences),
        conflict_details=tuple(details),
    )
    together.warnings = list(dict.fromkeys([*result.warnings, *found.warnings]))
    return together


def _key(detail: ConflictDetail) -> tuple[str, str, str]:
    return detail.address, detail.held_address, detail.reservation_id
