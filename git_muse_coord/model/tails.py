"""What stands behind a name in an address to tell it from its equals, and which of that can mean one thing.

There are three styles, each told by the sign with which it begins. *Types*, in the brackets of what
is called or of a type: ``put(String,int)``, ``Box<T>``. The *kind* of what only adds to something,
in languages that have a reserved word for that: ``P.impl-Display``. And a *hash*, for what is equal
in all that can be read: ``f~1f0c3a``.

A tail of types or of a kind can be refined, where it is the same for several: by labels and
qualifiers, ``at(before=Index)``, ``get()const``, or by what stands in pointed brackets,
``P.impl-From<u8>``. What is refined meets the same without, so that nothing depends on which of
them had to be refined, and when.
"""

from __future__ import annotations

from git_muse_coord.model.later import re
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HASH = "~"
KIND = "."
_INSIDE = r"[^.:`\s]*"
_GENERIC = rf"<(?![=.:`\s]){_INSIDE}>"
_CALLED = rf"\({_INSIDE}\)[^.:`\s()~]*"
_HASH = "~[0-9a-f]{6}"
_ENDS_IN_HASH = rf".{_HASH}\Z"
# operator() is a name of C++, whatever stands behind it
_NAME = r"`(?:[^`]|``)+`|operator\(\)|[^.:`\s]+?"
_STEP = rf"({_NAME})({_HASH}|{_GENERIC}(?:{_CALLED})?|{_CALLED})?(?=\.|\Z)"
_LABELS = r"\w+="
_ARGUMENTS = r"<[^<>(]*(?:<[^<>]*>[^<>]*)*>"
_KIND_WORDS = {
    "rs": "impl",
    "swift": "extension",
    "fs": "extension",
    "fsx": "extension",
    "scala": "object",
    "sc": "object",
    "sbt": "object",
}
"""The words by which the tails of a kind begin, by the ending of the path: there they can be no names."""

Step = tuple[str, str]
"""A name and its tail."""


def kind_word(path: str) -> str:
    """The word with which tails of a kind begin in a file; empty where there are none."""
    _, _, ending = path.rpartition(".")
    return _KIND_WORDS.get(ending, "")


def read_steps(selector: str, path: str) -> list[Step] | None:
    """The steps of a selector; None where it is malformed."""
    kind = kind_word(path)
    pattern = re.compile(_STEP)
    steps: list[Step] = []
    position = 0
    while True:
        match = pattern.match(selector, position)
        if match is None or _means_all(match[1], match[2] or ""):
            return None
        can_have_tail = bool(steps) and not steps[-1][1]
        if can_have_tail and _is_kind(match[0], kind):
            name, _ = steps.pop()
            steps.append((name, KIND + match[0]))
        else:
            step = _unquoted(match[1], match[2] or "")
            steps.append(step)
        if match.end() == len(selector):
            return steps
        position = match.end() + 1


def _unquoted(name: str, tail: str) -> Step:
    if name[0] != "`":
        return name, tail
    inside = name[1:-1]
    name = inside.replace("``", "`")
    if tail:
        return name, tail
    # quotes that are not needed mean nothing
    return split(name)


def split(name: str) -> Step:
    """A name as it stands in a source, and the tail with which it seems to end: ``f()`` is ``f`` with ``()``."""
    match = re.fullmatch(_STEP, name)
    if match is None or name[0] == "`":
        return name, ""
    tail = match[2] or ""
    if tail.startswith(HASH):
        return name, ""
    return match[1], tail


def write_step(name: str, tail: str) -> str:
    """A name and its tail as text, the name in quotes where it would not read as just that."""
    behind = "" if tail.startswith(KIND) else tail
    match = re.fullmatch(_STEP, name + behind)
    reads_back = match is not None and match[1] == name
    if not reads_back or _needs_quotes(name, behind):
        name = _quoted(name)
    return name + tail


def write_steps(steps: Iterable[Step], path: str) -> list[str]:
    """All steps of a selector as text, in quotes also those that would read as the tail of the step before."""
    kind = kind_word(path)
    texts: list[str] = []
    can_have_tail = False  # nothing is before the first
    for name, tail in steps:
        text = write_step(name, tail)
        behind = "" if tail.startswith(KIND) else tail
        if can_have_tail and _is_kind(name + behind, kind):
            text = _quoted(name) + tail
        texts.append(text)
        can_have_tail = not tail
    return texts


def _needs_quotes(
    name: str,
    tail: str,
) -> bool:
    """Whether a name would be told from something else by its quotes only."""
    if name[0] == "`":
        return True
    if _means_all(name, tail):
        return True
    if tail and not tail.startswith(HASH):
        return False
    # that a hash is part of the name is told by quotes, always
    return re.search(_ENDS_IN_HASH, name) is not None


def _means_all(
    name: str,
    tail: str,
) -> bool:
    """Whether a step is the sign for all of a file, and no name."""
    if name != "*":
        return False
    return not tail or tail.startswith(HASH)


def _quoted(name: str) -> str:
    escaped = name.replace("`", "``")
    return f"`{escaped}`"


def _is_kind(
    step: str,
    kind: str,
) -> bool:
    """Whether a step as it is written can be a tail of a kind."""
    if not kind or not step.startswith(kind):
        return False
    behind = step[len(kind) :]
    return behind[:1] in ("", "-", "<")


def tails_meet(
    mine: str,
    theirs: str,
) -> bool:
    """Whether something can have both of two tails that are not empty. Symmetric."""
    if mine == theirs:
        return True
    style = _style(mine)
    if style != _style(theirs):
        return True
    if style == HASH:
        return False
    if style == KIND:
        return _are_one_kind(mine, theirs)
    return _are_same_types(mine, theirs)


def _style(tail: str) -> str:
    sign = tail[0]
    return sign if sign in (HASH, KIND) else "("


def _are_one_kind(
    mine: str,
    theirs: str,
) -> bool:
    word, _, refined = mine.partition("<")
    their_word, _, their_refined = theirs.partition("<")
    if word != their_word:
        return False
    return _agree(refined, their_refined)


def _are_same_types(
    mine: str,
    theirs: str,
) -> bool:
    before, parameters, behind = _parts(mine)
    their_before, their_parameters, their_behind = _parts(theirs)
    if not parameters and not their_parameters:
        # of types without parameters, an empty one is that which says the least
        return "<>" in (mine, theirs)
    # what only one of them says makes no difference
    if not _agree(before, their_before):
        return False
    if not _agree(behind, their_behind):
        return False
    if parameters == their_parameters:
        return True
    bare = _without_refinement(parameters)
    their_bare = _without_refinement(their_parameters)
    if bare != their_bare:
        return False
    # two that are refined in other ways are not the same
    return parameters == bare or their_parameters == their_bare


def _agree(
    mine: str,
    theirs: str,
) -> bool:
    if not mine:
        return True
    if not theirs:
        return True
    return mine == theirs


def _without_refinement(parameters: str) -> str:
    """Parameters without labels, and without the arguments of their types."""
    bare = re.sub(_LABELS, "", parameters)
    return re.sub(_ARGUMENTS, "", bare)


def _parts(tail: str) -> tuple[str, str, str]:
    """What stands before the parameters, these, and what stands behind them."""
    before, opening, rest = tail.partition("(")
    inside, closing, behind = rest.rpartition(")")
    return before, opening + inside + closing, behind
