"""One pass over a syntax tree for its references: scopes, what names mean in them, calls and other uses.

The pass keeps texts and numbers only, never a node. What is a definition, and its name, is what the
tables of ``languages`` say, so that the symbols here are those that can be addressed. What the
tables of ``uses`` say is written into a ``Draft``.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols import grammar
from git_muse_coord.symbols.extract import MAX_BYTES, MAX_SYMBOLS, unreadable
from git_muse_coord.symbols.formats.code_part import CodePart
from git_muse_coord.symbols.grammar import Grammar, Special
from git_muse_coord.symbols.languages import detect, facts_of
from git_muse_coord.symbols.languages.facts import TYPES
from git_muse_coord.symbols.languages.table import (
    IMPORT,
    MARKUP,
    PROSE,
    Declaration,
    Place,
)
from git_muse_coord.symbols.leads import leave_out_dead_ends
from git_muse_coord.symbols.manifests import read_manifest
from git_muse_coord.symbols.references import (
    CELL,
    CONSTRUCTOR,
    DEFINITION,
    Binding,
    Extension,
    References,
    Scope,
)
from git_muse_coord.symbols.uses import is_manifest, uses_of
from git_muse_coord.symbols.uses.draft import Draft
from git_muse_coord.symbols.uses.table import Handler, Uses
from git_muse_coord.symbols.walked import MAX_DEPTH

if TYPE_CHECKING:
    from tree_sitter import Node, Tree


def collect(path: str, data: bytes) -> References:
    """The references of a file; of one that holds no code, or cannot be read, none."""
    _, _, name = path.rpartition("/")
    if is_manifest(name):
        manifest = read_manifest(name, data[:MAX_BYTES])
        return References(path, manifest=manifest)
    reason = unreadable(path, data)
    if reason:
        # code by its name, of which somebody may want to know that it was not read
        is_code = uses_of(detect(path, b"")) is not None
        if is_code and reason in ("binary", "large"):
            reason = "unread"
        return References(path, whole=reason)
    language = detect(path, data)
    parts = code_parts(data, language) if language else []
    uses = uses_of(parts[0].language) if parts else None
    if uses is None:
        return References(path, whole="text")
    return _collect_code(path, parts, uses)


def code_parts(data: bytes, language: str) -> list[CodePart]:
    """The code in a file: all of it, or what lies in a file of another sort."""
    reader = facts_of(language).code
    if not reader:
        return [CodePart(language, data)]
    module, name = reader.split(":")
    # loaded where such a file is met: most trees hold none
    function = getattr(import_module(f"{__package__}.{module}"), name)
    parts: list[CodePart] = function(data)
    return parts


def _collect_code(
    path: str,
    parts: list[CodePart],
    uses: Uses,
) -> References:
    language = parts[0].language
    loaded = grammar.load(language)
    references = References.of_code(path, language)
    draft = Draft(references, uses, parts[0].text)
    for part in parts:
        tree = grammar.parse_source(loaded, part.text)
        if tree is None:
            return References(path, language, whole="costly")
        draft.go_on_with(part)
        Collector(draft, uses, loaded).run(tree)
        references.broken |= tree.root_node.has_error
        if len(references.scopes) > MAX_SYMBOLS:
            return References(path, language, whole="costly")
    draft.end_part()
    leave_out_dead_ends(references, draft.noted, uses)
    return references


class _Step(NamedTuple):
    """What there is to do at a kind of node."""

    special: Special | None = None
    handler: Handler | None = None
    called: str | None = None
    """The field of what is called; empty where the call is one node with its receiver."""
    is_member: bool = False
    is_name: bool = False


class _Around(NamedTuple):
    """What to go back to when a node ends."""

    scope: int
    names: tuple[str, ...]
    place: Place


@cache
def _steps(_language: str) -> dict[int, _Step | None]:
    """The steps of a language by number of kind, found as they are met."""
    return {}


class Collector:
    """The state of one pass, and what the tables tell it."""

    def __init__(
        self,
        draft: Draft,
        uses: Uses,
        loaded: Grammar,
    ) -> None:
        self._draft = draft
        self._uses = uses
        self._specials = loaded.specials
        self._names = draft.current.names
        self._place = Place(draft.data, False, "")
        self._chain_start = -1
        """The byte where the chain begins that was read last."""

    def run(self, tree: Tree) -> None:
        """Walk the whole tree."""
        draft = self._draft
        steps = _steps(draft.references.language)
        cursor = tree.walk()
        down = cursor.goto_first_child
        right = cursor.goto_next_sibling
        up = cursor.goto_parent
        stack: list[_Around | None] = []
        while True:
            node = cursor.node
            assert node is not None  # noqa: S101 - a cursor always stands on a node
            around: _Around | None = None
            is_done = False
            kind = node.kind_id
            if kind not in steps:
                steps[kind] = self._step(node)
            step = steps[kind]
            if step is not None:
                if step.special is not None:
                    around = _Around(draft.scope, self._names, self._place)
                    self._open(node, step.special)
                if step.handler is not None:
                    is_done = bool(step.handler(node, draft))
                elif step.called is not None:
                    self._call(node, step.called)
                # the inner nodes of a chain begin where it begins, and were read with it
                elif node.start_byte != self._chain_start:
                    self._name(node, step, cursor.field_name)
            if not is_done and down():
                draft.above.append(node)
                stack.append(around)
                continue
            if around is not None:
                self._go_back(around)
            while not right():
                if not up():
                    return
                draft.above.pop()
                around = stack.pop()
                if around is not None:
                    self._go_back(around)

    def _step(self, node: Node) -> _Step | None:
        """What the tables say of a kind of node."""
        uses = self._uses
        kind = node.type
        special = self._specials[node.kind_id]
        # nothing is used in one
        if special is not None and special.comment:
            special = None
        called = uses.calls.get(kind)
        if called is None and kind in uses.methods:
            called = ""
        step = _Step(
            special,
            uses.handlers.get(kind),
            called,
            is_member=kind in uses.members,
            is_name=kind in uses.names,
        )
        # Of most kinds of nodes they say nothing.
        if step == _Step():
            return None
        return step

    def _name(
        self,
        node: Node,
        step: _Step,
        field: str | None,
    ) -> None:
        """Note what is named without being called."""
        draft = self._draft
        if step.is_member:
            self._chain_start = node.start_byte
            chain = draft.chain(node)
            draft.note_use(Use.NAME, chain, node)
        elif step.is_name and field not in self._uses.silent:
            name = draft.text(node)
            draft.note_use(Use.NAME, (name,), node)

    def _call(self, node: Node, called: str) -> None:
        """Note a call."""
        draft = self._draft
        self._chain_start = node.start_byte
        if called:
            callee = node.child_by_field_name(called)
            chain = draft.chain(callee)
        else:
            # where the call is one node with its receiver, the chain ends with the call itself
            chain = draft.chain(node)[:-1]
        draft.note_use(Use.CALL, chain, node)

    def _open(self, node: Node, special: Special) -> None:
        """Enter a node of which the table of definitions knows."""
        if special.rule is not None and len(self._names) < MAX_DEPTH:
            declaration = special.rule(node, self._place)
            if declaration is not None:
                self._declare(declaration)
        if special.closure:
            self._place = self._place._replace(local=True)

    def _declare(self, declaration: Declaration) -> None:
        """Open the scopes of what a rule of the table saw."""
        if declaration is IMPORT:
            self._place = self._place._replace(local=True)
            return
        if declaration in (PROSE, MARKUP) or not all(declaration.names):
            return
        draft = self._draft
        kind = declaration.kind
        if kind == "function" and draft.current.kind in TYPES:
            kind = "method"
        outer = draft.scope
        own = declaration.names
        self._names += own
        around = self._names[:-1]
        for name in filter(None, declaration.also):
            self._define(outer, (*around, name), own, kind)
        # the one that stays open comes last
        self._define(outer, self._names, own, kind)
        is_local = self._place.local or declaration.local
        # what is no symbol lies in the symbol around it
        scope = declaration.kind or self._place.scope
        self._place = Place(draft.data, is_local, scope)

    def _define(
        self,
        outer: int,
        names: tuple[str, ...],
        own: tuple[str, ...],
        kind: str,
    ) -> None:
        """Open the scope of a symbol. ``own`` are its names from where it is declared."""
        draft = self._draft
        around = draft.references.scopes[outer]
        # a scope that is no symbol belongs to the one around it
        scope = Scope(outer, names if kind else around.names, kind)
        draft.open_scope(scope)
        *holder, name = own
        if holder:
            # as a method in Go, or `exports.f = ...`: a member of what stands elsewhere
            extension = Extension(outer, tuple(holder), name, draft.scope)
            draft.references.extensions.append(extension)
            return
        name = names[-1]
        is_like_class = around.names[-1:] == (name,)
        if is_like_class and CONSTRUCTOR in self._uses.constructors:
            name = CONSTRUCTOR
        where = around.parent if around.kind == CELL else outer
        definition = Binding(DEFINITION, (), draft.scope)
        draft.add_meaning(name, definition, where)

    def _go_back(self, around: _Around) -> None:
        scope, names, place = around
        self._draft.scope = scope
        self._names = names
        self._place = place
