"""Records as files on a branch, for hosts that take no refs under ``refs/muse/``."""

from __future__ import annotations

from collections.abc import Iterable

from git_muse_coord.model.errors import RemoteFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import defaultdict
from git_muse_coord.model.names import is_well_formed
from git_muse_coord.model.records import REF_PREFIX
from git_muse_coord.store.git import foreign
from git_muse_coord.store.git.foreign import Unsound
from git_muse_coord.store.git.process import IDENTITY, Git
from git_muse_coord.store.git.refs import Refs
from git_muse_coord.store.records.ref_names import short_name
from git_muse_coord.store.sync.incoming_refs import IncomingRefs
from git_muse_coord.store.sync.remote import Remote, Update

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef


# hosts that build what is pushed look for these words
_MESSAGE = b"Coordination records [skip ci]\n"


class BranchCarrier:
    """Records as files of an orphan branch, whose tip decides who was first.

    ``is_ours`` says that the branch holds nothing else.
    """

    # one commit holds any number of changes
    most_new = most_gone = 1_000_000
    writable = True

    def __init__(
        self,
        git: Git,
        remote: Remote,
        refs: Refs,
        incoming: IncomingRefs,
        branch: str,
        tip: str | None,
    ) -> None:
        self._git = git
        self._remote = remote
        self._refs = refs
        self._incoming = incoming
        self._ref = f"refs/heads/{branch}"
        self.tip = tip
        self._next: str | None = None
        self.names: Oids = {}
        self.is_ours = tip is None or self._read()

    def obtain(self, refs: Iterable[str]) -> Oids | None:
        """All objects came with the branch."""
        obtained: Oids = {}
        for ref in refs:
            if ref in self.names:
                obtained[ref] = self.names[ref]
        return obtained

    def updates(
        self,
        add: OidsByRef,
        _replace: OidsByRef,
        delete: OidsByRef,
    ) -> list[Update]:
        """One commit on the tip that was seen. It keeps what may be of a kind still to come, and drops other files."""
        content: Oids = {}
        for ref, oid in self.names.items():
            if ref not in delete and is_well_formed(ref):
                content[ref] = oid
        content.update(add)
        tree = self._write_tree(content)
        command = [*IDENTITY, "commit-tree", tree]
        if self.tip:
            command += ["-p", self.tip]
        self._next = self._git.line(*command, given=_MESSAGE)
        # the lease: a branch that has moved since was written to by another clone
        return [Update(self._ref, self._next, self.tip or "")]

    def landed(
        self,
        add: OidsByRef,
        delete: OidsByRef,
    ) -> None:
        """The next commit goes on this one."""
        self.tip = self._next
        self.names.update(add)
        for ref in delete:
            self.names.pop(ref, None)

    def _write_tree(self, content: OidsByRef) -> str:
        """A tree with the file ``muse/KIND/NAME`` for each record."""
        rows_of_folder: dict[str, list[str]] = defaultdict(list)
        for ref, oid in content.items():
            folder, _, name = short_name(ref).partition("/")
            row = f"100644 blob {oid}\t{name}\n"
            rows_of_folder[folder].append(row)
        folders: list[str] = []
        for folder, rows in rows_of_folder.items():
            tree = self._make_tree(rows)
            folders.append(_folder_row(tree, folder))
        muse = self._make_tree(folders)
        return self._make_tree([_folder_row(muse, "muse")])

    def _make_tree(self, rows: Iterable[str]) -> str:
        listing = "".join(rows)
        return self._git.line("mktree", given=listing.encode())

    def _read(self) -> bool:
        """Fetch the branch, and say whether it is ours. Raises RemoteFailed."""
        here = self._incoming.name("branch")
        if not self._remote.fetch({self._ref: here}):
            raise RemoteFailed(f"remote {self._remote.name!r} keeps changing", "try again")
        # the tip that came, which need not be the one that was listed
        self.tip = self._refs.oid_of(here)
        try:
            files = foreign.list_files(self._git, here)
        except Unsound:
            return False
        is_ours = True
        for path, file in files.items():
            ref = f"refs/{path}"
            if not ref.startswith(REF_PREFIX):
                is_ours = False
            if file.mode == "100644":
                self.names[ref] = file.oid
        return is_ours


def _folder_row(tree: str, name: str) -> str:
    return f"040000 tree {tree}\t{name}\n"
