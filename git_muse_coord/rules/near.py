"""Names near to one that is not there: did you mean."""

from __future__ import annotations

from git_muse_coord.model.address import ROOT, directories
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from git_muse_coord.model.address import Address

MOST = 3
_COMPARED = 2000
"""At most this many candidates are compared, which takes about 20 ms."""


def near_paths(missing: Address, tracked: Sequence[str]) -> tuple[str, ...]:
    """Up to three tracked paths like the one that is missing: of the same file name, or alike in the same directory."""
    from difflib import get_close_matches  # only where a name was mistyped

    path = missing.path.rstrip("/")
    name = _file_name(path)
    *_, home = ("", *directories(missing.path))
    # The root stands for itself in an address, and for nothing in a path.
    if home == ROOT:
        home = ""
    same_name: list[str] = []
    siblings: list[str] = []
    for candidate in tracked:
        if _file_name(candidate) == name:
            same_name.append(candidate)
        if candidate.startswith(home):
            inside = candidate.removeprefix(home)
            if "/" not in inside:
                siblings.append(candidate)
    # Of the same name in several directories the one nearest to the root is meant most often.
    same_name.sort(key=_by_length)
    compared = siblings[:_COMPARED]
    alike = get_close_matches(path, compared, n=MOST)
    near = dict.fromkeys([*same_name, *alike])
    return tuple(near)[:MOST]


def near_words(word: str, known: Iterable[str]) -> list[str]:
    """Up to three of some words that begin with one that is not among them, or are spelt like it."""
    from difflib import get_close_matches  # only where a word was mistyped

    wanted = word.lower()
    spelt: dict[str, str] = {}
    for candidate in known:
        spelt[candidate.lower()] = candidate
    longer = [candidate for candidate in spelt if candidate.startswith(wanted)]
    alike = get_close_matches(wanted, spelt, n=MOST)
    near = dict.fromkeys([*longer, *alike])
    nearest = list(near)[:MOST]
    return [spelt[candidate] for candidate in nearest]


def known_word(
    what: str,
    word: str,
    known: Iterable[str],
    hint: str | None = None,
) -> str:
    """A word that has to be one of some. Raises BadInput with near ones."""
    words = list(known)
    if word in words:
        return word
    near = near_words(word, words)
    raise not_among(what, word, near, hint)


def not_among(
    what: str,
    word: str,
    near: Sequence[str],
    hint: str | None,
) -> BadInput:
    """That a word is none of those it has to be one of, and which it may have meant."""
    question = ""
    if near:
        question = f"; did you mean {' or '.join(near)}?"
    return BadInput(f"no such {what} {word!r}{question}", hint)


def _file_name(path: str) -> str:
    _, _, name = path.rpartition("/")
    return name


def _by_length(path: str) -> tuple[int, str]:
    return len(path), path
