"""What typing has for declaring values, without loading typing, which takes longer than most commands work.

A type checker sees the originals; what runs are stand-ins that do as much as this program needs.
What is imported for annotations alone stands under ``if TYPE_CHECKING:``, and is never loaded.
"""

from __future__ import annotations

TYPE_CHECKING = False
"""Type checkers take a variable of this name for true."""

if TYPE_CHECKING:
    from typing import (
        Any,
        Generic,
        NamedTuple,
        NewType,
        TypeVar,
        dataclass_transform,
    )
else:
    from git_muse_coord.model.light_tuple import NamedTuple

    Any = object

    class Generic:
        """The base of a class with a type as its parameter."""

        def __class_getitem__(cls, parameter):
            """The class, whatever its parameter is."""
            return cls

    def TypeVar(name, **_):  # noqa: N802 - stands for the original
        """The parameter of a generic class or function."""
        return name

    def NewType(name, base):  # noqa: ARG001, N802 - stands for the original
        """A type that is its base when the program runs."""
        return base

    def dataclass_transform(**_):
        """Declare that the classes derived from one are made as dataclasses are."""
        return lambda cls: cls


__all__ = [
    "TYPE_CHECKING",
    "Any",
    "Generic",
    "NamedTuple",
    "NewType",
    "TypeVar",
    "dataclass_transform",
]
