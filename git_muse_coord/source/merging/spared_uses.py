"""Uses that go on to work, although what they use went away or is to be called in another way."""

from __future__ import annotations

from git_muse_coord.model.address import IMPORTS, Address, Key
from git_muse_coord.source.merging.side import Side
from git_muse_coord.symbols.references import IMPORTED, STAR


def is_spared(
    taker: Side,
    key: Key,
    user: Side,
    caller: Key,
) -> bool:
    """Whether a use in ``caller`` of the symbol that ``taker`` took away or changed works all the same."""
    if key in taker.gone:
        return _still_gives(taker, key)
    edit = taker.edits[key]
    if edit.address is None:
        return False
    using = user.code.source(caller)
    before = taker.code.source_before(key)
    after = taker.code.source(edit.address.key)
    if using is None or before is None or after is None:
        return False
    return taker.code.calls.still_fits(before, after, using)


def _still_gives(side: Side, key: Key) -> bool:
    """Whether a file from which a symbol went away takes its name in from elsewhere, as far as that is known."""
    path, name, *inside = key
    file = side.code.references.get(path)
    bindings = file.scopes[0].bindings if file is not None and file.scopes else {}
    edit = side.edits.get((path, name))
    address = edit.address if edit is not None else None
    is_imported = any(binding.kind == IMPORTED for binding in bindings.get(name, ()))
    if not is_imported:
        # ``from new import *`` names nothing, but it is an edge from the imports to the whole file.
        return address is not None and STAR in bindings and _imports_all_of(side, path, address)
    if not inside or address is None:
        return True
    # The class comes back under its name: its member does so only if it went along.
    return (*address.key, *inside) in side.symbols


def _imports_all_of(
    side: Side,
    path: str,
    address: Address,
) -> bool:
    whole_file = (address.path,)
    edges = side.graph.used_by((path, IMPORTS))
    return any(edge.target == whole_file for edge in edges)
