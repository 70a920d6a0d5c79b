"""The types of parameters as a tail names them, read from the text of a head: the same whatever the grammar.

They have no names, modifiers, packages and generic arguments; arrays are ``[]``, and there are no
blanks. What has no type is ``_``.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from git_muse_coord.symbols.bracketed import (
    before_first,
    closing_of,
    inside_bracket,
    parts_of,
    without_bracketed,
)

TYPE_BEFORE_NAME = frozenset(["c", "cpp", "csharp", "java", "objc", "php", "solidity"])
"""Languages in which the type stands before the name."""
_SQUARE = frozenset(["go", "python", "scala", "starlark"])
"""Languages in which generic arguments stand in square brackets."""
_UNTYPED = frozenset(["bash", "elixir", "javascript", "lua", "ruby"])
_RECEIVER = re.compile(r"(?:&\s*)?(?:mut\s+)?(?:self|cls|this)\b")
_WORD = re.compile(r"[\w$]+")
_ANNOTATIONS = re.compile(r"@[\w.]+(?:\([^()]*\))?|\[\[.*?\]\]|__attribute__\s*\(\(.*?\)\)|'\w+")
_DROPPED = {
    "c": "register restrict struct enum union const volatile",
    "cpp": "register restrict struct class enum union typename const volatile constexpr this",
    "csharp": "params this scoped readonly in ref out",
    "java": "final",
    "kotlin": "vararg noinline crossinline suspend",
    "php": "public private protected readonly",
    "rust": "mut dyn impl",
    "scala": "implicit using inline",
    "solidity": "memory calldata storage payable",
    "swift": "inout some any borrowing consuming sending __owned __shared isolated",
    "tsx": "readonly asserts unique",
    "typescript": "readonly asserts unique",
}
_MARKS = {
    "c": "const",
    "cpp": "const",
    "csharp": "ref out in",
    "swift": "inout",
}
"""Modifiers that can make an overload, and are told where the rest is the same."""
_NUMBERS = frozenset(["unsigned", "signed", "long", "short", "int", "char", "double", "float"])
"""Words of which several make one type."""
_QUALIFIED = re.compile(r"(?:[\w$]+\s*(?:::|\.)\s*)+(?=[\w$*])")
_GENERIC = re.compile(r"\w\s*([<\[])(?=\w)")
_IN_SQUARE = re.compile(r"(?<=\w)\s*\[")
_NAME_OF_POINTER = re.compile(r"\(\s*([*&^])\s*\w*")
_METATYPE = re.compile(r"\.(?:Type|self|Protocol)\b")
_NAMED = re.compile(r"(?<=[({,])\s*[\w$]+\??\s*:")
_ODD = re.compile(r"[^\w$*&?|!@\[\](){},>-]")
_UNNAMED = "_"


class Types(NamedTuple):
    """What parameters take: by the bare types, by these with their labels, and by all that is written."""

    plain: list[str]
    labelled: list[str]
    full: list[str]


def types_of(
    text: str,
    language: str,
    *,
    is_method: bool = False,
) -> Types:
    """The types in a list of parameters."""
    if language == "julia":
        text = before_first(text, ";")  # calls are told apart by what stands before
    types = Types([], [], [])
    for number, written in enumerate(parts_of(text, ",")):
        parameter = _ANNOTATIONS.sub(" ", written).strip()
        if number == 0 and _is_receiver(parameter, language, is_method=is_method):
            continue
        label, name = _parameter(parameter, language)
        mark = f"{label}=" if label else ""
        arguments = _arguments(parameter)
        types.plain.append(name)
        types.labelled.append(mark + name)
        types.full.append(mark + name + arguments)
    if types.plain == ["void"]:
        return Types([], [], [])
    return types


def _arguments(parameter: str) -> str:
    """The generic arguments of the first type in a parameter that has some."""
    generic = _GENERIC.search(before_first(parameter, "="))
    if generic is None:
        return ""
    inside = inside_bracket(parameter, generic.start(1))
    bare = _QUALIFIED.sub("", inside)
    arguments = _ODD.sub("", bare.replace("=>", "->"))
    return f"<{arguments}>" if arguments else ""


def _is_receiver(
    parameter: str,
    language: str,
    *,
    is_method: bool,
) -> bool:
    if language == "python" and not is_method:
        return False
    if language in TYPE_BEFORE_NAME or language == "swift":
        return False
    return _RECEIVER.match(parameter) is not None


def _parameter(parameter: str, language: str) -> tuple[str, str]:
    """The label of a parameter, empty where it has none that counts, and its type."""
    bare = before_first(parameter, "=").strip()
    mark = _mark(bare, language)
    if language in TYPE_BEFORE_NAME:
        return mark, _type_before_name(bare, language)
    left = before_first(bare, ":")
    if left == bare or language in _UNTYPED:
        return mark, _untyped(bare, language)
    name = bare_type(bare[len(left) + 1 :], language)
    if "vararg" in left or left.startswith("..."):
        name = name.removesuffix("[]") + "[]"
    elif left.startswith("*"):
        stars = "*" * left.count("*")
        name = stars + name
    if language == "swift":
        # of ``after index: Int`` callers see the first word
        label, _, _ = left.partition(" ")
        if label != _UNNAMED:
            return label.strip("`"), name
    return mark, name


def _mark(parameter: str, language: str) -> str:
    marks = _MARKS.get(language, "").split()
    for word in parameter.split():
        if word in marks:
            return word
    return ""


def _untyped(parameter: str, language: str) -> str:
    """What there is to say of a parameter without a type."""
    if language == "go":
        _, _, name = parameter.rpartition(" ")
        return bare_type(name, language)
    if language == "julia" and parameter.endswith("..."):
        return "*"
    if parameter.startswith(("...", "*", "&", "/")):
        # *args, **options, &block, and a lone / or *
        signs = len(parameter) - len(parameter.lstrip("*&/"))
        return parameter[:signs] or "*"
    # what is taken apart where it is given
    if parameter.startswith("{"):
        return "{}"
    if parameter.startswith("["):
        return "[]"
    return _UNNAMED


def _type_before_name(parameter: str, language: str) -> str:
    """``const std::vector<T>& items`` is ``vector&``."""
    if "$" in parameter:  # php: the name tells itself
        written, _, _ = parameter.partition("$")
        return _type_in_php(written)
    text = without_bracketed(parameter, "<")
    # in C++ three dots stand for any number of types, else for an array
    arrays = text.count("[")
    if language != "cpp" and "..." in text:
        arrays += 1
    text = without_bracketed(text, "[")
    text = text.replace("...", " ")
    if "(" in text:  # a function: void (*name)(int)
        unnamed = _NAME_OF_POINTER.sub(r"(\1", text)
        return bare_type(unnamed, language)
    text = _QUALIFIED.sub("", text)
    pointers = "".join(re.findall(r"[*&^?]", text))
    words = _without_dropped(text, language)
    # a declaration may leave out the name
    if len(words) > 1 and not _NUMBERS.issuperset(words):
        words.pop()
    name = "".join(words) + pointers + "[]" * arrays
    return _ODD.sub("", name) or "*"


def _type_in_php(text: str) -> str:
    arrays = "[]" if "..." in text else ""
    bare = text.replace("...", "").rstrip("& ")
    # as steps are written elsewhere
    dotted = bare.replace("\\", ".")
    return bare_type(dotted, "php") + arrays


def _without_dropped(text: str, language: str) -> list[str]:
    dropped = _DROPPED.get(language, "").split()
    return [word for word in _WORD.findall(text) if word not in dropped]


def bare_type(text: str, language: str) -> str:
    """A type without what a tail leaves out."""
    text = text.strip().replace("=>", "->")
    if text.startswith("{"):
        return "{}"
    text = _METATYPE.sub("", text)
    text = _without_arguments(text, language)
    text = _NAMED.sub("", text)
    text = _QUALIFIED.sub("", text).replace("...", "[]")
    dropped = _DROPPED.get(language, "").split()
    if dropped:
        words = "|".join(dropped)
        text = re.sub(rf"\b(?:{words})\b\s*", "", text)
    if language == "rust":
        text = text.replace("&", "")
    text = re.sub(r"\{.*\}", "{}", text)
    text = _arrays(text.strip())
    return _ODD.sub("", text) or _UNNAMED


def _without_arguments(text: str, language: str) -> str:
    if language not in _SQUARE:
        return without_bracketed(text, "<")
    opening = _IN_SQUARE.search(text)
    while opening is not None:
        end = closing_of(text, opening.end() - 1)
        if not end:
            break
        text = text[: opening.start()] + text[end:]
        opening = _IN_SQUARE.search(text)
    return text


def _arrays(text: str) -> str:
    """``[Int]``, ``[u8; 4]`` and ``[]string`` are written as in most languages."""
    arrays = ""
    while text.startswith("["):
        end = closing_of(text, 0)
        if not end:
            break
        inside = before_first(text[1 : end - 1], ";").strip()
        if ":" in inside or "," in inside:  # a dictionary, or several values
            return text.replace(":", ",") + arrays
        behind = text[end:]
        if inside:
            arrays = "[]" + behind + arrays
            text = inside
        else:  # []string
            arrays = "[]" + arrays
            text = behind
    return text + arrays
