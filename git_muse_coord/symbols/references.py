"""The references of one file as values: scopes, what names mean in them, and what is used where.

Nothing here knows of other files: what a reference leads to is the business of ``link``.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.light_tools import cached_property
from git_muse_coord.symbols.languages.facts import TYPES

if TYPE_CHECKING:
    from git_muse_coord.rules.uses import Use
    from git_muse_coord.symbols.manifests import Manifest

VERSION = 7
"""Raised when files of many languages give other references than before, so that caches forget those.

A change of one table raises the version of its language instead (``languages.facts``)."""

Chain = tuple[str, ...]
"""An expression as steps, ``("app", "get", "()", "run")`` for ``app.get(...).run``; empty when nothing is known."""
MAX_STEPS = 24
"""At most so many steps of an expression are followed."""

CALLED = "()"
UNKNOWN = "?"
"""A first step of which nothing is known."""
FOREIGN = "!"
"""A first step that is surely nothing of this tree, as a literal."""
CLASS = "<class>"
"""The class around the use."""
SUPER = "<super>"
"""What the class around the use inherits."""
CELL = "cell"
"""The kind of a scope that is a symbol, but binds no names: they are those of the file."""
CONSTRUCTOR = "<new>"
"""What is named like its class, and is no member of that name."""
ITEMS, VALUES, KEYS = "{items}", "{values}", "{keys}"
"""Steps into containers: what stands before is what a list holds, or the values or the keys of a map."""
ELEMENT, EACH, KEY = "[]", "[each]", "[key]"
"""Steps out of containers: what an index gives, what a loop gives, the keys of a map."""
SAME = "[same]"
"""A step from a container to one that holds the same."""
STAR = "*"
"""The name under which a scope takes in all names of another file."""

DEFINITION, IMPORTED, VALUE = "def", "import", "value"

FUNCTIONS = frozenset({"function", "method"})
CLASSES = TYPES | {"type"}
SPACES = frozenset({"", "module", "namespace", "package"}) | FUNCTIONS
"""Kinds of scopes whose names are seen from inside."""


class Binding(NamedTuple):
    """What a name means: a definition (``scope``), an import (module and name), or the value of a chain in a scope."""

    kind: str
    chain: Chain = ()
    scope: int = -1


class Scope:
    """A stretch of the file in which names have their meaning; the first of a file is the file.

    ``names`` are those of the innermost symbol around, ``kind`` is empty where the scope is no
    symbol of its own. ``results`` is what a call of a function gives, or what a variable holds.
    """

    def __init__(
        self,
        parent: int,
        names: tuple[str, ...],
        kind: str = "",
        is_property: bool = False,
    ) -> None:
        self.parent = parent
        self.names = names
        self.kind = kind
        self.is_property = is_property
        self.bases: list[Chain] = []
        self.results: list[Chain] = []
        self.bindings: dict[str, list[Binding]] = {}


class Reference(NamedTuple):
    """One use; of equal ones in a scope the first. The chain of an import is a module and a name, or a module alone."""

    scope: int
    use: Use
    chain: Chain
    line: int


class Extension(NamedTuple):
    """A member of a class that stands elsewhere; without a name, a scope whose names all are members."""

    scope: int
    of: Chain
    name: str
    member: int


class References:
    """All references of one version of one file. ``whole`` says why it was not read, ``broken`` that parts were not.

    ``manifest`` is what it says of imports, when it is one.
    """

    def __init__(
        self,
        path: str,
        language: str = "",
        *,
        whole: str = "",
        broken: bool = False,
        manifest: Manifest | None = None,
    ) -> None:
        self.path = path
        self.language = language
        self.whole = whole
        self.broken = broken
        self.manifest = manifest

    @classmethod
    def of_code(cls, path: str, language: str) -> References:
        """Those of a file of which nothing is known yet but that it is one scope."""
        file = cls(path, language)
        file.scopes.append(Scope(-1, ()))
        return file

    # Filled by who reads a file; those that were stored are read when they are looked at.

    @cached_property
    def scopes(self) -> list[Scope]:
        """Where names have their meaning."""
        return []

    @property
    def top(self) -> Scope | None:
        """The scope that the file is; none of what is no code."""
        return self.scopes[0] if self.scopes else None

    @cached_property
    def uses(self) -> list[Reference]:
        """What is used where."""
        return []

    @cached_property
    def extensions(self) -> list[Extension]:
        """What belongs to classes that stand elsewhere."""
        return []
