"""What a chain of names leads to: around the use, in the file, through imports, in classes and their bases.

Nothing is guessed here. What is surely no part of the tree is told apart from what is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import IntEnum
from typing import NamedTuple

from git_muse_coord.symbols.modules import Modules, package_of
from git_muse_coord.symbols.references import (
    CALLED,
    CLASS,
    CLASSES,
    DEFINITION,
    FOREIGN,
    FUNCTIONS,
    IMPORTED,
    SPACES,
    STAR,
    SUPER,
    UNKNOWN,
    Binding,
    Chain,
    References,
    Scope,
)
from git_muse_coord.symbols.uses import uses_of
from git_muse_coord.symbols.uses.table import Uses

_MAX_DEPTH = 40
"""So many steps from name to name; then nothing is known."""
_MAX_THINGS = 8


class What(IntEnum):
    """The sorts of what a name can lead to."""

    SYMBOL = 1
    INSTANCE = 2
    """An instance of a class."""
    PLACE = 3
    """A file, or a directory without a file of its own."""
    INHERITED = 4
    """What a class inherits."""
    FOREIGN = 5
    """Surely nothing of this tree."""


class Thing(NamedTuple):
    """What a name leads to."""

    what: What
    path: str = ""
    scope: int = 0


Things = tuple[Thing, ...]
"""All that a name can mean; empty when nothing is known."""
_NOTHING: Things = ()
_FOREIGN: Things = (Thing(What.FOREIGN),)


class NameResolver:
    """The names of one tree. What was asked once is remembered."""

    def __init__(self, files: Mapping[str, References], named: Mapping[str, str]) -> None:
        self.files = files
        self.tables = {file.language: uses_of(file.language) or Uses() for file in files.values()}
        self.added: dict[tuple[str, int], dict[str, list[Thing]]] = defaultdict(dict)
        """Members of a class that stand elsewhere."""
        self._modules = Modules(files, named)
        self._known: dict[object, Things] = {}
        self._depth = 0
        self._extend()

    def value(self, path: str, scope: int, chain: Chain) -> Things:
        """What a chain means that stands in a scope of a file."""
        if len(chain) == 1:
            return self._once((path, scope, chain), lambda: self._name(path, scope, chain[0]))
        return self._once(
            (path, scope, chain), lambda: self._step(self.value(path, scope, chain[:-1]), chain[-1])
        )

    def imported(self, path: str, chain: Chain) -> Things:
        """What a file gets when it imports a module, or a name of one."""
        place = self._modules.find(self._table(path).modules, chain[0], path)
        if not place:
            return _FOREIGN
        if len(chain) == 1 or chain[1] == STAR:
            return (Thing(What.PLACE, place),)
        return self._of_place(place, chain[1])

    def held(self, thing: Thing) -> Things:
        """What a variable or a property is; of all else nothing is known."""
        if thing.what is not What.SYMBOL:
            return _NOTHING
        scope = self.scope(thing)
        if scope.kind in CLASSES or (scope.kind in FUNCTIONS and not scope.is_property):
            return _NOTHING
        return self._results(thing)

    def scope(self, thing: Thing) -> Scope:
        """The scope of a symbol, or of the class of an instance."""
        return self.files[thing.path].scopes[thing.scope]

    def around(self, path: str, scope: int) -> int:
        """The class around a scope; -1 where there is none."""
        scopes = self.files[path].scopes
        while scope >= 0 and scopes[scope].kind not in CLASSES:
            scope = scopes[scope].parent
        return scope

    def member(self, thing: Thing, name: str) -> Things:
        """What a name means behind a dot."""
        match thing.what:
            case What.FOREIGN:
                return _FOREIGN
            case What.PLACE:
                return self._of_place(thing.path, name)
            case What.INHERITED:
                return self._inherited(thing.path, thing.scope, name)
        scope = self.scope(thing)
        if thing.what is What.INSTANCE or scope.kind in CLASSES:
            return self._of_class(thing.path, thing.scope, name)
        if name in scope.bindings and scope.kind not in FUNCTIONS:
            return self._bound(thing.path, scope.bindings[name])
        return self._once((thing, name), lambda: self._step(self.held(thing), name))

    def _step(self, things: Things, step: str) -> Things:
        found: dict[Thing, None] = {}
        for thing in things:
            found.update(
                dict.fromkeys(self._called(thing) if step == CALLED else self.member(thing, step))
            )
        return _distinct(found)

    def _called(self, thing: Thing) -> Things:
        """What a call gives."""
        if thing.what is What.FOREIGN:
            return _FOREIGN
        if thing.what is What.PLACE:  # a module that exports one thing
            return self._step(self._of_place(thing.path, "default"), CALLED)
        if thing.what is What.INHERITED:
            return (thing,)
        kind = self.scope(thing).kind
        if thing.what is What.INSTANCE:
            return _NOTHING
        if kind in CLASSES:
            return (Thing(What.INSTANCE, thing.path, thing.scope),)
        if kind in FUNCTIONS:
            return self._results(thing)
        return self._once((thing, CALLED), lambda: self._step(self.held(thing), CALLED))

    def _results(self, thing: Thing) -> Things:
        return self._once(thing, lambda: self._all_results(thing))

    def _all_results(self, thing: Thing) -> Things:
        found: dict[Thing, None] = {}
        for chain in self.scope(thing).results:
            found.update(dict.fromkeys(self.value(thing.path, thing.scope, chain)))
        return _distinct(found)

    def _name(self, path: str, scope: int, name: str) -> Things:
        """What a bare name means."""
        if name in (CLASS, SUPER):
            around = self.around(path, scope)
            what = What.SYMBOL if name == CLASS else What.INHERITED
            return (Thing(what, path, around),) if around >= 0 else _NOTHING
        if name in (UNKNOWN, FOREIGN):
            return _FOREIGN if name == FOREIGN else _NOTHING
        scopes, uses = self.files[path].scopes, self._table(path)
        at, is_own = scope, True
        while at >= 0:
            one = scopes[at]
            if one.kind in CLASSES:
                if uses.class_names_seen and (found := self._of_class(path, at, name)) != _FOREIGN:
                    return found
                if uses.class_body_seen and is_own and name in one.bindings:
                    return self._bound(path, one.bindings[name])
                is_own = False
            elif one.kind in SPACES:
                if name in one.bindings:
                    return self._bound(path, one.bindings[name])
                is_own = False
            at = one.parent
        found = self._of_place(path, name) if STAR in scopes[0].bindings else _FOREIGN
        if found == _FOREIGN and uses.package_names_seen:
            return self._of_place(package_of(path), name)
        return found

    def _bound(self, path: str, meanings: Iterable[Binding]) -> Things:
        found: dict[Thing, None] = {}
        for meaning in meanings:
            if meaning.kind == DEFINITION:
                found[Thing(What.SYMBOL, path, meaning.scope)] = None
            elif meaning.kind == IMPORTED:
                found.update(dict.fromkeys(self.imported(path, meaning.chain)))
            elif meaning.chain:
                found.update(dict.fromkeys(self.value(path, meaning.scope, meaning.chain)))
        return _distinct(found)

    def _of_place(self, place: str, name: str) -> Things:
        """What a name means at the top of a file, or in a directory."""
        return self._once((place, name), lambda: self._look_into(place, name))

    def _look_into(self, place: str, name: str) -> Things:
        for path in self._modules.of_package(place):
            if self._table(path).package_names_seen and name in (
                bindings := self.files[path].scopes[0].bindings
            ):
                seen = [one for one in bindings[name] if one.kind != IMPORTED]
                if seen:
                    return self._bound(path, seen)
        bindings = self.files[place].scopes[0].bindings if place in self.files else {}
        if (meanings := bindings.get(name)) and (found := self._bound(place, meanings)):
            return found
        for star in bindings.get(STAR, ()):
            for thing in self.imported(place, star.chain):
                found = self._of_place(thing.path, name) if thing.what is What.PLACE else _NOTHING
                if found and found != _FOREIGN:
                    return found
        if inner := self._modules.inside(place, name):
            return (Thing(What.PLACE, inner),)
        return _NOTHING if meanings else _FOREIGN

    def _of_class(self, path: str, scope: int, name: str) -> Things:
        """What a member of a class means, in the class itself or in what it inherits."""
        return self._once(
            (path, scope, name), lambda: self._look_in_class(path, scope, name), _FOREIGN
        )

    def _look_in_class(self, path: str, scope: int, name: str) -> Things:
        meanings = self.files[path].scopes[scope].bindings.get(name, ())
        found = (*self._bound(path, meanings), *self.added.get((path, scope), {}).get(name, ()))
        if found:
            return found
        inherited = self._inherited(path, scope, name)
        return _NOTHING if meanings and inherited == _FOREIGN else inherited

    def _inherited(self, path: str, scope: int, name: str) -> Things:
        for base in self._bases(path, scope):
            found = self.member(base, name)
            if found != _FOREIGN:
                return found
        return _FOREIGN

    def _bases(self, path: str, scope: int) -> Iterator[Thing]:
        one = self.files[path].scopes[scope]
        for chain in one.bases:
            for thing in self.value(path, one.parent, chain):
                yield from (
                    (thing,)
                    if thing.what is What.SYMBOL and self.scope(thing).kind in CLASSES
                    else self.held(thing)
                )

    def _extend(self) -> None:
        """Give classes what is said of them elsewhere."""
        for path, file in self.files.items():
            for scope, of, name, member in file.extensions:
                for thing in self.value(path, scope, of):
                    if thing.what is not What.SYMBOL:
                        continue
                    members = self.added[thing.path, thing.scope]
                    if name:
                        members.setdefault(name, []).append(Thing(What.SYMBOL, path, member))
                        continue
                    for inner, meanings in file.scopes[member].bindings.items():
                        members.setdefault(inner, []).extend(self._bound(path, meanings))
        self._known.clear()

    def _once(
        self, key: object, find: Callable[[], Things], meanwhile: Things = _NOTHING
    ) -> Things:
        """What was found before, or is found now; what leads to itself leads to what counts meanwhile."""
        known = self._known.get(key)
        if known is None:
            if self._depth > _MAX_DEPTH:
                return _NOTHING
            self._known[key] = meanwhile
            self._depth += 1
            known = self._known[key] = find()
            self._depth -= 1
        return known

    def _table(self, path: str) -> Uses:
        return self.tables[self.files[path].language]


def _distinct(found: Iterable[Thing]) -> Things:
    """What is known counts before what is foreign."""
    things = tuple(found)
    if len(things) > 1:
        things = tuple(thing for thing in things if thing.what is not What.FOREIGN) or _FOREIGN
    return things[:_MAX_THINGS]
