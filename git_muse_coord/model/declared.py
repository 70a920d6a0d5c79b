"""Values with named fields, declared as dataclasses are, whose class costs hardly more to make than a plain one.

The standard library's dataclasses take longer to load, and to write their constructors, than most
commands take to work.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ClassVar, Self


class Fresh:
    """A default that is made anew for each value."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def field(*, default_factory: Callable[[], Any]) -> Any:
    """Declare a field with a default that is made anew each time, such as a list."""
    return Fresh(default_factory)


@dataclass_transform(
    kw_only_default=True,
    eq_default=False,
    field_specifiers=(field,),
)
class Declared:
    """A value that is made of keyword arguments, one for each annotated name of its class and of those it derives from.

    An assignment in the class is a default. Values are compared by identity, and may be changed.
    """

    field_defaults: ClassVar[dict[str, Any]] = {}
    """All fields, in the order of their declaration, with what stands for a value that is not given."""

    def __init_subclass__(cls) -> None:
        own = vars(cls)
        defaults = dict(cls.field_defaults)
        for name, annotation in cls.__annotations__.items():
            # A text in all modules of ours, which never evaluate their annotations.
            if "ClassVar[" not in str(annotation):
                defaults[name] = own.get(name, _REQUIRED)
        cls.field_defaults = defaults

    def __init__(self, **values: Any) -> None:
        lacking: list[str] = []
        # In the order of the fields, in which they are printed.
        for name, default in self.field_defaults.items():
            if name in values:
                value = values.pop(name)
            elif type(default) is Fresh:
                value = default.make()
            else:
                value = default
            if value is _REQUIRED:
                lacking.append(name)
            setattr(self, name, value)
        if lacking or values:
            name_of_class = type(self).__name__
            raise TypeError(_complaint(name_of_class, lacking, list(values)))

    def _replace(self, **values: Any) -> Self:
        """The same with other values in some fields."""
        return type(self)(**{**vars(self), **values})

    def __repr__(self) -> str:
        values: list[str] = []
        for name in self.field_defaults:
            value = getattr(self, name)
            values.append(f"{name}={value!r}")
        joined = ", ".join(values)
        return f"{type(self).__qualname__}({joined})"


_REQUIRED = object()


def _complaint(
    name: str,
    lacking: list[str],
    unknown: list[str],
) -> str:
    if lacking:
        return f"{name} lacks {', '.join(lacking)}"
    return f"{name} has no field {', '.join(unknown)}"
