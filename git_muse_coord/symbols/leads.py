"""What of the references of a file can lead somewhere. The rest is not worth to be remembered."""

from __future__ import annotations

from collections.abc import Mapping

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.references import (
    CALLED,
    FUNCTIONS,
    STAR,
    UNKNOWN,
    VALUE,
    Chain,
    Reference,
    References,
    Scope,
)
from git_muse_coord.symbols.uses.draft import UsedChain
from git_muse_coord.symbols.uses.table import Uses


def leave_out_dead_ends(
    references: References,
    first_lines: Mapping[UsedChain, int],
    uses: Uses,
) -> None:
    """Note the uses that can lead somewhere, and forget the local names that none of them mentions."""
    scopes = references.scopes
    for (scope, use, chain), line in first_lines.items():
        if use is not Use.IMPORT and not _leads(scopes, uses, scope, use, chain):
            continue
        reference = Reference(scope, use, chain, line)
        references.uses.append(reference)
    _forget_local_names(references)


def _leads(
    scopes: list[Scope],
    uses: Uses,
    scope: int,
    use: Use,
    chain: Chain,
) -> bool:
    """Whether the first step of a chain means something that is not only local."""
    is_call = use is Use.CALL
    if not uses.modules:
        return is_call
    head = chain[0]
    if head in (CALLED, UNKNOWN):
        return is_call
    index = scope
    while index >= 0:
        meanings = scopes[index].bindings.get(head)
        if meanings:
            for meaning in meanings:
                if meaning.kind != VALUE or meaning.chain:
                    return True
            # a method of a value that is not known may still be found by its name
            return is_call and len(chain) > 1
        index = scopes[index].parent
    if uses.package_names_seen or uses.class_names_seen:
        return True
    return head.startswith("<") or STAR in scopes[0].bindings


def _forget_local_names(references: References) -> None:
    mentioned = _mentioned(references)
    for scope in references.scopes:
        if scope.kind not in FUNCTIONS:
            continue
        for name in list(scope.bindings):
            if name not in mentioned:
                del scope.bindings[name]


def _mentioned(references: References) -> set[str]:
    """All steps of all chains."""
    steps: set[str] = set()
    for reference in references.uses:
        steps.update(reference.chain)
    for extension in references.extensions:
        steps.update(extension.of)
    for scope in references.scopes:
        for chain in (*scope.bases, *scope.results):
            steps.update(chain)
        for meanings in scope.bindings.values():
            for meaning in meanings:
                steps.update(meaning.chain)
    return steps
