"""By which tails a definition can be told from others of its name, made of the pieces of its head (``head_text``)."""

from __future__ import annotations

import re
from collections.abc import Callable

from git_muse_coord.model.tails import KIND, kind_word
from git_muse_coord.symbols.bracketed import (
    before_first,
    closing_of,
    inside_bracket,
    parts_of,
)
from git_muse_coord.symbols.head_text import (
    DefinitionHead,
    HeadParts,
    as_in_tail,
    parts_of_head,
    places_of_name,
    readable,
    skip_letters,
)
from git_muse_coord.symbols.languages.facts import TYPES
from git_muse_coord.symbols.parameters import TYPE_BEFORE_NAME, bare_type, types_of

_MAX_SIGNATURE = 200
CALLED = frozenset({"function", "method", "macro", "constructor", "init"})
NAMED_TYPES = TYPES | {"type", "concept", "mixin", "namespace", "module", "package"}
_BLANKS = re.compile(r"\s+")
_WORDS_OF_NO_TYPE = (
    "abstract async constexpr default explicit export extern final friend inline internal override"
    " private protected public sealed static synchronized virtual"
)
_MODIFIERS = frozenset(_WORDS_OF_NO_TYPE.split())
_BEHIND = re.compile(r"\b(?:const|async)\b|&&?(?=\s|\Z)")
_TEMPLATE = re.compile(r"\s*template\s*(?=<)")
_BEFORE_IMPL = re.compile(r"\A.*?\bimpl\b\s*")
_ATTRIBUTE = re.compile(r"@\w+\s*")
_WORD = re.compile(r"\w+")
_WORDS_OF_TYPE = re.compile(r"[\w*&:<>]+")
_STATIC = re.compile(r"\b(?:static|class)\s")
_FORM = re.compile(r"\.(deleter|getter|setter)\b")
"""A property of Python and its methods have one name, and their decorators tell them apart."""
_QUALIFIER = re.compile(r"([\w$]+)\s*(?:<([^<>]*)>)?\??\s*(?:\.|::)\s*\Z")


def possible_tails(head: DefinitionHead) -> list[str]:
    """The tails that a definition can have, that which says least first."""
    tails: list[str]
    if head.kind in CALLED or head.name.endswith("[]"):
        tails = _of_called(head, readable(head))
    elif head.kind in NAMED_TYPES:
        tails = _of_type(head, readable(head))
    else:
        tails = _of_value(head)
    return list(dict.fromkeys(tails))


def _of_value(head: DefinitionHead) -> list[str]:
    """Whose it is, or that it is static; most values have nothing that tells them apart."""
    text = head.text[:_MAX_SIGNATURE]
    if head.kind == "route":  # app.get("/")
        owner, _, _ = text.partition(".")
    else:
        start, _ = next(places_of_name(head, text), (0, 0))
        before = text[:start]
        owner = _owner(head, before)
        if not owner and _STATIC.search(before):
            owner = "static"
    if not owner:
        return []
    return [f"<{as_in_tail(owner)}>"]


def kind_tails(head: DefinitionHead) -> list[str]:
    """The tails of what only adds to what has its name; none for what can stand by itself."""
    read = _KINDS.get(head.kind)
    word = kind_word(head.path)
    if read is None or not word:
        return []
    added, refined = read(readable(head), head.language)
    tail = KIND + word
    if added:
        tail += f"-{added}"
    return [tail, f"{tail}<{refined}>"]


def result_of(head: DefinitionHead) -> str:
    """The type of what something gives that is called, as it is written."""
    parts = parts_of_head(head, readable(head))
    if head.language not in TYPE_BEFORE_NAME:
        return _BLANKS.sub("", parts.behind)
    result = ""
    for word in _WORDS_OF_TYPE.findall(parts.before):
        # what else stands before a name says how it may be called, and may change
        if word not in _MODIFIERS:
            result += word
    return result


def _of_called(head: DefinitionHead, text: str) -> list[str]:
    """``(A,B)``, then with the labels and the owner, and last with all that is written."""
    parts = parts_of_head(head, text)
    # what a macro takes has no types
    language = "javascript" if head.kind == "macro" else head.language
    types = types_of(parts.parameters, language, is_method=head.is_member)
    plain = ",".join(types.plain)
    fine = ",".join(types.labelled)
    full = ",".join(types.full)
    owner = _owner(head, parts.before)
    if not owner and head.language == "cpp":  # there only a specialisation has some
        owner = as_in_tail(parts.generic[1:-1])
    around = f"<{owner}>" if owner else ""
    behind = "".join(_BEHIND.findall(parts.behind))
    if head.is_member and _STATIC.search(parts.before):
        behind += "static"
    tails = [
        f"({plain})",
        f"{around}({fine}){behind}",
        f"{around}({full}){behind}",
    ]
    generic = _generic(head, parts)
    # P{T}(x) beside P(x) is common in Julia
    has_generic = generic or head.language == "julia"
    if has_generic and not around:
        tails.append(f"<{generic}>({full}){behind}")
    return tails


def _generic(head: DefinitionHead, parts: HeadParts) -> str:
    """The parameters of types, with what is asked of them."""
    text = parts.generic[1:-1]
    if head.language == "cpp":
        template = _TEMPLATE.match(parts.before)
        if template is None:
            return ""
        text = inside_bracket(parts.before, template.end())
    _, where, asked = parts.behind.partition("where ")
    if head.language == "julia":  # each parameter stands in both
        return as_in_tail(text or asked.strip("<>= "))
    if where:
        text = f"{text},{asked}"
    return as_in_tail(text)


def _of_type(head: DefinitionHead, text: str) -> list[str]:
    """``Box<>``, and with its parameters; those that C++ has behind the name are of a specialisation."""
    _, end = next(places_of_name(head, text), (0, 0))
    opening = skip_letters(text, end, " ")
    bracket = text[opening : opening + 1]
    if not end or bracket not in ("<", "["):
        return ["<>"]
    # elsewhere bounds stand behind the name of a parameter, and may change
    show = as_in_tail if head.language == "cpp" else _first_word
    arguments = parts_of(inside_bracket(text, opening), ",")
    shown = ",".join(map(show, arguments))
    return ["<>", f"<{shown}>"]


def _owner(head: DefinitionHead, before: str) -> str:
    """What a definition is said to be of, right before its name or in what stands above it."""
    form = _FORM.search(head.decoration)
    if form is not None:
        return form[1]
    qualified = _QUALIFIER.search(before)
    if qualified is None:
        return ""
    if qualified[1] == head.outer:
        # Box<int>::size() of a specialisation
        return as_in_tail(qualified[2] or "")
    return qualified[1]


def _of_impl(text: str, language: str) -> tuple[str, str]:
    """Of ``impl<T> fmt::Display for Box<T>``: what is implemented, and the arguments of both types."""
    text = _BEFORE_IMPL.sub("", text)
    if text.startswith("<"):
        # its own parameters, of which it may have any
        text = text[closing_of(text, 0) :]
    text, _, condition = text.partition(" where ")
    trait, is_for, target = text.partition(" for ")
    if not is_for:
        trait = ""
        target = text
    name = ""
    if trait:
        name = bare_type(trait, language).strip("!_")
    refined = _arguments(trait)
    refined += _arguments(target)
    refined += map(as_in_tail, parts_of(condition, ","))
    # one for the type, and one for references to it
    if is_for and target.lstrip().startswith("&"):
        refined.append("&")
    return name, ",".join(refined)


def _arguments(text: str) -> list[str]:
    """The generic arguments of a type."""
    opening = text.find("<")
    if opening < 0:
        return []
    end = closing_of(text, opening) or len(text)
    inside = text[opening + 1 : end - 1]
    return list(map(as_in_tail, parts_of(inside, ",")))


def _of_extension(text: str, _language: str) -> tuple[str, str]:
    """Of ``extension Box: Hashable where T: Hashable``: the first protocol, and all the rest."""
    text = _ATTRIBUTE.sub("", text)
    text, _, condition = text.partition(" where ")
    target = before_first(text, ":")
    protocols = parts_of(text[len(target) + 1 :], ",")
    refined = _arguments(target)
    refined += protocols[1:]
    refined += parts_of(condition, ",")
    shown = ",".join(map(as_in_tail, refined))
    first = bare_type(protocols[0], "swift") if protocols else ""
    return first, shown


def _of_object(_text: str, _language: str) -> tuple[str, str]:
    """Of the companion of a class, of which there is one."""
    return "", ""


_KINDS: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "impl": _of_impl,
    "extension": _of_extension,
    "object": _of_object,
}


def _first_word(text: str) -> str:
    word = _WORD.search(text)
    return word[0] if word else "_"
