"""All names that a file uses and imports: also those that can lead nowhere, which ``collect`` leaves out."""

from __future__ import annotations

import builtins
from collections import defaultdict
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.references import (
    CALLED,
    CLASSES,
    SPACES,
    STAR,
    UNKNOWN,
    Chain,
    References,
    Scope,
)
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.table import Uses, words

if TYPE_CHECKING:
    from tree_sitter import Node

_GIVEN = {
    "python": frozenset(dir(builtins)),
    "ecmascript": words(
        "AbortController Blob Buffer Event EventTarget Promise TextDecoder TextEncoder URL URLSearchParams"
        " WebSocket clearInterval clearTimeout console crypto fetch global globalThis module performance process"
        " queueMicrotask require setImmediate setInterval setTimeout structuredClone window"
    ),
    "rust": words("Box Drop FromIterator Option Result String ToString TryFrom TryInto Vec"),
}
"""Names that need no import, although one sees them imported."""


class NameDraft(Draft):
    """A draft that also keeps the first step of every chain, and every import at the top of the file."""

    def __init__(
        self,
        references: References,
        uses: Uses,
        data: bytes,
    ) -> None:
        super().__init__(references, uses, data)
        self._uses = uses
        self._first_lines: dict[tuple[int, str], int] = {}
        """The line of the first use of each name in each scope."""
        self.imports: dict[str, list[int]] = defaultdict(list)
        """The lines in which each name is imported."""

    def note_use(
        self,
        use: Use,
        chain: Chain,
        node: Node,
    ) -> None:
        """Note a use in the current scope, and the name with which it begins."""
        super().note_use(use, chain, node)
        if self._is_use_of_name(chain, node):
            place = (self.scope, chain[0])
            line = node.start_point.row + 1
            self._first_lines.setdefault(place, line)

    def bind_import(
        self,
        name: str,
        module: str,
        what: str,
        node: Node | None,
        *,
        at: int | None = None,
    ) -> None:
        """Let a name mean what is imported, and note the line where that is done at the top."""
        super().bind_import(
            name,
            module,
            what,
            node,
            at=at,
        )
        where = self.binding_scope if at is None else at
        if where == 0 and node is not None:
            line = node.start_point.row + 1
            self.imports[name].append(line)

    def _is_use_of_name(self, chain: Chain, node: Node) -> bool:
        """Whether the first step of a chain is a name, and not a key or the field of something."""
        name = chain[0]
        if name in (CALLED, UNKNOWN) or name.startswith("<"):
            return False
        if self._uses.modules == "go":
            # a package is used with a dot; a bare name may be a key
            return len(chain) > 1
        parent = self.parent
        if parent is None or parent.type != "token_tree":
            return True
        return node.type == "token_tree" or name[:1].isupper() or self._is_path_in_macro(node)

    def _is_path_in_macro(self, node: Node) -> bool:
        # what a macro of Rust is given is no syntax yet: `self.path`, `path = 1`
        before = self.data[: node.start_byte].rstrip()
        behind = self.data[node.end_byte :].lstrip()
        return not before.endswith(b".") and behind.startswith(b"::")

    def uses_of_names(self, also_bound: Collection[str]) -> Iterator[tuple[str, Scope, int, bool]]:
        """Each name that is used, the scope and the line of its first use there, and whether nothing binds it.

        ``also_bound`` are names that something binds somewhere.
        """
        given = _GIVEN.get(self._uses.modules, frozenset())
        scopes = self.references.scopes
        for (scope, name), line in self._first_lines.items():
            is_given = name in also_bound or name in given
            is_free = not is_given and not self._is_bound(scope, name)
            yield name, scopes[scope], line, is_free

    def _is_bound(self, index: int, name: str) -> bool:
        """Whether anything around a use binds the name, or takes in names that nobody knows."""
        # a name that is written as that of a class is no member that a star takes in
        is_class_name = name[:1].isupper() and name != name.upper()
        if self._takes_in_members and not is_class_name:
            return True
        uses = self._uses
        scopes = self.references.scopes
        # whether nothing with names of its own lies between the use and a class
        is_own = True
        while index >= 0:
            scope = scopes[index]
            is_seen = True
            if scope.kind in CLASSES:
                is_body_seen = uses.class_body_seen and is_own
                is_seen = uses.class_names_seen or is_body_seen
                is_own = False
            elif scope.kind in SPACES:
                is_own = False
            if is_seen and (name in scope.bindings or STAR in scope.bindings):
                return True
            index = scope.parent
        return False

    @cached_property
    def _takes_in_members(self) -> bool:
        """Whether all static members of a class are imported (Java): then the hidden name of that has no member."""
        bindings = self.references.scopes[0].bindings
        hidden = {name for name in bindings if name.startswith("<")}
        for meanings in bindings.values():
            for meaning in meanings:
                hidden.difference_update(meaning.chain[:1])
        return bool(hidden)
