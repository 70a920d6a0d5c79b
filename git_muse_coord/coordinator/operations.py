"""What is about to be done to which addresses: an operation for all of them, or for each its own.

Who renames a function and adapts its callers does not rename the callers, and others judge by that.
"""

from __future__ import annotations

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import OPERATIONS
from git_muse_coord.model.text_types import list_of_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from git_muse_coord.model.address import Address
    from git_muse_coord.source.addressing.resolver import AddressResolver

    Operations = str | Sequence[str] | None
    """An operation for all addresses, or several as ``OPERATION=ADDRESS``."""


class Share(NamedTuple):
    """Texts of addresses to which the same is to be done."""

    operation: str | None
    texts: list[str]


class Target(NamedTuple):
    """Addresses to which the same is to be done; ``spelt`` are those that somebody typed."""

    operation: str | None
    spelt: list[Address]
    asked: list[Address]


def shares(texts: Iterable[str], op: Operations) -> list[Share]:
    """Addresses by what is to be done to them: those that ``op`` names, in its order, and at the end all others.

    Raises BadInput.
    """
    # A library's caller gives one text, a command line a list of them.
    given = list(op or ())
    if isinstance(op, str):
        given = [op]
    named: dict[str, list[str]] = {}
    of_others: str | None = None
    for text in given:
        operation, names_address, address = text.partition("=")
        if operation not in OPERATIONS:
            allowed = ", ".join(OPERATIONS)
            raise BadInput(f"operation {operation!r} is not one of {allowed}")
        if names_address:
            of_operation = named.setdefault(operation, [])
            of_operation.append(address)
        elif of_others is None:
            of_others = operation
        else:
            raise BadInput(
                f"both --op {of_others} and --op {operation} are for all addresses",
                "say to which address each belongs: --op OPERATION=ADDRESS",
            )
    others = list_of_texts(texts)
    # What is said of an address and of all is one operation.
    if of_others is not None:
        others += named.pop(of_others, [])
    made: list[Share] = []
    for operation, addresses in named.items():
        share = Share(operation, addresses)
        made.append(share)
    rest = Share(of_others, others)
    return [*made, rest]


def targets(
    resolver: AddressResolver,
    asked_for: Sequence[Share],
    touched: Sequence[Address],
) -> list[Target]:
    """What texts name, with what else is touched among the others. Raises BadInput."""
    *named, others = asked_for
    wanted: list[Target] = []
    taken: set[Address] = set()
    for share in named:
        addresses = resolver.resolve(share.texts)
        taken.update(addresses)
        wanted.append(Target(share.operation, addresses, addresses))
    # With nothing at all, the resolver says that an address is missing.
    is_all = not (touched or named)
    spelt: list[Address] = []
    if others.texts or is_all:
        spelt = resolver.resolve(others.texts)
    together = resolver.together(spelt, touched)
    # What has an operation of its own is not among those for which nothing special was said.
    left: list[Address] = []
    for address in together:
        if address not in taken:
            left.append(address)
    if left or is_all:
        wanted.append(Target(others.operation, spelt, left))
    return wanted
