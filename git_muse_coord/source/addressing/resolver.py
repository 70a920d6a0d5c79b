"""From what somebody types to addresses: every entry point that takes addresses comes through here.

What names a path that is there, in the one way in which it can be named, is taken as it is and
costs no git process. Everything else is read by ``reader``, which knows the tracked files.
"""

from __future__ import annotations

from git_muse_coord.model.address import Address, parse
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.model.records import MAX_ADDRESSES
from git_muse_coord.model.text_types import list_of_texts
from git_muse_coord.rules import typed
from git_muse_coord.store.git.paths import Paths

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from git_muse_coord.source.addressing.reader import AddressReader
    from git_muse_coord.store.git.repository import Repository
    from git_muse_coord.store.settings import Settings


class AddressResolver:
    """Reads addresses in a repository as it is now."""

    def __init__(
        self,
        repository: Repository,
        settings: Settings,
        progress: Callable[[str], None],
    ) -> None:
        self._repository = repository
        self._settings = settings
        self._progress = progress
        self._paths = Paths(repository)
        is_folding = settings.ignores_case or settings.ignores_form
        self._tells_apart = settings.has_links and not is_folding
        """Whether each spelling of a path is another path on this disk, so that none must be looked up."""

    def resolve(self, texts: Iterable[str]) -> list[Address]:
        """The addresses that some texts mean, sorted and unique. Raises BadInput."""
        texts = list_of_texts(texts)
        if not texts:
            raise BadInput("no address is given", "name a file, a directory/ or a file::Symbol")
        _check_count(len(texts))
        addresses: set[Address] = set()
        unclear: list[str] = []
        for text in texts:
            address = self._plain(text)
            if address is not None:
                addresses.add(address)
            else:
                unclear.append(text)
        if unclear:
            # All of them first: the index is then asked once for what they name, not once for each.
            self.reader.expect(unclear)
            for text in unclear:
                addresses.update(self.reader.read(text))
        return self.together(addresses, ())

    def together(self, some: Iterable[Address], others: Iterable[Address]) -> list[Address]:
        """Addresses of two sources, sorted and unique. Raises BadInput for too many."""
        addresses = {*some, *others}
        _check_count(len(addresses))
        return sorted(addresses, key=str)

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
        _, _, selector = text.partition("::")
        if not self._tells_apart or not typed.is_simple(selector):
            return None
        try:
            address = parse(text, self._repository.prefix)
        except BadInput:  # the reader may still know what it is, or says better what is wrong
            return None
        path = address.path
        if not self._paths.is_plain(path):
            return None
        if address.is_directory or not self._repository.is_directory(path):
            return address
        # A symbol in a directory is for the reader to refuse.
        if address.segments:
            return None
        # Typed without the slash.
        return Address(f"{path}/")


def _check_count(count: int) -> None:
    if count > MAX_ADDRESSES:
        raise BadInput(
            f"{count:,} addresses are more than {MAX_ADDRESSES:,}",
            "reserve a directory/ instead",
        )
