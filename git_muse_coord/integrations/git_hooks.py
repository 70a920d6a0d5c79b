"""What our hooks do when git calls them: check what is to be committed or pushed, and note what was committed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from git_muse_coord.coordinator.check import CheckResult
from git_muse_coord.coordinator.overlaps import ConflictDetail
from git_muse_coord.coordinator.provenance import ProvenanceCase
from git_muse_coord.model.codec import Json
from git_muse_coord.model.errors import Stopped
from git_muse_coord.store import notes
from git_muse_coord.store.pushes import ranges

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


class HookCase(ProvenanceCase):
    """The verb ``hook``."""

    def hook(
        self, name: str, arguments: Sequence[str] = (), *, run_id: str | None = None, given: bytes = b""
    ) -> HookResult:
        """Do what a hook of git asks for; ``arguments`` and ``given`` (its stdin) are what git hands to it.

        Raises Stopped at a conflict in the mode block, with the answer in its ``result``.
        """
        mode, holder = self.settings.hook_mode, self.who(run_id)
        result = HookResult(
            hook=name, mode=mode, run_id=holder, changes=(), conflicts=(), conflict_details=(), note=None
        )
        if result.mode == "off":
            return result
        if name == "post-commit":
            self._note(result)
            return result
        for spans in self._spans(name, arguments, given):
            self._look(result, spans)
        if result.mode == "block" and result.conflicts:
            raise Stopped(
                "stopped, because others reserved what this changes",
                f"wait for them, or go on all the same: {_GOING_ON[name]}"
                " (git config muse-coord.hookMode warn never stops)",
                result,
            )
        return result

    def _spans(self, name: str, arguments: Sequence[str], given: bytes) -> Iterator[Sequence[str | None]]:
        """What to compare: the index (None), or for each ref that is pushed the ranges that all must show a change."""
        if name != "pre-push":
            yield [None]
            return
        remote = arguments[0] if arguments else ""
        yield from ranges(self.repository.git, remote, given.decode("utf-8", "surrogateescape"))

    def _look(self, result: HookResult, spans: Sequence[str | None]) -> None:
        """Add what one push, or the index, meets; what only one of several ranges shows came from elsewhere."""
        found = [self.check(range=span, run_id=result.run_id) for span in spans]
        common = set.intersection(*({_key(detail) for detail in one.conflict_details} for one in found))
        known = {_key(detail) for detail in result.conflict_details}
        for detail, sentence in zip(found[0].conflict_details, found[0].conflicts, strict=True):
            if _key(detail) in common - known:
                result.conflict_details += (detail,)
                result.conflicts += (sentence,)
        seen = {one.address for one in result.changes}
        result.changes += tuple(one for one in found[0].changes if one.address not in seen)
        result.warnings += [text for text in found[0].warnings if text not in result.warnings]

    def _note(self, result: HookResult) -> None:
        commit = self.repository.head().commit
        made_of = self.provenance(commit, result.run_id) if commit else None
        if commit and made_of and made_of.matters:
            result.note = made_of.fact()
            notes.add(self.repository, commit, result.note)


def _key(detail: ConflictDetail) -> tuple[str, str, str]:
    return detail.address, detail.held_address, detail.reservation_id
