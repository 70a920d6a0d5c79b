"""What a chain of names leads to: around the use, in the file, through imports, in classes and their bases.

Nothing is guessed here. What is surely no part of the tree is told apart from what is not known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from git_muse_coord.symbols import containers
from git_muse_coord.symbols.code_tree import package_of
from git_muse_coord.symbols.extensions import members_elsewhere
from git_muse_coord.symbols.known_things import KnownThings
from git_muse_coord.symbols.manifests import Manifest
from git_muse_coord.symbols.modules import Modules
from git_muse_coord.symbols.references import (
    CALLED,
    CLASS,
    CLASSES,
    DEFINITION,
    EACH,
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
from git_muse_coord.symbols.things import ELSEWHERE, NOTHING, Thing, ThingKind, Things, distinct
from git_muse_coord.symbols.uses import uses_of
from git_muse_coord.symbols.uses.table import Uses


class NameResolver:
    """The names of one tree. What was asked once is remembered."""

    def __init__(self, files: Mapping[str, References], manifests: Mapping[str, Manifest]) -> None:
        self.files = files
        self.tables: dict[str, Uses] = {}
        """The uses of each language of the tree."""
        for file in files.values():
            if file.language not in self.tables:
                self.tables[file.language] = uses_of(file.language) or Uses()
        self._added: dict[tuple[str, int], dict[str, list[Thing]]] = defaultdict(dict)
        """Members of a class that stand elsewhere, by the path and the scope of the class."""
        self._modules = Modules(files, manifests)
        self._known = KnownThings()
        for owner, name, things in members_elsewhere(files, self.value, self._bound):
            self._added[owner.path, owner.scope].setdefault(name, []).extend(things)
        # what was found on the way was found without these members
        self._known.clear()

    def forget(self) -> None:
        """Ask anew what was asked before."""
        self._known.clear()

    def value(
        self,
        path: str,
        scope: int,
        chain: Chain,
    ) -> Things:
        """What a chain means that stands in a scope of a file."""
        key = path, scope, chain
        if len(chain) == 1:
            return self._known.once(key, lambda: self._name(path, scope, chain[0]))
        most = chain[:-1]
        return self._known.once(key, lambda: self._step(self.value(path, scope, most), chain[-1]))

    def imported(self, path: str, chain: Chain) -> Things:
        """What a file gets by an import."""
        place = self._modules.find(self._table(path).modules, chain[0], path)
        if not place:
            return ELSEWHERE
        if len(chain) == 1 or chain[1] == STAR:
            return (Thing(ThingKind.PLACE, place),)
        return self._of_place(place, chain[1])

    def held(self, thing: Thing) -> Things:
        """What a variable or a property is; of all else nothing is known."""
        if thing.kind is not ThingKind.SYMBOL or thing.within:
            return NOTHING
        scope = self.scope(thing)
        if scope.kind in CLASSES or (scope.kind in FUNCTIONS and not scope.is_property):
            return NOTHING
        return self._results(thing)

    def scope(self, thing: Thing) -> Scope:
        """The scope of a symbol, or of the class of an instance."""
        return self.files[thing.path].scopes[thing.scope]

    def class_around(self, path: str, scope: int) -> int:
        """The class around a scope; -1 where there is none."""
        scopes = self.files[path].scopes
        while scope >= 0 and scopes[scope].kind not in CLASSES:
            scope = scopes[scope].parent
        return scope

    def member(self, thing: Thing, name: str) -> Things:
        """What a name means behind a dot."""
        if thing.within:
            table = self._table(thing.path) if thing.path else None
            return containers.member_of_container(thing, name, table.held_members if table else {})
        match thing.kind:
            case ThingKind.FOREIGN:
                return ELSEWHERE
            case ThingKind.PLACE:
                return self._of_place(thing.path, name)
            case ThingKind.INHERITED:
                return self._inherited(thing.path, thing.scope, name)
        scope = self.scope(thing)
        if thing.kind is ThingKind.INSTANCE or scope.kind in CLASSES:
            things = self._of_class(thing.path, thing.scope, name)
            if things == ELSEWHERE and name in self._table(thing.path).passing:
                return (containers.passed_on(thing),)
            return things
        if name in scope.bindings and scope.kind not in FUNCTIONS:
            return self._bound(thing.path, scope.bindings[name])
        return self._known.once((thing, name), lambda: self._step(self.held(thing), name))

    def _step(self, things: Things, step: str) -> Things:
        """What the next step of a chain means."""
        reached: list[Thing] = []
        for thing in things:
            if step == CALLED:
                reached += self._called(thing)
            elif step in containers.INTO:
                reached.append(containers.put_into(thing, step))
            elif step in containers.OUT_OF:
                reached += self._taken(thing, step)
            else:
                reached += self.member(thing, step)
        return distinct(reached)

    def _taken(self, thing: Thing, step: str) -> Things:
        """What an index or a loop takes out."""
        if thing.within:
            return containers.taken_out(thing, step)
        if thing.kind is ThingKind.INSTANCE:
            # by a method that the language asks of an object, which may give that object itself
            method = self._table(thing.path).element_methods.get(step, "")
            given = self._step(self.member(thing, method), CALLED) if method else NOTHING
            if step != EACH:
                return given
            return self._known.once((thing, step), lambda: self._step(given, step))
        if thing.kind is not ThingKind.SYMBOL:
            return NOTHING
        scope = self.scope(thing)
        if scope.kind in CLASSES or (scope.kind in FUNCTIONS and not scope.is_property):
            # type arguments, which change nothing
            return (thing,)
        return self._known.once((thing, step), lambda: self._step(self.held(thing), step))

    def _called(self, thing: Thing) -> Things:
        """What a call gives."""
        if thing.within:
            return containers.called_member(thing)
        match thing.kind:
            case ThingKind.FOREIGN:
                return ELSEWHERE
            case ThingKind.PLACE:
                # a module that exports one thing is called as that
                return self._step(self._of_place(thing.path, "default"), CALLED)
            case ThingKind.INHERITED:
                return (thing,)
            case ThingKind.INSTANCE:
                return NOTHING
        kind = self.scope(thing).kind
        if kind in CLASSES:
            return (Thing(ThingKind.INSTANCE, thing.path, thing.scope),)
        if kind in FUNCTIONS:
            return self._results(thing)
        return self._known.once((thing, CALLED), lambda: self._step(self.held(thing), CALLED))

    def _results(self, thing: Thing) -> Things:
        def find() -> Things:
            # several where a function returns in several places, or what is declared is one of more
            results: list[Thing] = []
            for chain in self.scope(thing).results:
                results += self.value(thing.path, thing.scope, chain)
            return distinct(results)

        return self._known.once(thing, find)

    def _name(
        self,
        path: str,
        scope: int,
        name: str,
    ) -> Things:
        """What a bare name means."""
        if name in (CLASS, SUPER):
            around = self.class_around(path, scope)
            kind = ThingKind.SYMBOL if name == CLASS else ThingKind.INHERITED
            return (Thing(kind, path, around),) if around >= 0 else NOTHING
        if name == UNKNOWN:
            return NOTHING
        if name == FOREIGN:
            return ELSEWHERE
        things = self._name_around(path, scope, name)
        if things is not None:
            return things
        things = ELSEWHERE
        if STAR in self.files[path].scopes[0].bindings:
            things = self._of_place(path, name)
        if things == ELSEWHERE and self._table(path).package_names_seen:
            return self._of_place(package_of(path), name)
        return things

    def _name_around(
        self,
        path: str,
        index: int,
        name: str,
    ) -> Things | None:
        """What a name means in the scopes around a use, from the innermost on; None where none has it."""
        scopes = self.files[path].scopes
        uses = self._table(path)
        # whether nothing with names of its own lies between the use and a class
        is_own = True
        while index >= 0:
            scope = scopes[index]
            is_class = scope.kind in CLASSES
            if is_class and uses.class_names_seen:
                things = self._of_class(path, index, name)
                if things != ELSEWHERE:
                    return things
            is_space = scope.kind in SPACES
            is_seen = is_space or (is_class and is_own and uses.class_body_seen)
            if is_seen and name in scope.bindings:
                return self._bound(path, scope.bindings[name])
            is_own = is_own and not is_class and not is_space
            index = scope.parent
        return None

    def _bound(self, path: str, meanings: Iterable[Binding]) -> Things:
        """What a name means of which these are the meanings."""
        bound: list[Thing] = []
        for meaning in meanings:
            if meaning.kind == DEFINITION:
                bound.append(Thing(ThingKind.SYMBOL, path, meaning.scope))
            elif meaning.kind == IMPORTED:
                bound += self.imported(path, meaning.chain)
            elif meaning.chain:
                bound += self.value(path, meaning.scope, meaning.chain)
        return distinct(bound)

    def _of_place(self, place: str, name: str) -> Things:
        """What a name means at the top of a file, or in a directory."""
        return self._known.once((place, name), lambda: self._look_into(place, name))

    def _look_into(self, place: str, name: str) -> Things:
        things = self._of_package(place, name)
        if things is not None:
            return things
        bindings = self.files[place].scopes[0].bindings if place in self.files else {}
        meanings = bindings.get(name)
        things = self._bound(place, meanings) if meanings else NOTHING
        if not things:
            things = self._through_stars(place, bindings.get(STAR, ()), name)
        if things:
            return things
        inner = self._modules.inside(place, name)
        if inner:
            return (Thing(ThingKind.PLACE, inner),)
        return NOTHING if meanings else ELSEWHERE

    def _of_package(self, place: str, name: str) -> Things | None:
        """What a name means in a directory whose files see each other's names; None where none defines it."""
        for path in self._modules.of_package(place):
            bindings = self.files[path].scopes[0].bindings
            if name in bindings and self._table(path).package_names_seen:
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
            for thing in self.imported(place, star.chain):
                if thing.kind is not ThingKind.PLACE:
                    continue
                things = self._of_place(thing.path, name)
                if things and things != ELSEWHERE:
                    return things
        return NOTHING

    def _of_class(
        self,
        path: str,
        scope: int,
        name: str,
    ) -> Things:
        """What a member of a class means, in the class itself or in what it inherits."""
        key = path, scope, name
        # in a circle of bases the class has no such member
        return self._known.once(key, lambda: self._look_in_class(*key), meanwhile=ELSEWHERE)

    def _look_in_class(
        self,
        path: str,
        scope: int,
        name: str,
    ) -> Things:
        meanings = self.files[path].scopes[scope].bindings.get(name, ())
        own = self._bound(path, meanings)
        added = self._added.get((path, scope), {}).get(name, ())
        if own or added:
            return (*own, *added)
        inherited = self._inherited(path, scope, name)
        # a member that the class itself binds to what is not known is not foreign
        return NOTHING if meanings and inherited == ELSEWHERE else inherited

    def _inherited(
        self,
        path: str,
        scope: int,
        name: str,
    ) -> Things:
        for base in self._bases(path, scope):
            things = self.member(base, name)
            if things != ELSEWHERE:
                return things
        return ELSEWHERE

    def _bases(self, path: str, index: int) -> Iterator[Thing]:
        scope = self.files[path].scopes[index]
        for chain in scope.bases:
            for thing in self.value(path, scope.parent, chain):
                is_symbol = thing.kind is ThingKind.SYMBOL and not thing.within
                if is_symbol and self.scope(thing).kind in CLASSES:
                    yield thing
                else:
                    yield from self.held(thing)

    def _table(self, path: str) -> Uses:
        return self.tables[self.files[path].language]
