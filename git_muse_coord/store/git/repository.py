"""Where we are: the repository that git itself would use here, its worktree, its HEAD, its files.

Nothing here knows of records.
"""

from __future__ import annotations

import os

from git_muse_coord.model.errors import NoRepository
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property, suppress
from git_muse_coord.model.text_types import Oid
from git_muse_coord.store.git.config_listing import LIST_CONFIG, without_origins
from git_muse_coord.store.git.head import Head, read_head
from git_muse_coord.store.git.location import Location, format_as_agreed, usual_location
from git_muse_coord.store.git.process import Git, fields_of

if TYPE_CHECKING:
    from collections.abc import Callable

    import pygit2

    from git_muse_coord.store.git.configuration import Configuration
    from git_muse_coord.store.git.process import Answer

DIRECTORY = "muse-coord"
"""The directory of ours in the git directory."""

_FACTS = ("common_dir", "git_dir", "bare", "inside_work_tree", "object_format", "prefix")


class Repository:
    """An opened repository.

    ``common_dir`` is shared by all linked worktrees; ``top`` is the root of this worktree, None in
    a bare repository; ``prefix`` is where we stand in it (``""`` or ending in ``/``).
    ``stays`` says that this process will come back for more than one answer. ``git`` is the program
    to use, if its environment matters; ``meanwhile`` is done while git looks for the repository.
    """

    def __init__(
        self,
        path: str,
        stays: bool,
        git: Git | None = None,
        meanwhile: Callable[[], None] = lambda: None,
    ) -> None:
        try:
            self.git = git or Git(os.path.abspath(path))
        except FileNotFoundError:
            raise NoRepository(
                "the current directory is gone", "name a repository with -C PATH"
            ) from None
        self.stays = stays
        self._answer: Answer | None = None
        self._listing = b""
        self._watched: Configuration | None = None
        if stays:
            answer = self._ask()
            self._settle_as_told(answer, path)
            self._watched = self._watch()
        else:
            self._open_for_one_answer(path, meanwhile)

    def _open_for_one_answer(self, path: str, meanwhile: Callable[[], None]) -> None:
        """Find out where we are, with one process where all is as usual. Raises NoRepository."""
        git = self.git
        configuring = git.begin(*LIST_CONFIG)
        # while git is at work, whose answer then shows whether it is right
        location = usual_location(git.directory, git.environment)
        told: Answer | None = None
        if location is None:
            told = self._ask()
        meanwhile()
        listed = configuring.answer()
        self._listing = without_origins(listed.out)
        if location is not None and not listed.code:
            object_format = format_as_agreed(location, listed.out)
            if object_format:
                self._settle(location, object_format)
                return
        self._settle_as_told(told or self._ask(), path)

    def _settle(self, location: Location, object_format: str) -> None:
        self.common_dir = location.common_dir
        self.git_dir = location.git_dir
        self.object_format = object_format
        self.is_bare = False
        self.prefix = location.prefix
        self.top: str | None = location.top

    def _settle_as_told(self, answer: Answer, path: str) -> None:
        """Take over what git says of the place. Raises NoRepository."""
        self._answer = answer
        lines = answer.text.split("\n")
        if len(lines) <= len(_FACTS):
            raise _unusable(answer, path)
        facts = dict(zip(_FACTS, lines, strict=False))
        object_format = facts["object_format"]
        if object_format not in ("sha1", "sha256"):  # the answer is by lines
            raise NoRepository(
                f"the path of this repository holds a line break: {path}", "give it another name"
            )
        self.common_dir = facts["common_dir"]
        self.git_dir = facts["git_dir"]
        self.object_format = object_format
        self.is_bare = facts["bare"] == "true"
        self.prefix = ""
        self.top = None
        if facts["inside_work_tree"] == "true":
            self.prefix = facts["prefix"]
            # --show-toplevel would make the whole question fail in a bare repository
            upwards = "../" * self.prefix.count("/")
            here = os.path.realpath(self.git.directory)
            above = os.path.join(here, upwards)
            self.top = os.path.normpath(above)

    @property
    def configuration(self) -> bytes:
        """What ``git config`` lists, with the scope of each value: now in a process that stays, else when it began."""
        if self._watched is None:
            return self._listing
        return self._watched.listing

    def _watch(self) -> Configuration:
        from git_muse_coord.store.git.configuration import Configuration

        return Configuration(
            self.git,
            self.common_dir,
            self.git_dir,
            self.top,
        )

    def head(self) -> Head:
        """The branch and commit that HEAD names, looked up again in a process that stays."""
        head = read_head(self.git_dir, self.common_dir)
        if head is not None:
            return head
        answer = self._answer
        if answer is None or self.stays:
            answer = self._ask()
            self._answer = answer
        if answer.code:
            # HEAD names no commit: a branch yet unborn, or nothing that can be read
            unborn = self.git.ask("symbolic-ref", "-q", "--short", "HEAD")
            branch = unborn.out.decode("utf-8", "replace")
            return Head(branch.strip() or None, None)
        lines = answer.text.split("\n")
        behind_facts = lines[len(_FACTS) :]
        commit, name = behind_facts[:2]
        if name == "HEAD":
            return Head(None, Oid(commit))
        branch = name.removeprefix("refs/heads/")
        return Head(branch, Oid(commit))

    @property
    def shared_mode(self) -> int | None:
        """The mode of files where several users share the repository; None where the umask decides."""
        configuration = self.configuration
        # nearly nobody has it, and to read all settings would cost every command the import
        if b"\0core.sharedrepository" not in b"\0" + configuration:
            return None
        from git_muse_coord.store.git import shared
        from git_muse_coord.store.settings import Settings

        settings = Settings.of(configuration)
        return shared.rights(settings.shared_repository)

    @property
    def own_folder(self) -> str:
        """The directory of ours in the git directory, which need not be there."""
        return os.path.join(self.common_dir, DIRECTORY)

    def own_file(self, name: str) -> str:
        """The path of a file of ours in the git directory, made first where others must be able to use it."""
        return self._prepared(self.own_folder, name)

    @property
    def worktree_folder(self) -> str:
        """The directory of ours in the git directory that this worktree has for itself."""
        return os.path.join(self.git_dir, DIRECTORY)

    def worktree_file(self, name: str) -> str:
        """As ``own_file``, for a file of this worktree alone."""
        return self._prepared(self.worktree_folder, name)

    def _prepared(self, folder: str, name: str) -> str:
        path = os.path.join(folder, name)
        # what is there has its rights; to look costs less than the settings in a process that stays
        if os.path.lexists(path):
            return path
        mode = self.shared_mode
        if mode is not None:
            from git_muse_coord.store.git import shared

            shared.prepare(path, mode)
        return path

    def mark(self, name: str) -> None:
        """Make an empty file of ours, if that can be done."""
        path = self.own_file(name)
        folder = os.path.dirname(path)
        with suppress(OSError):
            os.makedirs(folder, exist_ok=True)
            descriptor = os.open(path, os.O_CREAT | os.O_WRONLY, 0o666)
            os.close(descriptor)

    @cached_property
    def library(self) -> pygit2.Repository | None:
        """The repository in libgit2, or None where that cannot open it: sha256, reftable, partial clones, and others.

        Loading it costs about 70 ms, more than 20 git processes.
        """
        import pygit2

        flushing = pygit2.enums.Option.ENABLE_FSYNC_GITDIR
        try:
            pygit2.option(flushing, True)
            return pygit2.Repository(self.git_dir)
        except (pygit2.GitError, ValueError, OSError, KeyError):
            return None

    def _ask(self) -> Answer:
        return self.git.ask(
            "rev-parse",
            "--path-format=absolute",
            "--git-common-dir",
            "--git-dir",
            "--is-bare-repository",
            "--is-inside-work-tree",
            "--show-object-format",
            "--show-prefix",
            "HEAD",
            "--symbolic-full-name",
            "HEAD",
        )

    def is_directory(self, path: str) -> bool:
        """Whether a path of the worktree is a directory (in a bare repository: of HEAD's tree)."""
        if self.top is None:
            return self._tree_types.get(path) == "tree"
        full = os.path.join(self.top, path)
        return os.path.isdir(full)

    def has_path(self, path: str) -> bool:
        """Whether a file or directory is in the worktree (in a bare repository: in HEAD's tree)."""
        if self.top is None:
            is_root = path == "./"
            return is_root or path.rstrip("/") in self._tree_types
        full = os.path.join(self.top, path)
        return os.path.lexists(full)

    def tracked(self) -> list[str]:
        """The paths of the index, or of HEAD's tree in a bare repository; empty when there is neither."""
        if self.top is None:
            paths: list[str] = []
            for path, object_type in self._tree_types.items():
                if object_type != "tree":
                    paths.append(path)
            return paths
        listed = self.git.ask("ls-files", "-z", "--full-name", "--", ":/")
        return fields_of(listed.out)

    @cached_property
    def _tree_types(self) -> dict[str, str]:
        """What each path of HEAD's tree is in the words of git, directories included."""
        listed = self.git.ask("ls-tree", "-z", "-r", "-t", "--full-tree", "HEAD")
        types: dict[str, str] = {}
        for row in fields_of(listed.out):
            facts, _, path = row.partition("\t")
            _, object_type, _ = facts.split()
            types[path] = object_type
        return types


def _unusable(answer: Answer, path: str) -> NoRepository:
    complaint = answer.complaint
    if "dubious ownership" in complaint:
        return NoRepository(
            f"git does not trust this repository, because somebody else owns it: {path}",
            "if you trust it, run: git config --global --add safe.directory DIRECTORY",
        )
    if "not a git repository" in complaint:
        return NoRepository(
            f"not a git repository: {path}",
            "run it inside one, or name one with -C PATH",
        )
    return NoRepository(
        f"git cannot open this repository: {complaint}",
        "see what `git status` says there",
    )
