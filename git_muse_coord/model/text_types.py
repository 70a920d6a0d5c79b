"""Texts that must not be mistaken for one another, as types of their own.

Each is a plain ``str`` when the program runs. The type checker refuses one where another belongs.
A text becomes such a type once, where it enters: where bytes of a record are read, where a user's
input is parsed, or where git's output is split.
"""

from __future__ import annotations

from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING, NewType

if TYPE_CHECKING:
    from collections.abc import Iterable

RecordId = NewType("RecordId", str)
"""The id of a record: ``sha256:`` and 64 hex digits of the hash of its bytes."""

RunId = NewType("RunId", str)
"""The name that a run of an agent gives itself; ``unknown`` for a run without identity."""

Oid = NewType("Oid", str)
"""The name that git has for an object: 40 hex digits, or 64 in a repository with SHA-256."""


def list_of_texts(texts: Iterable[str]) -> list[str]:
    """The texts that somebody gives. Raises BadInput for one alone.

    To Python that is as many texts as it has letters, and the type checker takes it, too: what was
    meant for a file would reserve the root, for the dot in its name.
    """
    if isinstance(texts, str):
        raise BadInput(
            f"{texts!r} is a text where a list of them is asked for", f"give [{texts!r}]"
        )
    return list(texts)
