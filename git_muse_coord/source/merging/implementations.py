"""Implementations of what is asked for no more: one side renames a method of an interface, the other implements it.

Neither a trait of Rust nor an interface of Go has a body to inherit, so nothing but a compiler would tell.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from posixpath import dirname

from git_muse_coord.model.address import Key
from git_muse_coord.rules.merged_symbol import Break, ConflictType, Site
from git_muse_coord.rules.uses import Use
from git_muse_coord.source.by_path import symbols_by_key
from git_muse_coord.source.merging.side import Side, both_ways
from git_muse_coord.symbols.references import References

_LANGUAGES = ("go", "rust")
_KINDS = ("interface", "trait")
_ENOUGH = 2
"""A type of Go is taken to implement an interface if that asks for so many methods and the type has them all."""


def lost_implementations(ours: Side, theirs: Side) -> dict[Key, Break]:
    """The methods that a side took out of an interface and of which the other has a new implementation."""
    breaks: dict[Key, Break] = {}
    for taker, user in both_ways(ours, theirs):
        if not taker.gone or not user.origins:
            continue
        for interface in _interfaces(taker):
            for method in interface.gone:
                sites = tuple(interface.implemented_by(user, method))
                if not sites:
                    continue
                breaks[method] = Break(
                    ConflictType.LOST_OVERRIDE,
                    sites,
                    interface.advice,
                )
    return breaks


class _Interface:
    """A trait or an interface from which a side took methods."""

    def __init__(
        self,
        key: Key,
        language: str,
        before: set[Key],
        after: set[Key],
    ) -> None:
        self.key = key
        self._language = language
        self._before = before
        self.gone = sorted(before - after)
        new = sorted(after - before)
        self.advice = "fit it to what is asked for now"
        if len(new) == len(self.gone) == 1:
            new_name = new[0][-1]
            self.advice = f"name it {new_name} there, too"

    def implemented_by(self, user: Side, method: Key) -> Iterator[Site]:
        """Where a side newly has the method for this."""
        name = method[-1]
        is_implementation = self._is_of_implementing_type
        if self._language == "rust":
            is_implementation = self._is_in_impl
        for key in _new_keys(user):
            is_member = len(key) >= 3
            if not is_member or key[-1] != name:
                continue
            symbol = user.symbols.get(key)
            if symbol is None:
                continue
            if is_implementation(user, key):
                yield user.site_of(symbol)

    def _is_in_impl(self, user: Side, key: Key) -> bool:
        """Whether a method stands in ``impl`` of this trait for its type."""
        path = key[0]
        trait_name = self.key[-1]
        file = user.code.references.get(path)
        if file is None or not _says_impl(file, key, trait_name):
            return False
        type_key = key[:-1]
        for edge in user.uses.used_by(type_key):
            implements = edge.use is Use.BASE
            if implements and edge.target == self.key:
                return True
        return False

    def _is_of_implementing_type(self, user: Side, key: Key) -> bool:
        """Whether a method is of a new type that has all that was asked for, in a package that knows the interface."""
        package = dirname(key[0])
        type_name = key[-2]
        methods: set[str] = set()
        is_type_new = False
        for new_key in _new_keys(user):
            # A type and its methods may stand in different files of its package.
            if dirname(new_key[0]) != package:
                continue
            names = new_key[1:]
            if names == (type_name,):
                is_type_new = True
            elif names[:-1] == (type_name,):
                methods.add(names[-1])
        asked = {method[-1] for method in self._before}
        # Of one method it may be by chance that a type has it.
        if not is_type_new or len(asked) < _ENOUGH:
            return False
        if not methods.issuperset(asked):
            return False
        return self._is_known_in(user, package)

    def _is_known_in(self, user: Side, package: str) -> bool:
        """Whether this is of a package itself, or what a side changed in there uses something of where this is."""
        home = dirname(self.key[0])
        if package == home:
            return True
        # Elsewhere the same names are there by chance, unless the package uses something of that one.
        for path in user.files:
            if dirname(path) != package:
                continue
            if user.uses.reaches(path, home):
                return True
        return False


def _interfaces(taker: Side) -> Iterator[_Interface]:
    """The traits and interfaces from which a side took methods."""
    files_before = taker.differences.before.values()
    for file in files_before:
        if file.language not in _LANGUAGES:
            continue
        symbols = symbols_by_key([file])
        for key, symbol in symbols.items():
            if symbol.kind not in _KINDS:
                continue
            # What went away as a whole, or elsewhere, is told as that.
            if key not in taker.symbols:
                continue
            before = _members(symbols, key)
            after = _members(taker.symbols, key)
            if before - after:
                yield _Interface(key, file.language, before, after)


def _new_keys(side: Side) -> Iterator[Key]:
    """Where a side has something that was not there at the base."""
    for key, origin in side.origins.items():
        if origin is None:
            yield key


def _members(keys: Iterable[Key], owner: Key) -> set[Key]:
    members: set[Key] = set()
    for key in keys:
        container = key[:-1]
        if container == owner:
            members.add(key)
    return members


def _says_impl(
    file: References,
    method: Key,
    trait: str,
) -> bool:
    names = method[1:]
    for scope in file.scopes:
        if scope.names != names or scope.parent < 0:
            continue
        # The block "impl Trait for Type" is the scope around its methods.
        around = file.scopes[scope.parent]
        for base in around.bases:
            if base[-1:] == (trait,):
                return True
    return False
