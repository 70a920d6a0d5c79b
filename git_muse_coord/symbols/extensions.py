"""Members of a class that stand elsewhere than in it: methods in Go, what an ``impl`` of Rust holds, ``exports.f``."""

from __future__ import annotations

from collections.abc import (
    Callable,
    Iterable,
    Iterator,
    Mapping,
)

from git_muse_coord.symbols.references import (
    Binding,
    Chain,
    Extension,
    References,
)
from git_muse_coord.symbols.things import Thing, ThingKind, Things

_Bound = Callable[[str, Iterable[Binding]], Things]
"""What a name means of which these are the meanings, in a file."""


def members_elsewhere(
    files: Mapping[str, References],
    value: Callable[[str, int, Chain], Things],
    bound: _Bound,
) -> Iterator[tuple[Thing, str, Things]]:
    """Each class with the name of such a member, and what that is."""
    for path, file in files.items():
        for extension in file.extensions:
            for owner in value(path, extension.scope, extension.of):
                if owner.kind is ThingKind.SYMBOL and not owner.within:
                    for name, things in _members(file, extension, bound):
                        yield owner, name, things


def _members(
    file: References,
    extension: Extension,
    bound: _Bound,
) -> Iterator[tuple[str, Things]]:
    # one method, as in Go; without a name, all that stands in a block of them
    if extension.name:
        yield extension.name, (Thing(ThingKind.SYMBOL, file.path, extension.member),)
        return
    for name, meanings in file.scopes[extension.member].bindings.items():
        yield name, bound(file.path, meanings)
