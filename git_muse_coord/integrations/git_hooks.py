"""What our hooks do when git calls them: check what is to be committed or pushed, and note what was committed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from git_muse_coord.coordinator.changed import comparisons
from git_muse_coord.coordinator.check import CheckResult
from git_muse_coord.coordinator.merge_check import merge_warnings
from git_muse_coord.coordinator.overlaps import ConflictDetail
from git_muse_coord.coordinator.provenance import ProvenanceCase
from git_muse_coord.model.codec import Json
from git_muse_coord.model.errors import Stopped
from git_muse_coord.store import notes
from git_muse_coord.store.pushes import ranges
from git_muse_coord.store.trees import Delta, Trees

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
        self,
        name: str,
        arguments: Sequence[str] = (),
        *,
        run_id: str | None = None,
        given: bytes = b"",
        merging: Sequence[str] = (),
    ) -> HookResult:
        """Do what a hook of git asks for.

        ``arguments``, ``given`` (its stdin) and ``merging`` (the commits to be merged) are what git hands to it.

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
        snapshot = self.store.look()
        for sides in self._comparisons(name, arguments, given, merging):
            self._add(result, self.compare(sides, holder, snapshot))
        if name != "pre-push":
            result.warnings += merge_warnings(self, merging=merging)
        if result.mode == "block" and result.conflicts:
            raise Stopped(
                "stopped, because others reserved what this changes",
                f"wait for them, or go on all the same: {_GOING_ON[name]}"
                " (git config muse-coord.hookMode warn never stops)",
                result,
            )
        return result

    def _comparisons(
        self, name: str, arguments: Sequence[str], given: bytes, merging: Sequence[str]
    ) -> Iterator[Iterable[list[Delta]]]:
        """What to compare: the index, or for each ref that is pushed the ranges that all must show a change."""
        if name != "pre-push":
            yield comparisons(self, merging=merging)
            return
        remote, trees = arguments[0] if arguments else "", Trees(self.repository)
        for spans in ranges(self.repository.git, remote, given.decode("utf-8", "surrogateescape")):
            yield map(trees.between, spans)

    def _add(self, result: HookResult, found: CheckResult) -> None:
        """Add what one push, or the index, meets."""
        known = set(map(_key, result.conflict_details))
        for detail, sentence in zip(found.conflict_details, found.conflicts, strict=True):
            if _key(detail) not in known:
                result.conflict_details += (detail,)
                result.conflicts += (sentence,)
        seen = {one.address for one in result.changes}
        result.changes += tuple(one for one in found.changes if one.address not in seen)
        result.warnings += [text for text in found.warnings if text not in result.warnings]

    def _note(self, result: HookResult) -> None:
        commit = self.repository.head().commit
        made_of = self.provenance(commit, result.run_id) if commit else None
        if commit and made_of and made_of.matters:
            result.note = made_of.fact()
            notes.add(self.repository, commit, result.note)


def _key(detail: ConflictDetail) -> tuple[str, str, str]:
    return detail.address, detail.held_address, detail.reservation_id
