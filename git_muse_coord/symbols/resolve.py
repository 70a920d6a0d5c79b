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
from git_muse_coord.symbols.place_names import PlaceNames
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
        self._places = PlaceNames(
            files,
            self._modules,
            self._known,
            bound=self._bound,
            imported=self.imported,
            sees_package=self._sees_package,
        )
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
        return self._places.meaning(place, chain[1])

    def held(self, thing: Thing) -> Things:
        """What a variable or a property is; of all else nothing is known."""
        if thing.kind is not ThingKind.SYMBOL or thing.within:
            return NOTHING
        if not _holds_value(self.scope(thing)):
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
            # what holds something that is not of this tree has no path
            held_members = self._table(thing.path).held_members if thing.path else {}
            return containers.member_of_container(thing, name, held_members)
        match thing.kind:
            case ThingKind.FOREIGN:
                return ELSEWHERE
            case ThingKind.PLACE:
                return self._places.meaning(thing.path, name)
            case ThingKind.INHERITED:
                return self._inherited(thing.path, thing.scope, name)
        scope = self.scope(thing)
        if thing.kind is ThingKind.INSTANCE or scope.kind in CLASSES:
            return self._member_of_class(thing, name)
        if name in scope.bindings and scope.kind not in FUNCTIONS:
            return self._bound(thing.path, scope.bindings[name])
        return self._step_into(thing, name)

    def _member_of_class(self, thing: Thing, name: str) -> Things:
        """What a member of a class, or of an instance, means."""
        things = self._of_class(thing.path, thing.scope, name)
        # only where the class has none of that name itself, as Rust's `unwrap`
        if things == ELSEWHERE and name in self._table(thing.path).passing:
            return (containers.passed_on(thing),)
        return things

    def _step_into(self, thing: Thing, step: str) -> Things:
        """What the next step means behind a variable: that of what it holds."""
        return self._known.once((thing, step), lambda: self._step(self.held(thing), step))

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
            return self._given_by_method(thing, step)
        if thing.kind is not ThingKind.SYMBOL:
            return NOTHING
        if not _holds_value(self.scope(thing)):
            # type arguments, which change nothing
            return (thing,)
        return self._step_into(thing, step)

    def _given_by_method(self, thing: Thing, step: str) -> Things:
        """What an object gives by a method that the language asks it for, as Python's ``__getitem__``."""
        method = self._table(thing.path).element_methods.get(step)
        if not method:
            return NOTHING
        given = self._step(self.member(thing, method), CALLED)
        if step != EACH:
            return given
        # an iterator may give itself: what goes round in a circle is found out by who remembers
        return self._known.once((thing, step), lambda: self._step(given, step))

    def _called(self, thing: Thing) -> Things:
        """What a call gives."""
        if thing.within:
            return containers.called_member(thing)
        match thing.kind:
            case ThingKind.FOREIGN:
                return ELSEWHERE
            case ThingKind.PLACE:
                # a module that exports one thing is called as that
                return self._step(self._places.meaning(thing.path, "default"), CALLED)
            case ThingKind.INHERITED:
                return (thing,)
            case ThingKind.INSTANCE:
                return NOTHING
        kind = self.scope(thing).kind
        if kind in CLASSES:
            return (Thing(ThingKind.INSTANCE, thing.path, thing.scope),)
        if kind in FUNCTIONS:
            return self._results(thing)
        return self._step_into(thing, CALLED)

    def _results(self, thing: Thing) -> Things:
        """What a function gives, or a variable holds."""
        return self._known.once(thing, lambda: self._all_results(thing))

    def _all_results(self, thing: Thing) -> Things:
        # several where a function returns in several places, or what is declared is one of more
        results: list[Thing] = []
        for chain in self.scope(thing).results:
            results += self.value(thing.path, thing.scope, chain)
        return distinct(results)

    def _name(
        self,
        path: str,
        scope: int,
        name: str,
    ) -> Things:
        """What a bare name means."""
        if name in (CLASS, SUPER):
            around = self.class_around(path, scope)
            if around < 0:
                return NOTHING
            kind = ThingKind.SYMBOL if name == CLASS else ThingKind.INHERITED
            return (Thing(kind, path, around),)
        if name == UNKNOWN:
            return NOTHING
        if name == FOREIGN:
            return ELSEWHERE
        things = self._name_around(path, scope, name)
        if things is not None:
            return things
        things = ELSEWHERE
        # what the file itself binds was seen above
        if STAR in self.files[path].scopes[0].bindings:
            things = self._places.meaning(path, name)
        if things == ELSEWHERE and self._sees_package(path):
            return self._places.meaning(package_of(path), name)
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
            if scope.kind in CLASSES:
                if uses.class_names_seen:
                    things = self._of_class(path, index, name)
                    if things != ELSEWHERE:
                        return things
                # Python's methods do not see what stands beside them
                is_seen = is_own and uses.class_body_seen
                is_own = False
            elif scope.kind in SPACES:
                is_seen = True
                is_own = False
            else:
                is_seen = False
            if is_seen and name in scope.bindings:
                return self._bound(path, scope.bindings[name])
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
        if meanings and inherited == ELSEWHERE:
            return NOTHING
        return inherited

    def _inherited(
        self,
        path: str,
        scope: int,
        name: str,
    ) -> Things:
        """What a member means in the bases of a class: in the first that has it."""
        for base in self._bases(path, scope):
            things = self.member(base, name)
            if things != ELSEWHERE:
                return things
        return ELSEWHERE

    def _bases(self, path: str, index: int) -> Iterator[Thing]:
        """The classes that a class inherits, also through a variable that holds one."""
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

    def _sees_package(self, path: str) -> bool:
        return self._table(path).package_names_seen


def _holds_value(scope: Scope) -> bool:
    """Whether a symbol stands for what it holds: a variable does, and a property, but no class or function."""
    if scope.kind in FUNCTIONS:
        return scope.is_property
    return scope.kind not in CLASSES
