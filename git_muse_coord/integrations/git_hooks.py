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
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from git_muse_coord.coordinator.answers.conflict import ConflictDetail
    from git_muse_coord.coordinator.answers.let_go import LetGo
    from git_muse_coord.coordinator.answers.silent_break import SilentBreak
    from git_muse_coord.coordinator.session import Session
    from git_muse_coord.model.codec import Json
    from git_muse_coord.store.git.trees import Delta
    from git_muse_coord.store.records.snapshot import Snapshot

_GOING_ON = {
    "pre-commit": "git commit --no-verify",
    "pre-merge-commit": "git merge --no-verify",
    "pre-push": "git push --no-verify",
}

_REBASE = "rebase"
"""What git calls ``post-rewrite`` with, unless a commit was amended."""

_BEFORE_COMMITS = ("pre-commit", "pre-merge-commit")

_NOTHING: Mapping[str, str] = {}


class HookResult(CheckResult):
    """What a hook found, as in ``check``.

    ``mode`` is warn, block or off, as it also is while the hooks are paused; ``note`` is what was
    noted on the commit, ``landed`` what was released because its work is merged; ``range`` is
    the range of commits that is pushed, of several the first that meets something; null for nothing.
    ``breaks`` is what git merged, or is about to, without a word although callers break.
    ``remote`` and ``synced_at`` are told by ``check`` alone.
    """

    hook: str
    mode: str
    note: dict[str, Json] | None
    landed: LetGo | None = None
    range: str | None = None
    breaks: tuple[SilentBreak, ...] = ()

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
    merging: Mapping[str, str] = _NOTHING,
    early: Callable[[HookResult], None] = lambda _: None,
) -> HookResult:
    """Do what a hook of git asks for.

    ``arguments``, ``given`` (its stdin) and ``merging`` (the commits to be merged, with what the
    user calls them) are what git hands to it. ``early`` is told what is known when there is more to look at.

    Raises HookStopped at a conflict in the mode block, with the answer in its ``result``.
    """
    settings = session.settings
    mode = "off" if settings.is_paused(session.now()) else settings.hook_mode
    holder = session.who_reads(run_id)
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
    if name == "post-rewrite":
        if list(arguments) == [_REBASE]:
            _carry_notes(session, given)
        return _with_breaks(session, result, arguments, given, merging)
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
        return _with_breaks(session, result, arguments, given, merging)
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
        checked = compare(
            session,
            sides,
            holder,
            snapshot,
            tell,
            remark,
            is_committed=is_committed,
        )
        if spans and checked.conflict_details:
            from git_muse_coord.coordinator.range_authors import leave_to_holders
            from git_muse_coord.coordinator.told_at_commit import mark_told

            # who merges the work of a holder, and pushes it, stands in nobody's way
            leave_to_holders(session, spans, checked, holder)
            mark_told(session, spans, checked)
        result = _added(result, checked)
    if result.conflicts:
        # Whoever is stopped from now on has at least told this.
        early(result)
    result = _with_breaks(session, result, arguments, given, merging)
    stopped = verdict(result)
    if stopped is not None:
        raise stopped
    _take_up(session, result, snapshot)
    if name == "pre-commit":
        _spare_post_commit(session, result, trees.told, snapshot)
    return result


def _with_breaks(
    session: Session,
    result: HookResult,
    arguments: Sequence[str],
    given: bytes,
    merging: Mapping[str, str],
) -> HookResult:
    """What is known, and what breaks in what comes together here, if anything does."""
    repository = session.repository
    if result.hook in _BEFORE_COMMITS:
        joined = merging or commits.merging(repository) or commits.squashed(repository)
        comes_together = bool(joined)
    elif result.hook == "post-commit":
        comes_together = commits.picked(repository) is not None
    elif result.hook == "post-rewrite":
        comes_together = list(arguments) == [_REBASE]
    else:
        comes_together = True
    # Most commits join nothing, and then what looks into source is not loaded.
    if not comes_together:
        return result
    session.before_long_work()
    from git_muse_coord.integrations.hook_breaks import breaks_for

    breaks, warnings = breaks_for(session, result.hook, arguments, given, merging)
    together = result._replace(breaks=tuple(breaks))
    together.warnings = [*result.warnings, *warnings]
    return together


def _comparisons(
    trees: Trees,
    name: str,
    arguments: Sequence[str],
    given: bytes,
    merging: Mapping[str, str],
) -> Iterator[tuple[Sequence[str], Iterable[list[Delta]]]]:
    """What to compare: the index, or for each ref that is pushed the ranges that all must show a change.

    With each come these ranges, where commits are compared.
    """
    if name != "pre-push":
        yield (), comparisons(trees, merging=list(merging))
        return
    from git_muse_coord.store.hooks.pushed_ranges import ranges

    for pushed in ranges(trees.repository.git, arguments, given):
        yield pushed.spans, map(trees.between, pushed.spans)


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

    made_of = provenance(session, commit, snapshot, session.who_reads(run_id))
    if not made_of.meets_reservations:
        return
    # Only now is anything written, so only now does a derived name become one to stay.
    made_of = made_of._replace(run_id=session.who_writes(run_id))
    result.note = made_of.fact()
    from git_muse_coord.store.records import notes

    notes.add(session.repository, commit, result.note)


def _carry_notes(session: Session, given: bytes) -> None:
    """Let the notes on commits that were replayed say whose work they are, and not who replayed them."""
    from git_muse_coord.store.hooks.rewritten import rewritten
    from git_muse_coord.store.records import notes

    notes.carry(session.repository, rewritten(given))


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
    world = snapshot.world_around(changed)
    for reservation in world.active(session.now()).values():
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
    if result.mode != "block":
        return None
    never = "(git config muse-coord.hookMode warn never stops)"
    if result.meets_strangers:
        going_on = f"wait for them, or go on all the same: {_GOING_ON[result.hook]}"
        return HookStopped(
            "stopped, because others reserved what this changes",
            f"{going_on} {never}",
            result,
        )
    # A push can be mended no more than what others have by then: there it is said.
    if result.breaks and result.hook in _BEFORE_COMMITS:
        return HookStopped(
            "stopped, because callers break in what this merges",
            f"mend them and git commit, or go on all the same: git commit --no-verify {never}",
            result,
        )
    return None


def _teller(
    early: Callable[[HookResult], None],
    result: HookResult,
) -> Callable[[CheckResult], None]:
    """What tells early what is known by now, with what was known before."""
    return lambda checked: early(_added(result, checked))


def _added(result: HookResult, checked: CheckResult) -> HookResult:
    """What was known before, and what one push, or the index, meets."""
    # Several refs of one push can hold the same commits, and say the same of them.
    known = set(map(_key, result.conflict_details))
    details = list(result.conflict_details)
    sentences = list(result.conflicts)
    told = zip(checked.conflict_details, checked.conflicts, strict=True)
    for detail, sentence in told:
        if _key(detail) not in known:
            details.append(detail)
            sentences.append(sentence)
    seen = {change.address for change in result.changes}
    new_changes = [change for change in checked.changes if change.address not in seen]
    together = result._replace(
        changes=(*result.changes, *new_changes),
        conflicts=tuple(sentences),
        conflict_details=tuple(details),
    )
    warnings = dict.fromkeys([*result.warnings, *checked.warnings])
    together.warnings = list(warnings)
    return together


def _key(detail: ConflictDetail) -> tuple[str, str, str]:
    return detail.address, detail.held_address, detail.reservation_id
