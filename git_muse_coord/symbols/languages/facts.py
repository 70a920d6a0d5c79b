"""What is known of a language without its grammar; each table says it of its own as ``FACTS``.

Most commands ask no more than this, and find it in ``registry``, which ``scripts/generate`` writes
from the tables: to import twenty tables takes longer than such a command does.
"""

# no annotations of the future: to make types of texts takes longer than all else in this module
from git_muse_coord.model.light import NamedTuple

TYPES = frozenset(
    {
        "class",
        "struct",
        "interface",
        "trait",
        "impl",
        "enum",
        "object",
        "protocol",
        "record",
        "extension",
        "union",
    }
)
"""Kinds of symbols in which a function is a method."""


class LanguageFacts(NamedTuple):
    """The facts of one language. A text of several words has blanks between them."""

    version: int = 1
    """Raised with every change of what is found in this language, symbols or uses. Caches then forget
    what they know of its files, and keep the other languages. It never goes down."""
    extensions: str = ""
    """Without their dot. They are compared in small letters, but for one that is in large ones here."""
    files: str = ""
    """Whole names, of files that have no telling extension."""
    patterns: str = ""
    """Of names of files, with ``*``, where no telling extension is."""
    interpreters: str = ""
    """Programs that a first line with ``#!`` may name, without the digits of a version."""

    package: str = ""
    """The package of its grammar, where a plain install does not bring it but the extra ``more-languages``
    does. Such a language is known by names of files alone, so that a name tells what caches may know."""

    reader: str = ""
    """``module:function`` of ``formats`` that reads it where there is no grammar."""

    code: str = ""
    """``module:function`` of ``formats`` that gives the code in it, where other code uses that, or is used by it."""

    is_document: bool = False
    """Prose or data, which hold no code."""
    is_prose: bool = False
    """Its symbols are headings."""
    imports_in_any_order: bool = False
    """Imports mean the same in another order, so that tools sort them."""
    names_repeat: bool = False
    """Several symbols may have one name, as headings do, and all of them count: nothing tells them apart."""
    order_counts: bool = False
    """Symbols of any kind in another order mean something else."""

    uses: str = ""
    """The module of ``uses`` with its table; empty where nothing is used."""
    shares_names_with: str = ""
    """A language whose symbols it uses by name as if they were its own."""

    last_definition_counts: bool = False
    """Of several definitions of one name the last one holds, so that their order means something."""
    has_overloads: bool = False
    """Functions of one name may stand side by side, if they are called in different ways."""
    may_repeat: str = ""
    """Names of functions that may stand any number of times."""
    class_head_constructs: bool = False
    """The head of a class can hold the parameters of its constructor."""

    signatures_are_read: bool = False
    """``signatures`` can tell whether a call still fits a signature that changed."""
    types_are_checked: bool = False
    """There, a type that changes can be a break."""
