"""What tells declarations apart in the languages that ``braces`` reads."""

from __future__ import annotations

import re
from typing import NamedTuple

_QUOTED = rb"'''.*?(?:'''|\Z)|\"\"\".*?(?:\"\"\"|\Z)|\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?"
_SLASHES = rb"(?P<comment>//[^\n]*|/\*.*?(?:\*/|\Z)|\A#![^\n]*)"
_SIGNS = rb"=>|==|[<>!]=|\.\.\.?|[A-Za-z_$\x80-\xff][\w$\x80-\xff]*|\d[\w.]*|\S"


class BraceWords(NamedTuple):
    """What tells declarations apart in one language."""

    token: re.Pattern[bytes]
    types: dict[bytes, str]
    """The words before the name of a type, and its kind."""
    functions: frozenset[bytes] = frozenset()
    """The words right before the name of a function."""
    imports: frozenset[bytes] = frozenset()
    lines_end: bool = False
    """Whether the end of a line ends a statement."""
    has_blocks: bool = False
    """Whether a call with a block is a thing of its own, as in files of Gradle."""
    variables: bytes = b""
    """The sign before each variable."""


DART = BraceWords(
    re.compile(_SLASHES + rb"|r?(?:" + _QUOTED + rb")|" + _SIGNS, re.DOTALL),
    types={
        b"class": "class",
        b"mixin": "class",
        b"extension": "extension",
        b"enum": "enum",
        b"typedef": "type",
    },
    imports=frozenset({b"import", b"export", b"part", b"library"}),
)
GROOVY = BraceWords(
    re.compile(_SLASHES + rb"|" + _QUOTED + rb"|" + _SIGNS, re.DOTALL),
    types={
        b"class": "class",
        b"interface": "interface",
        b"trait": "trait",
        b"enum": "enum",
    },
    imports=frozenset({b"import", b"package"}),
    lines_end=True,
    has_blocks=True,
)
POWERSHELL = BraceWords(
    re.compile(
        rb"(?P<comment><#.*?(?:#>|\Z)|#[^\n]*)|@\"[^\n]*\n.*?(?:^\"@|\Z)|@'[^\n]*\n.*?(?:^'@|\Z)"
        rb"|\"(?:[^\"`]|`.|\"\")*\"?|'(?:[^']|'')*'?|\$?[A-Za-z_][\w:-]*|\d[\w.]*|\S",
        re.DOTALL | re.MULTILINE,
    ),
    types={b"class": "class", b"enum": "enum"},
    functions=frozenset({b"function", b"filter", b"workflow"}),
    imports=frozenset({b"using", b"import-module"}),
    lines_end=True,
    variables=b"$",
)
