"""By which tails a definition can be told from others of its name, read from the text of its head.

Never from the nodes of a grammar: another version of that may build other ones, and an address is
to be the same in every clone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from git_muse_coord.model.tails import KIND, kind_word
from git_muse_coord.symbols.bracketed import before_first, closing_of, parts_of
from git_muse_coord.symbols.languages.facts import TYPES
from git_muse_coord.symbols.parameters import TYPE_BEFORE_NAME, bare_type, types_of

_MAX_HEAD = 1_000
"""Letters of a head that are read."""
_MAX_SIGNATURE = 200
CALLED = frozenset({"function", "method", "macro", "constructor", "init"})
NAMED_TYPES = TYPES | {"type", "concept", "mixin", "namespace", "module", "package"}
_TEXT = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`")
_WORDS = re.compile(r"[^\w-]+")
_BLANKS = re.compile(r"\s+")
_WORDS_OF_NO_TYPE = (
    "abstract async constexpr default explicit export extern final friend inline internal override"
    " private protected public sealed static synchronized virtual"
)
_MODIFIERS = frozenset(_WORDS_OF_NO_TYPE.split())
_LIFETIME = re.compile(r"'\w+\b(?!')\s*,?\s*")
_BEHIND = re.compile(r"\b(?:const|async)\b|&&?(?=\s|\Z)")
_STATIC = re.compile(r"\b(?:static|class)\s")
_FORM = re.compile(r"\.(deleter|getter|setter)\b")
_QUALIFIER = re.compile(r"([\w$]+)\s*(?:<([^<>]*)>)?\??\s*(?:\.|::)\s*\Z")
_ODD = re.compile(r"[^\w$*&?|!@\[\]{},<>=~-]")


class DefinitionHead(NamedTuple):
    """What is known of a definition by its text. ``outer`` is the name before its own."""

    path: str
    language: str
    kind: str
    name: str
    text: str
    decoration: str
    outer: str = ""
    is_member: bool = False


class _Signature(NamedTuple):
    """The head of what is called, taken to pieces."""

    before: str
    """What stands before the name."""
    generic: str
    """The arguments in brackets right behind it, with these."""
    parameters: str
    """What stands in its round brackets, without these."""
    behind: str


def possible_tails(head: DefinitionHead) -> list[str]:
    """The tails that a definition can have, that which says least first."""
    tails: list[str]
    if head.kind in CALLED or head.name.endswith("[]"):
        tails = _of_called(head, _readable(head))
    elif head.kind in NAMED_TYPES:
        tails = _of_type(head, _readable(head))
    else:
        tails = _of_value(head)
    return list(dict.fromkeys(tails))


def _of_value(head: DefinitionHead) -> list[str]:
    """Whose it is, or that it is static; most values have nothing that tells them apart."""
    text = head.text[:_MAX_SIGNATURE]
    start, _ = next(_named(head, text), (0, 0))
    before = text[:start]
    owner = _owner(head, before)
    if not owner and _STATIC.search(before):
        owner = "static"
    if head.kind == "route":  # app.get("/")
        owner, _, _ = text.partition(".")
    return [f"<{_cleaned(owner)}>"] if owner else []


def kind_tails(head: DefinitionHead) -> list[str]:
    """The tails of what only adds to what has its name; none for what can stand by itself."""
    read = _KINDS.get(head.kind)
    word = kind_word(head.path)
    if read is None or not word:
        return []
    added, refined = read(_readable(head), head.language)
    tail = f"{KIND}{word}-{added}" if added else KIND + word
    return [tail, f"{tail}<{refined}>"]


def result_of(head: DefinitionHead) -> str:
    """The type of what something gives that is called, as it is written."""
    signature = _signature(head, _readable(head))
    if head.language not in TYPE_BEFORE_NAME:
        return _BLANKS.sub("", signature.behind)
    # what else stands before a name says how it may be called, and may change
    words = re.findall(r"[\w*&:<>]+", signature.before)
    return "".join(word for word in words if word not in _MODIFIERS)


def _readable(head: DefinitionHead) -> str:
    """The text of a head in which no bracket stands for itself."""
    text = head.text[:_MAX_HEAD]
    if head.language == "rust":
        text = _LIFETIME.sub("", text)
    elif head.language == "julia":
        text = _in_angles(text)
    return _TEXT.sub(_words_of, text)


def _in_angles(text: str) -> str:
    """Julia's ``x::Vector{<:Real}`` in the signs of other languages: ``x:Vector<Real>``."""
    plain = text.replace("{<:", "{").replace("<:", ":").replace("{:", "{").replace("::", ":")
    return plain.replace("{", "<").replace("}", ">")


def _words_of(quoted: re.Match[str]) -> str:
    return _WORDS.sub("", quoted[0])


def _of_called(head: DefinitionHead, text: str) -> list[str]:
    signature = _signature(head, text)
    # what a macro takes has no types
    language = "javascript" if head.kind == "macro" else head.language
    types = types_of(signature.parameters, language, is_method=head.is_member)
    plain = f"({','.join(types.plain)})"
    fine = f"({','.join(types.labelled)})"
    full = f"({','.join(types.full)})"
    owner = _owner(head, signature.before)
    if not owner and head.language == "cpp":  # there only a specialisation has some
        owner = _cleaned(signature.generic[1:-1])
    around = f"<{owner}>" if owner else ""
    behind = "".join(_BEHIND.findall(signature.behind))
    if head.is_member and _STATIC.search(signature.before):
        behind += "static"
    tails = [plain, around + fine + behind]
    tails.append(around + full + behind)
    generic = _generic(head, signature)
    # P{T}(x) beside P(x) is common in Julia
    if (generic or head.language == "julia") and not around:
        tails.append(f"<{generic}>{full}{behind}")
    return tails


def _generic(head: DefinitionHead, signature: _Signature) -> str:
    """The parameters of types, with what is asked of them."""
    text = signature.generic[1:-1]
    if head.language == "cpp":
        template = re.match(r"\s*template\s*(?=<)", signature.before)
        if template is None:
            return ""
        end = closing_of(signature.before, template.end())
        text = signature.before[template.end() + 1 : max(end - 1, 0)]
    _, where, asked = signature.behind.partition("where ")
    if head.language == "julia":  # each parameter stands in both
        return _cleaned(text or asked.strip("<>= "))
    return _cleaned(f"{text},{asked}" if where else text)


def _of_type(head: DefinitionHead, text: str) -> list[str]:
    """``Box<>``, and with its parameters; those that C++ has behind the name are of a specialisation."""
    _, end = next(_named(head, text), (0, 0))
    opening = _behind_blanks(text, end, " ")
    if not end or text[opening : opening + 1] not in ("<", "["):
        return ["<>"]
    closing = closing_of(text, opening)
    arguments = parts_of(text[opening + 1 : max(closing - 1, 0)], ",")
    if head.language == "cpp":
        shown = [_cleaned(argument) for argument in arguments]
    else:
        shown = [_first_word(argument) for argument in arguments]
    return ["<>", f"<{','.join(shown)}>"]


def _signature(head: DefinitionHead, text: str) -> _Signature:
    """The pieces of a head: around the name that has parameters behind it, else around the first brackets."""
    # of this[int key] in C#, but a method [] has them as any other
    opening = "[" if len(head.name) > 2 and head.name.endswith("[]") else "("
    start = 0
    for name_start, name_end in _named(head, text):
        generic, at = _behind_name(text, name_end)
        if text.startswith(opening, at):
            return _with_parameters(text, name_start, generic, at)
        start = start or name_end
    # behind its first name, or without one, as an operator has none in some languages
    at = text.find(opening, start)
    if at < 0:
        # def load a, b
        rest = text[start:] if head.language == "ruby" else ""
        return _Signature(text[:start], "", rest, "")
    return _with_parameters(text, start, "", at)


def _with_parameters(
    text: str,
    start: int,
    generic: str,
    at: int,
) -> _Signature:
    """A signature whose parameters begin at a bracket; there may be several lists of them."""
    lists: list[str] = []
    opening = text[at]
    while text.startswith(opening, at):
        end = closing_of(text, at) or len(text)
        lists.append(text[at + 1 : end - 1].strip())
        at = end
        if text.startswith(" (", at):
            at += 1
    parameters = ", ".join(filter(None, lists))
    return _Signature(text[:start], generic, parameters, text[at:])


def _behind_name(text: str, at: int) -> tuple[str, int]:
    """The generic arguments behind a name, and where what follows begins."""
    at = _behind_blanks(text, at, " ?!")
    if text[at : at + 1] not in ("<", "["):
        return "", at
    end = closing_of(text, at)
    if not end:
        return "", at
    behind = _behind_blanks(text, end, " ")
    # of this[int key] the brackets are the parameters
    if not text.startswith("(", behind):
        return "", at
    return text[at:end], behind


def _behind_blanks(text: str, at: int, blanks: str) -> int:
    while at < len(text) and text[at] in blanks:
        at += 1
    return at


def _named(head: DefinitionHead, text: str) -> Iterator[tuple[int, int]]:
    """Where the name of a definition stands in its head: from where to where."""
    # without a pattern, for it would be another one for each name
    name = head.name.removesuffix("[]") or head.name
    start = text.find(name)
    while start >= 0:
        end = start + len(name)
        is_begun = _is_word(text[max(0, start - 1) : start]) and _is_word(name[0])
        goes_on = _is_word(name[-1]) and _is_word(text[end : end + 1])
        if not is_begun and not goes_on:
            yield start, end
        start = text.find(name, end)


def _is_word(letter: str) -> bool:
    return letter.isalnum() or letter in ("_", "$")


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
        return _cleaned(qualified[2] or "")
    return qualified[1]


def _of_impl(text: str, language: str) -> tuple[str, str]:
    """Of ``impl<T> fmt::Display for Box<T>``: what is implemented, and the arguments of both types."""
    text = re.sub(r"\A.*?\bimpl\b\s*", "", text)
    if text.startswith("<"):
        text = text[closing_of(text, 0) :]
    text, _, condition = text.partition(" where ")
    trait, is_for, target = text.partition(" for ")
    if not is_for:
        trait, target = "", text
    name = bare_type(trait, language).strip("!_") if trait else ""
    refined = [*_arguments(trait), *_arguments(target)]
    refined += map(_cleaned, parts_of(condition, ","))
    if is_for and target.lstrip().startswith("&"):
        refined.append("&")
    return name, ",".join(refined)


def _arguments(text: str) -> list[str]:
    at = text.find("<")
    if at < 0:
        return []
    end = closing_of(text, at) or len(text)
    return [_cleaned(argument) for argument in parts_of(text[at + 1 : end - 1], ",")]


def _of_extension(text: str, _language: str) -> tuple[str, str]:
    """Of ``extension Box: Hashable where T: Hashable``: the first protocol, and all the rest."""
    text = re.sub(r"@\w+\s*", "", text)
    text, _, condition = text.partition(" where ")
    target = before_first(text, ":")
    protocols = parts_of(text[len(target) + 1 :], ",")
    refined = [*_arguments(target), *protocols[1:], *parts_of(condition, ",")]
    shown = ",".join(map(_cleaned, refined))
    first = bare_type(protocols[0], "swift") if protocols else ""
    return first, shown


def _of_object(_text: str, _language: str) -> tuple[str, str]:
    return "", ""


_KINDS: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "impl": _of_impl,
    "extension": _of_extension,
    "object": _of_object,
}


def _cleaned(text: str) -> str:
    """Any text of types as it can stand in a tail."""
    text = re.sub(r"(?:[\w$]+\s*(?:::|\.)\s*)+(?=\w)", "", text)
    text = re.sub(r"\b(?:typename|class)\s+", "", text)
    return _ODD.sub("", text.replace(":", "=").replace("...", ""))


def _first_word(text: str) -> str:
    words = re.findall(r"\w+", text)
    return words[0] if words else "_"
