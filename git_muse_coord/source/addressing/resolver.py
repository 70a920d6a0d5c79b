"""From what somebody types to addresses: every entry point that takes addresses comes through here.

What names a path that is there, in the one way in which it can be named, is taken as it is and
costs no git process. Everything else is read by ``reader``, which knows the tracked files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING

from git_muse_coord.model import address
from git_muse_coord.model.address import Address
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.records import MAX_ADDRESSES
from git_muse_coord.rules import typed
from git_muse_coord.store.git.paths import Paths

if TYPE_CHECKING:
    from git_muse_coord.source.addressing.reader import AddressReader
    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.store.settings import Settings


class AddressResolver:
    """Reads addresses in a repository as it is now."""

    def __init__(
        self, repository: Repository, settings: Settings, progress: Callable[[str], None]
    ) -> None:
        self._repository = repository
        self._settings = settings
        self._progress = progress
        self._paths = Paths(repository)
        self._tells_apart = settings.has_links and not (
            settings.ignores_case or settings.ignores_form
        )

    def resolve(self, texts: Iterable[str]) -> list[Address]:
        """The addresses that some texts mean, sorted and unique. Raises BadInput."""
        texts = list(texts)
        if not texts:
            raise BadInput("no address is given", "name a file, a directory/ or a file::Symbol")
        _bound(len(texts))
        plain = {text: self._plain(text) for text in texts}
        found = {one for one in plain.values() if one is not None}
        if rest := [text for text, one in plain.items() if one is None]:
            self.reader.expect(rest)
            for text in rest:
                found.update(self.reader.read(text))
        return self.together(found, ())

    def together(self, some: Iterable[Address], others: Iterable[Address]) -> list[Address]:
        """Addresses of two sources, sorted and unique. Raises BadInput for too many."""
        found = {*some, *others}
        _bound(len(found))
        return sorted(found, key=str)

    def is_there(self, path: str) -> bool:
        """Whether a path is in the working tree or tracked: what a sparse checkout leaves out is there, too."""
        return self.is_on_disk(path) or self.reader.is_tracked(path)

    def is_on_disk(self, path: str) -> bool:
        """Whether a path is in the working tree; in a bare repository, in HEAD's."""
        return self._repository.has_path(path)

    @cached_property
    def reader(self) -> AddressReader:
        """What knows the tracked files."""
        from git_muse_coord.source.addressing.reader import AddressReader

        return AddressReader(self._repository, self._settings, self._paths, self._progress)

    def _plain(self, text: str) -> Address | None:
        """The address where a text can mean nothing else."""
        if not self._tells_apart or not typed.is_simple(text.partition("::")[2]):
            return None
        try:
            one = address.parse(text, self._repository.prefix)
        except BadInput:
            return None
        if not self._paths.is_plain(one.path):
            return None
        if one.is_directory or not self._repository.is_directory(one.path):
            return one
        return None if one.segments else Address(one.path + "/")


def _bound(count: int) -> None:
    if count > MAX_ADDRESSES:
        raise BadInput(
            f"{count:,} addresses are more than {MAX_ADDRESSES:,}", "reserve a directory/ instead"
        )
