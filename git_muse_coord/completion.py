"""Where the completions of shells come in, without click: somebody has pressed a key and waits.

    git-muse-coord --complete KINDS WORD [DIRECTORY]...

KINDS are those of ``coordinator/offers.py``, with commas between; each DIRECTORY starts from the one
before, as with ``-C``. A line for each word that fits: the word, a tab, and what it is. Whatever goes
wrong, nothing is offered: nothing on stderr, and exit code 0.
"""

from __future__ import annotations

import os
from itertools import islice

from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.signals import signals

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import NoReturn

    from git_muse_coord.coordinator.offers import Offer

OPTION = "--complete"
_SECONDS = 2
"""Later nobody waits any more."""

_MOST = 100
"""More words nobody reads; whoever types another letter sees others."""

_MOST_ABOUT = 50


def offer_words(arguments: Sequence[str]) -> NoReturn:
    """Print what fits, and end this process."""
    _end_in_time()
    try:
        kinds, word, *directories = arguments[1:]
        text = "".join(_lines(kinds.split(","), word, directories))
        os.write(1, text.encode("utf-8"))
    except Exception:  # noqa: S110 - a complaint would stand in the middle of the line that is typed
        pass
    os._exit(0)


def _end_in_time() -> None:
    if not hasattr(signals, "SIGALRM"):
        return
    signals.signal(signals.SIGALRM, lambda *_: os._exit(0))
    signals.alarm(_SECONDS)


def _lines(
    kinds: Iterable[str],
    word: str,
    directories: Sequence[str],
) -> Iterator[str]:
    from git_muse_coord.ui.text import escape

    for offer in islice(_offers(kinds, word, directories), _MOST):
        about = escape(offer.about)[:_MOST_ABOUT]
        yield f"{offer.word}\t{about}\n"


def _offers(
    kinds: Iterable[str],
    word: str,
    directories: Sequence[str],
) -> Iterator[Offer]:
    from git_muse_coord.coordinator.offers import offers
    from git_muse_coord.coordinator.session import Session, load_store

    path = os.path.join(".", *directories)
    session = Session(path, stays=False, meanwhile=load_store)
    for kind in kinds:
        yield from offers(session, kind, word)
