"""Uses that go on to work, although what they use went away or is to be called in another way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_muse_coord.model.address import IMPORTS, Address, Key
from git_muse_coord.source.merging.side import Side
from git_muse_coord.source.merging.spoken_names import names_in
from git_muse_coord.symbols.references import IMPORTED, STAR, Binding

Bindings = Mapping[str, Sequence[Binding]]


def is_spared(
    taker: Side,
    key: Key,
    user: Side,
    caller: Key,
) -> bool:
    """Whether a use in ``caller`` of the symbol that ``taker`` took away or changed works all the same."""
    if key in taker.gone:
        return _still_gives(taker, key)
    address = _new_address(taker, key)
    if address is None:
        return False
    using = user.code.source(caller)
    before = taker.code.source_before(key)
    after = taker.code.source(address.key)
    if using is None or before is None or after is None:
        return False
    # As what inherits a constructor is called, or what is imported under another name.
    user_files = user.code.references.values()
    taker_files = taker.code.references.values()
    names = names_in([*user_files, *taker_files], key)
    return taker.code.calls.still_fits(before, after, using, names)


def _still_gives(side: Side, key: Key) -> bool:
    """Whether a file from which a symbol went away takes its name in from elsewhere, as far as that is known."""
    path, name, *inside = key
    address = _new_address(side, (path, name))
    bindings = _bindings(side, path)
    if not _is_imported(name, bindings):
        # ``from new import *`` names nothing, but it is an edge from the imports to the whole file.
        if address is None or STAR not in bindings:
            return False
        return _imports_all_of(side, path, address)
    if not inside or address is None:
        return True
    # The class comes back under its name: its member does so only if it went along.
    member = (*address.key, *inside)
    return member in side.symbols


def _is_imported(name: str, bindings: Bindings) -> bool:
    for binding in bindings.get(name, ()):
        if binding.kind == IMPORTED:
            return True
    return False


def _new_address(side: Side, key: Key) -> Address | None:
    edit = side.edits.get(key)
    if edit is None:
        return None
    return edit.address


def _bindings(side: Side, path: str) -> Bindings:
    """What the names at the top of a file stand for."""
    file = side.code.references.get(path)
    if file is None or file.top is None:
        return {}
    return file.top.bindings


def _imports_all_of(
    side: Side,
    path: str,
    address: Address,
) -> bool:
    imports = (path, IMPORTS)
    whole_file = (address.path,)
    for edge in side.uses.used_by(imports):
        if edge.target == whole_file:
            return True
    return False
