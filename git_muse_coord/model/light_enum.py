"""A StrEnum without enum: loading that takes a hook as long as a git process.

A type checker sees the original; what runs has as much of it as this program needs.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from enum import StrEnum as StrEnum
else:

    class _Names(type):
        """Makes each word in the body of a class its one member of that name."""

        def __init__(cls, name, bases, body):
            super().__init__(name, bases, body)
            cls._members = []
            for key, word in body.items():
                if key.isupper():
                    member = str.__new__(cls, word)
                    member.name = key
                    member.value = word
                    cls._members.append(member)
                    setattr(cls, key, member)

        def __iter__(cls):
            return iter(cls._members)

    class StrEnum(str, metaclass=_Names):
        """Words, each under a name in capitals."""
