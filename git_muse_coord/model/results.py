"""What verbs answer: the base of all answers, and their form in JSON. The answer of a verb lives with its use case."""

from __future__ import annotations

from _collections_abc import Sequence  # as collections.abc has it, which loads all of collections
from itertools import islice

from git_muse_coord.model import light_json
from git_muse_coord.model.codec import format_time
from git_muse_coord.model.declared import Declared, field
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import datetime

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from git_muse_coord.model.codec import Json

_PIECE = 10_000


class Result(Declared):
    """An answer. ``warnings`` are sentences about what should be known beside it."""

    warnings: list[str] = field(default_factory=list)

    @property
    def made(self) -> Sequence[str]:
        """The ids of what was made, or stands in its place: all that is printed where little is to be."""
        return ()


class Dated(Result):
    """An answer about others, which is as old as the last exchange with ``remote``, null where there is none.

    ``synced_at`` is when this clone last heard what the remote has; null: never.
    """

    remote: str | None = None
    synced_at: datetime | None = None


class Part(Result):
    """One of several answers that a verb gives while time passes; ``last`` says that no other comes.

    A reader of JSON gets each on a line of its own, and knows by the last one that nothing was cut
    off. A verb that answers so returns an iterator of parts.
    """

    last: bool = False


def json_object(fields: Mapping[str, Json]) -> Iterator[str]:
    """An object in JSON as ``json_text`` has it, in pieces, so that a long list is never one text as a whole."""
    start = "{"
    for name, value in fields.items():
        yield f"{start}{json_text(name)}:"
        pieces = getattr(value, "json_pieces", None)
        if pieces is not None:
            # what is read while it is printed writes itself
            yield from pieces()
        elif _is_long(value):
            yield from _list_in_pieces(value)
        else:
            yield json_text(value)
        start = ","
    yield "}"


def _is_long(value: Json) -> bool:
    # A text is a sequence, too, and one value however long it is.
    if isinstance(value, str) or not isinstance(value, Sequence):
        return False
    return len(value) > _PIECE


def _list_in_pieces(values: Sequence[Json]) -> Iterator[str]:
    # Not by slices: a listing makes its items as it goes, and a slice would make all of them each time.
    items = iter(values)
    before = "["
    while piece := list(islice(items, _PIECE)):
        # Without the brackets, because all the pieces together are one list.
        yield before + json_text(piece)[1:-1]
        before = ","
    yield "]"


def json_text(value: Json) -> str:
    """JSON on one line, in ASCII, of a result or of JSON values with results in them.

    Times become text and tuples lists; a trailing underscore, which keeps a name apart from a word
    of Python, is left out of names.
    """
    return _write(value)


def _plain(value: object) -> Json:
    if isinstance(value, datetime):
        return format_time(value)
    if isinstance(value, Sequence):
        return list(value)
    # Values of which an answer holds a great many have slots, and so no dictionary.
    names = getattr(value, "__slots__", None)
    if names is None:
        names = vars(value)
    return {name.rstrip("_"): getattr(value, name) for name in names}


_write = light_json.writer(default=_plain)
