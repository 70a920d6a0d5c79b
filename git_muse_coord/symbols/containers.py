"""Containers around what a name leads to: how steps of a chain go into them and out again.

What a container holds is known from the types that are written down; of a member of a container the
tables of ``uses`` say what its call takes out.
"""

from __future__ import annotations

from collections.abc import Mapping

from git_muse_coord.symbols.references import (
    EACH,
    ELEMENT,
    ITEMS,
    KEY,
    KEYS,
    SAME,
    VALUES,
)
from git_muse_coord.symbols.things import (
    ELSEWHERE,
    NOTHING,
    Thing,
    Things,
)

INTO = frozenset({ITEMS, VALUES, KEYS})
OUT_OF = frozenset({ELEMENT, EACH, KEY})
_TAKEN = {
    ELEMENT: (ITEMS, VALUES),
    EACH: (ITEMS, KEYS),
    KEY: (KEYS,),
}
"""What each step out of a container takes of what is in it."""
_WAITING = "."
"""Stands before what a member of a container gives as soon as it is called."""


def put_into(thing: Thing, holder: str) -> Thing:
    """A container that holds this."""
    return thing._replace(within=(*thing.within, holder))


def taken_out(thing: Thing, step: str) -> Things:
    """What a step takes out of the outermost container; nothing of what lies there in another way."""
    # the keys of a map are no values, and the other way round
    *outer, holder = thing.within
    if holder not in _TAKEN[step]:
        return NOTHING
    return (thing._replace(within=tuple(outer)),)


def member_of_container(
    thing: Thing,
    name: str,
    gives: Mapping[str, str],
) -> Things:
    """A member, by the table of what calls of such members give."""
    step = gives.get(name)
    if step is None:
        return ELSEWHERE
    return (put_into(thing, _WAITING + step),)


def passed_on(thing: Thing) -> Thing:
    """A member whose call gives what it is called on."""
    return put_into(thing, _WAITING + SAME)


def called_member(thing: Thing) -> Things:
    """What the call of a member of a container gives."""
    *outer, waiting = thing.within
    if not waiting.startswith(_WAITING):
        return NOTHING
    step = waiting.removeprefix(_WAITING)
    holder = thing._replace(within=tuple(outer))
    if step == SAME:
        return (holder,)
    if step in OUT_OF:
        return taken_out(holder, step)
    # the values, or the keys, as a list of their own
    *outer, held = outer
    return (thing._replace(within=(*outer, ITEMS)),) if held == step else NOTHING
