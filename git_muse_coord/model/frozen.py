"""Values that never change, declared field by field as a dataclass is, but cheaper to build."""

from __future__ import annotations

from git_muse_coord.model import codec
from git_muse_coord.model.codec import Field
from git_muse_coord.model.light import TYPE_CHECKING, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ClassVar, Self

    from git_muse_coord.model.codec import Json

    Reviver = tuple[str, Callable[[Json], Any]]
    """The name of a field, and what makes its value of the one in JSON."""


def stored(rule: Field) -> Any:
    """Declare a field of a record by how it is read and written."""
    return rule


@dataclass_transform(
    frozen_default=True,
    kw_only_default=True,
    field_specifiers=(stored,),
)
class Frozen:
    """A value with keyword arguments that never changes and is compared by its fields.

    The standard library's dataclasses would cost every command about 10 ms for building the record
    classes.
    """

    fields: ClassVar[dict[str, Field]] = {}
    revivers: ClassVar[list[Reviver]] = []

    def __init_subclass__(cls) -> None:
        cls.fields = dict(cls.fields)
        for name, rule in vars(cls).items():
            if isinstance(rule, Field):
                cls.fields[name] = rule
        # Most fields are in JSON what they are here. To list the others once saves a call a field
        # for each of the thousands of records that a cache gives back.
        cls.revivers = []
        for name, rule in cls.fields.items():
            if rule.revive is not codec.same:
                cls.revivers.append((name, rule.revive))

    def __init__(self, **values: Any) -> None:
        named = values.keys() - {"extra"}
        if named != self.fields.keys():
            wanted = ", ".join(self.fields)
            given = ", ".join(values)
            raise TypeError(f"{type(self).__name__} takes {wanted}, not {given}")
        vars(self).update(values)

    @classmethod
    def of_checked(cls, values: dict[str, Any]) -> Self:
        """Make one of values that are known to be complete."""
        made = cls.__new__(cls)
        vars(made).update(values)
        return made

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a record never changes: {name}")

    def __eq__(self, other: object) -> bool:
        if type(self) is not type(other):
            return False
        # One that was made without ``extra`` equals one in which that is empty.
        ours = {"extra": {}, **vars(self)}
        theirs = {"extra": {}, **vars(other)}
        return ours == theirs

    def __hash__(self) -> int:
        # Not over all fields: a payload may be a list. These two tell records apart well enough.
        values = vars(self)
        run_id = values["run_id"]
        nonce = values["nonce"]
        return hash((run_id, nonce))

    def __repr__(self) -> str:
        values: list[str] = []
        for name, value in vars(self).items():
            values.append(f"{name}={value!r}")
        name_of_class = type(self).__name__
        return f"{name_of_class}({', '.join(values)})"
