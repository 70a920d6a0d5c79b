"""What a shell offers for a word that is half typed: ids, run ids, branches, and the symbols of a file.

What is offered was written by others, and goes onto the command line of whoever presses a key. So
words that do something instead of being seen are not offered at all; to quote what means something
to a shell is left to the shell, which alone knows how.
"""

from __future__ import annotations

from git_muse_coord.coordinator.answers.active_rows import ActiveRows
from git_muse_coord.model.errors import MuseCoordError
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.records import OPERATIONS
from git_muse_coord.model.wording import few
from git_muse_coord.rules.identity import short_run_id

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from git_muse_coord.coordinator.session import Session

_DIGITS = 12
_PREFIX = "sha256:"
_BETWEEN = "::"
_BRANCHES = "refs/heads/"


class Offer(NamedTuple):
    """A word that can be put in the place of what is typed, and what it is."""

    word: str
    about: str


def offers(
    session: Session,
    kind: str,
    typed: str,
) -> Iterator[Offer]:
    """The words of a kind that begin as typed: ids, runs, branches or addresses; of others there are none."""
    look = _KINDS.get(kind)
    if look is None:
        return
    seen: set[str] = set()
    for offer in look(session, typed):
        word = offer.word
        # One that looks like an option would be taken for one.
        is_plain = word.isprintable() and not word.startswith("-")
        if is_plain and word.startswith(typed) and word not in seen:
            seen.add(word)
            yield offer


def _ids(session: Session, typed: str) -> Iterator[Offer]:
    prefix = ""
    if typed.startswith(_PREFIX):
        prefix = _PREFIX
    # Who has typed more than a table shows goes on with what he copied.
    digits = max(_DIGITS, len(typed) - len(prefix))
    for row in _active(session):
        bare = row.reservation_id.removeprefix(_PREFIX)
        whose = short_run_id(row.run_id)
        place = few(row.addresses, most=1)
        word = prefix + bare[:digits]
        yield Offer(word, f"{whose}: {place}")


def _active(session: Session) -> ActiveRows:
    snapshot = session.store.look()
    return ActiveRows(snapshot, session.now())


def _runs(session: Session, _: str) -> Iterator[Offer]:
    for row in _active(session):
        about = few(row.addresses, most=1)
        yield Offer(row.run_id, about)


def _branches(session: Session, _: str) -> Iterator[Offer]:
    for ref in session.store.refs.list(_BRANCHES):
        name = ref.removeprefix(_BRANCHES)
        yield Offer(name, "branch")
    snapshot = session.store.look()
    world = snapshot.world()
    active = world.active(session.now())
    # Those of other clones, which are perhaps not here.
    for reservation in active.values():
        if reservation.branch is not None:
            whose = short_run_id(reservation.run_id)
            yield Offer(reservation.branch, f"of {whose}")


def _addresses(session: Session, typed: str) -> Iterator[Offer]:
    """The symbols of the file that is typed; the names of files are known to the shell."""
    start = ""
    operation, is_named, rest = typed.partition("=")
    if is_named and operation in OPERATIONS:
        start = f"{operation}="
        typed = rest
    path, has_selector, _ = typed.partition(_BETWEEN)
    if not has_selector:
        return
    try:
        (place,) = session.addresses([path])
    except MuseCoordError:
        return
    file = session.sources().on_disk(place.path)
    if file is None:
        return
    for symbol in file.symbols:
        # With the spelling of the path that was typed, which the shell goes on with.
        address = str(symbol.address)
        _, _, selector = address.partition(_BETWEEN)
        if selector:
            word = f"{start}{path}{_BETWEEN}{selector}"
            yield Offer(word, symbol.kind)


_KINDS: dict[str, Callable[[Session, str], Iterator[Offer]]] = {
    "ids": _ids,
    "runs": _runs,
    "branches": _branches,
    "addresses": _addresses,
}
