"""What a name means at the top of a file, or in a directory, for who comes there by an import."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from git_muse_coord.symbols.known_things import KnownThings
from git_muse_coord.symbols.modules import Modules
from git_muse_coord.symbols.references import (
    IMPORTED,
    STAR,
    Binding,
    Chain,
    References,
)
from git_muse_coord.symbols.things import ELSEWHERE, NOTHING, Thing, ThingKind, Things

BindingReader = Callable[[str, Iterable[Binding]], Things]
"""What a name means in a file of which these are the meanings."""
ImportReader = Callable[[str, Chain], Things]
"""What a file gets by an import."""


class PlaceNames:
    """The names of the places of one tree. ``sees_package``: whether a file sees the names of its directory."""

    def __init__(
        self,
        files: Mapping[str, References],
        modules: Modules,
        known: KnownThings,
        *,
        bound: BindingReader,
        imported: ImportReader,
        sees_package: Callable[[str], bool],
    ) -> None:
        self._files = files
        self._modules = modules
        self._known = known
        self._bound = bound
        self._imported = imported
        self._sees_package = sees_package

    def meaning(self, place: str, name: str) -> Things:
        """What a name means in a place."""
        return self._known.once((place, name), lambda: self._look_into(place, name))

    def _look_into(self, place: str, name: str) -> Things:
        things = self._of_package(place, name)
        if things is not None:
            return things
        bindings: Mapping[str, list[Binding]] = {}
        if place in self._files:
            bindings = self._files[place].scopes[0].bindings
        meanings = bindings.get(name)
        things = self._bound(place, meanings) if meanings else NOTHING
        if not things:
            things = self._through_stars(place, bindings.get(STAR, ()), name)
        if things:
            return things
        # a package binds nothing of the modules that lie in it
        inner = self._modules.inside(place, name)
        if inner:
            return (Thing(ThingKind.PLACE, inner),)
        # what is bound to something that is not known is not foreign
        return NOTHING if meanings else ELSEWHERE

    def _of_package(self, place: str, name: str) -> Things | None:
        """What a name means in a directory whose files see each other's names; None where none defines it."""
        for path in self._modules.of_package(place):
            bindings = self._files[path].scopes[0].bindings
            if name not in bindings or not self._sees_package(path):
                continue
            # what a file imports is seen in that file only
            own = [meaning for meaning in bindings[name] if meaning.kind != IMPORTED]
            if own:
                return self._bound(path, own)
        return None

    def _through_stars(
        self,
        place: str,
        stars: Iterable[Binding],
        name: str,
    ) -> Things:
        """What a name means that a file takes in with all names of another."""
        for star in stars:
            for thing in self._imported(place, star.chain):
                if thing.kind is not ThingKind.PLACE:
                    continue
                things = self.meaning(thing.path, name)
                if things and things != ELSEWHERE:
                    return things
        return NOTHING
