"""The references of one file while they are written: in which scope the pass is, and what it notes there.

The pass over the tree is in ``collect``; the handlers of the languages' tables write here as well.
"""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols.references import (
    CELL,
    CLASS,
    CLASSES,
    FOREIGN,
    IMPORTED,
    SPACES,
    STAR,
    UNKNOWN,
    VALUE,
    Binding,
    Chain,
    References,
    Scope,
)
from git_muse_coord.symbols.uses.expressions import ExpressionReader, Expressions

if TYPE_CHECKING:
    from tree_sitter import Node

    from git_muse_coord.symbols.formats.code_part import CodePart

_MAX_NESTED = 50
"""Closures nested deeper belong to the one around them."""
_MAX_MEANINGS = 6
"""A name that is bound more often in one scope means anything."""
_MAX_STARS = 200
"""From so many other files a scope takes in all names; each is a place to look, not a meaning."""
_MAX_RETURNS = 4
"""Of a function that returns more different values, the first ones count."""


UsedChain = tuple[int, Use, Chain]
"""A chain in a scope, and how it is used."""


class Draft(ExpressionReader):
    """The references of a file on their way. ``scope`` is the index of the scope in which the pass is, 0 the file."""

    def __init__(
        self,
        references: References,
        expressions: Expressions,
        data: bytes,
    ) -> None:
        super().__init__(expressions, data)
        self.references = references
        self.scope = 0
        self.above: list[Node] = []
        """The nodes around the one that the pass enters, from the root on."""
        self.first_lines: dict[UsedChain, int] = {}
        """For each scope, the line of the first use of each chain in it, in the piece at hand."""
        self._nested: dict[int, int] = {}
        """In how many closures each closure lies."""
        self._part: CodePart | None = None
        self.noted: dict[UsedChain, int] = {}
        """The same of the pieces that were read, with their lines in the file."""

    def go_on_with(self, part: CodePart) -> None:
        """Go on with another piece of the code in the file."""
        self.end_part()
        self._part = part
        self.data = part.text
        self.scope = 0
        if part.names:
            cell = Scope(0, part.names, CELL)
            self.open_scope(cell)

    def end_part(self) -> None:
        """Say of what was noted in the piece where it stands in the file."""
        lines = self._part.lines if self._part is not None else ()
        for use, line in self.first_lines.items():
            # most pieces are the file itself
            self.noted[use] = lines[line - 1] if lines else line
        self.first_lines = {}

    @property
    def parent(self) -> Node | None:
        """The node around the one that the pass enters."""
        # node.parent would search from the root down, which takes as long as the node is deep
        return self.above[-1] if self.above else None

    @property
    def current(self) -> Scope:
        """The scope in which the pass is."""
        return self.references.scopes[self.scope]

    @property
    def binding_scope(self) -> int:
        """The innermost scope in which an assignment binds its name."""
        scopes = self.references.scopes
        index = self.scope
        while scopes[index].kind not in SPACES and scopes[index].kind not in CLASSES:
            index = scopes[index].parent
        return index

    @property
    def class_of_method(self) -> int:
        """The class that the current function is directly in; -1 when there is none."""
        scopes = self.references.scopes
        index = scopes[self.binding_scope].parent
        if index < 0 or scopes[index].kind not in CLASSES:
            return -1
        return index

    @property
    def enclosing_class(self) -> int:
        """The class around, however deep inside the pass is; -1 when there is none."""
        return self._class_around(self.scope)

    def _class_around(self, index: int) -> int:
        scopes = self.references.scopes
        while index >= 0 and scopes[index].kind not in CLASSES:
            index = scopes[index].parent
        return index

    def class_of_instance(self, name: str) -> int:
        """The class of which a name is the instance at hand, as ``self`` is; -1 for any other name."""
        scopes = self.references.scopes
        index = self.scope
        while index >= 0:
            meanings = scopes[index].bindings.get(name)
            if meanings:
                chain = meanings[0].chain
                is_instance = chain[:1] == (CLASS,) and len(chain) < 3
                return self._class_around(index) if is_instance else -1
            index = scopes[index].parent
        return -1

    def open_closure(self, names: tuple[str, ...] | None = None) -> None:
        """Go on in a scope that is no symbol of its own. The pass leaves it with the node.

        The table of definitions must know that node, or the pass does not notice its end. ``names``
        are those of the symbol around, if that is another than the current one.
        """
        depth = self._nested.get(self.scope, 0)
        if depth >= _MAX_NESTED:
            return
        symbol = self.current.names if names is None else names
        self.open_scope(Scope(self.scope, symbol))
        self._nested[self.scope] = depth + 1

    def open_scope(self, scope: Scope) -> None:
        """Go on in a new scope."""
        scopes = self.references.scopes
        scopes.append(scope)
        self.scope = len(scopes) - 1

    def note_use(
        self,
        use: Use,
        chain: Chain,
        node: Node,
    ) -> None:
        """Note a use in the current scope."""
        # a member of what is not known may still be found by its name
        is_known = chain[0] != UNKNOWN or len(chain) > 1
        if is_known and chain[0] != FOREIGN:
            line = node.start_point.row + 1
            self.first_lines.setdefault((self.scope, use, chain), line)

    def note_base(self, chain: Chain, node: Node) -> None:
        """Note what the current class inherits."""
        if chain[0] not in (UNKNOWN, FOREIGN):
            self.current.bases.append(chain)
            self.note_use(Use.BASE, chain, node)

    def note_result(self, *chains: Chain) -> None:
        """Note what a call of the current function gives by its declaration, as far as that is known."""
        self.current.results.extend(filter(None, chains))

    def note_return(self, chain: Chain) -> None:
        """Note what a ``return`` gives, if that is known."""
        results = self.references.scopes[self.binding_scope].results
        is_known = bool(chain) and chain[0] != FOREIGN
        if is_known and chain not in results and len(results) < _MAX_RETURNS:
            results.append(chain)

    def bind(
        self,
        name: str,
        *chains: Chain,
        at: int | None = None,
    ) -> None:
        """Let a name mean the value of any of the chains, as they read here; without one, nothing is known of it.

        ``at`` is the scope that gets the name, if that is not the one of an assignment.
        """
        where = self.binding_scope if at is None else at
        for chain in chains or ((),):
            value = Binding(VALUE, chain, self.scope)
            self.add_meaning(name, value, where)

    def assign(self, name: str, *chains: Chain) -> None:
        """Let a variable mean the value of any of the chains."""
        scope = self.current
        is_symbol = scope.kind not in SPACES and scope.kind not in CLASSES
        if is_symbol and scope.names[-1:] == (name,):
            # the variable is a symbol of its own, whose scope was opened just before
            self.note_result(*chains)
        else:
            self.bind(name, *chains)

    def bind_pattern(
        self,
        pattern: Node | None,
        names: Container[str],
        without: Container[str],
    ) -> None:
        """Bind the names in a pattern to what is not known.

        ``names`` are the kinds of nodes that are names, ``without`` those into which not to look.
        """
        waiting = [pattern] if pattern is not None else []
        while waiting:
            node = waiting.pop()
            if node.type in names:
                self.bind(self.text(node))
            elif node.type not in without:
                waiting += node.named_children

    def bind_import(
        self,
        name: str,
        module: str,
        what: str,
        node: Node | None,
        *,
        at: int | None = None,
    ) -> None:
        """Let a name mean what is imported.

        ``what`` is empty for the module itself, a star for all. Without a node the language takes it
        in by itself, and it is no use.
        """
        chain = (module, what) if what else (module,)
        where = self.binding_scope if at is None else at
        self.add_meaning(name, Binding(IMPORTED, chain), where)
        if node is not None:
            use = (self.scope, Use.IMPORT, chain)
            line = node.start_point.row + 1
            self.first_lines.setdefault(use, line)

    def add_meaning(
        self,
        name: str,
        binding: Binding,
        at: int,
    ) -> None:
        """Let a name have a further meaning in a scope."""
        bindings = self.references.scopes[at].bindings
        meanings = bindings.setdefault(name, [])
        most = _MAX_STARS if name == STAR else _MAX_MEANINGS
        if binding not in meanings and len(meanings) < most:
            meanings.append(binding)
