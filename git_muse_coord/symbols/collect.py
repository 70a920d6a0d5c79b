"""One pass over a syntax tree for its references: scopes, what names mean in them, calls and other uses.

The pass keeps texts and numbers only, never a node. What is a definition, and its name, is what the
tables of ``languages`` say, so that the symbols here are those that can be addressed.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from git_muse_coord.rules.uses import Use
from git_muse_coord.symbols import grammar
from git_muse_coord.symbols.extract import MAX_BYTES, MAX_SYMBOLS, unreadable
from git_muse_coord.symbols.grammar import Grammar, Special
from git_muse_coord.symbols.kinds import ReadingKind
from git_muse_coord.symbols.languages import detect
from git_muse_coord.symbols.languages.table import (
    IMPORT,
    MARKUP,
    PROSE,
    TYPES,
    Declaration,
    Place,
    clean_name,
)
from git_muse_coord.symbols.references import (
    CALLED,
    CLASS,
    CLASSES,
    CONSTRUCTOR,
    DEFINITION,
    FOREIGN,
    FUNCTIONS,
    IMPORTED,
    MAX_STEPS,
    SPACES,
    STAR,
    UNKNOWN,
    VALUE,
    VERSION,
    Binding,
    Chain,
    Extension,
    Reference,
    References,
    Scope,
    decode_references,
    encode_references,
)
from git_muse_coord.symbols.uses import MANIFESTS, uses_of
from git_muse_coord.symbols.uses.table import Handler, Uses
from git_muse_coord.symbols.walked import MAX_DEPTH

if TYPE_CHECKING:
    from tree_sitter import Node, Tree

_PLAIN = 100
"""A shorter word is a name as it stands."""
_TYPE = re.compile(
    r"(?:[&*:?\s]|'\w+\s|\b(?:mut|dyn|impl|readonly|final|const)\s)*([A-Za-z_$][\w$]*(?:(?:\.|::)[A-Za-z_$][\w$]*)*)\s*(.*)\Z",
    re.DOTALL,
)
_STEPS = re.compile(r"\.|::")
_NULL = re.compile(r"\s*\|\s*(?:null|undefined)\b")
_MAX_BRACKETS = 4
_MAX_NESTED = 50
"""Closures nested deeper belong to the one around them."""
_MAX_MEANINGS = 6
"""A name that is bound more often in one scope means anything."""


def collect(path: str, data: bytes) -> References:
    """The references of a file; of one that holds no code, or cannot be read, none."""
    if manifest := MANIFESTS.get(path.rsplit("/", 1)[-1]):
        match = manifest.search(data[:MAX_BYTES])
        return References(path, imported_as=match[1].decode("utf-8", "replace") if match else "")
    if reason := unreadable(path, data):
        is_code = uses_of(detect(path, b"")) is not None and reason in ("binary", "large")
        return References(path, whole="unread" if is_code else reason)
    language = detect(path, data)
    uses = uses_of(language) if language else None
    if uses is None:
        return References(path, whole="text")
    loaded = grammar.load(language)
    tree = grammar.parse_source(loaded, data)
    if tree is None:
        return References(path, language, whole="costly")
    found = Collector(References(path, language, [Scope(-1, ())]), loaded, uses, data).run(tree)
    if len(found.scopes) > MAX_SYMBOLS:
        return References(path, language, whole="costly")
    found.broken = tree.root_node.has_error
    return found


class _Step(NamedTuple):
    """What there is to do at a kind of node."""

    special: Special | None = None
    handler: Handler | None = None
    called: str | None = None
    is_member: bool = False
    is_name: bool = False


_Saved = tuple[int, tuple[str, ...], Place]
"""The scope, the names and the place to go back to."""


@cache
def _steps(_language: str) -> dict[int, _Step | None]:
    """The steps of a language by number of kind, found as they are met."""
    return {}


class Collector:
    """The state of one pass, and what the tables tell it."""

    def __init__(self, found: References, loaded: Grammar, uses: Uses, data: bytes) -> None:
        self.uses = uses
        self.data = data
        self.found = found
        self.scope = 0
        self._specials = loaded.specials
        self._names: tuple[str, ...] = ()
        self._place = Place(data, False, "")
        self._first: dict[tuple[int, Use, Chain], int] = {}
        """The line of each use."""
        self._nested: dict[int, int] = {}
        """How many closures each closure lies in."""
        self._above: list[Node] = []
        self._spine = -1
        """Where the chain begins that was read last: its inner nodes begin there too."""

    def run(self, tree: Tree) -> References:
        """Walk the whole tree."""
        silent = self.uses.silent
        steps = _steps(self.found.language)
        cursor = tree.walk()
        down, right, up = cursor.goto_first_child, cursor.goto_next_sibling, cursor.goto_parent
        stack: list[_Saved | None] = []
        while True:
            node = cursor.node
            assert node is not None  # noqa: S101 - a cursor always stands on a node
            saved: _Saved | None = None
            done = False
            if node.kind_id not in steps:
                steps[node.kind_id] = self._step(node)
            if (step := steps[node.kind_id]) is not None:
                if step.special is not None:
                    saved = (self.scope, self._names, self._place)
                    self._pass(node, step.special)
                if step.handler is not None:
                    done = bool(step.handler(node, self))
                elif step.called is not None:
                    self.call(node, step.called)
                elif node.start_byte == self._spine:
                    pass
                elif step.is_member:
                    self._spine = node.start_byte
                    self.use(Use.NAME, self.chain(node), node)
                elif step.is_name and cursor.field_name not in silent:
                    self.use(Use.NAME, (self.text(node),), node)
            if not done and down():
                self._above.append(node)
                stack.append(saved)
                continue
            if saved is not None:
                self.scope, self._names, self._place = saved
            while not right():
                if not up():
                    return self._finish()
                self._above.pop()
                if (saved := stack.pop()) is not None:
                    self.scope, self._names, self._place = saved

    def _step(self, node: Node) -> _Step | None:
        uses, kind = self.uses, node.type
        special = self._specials[node.kind_id]
        step = _Step(
            None if special is None or special.comment else special,
            uses.handlers.get(kind),
            uses.calls.get(kind, "" if kind in uses.methods else None),
            kind in uses.members,
            kind in uses.names,
        )
        return None if step == _Step() else step

    def _pass(self, node: Node, special: Special) -> None:
        """Enter a node of which the table of definitions knows."""
        if special.rule is not None and len(self._names) < MAX_DEPTH:
            self._open(special.rule(node, self._place))
        if special.closure:
            self._place = self._place._replace(local=True)

    def text(self, node: Node | None) -> str:
        """The text of a node as a name."""
        if node is None:
            return ""
        raw = self.data[node.start_byte : node.end_byte]
        return (
            raw.decode()
            if raw.isalnum() and len(raw) < _PLAIN and raw.isascii()
            else clean_name(raw)
        )

    def chain(self, node: Node | None) -> Chain:
        """An expression as steps."""
        uses = self.uses
        steps: list[str] = []
        while node is not None and len(steps) < MAX_STEPS:
            kind = node.type
            if kind in uses.names or kind in uses.here:
                name = self.text(node)
                return (*uses.here.get(name, (name,)), *reversed(steps))
            if member := uses.members.get(kind):
                steps.append(self.text(node.child_by_field_name(member[1])) or UNKNOWN)
                node = node.child_by_field_name(member[0])
            elif called := uses.calls.get(kind):
                steps.append(CALLED)
                node = node.child_by_field_name(called)
            elif method := uses.methods.get(kind):
                steps += (CALLED, self.text(node.child_by_field_name(method[1])) or UNKNOWN)
                receiver = node.child_by_field_name(method[0])
                if receiver is None:
                    return tuple(reversed(steps))
                node = receiver
            elif cast := uses.casts.get(kind):
                return (
                    *(self.typed(self.text(node.child_by_field_name(cast))) or (UNKNOWN,)),
                    *reversed(steps),
                )
            elif kind in uses.through:
                node = node.named_child(0) if node.named_child_count else None
            else:
                return (FOREIGN if kind in uses.literals else UNKNOWN, *reversed(steps))
        return (UNKNOWN, *reversed(steps))

    def use(self, use: Use, chain: Chain, node: Node) -> None:
        """Note a use in the current scope."""
        if chain[0] != FOREIGN and (len(chain) > 1 or chain[0] != UNKNOWN):
            self._first.setdefault((self.scope, use, chain), node.start_point.row + 1)

    def call(self, node: Node, callee: str) -> None:
        """Note a call of what is in a field, or of a method when there is no such field."""
        self._spine = node.start_byte
        chain = self.chain(node.child_by_field_name(callee)) if callee else self.chain(node)[:-1]
        self.use(Use.CALL, chain, node)

    def base(self, chain: Chain, node: Node) -> None:
        """Note what the current class inherits."""
        if chain[0] not in (UNKNOWN, FOREIGN):
            self.current.bases.append(chain)
            self.use(Use.BASE, chain, node)

    def enter(self, names: tuple[str, ...] | None = None) -> None:
        """Go on in a scope that is no symbol of its own, until the node ends, of which the tables must know."""
        around = self._nested.get(self.scope, 0)
        if around < _MAX_NESTED:
            self.found.scopes.append(
                Scope(self.scope, self.current.names if names is None else names)
            )
            self.scope = len(self.found.scopes) - 1
            self._nested[self.scope] = around + 1

    @property
    def parent(self) -> Node | None:
        """The node around the one that the pass enters. To ask a node for it takes as long as that is deep."""
        return self._above[-1] if self._above else None

    @property
    def current(self) -> Scope:
        """The scope in which the pass is."""
        return self.found.scopes[self.scope]

    @property
    def space(self) -> int:
        """The innermost scope in which an assignment binds its name."""
        at = self.scope
        while (
            self.found.scopes[at].kind not in SPACES and self.found.scopes[at].kind not in CLASSES
        ):
            at = self.found.scopes[at].parent
        return at

    @property
    def around(self) -> int:
        """The class that the current function is directly in; -1 when there is none."""
        at = self.found.scopes[self.space].parent
        return at if at >= 0 and self.found.scopes[at].kind in CLASSES else -1

    def owner(self, name: str) -> int:
        """The class of which a name is the instance at hand, as ``self`` is; -1 for any other name."""
        at = self.scope
        while at >= 0:
            for meaning in self.found.scopes[at].bindings.get(name, ()):
                return (
                    self._class_around(at)
                    if meaning.chain[:1] == (CLASS,) and len(meaning.chain) < 3
                    else -1
                )
            at = self.found.scopes[at].parent
        return -1

    @property
    def class_around(self) -> int:
        """The class around, however deep inside; -1 when there is none."""
        return self._class_around(self.scope)

    def _class_around(self, at: int) -> int:
        while at >= 0 and self.found.scopes[at].kind not in CLASSES:
            at = self.found.scopes[at].parent
        return at

    def bind(self, name: str, chain: Chain = (), *, at: int | None = None) -> None:
        """Let a name mean the value of a chain as it reads here; of an empty one nothing is known."""
        self._add(name, Binding(VALUE, chain, self.scope), self.space if at is None else at)

    def hold(self, name: str, chain: Chain) -> None:
        """Let a variable, which may be a symbol of its own that was just entered, mean the value of a chain."""
        one = self.current
        if one.kind in SPACES or one.kind in CLASSES or one.names[-1:] != (name,):
            self.bind(name, chain)
        elif chain:
            one.results.append(chain)

    def typed(self, text: str) -> Chain:
        """An instance of the type that a text names; empty where it names more than one or none."""
        uses = self.uses
        for _ in range(_MAX_BRACKETS):
            match = _TYPE.match(text)
            if match is None:
                return ()
            steps, rest = _STEPS.split(match[1]), _NULL.sub("", match[2])
            if rest[:1] in ("<", "[") and steps[-1] in uses.containers:
                text = rest[1:].rpartition(">" if rest[0] == "<" else "]")[0].partition(",")[0]
                continue
            if rest.endswith("[]") or (steps[0] in uses.primitives and len(steps) == 1):
                return (FOREIGN,)
            return (
                (*uses.here.get(steps[0], steps[:1]), *steps[1:], CALLED)
                if not rest or rest[0] in "<["
                else ()
            )
        return ()

    def imported(
        self, name: str, module: str, what: str, node: Node | None, *, at: int | None = None
    ) -> None:
        """Let a name mean what is imported; ``what`` is empty for the module itself, a star for all."""
        chain = (module, what) if what else (module,)
        self._add(name, Binding(IMPORTED, chain), self.space if at is None else at)
        if node is not None:
            self._first.setdefault((self.scope, Use.IMPORT, chain), node.start_point.row + 1)

    def _add(self, name: str, binding: Binding, at: int) -> None:
        meanings = self.found.scopes[at].bindings.setdefault(name, [])
        if binding not in meanings and len(meanings) < _MAX_MEANINGS:
            meanings.append(binding)

    def _open(self, seen: Declaration | None) -> None:
        """Enter what a rule of the table saw."""
        if seen is None or seen in (PROSE, MARKUP) or not all(seen.names):
            return
        if seen is IMPORT:
            self._place = self._place._replace(local=True)
            return
        kind = seen.kind
        if kind == "function" and self.current.kind in TYPES:
            kind = "method"
        outer, self._names = self.scope, self._names + seen.names
        for name in (*seen.also, ""):  # the last is the one that stays open
            names = (*self._names[:-1], name) if name else self._names
            self._define(outer, names, seen.names, kind)
        self._place = Place(
            self.data, self._place.local or seen.local, seen.kind or self._place.scope
        )

    def _define(self, outer: int, names: tuple[str, ...], own: tuple[str, ...], kind: str) -> None:
        scopes = self.found.scopes
        scopes.append(Scope(outer, names if kind else scopes[outer].names, kind))
        self.scope = len(scopes) - 1
        if len(own) > 1:
            self.found.extensions.append(Extension(outer, own[:-1], own[-1], self.scope))
        else:
            is_constructor = (
                CONSTRUCTOR in self.uses.constructors and scopes[outer].names[-1:] == names[-1:]
            )
            self._add(
                CONSTRUCTOR if is_constructor else names[-1],
                Binding(DEFINITION, (), self.scope),
                outer,
            )

    def _finish(self) -> References:
        """Leave out what cannot lead anywhere: names that mean nothing or only something local."""
        self.found.uses = [
            Reference(scope, use, chain, line)
            for (scope, use, chain), line in self._first.items()
            if use is Use.IMPORT or self._leads(scope, use, chain)
        ]
        self._forget()
        return self.found

    def _forget(self) -> None:
        """Leave out the names in functions that nothing mentions."""
        scopes = self.found.scopes
        chains = [one.chain for one in self.found.uses]
        chains += [chain for scope in scopes for chain in (*scope.bases, *scope.results)]
        chains += [
            one.chain
            for scope in scopes
            for meanings in scope.bindings.values()
            for one in meanings
        ]
        mentioned = {step for chain in chains for step in chain}.union(
            *(one.of for one in self.found.extensions)
        )
        for scope in scopes:
            if scope.kind in FUNCTIONS:
                scope.bindings = {
                    name: found for name, found in scope.bindings.items() if name in mentioned
                }

    def _leads(self, scope: int, use: Use, chain: Chain) -> bool:
        if not self.uses.modules:
            return use is Use.CALL
        head, at = chain[0], scope
        if head in (CALLED, UNKNOWN):
            return use is Use.CALL
        scopes = self.found.scopes
        while at >= 0:
            if meanings := scopes[at].bindings.get(head):
                known = any(one.kind != VALUE or one.chain for one in meanings)
                return known or (use is Use.CALL and len(chain) > 1)
            at = scopes[at].parent
        is_seen = self.uses.package_names_seen or self.uses.class_names_seen
        return is_seen or head.startswith("<") or STAR in scopes[0].bindings


def _failed(path: str, _data: bytes) -> References:
    return References(path, whole="failed")


REFERENCES = ReadingKind("uses", VERSION, collect, _failed, encode_references, decode_references)
"""How references are read and remembered."""
