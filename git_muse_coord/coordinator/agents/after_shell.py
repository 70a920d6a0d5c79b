"""After a shell command: what it changed in the working tree is treated as an edit, after the fact."""

from __future__ import annotations

from git_muse_coord.coordinator.agents.wording import agent_name
from git_muse_coord.coordinator.agents.working_tree import READ_MOST, read, stamp
from git_muse_coord.model.agents import AgentAnswer, Edit
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from git_muse_coord.coordinator.agents.agent_run import AgentRun
    from git_muse_coord.coordinator.agents.working_tree import Since
    from git_muse_coord.model.records import Receipt
    from git_muse_coord.model.text_types import RunId
    from git_muse_coord.store.agent_memory.stamps import Stamp

INSIDE_MOST = 30
"""Of more files than this it is not looked what changed inside."""

_TOO_MANY = (
    "git muse-coord: the command changed {count:,} files, too many to be reserved by themselves;"
    " say so: git muse-coord reserve FOLDER/ --reason WHY"
)
_NOT_ALONE = (
    "git muse-coord: {other} works in this worktree, too, so what the command changed was not"
    " reserved for you"
)


def after_shell(run: AgentRun) -> AgentAnswer:
    """Answer a shell command that has ended."""
    since = stamp(run)
    texts = [run.memory.notes.take_put_off(run.run_id)]
    if since.before is not None and since.paths:
        texts += _tell(run, since, since.before)
    receipts: tuple[Receipt, ...] = ()
    from git_muse_coord.coordinator.agents.news import may_be_news

    if may_be_news(run):
        from git_muse_coord.coordinator.agents.after_edit import hear_news

        heard = hear_news(run)
        texts.append(heard.text)
        receipts = heard.receipts
    text = "\n".join(filter(None, texts))
    return AgentAnswer(text, receipts=receipts)


def _tell(
    run: AgentRun,
    since: Since,
    before: Stamp,
) -> list[str]:
    from git_muse_coord.coordinator.agents.after_edit import tell_afterwards, tell_of_files

    count = len(since.paths)
    if count > READ_MOST:
        if run.is_news("many files"):
            return [_TOO_MANY.format(count=count)]
        return []
    texts: list[str] = []
    others = _others_at_work(run, before)
    # Who of them changed what, nobody can tell.
    may_reserve = not others
    for run_id in others:
        if run.is_news(f"beside {run_id}"):
            name = agent_name(run_id)
            texts.append(_NOT_ALONE.format(other=name))
    if count > INSIDE_MOST:
        paths = list(since.paths)
        text = tell_of_files(run, paths, may_reserve=may_reserve)
    else:
        edits = _edits(run, since.paths)
        oids: dict[str, str] = {}
        for path, (content, _, _) in before.files.items():
            oids[path] = content
        text = tell_afterwards(run, edits, oids, may_reserve=may_reserve)
    texts.append(text)
    return texts


def _others_at_work(run: AgentRun, before: Stamp) -> list[RunId]:
    """Who else was seen in this worktree since the stamp."""
    seen = run.memory.at_work_since(run.worktree, before.at)
    seen.discard(run.run_id)
    return sorted(seen)


def _edits(run: AgentRun, paths: Mapping[str, str]) -> dict[str, Edit]:
    """What became of some files since HEAD."""
    oids = list(filter(None, paths.values()))
    # In one question, because each costs a process of git.
    stored: dict[str, bytes | None] = {}
    if oids:
        contents = run.session.sources().contents
        texts = contents.read(oids)
        stored = dict(zip(oids, texts, strict=True))
    edits: dict[str, Edit] = {}
    for path, oid in paths.items():
        before = stored.get(oid)
        after = read(run, path)
        if before != after:
            edits[path] = Edit(path, before, after)
    return edits
