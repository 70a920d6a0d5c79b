"""A NamedTuple that takes a tenth of the time to declare: there are over a hundred, and a command declares dozens.

That of the standard library writes a constructor as text and compiles it, class by class. Here all
tuples with as many fields share the code of one, under other names of its parameters.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import CodeType, FunctionType
    from typing import Any, Self

    _Tuple = tuple[Any, ...]
    _getter: Callable[[int, str], Any]
else:
    _Tuple = tuple
    # What a function is made by; the module types would bring it, and much else.
    FunctionType = type(lambda: None)
    try:
        from _collections import _tuplegetter as _getter
    except ImportError:  # not CPython
        from operator import itemgetter

        def _getter(index, doc):
            return property(itemgetter(index), doc=doc)


_new = tuple.__new__


def _of_one(_cls: Any, a: Any) -> Any:
    return _new(_cls, (a,))


def _of_two(
    _cls: Any,
    a: Any,
    b: Any,
) -> Any:
    return _new(_cls, (a, b))


def _of_three(
    _cls: Any,
    a: Any,
    b: Any,
    c: Any,
) -> Any:
    return _new(_cls, (a, b, c))


def _of_four(
    _cls: Any,
    a: Any,
    b: Any,
    c: Any,
    d: Any,
) -> Any:
    return _new(_cls, (a, b, c, d))


def _of_five(
    _cls: Any,
    a: Any,
    b: Any,
    c: Any,
    d: Any,
    e: Any,
) -> Any:
    return _new(_cls, (a, b, c, d, e))


# For one field, two and so on; tuples with more are few.
_CONSTRUCTORS: list[Callable[..., Any]] = [_of_one, _of_two, _of_three, _of_four, _of_five]


class _Fields(_Tuple):
    """What all named tuples have beside their fields: the methods of ``typing.NamedTuple``."""

    __slots__ = ()
    _fields: tuple[str, ...] = ()
    _field_defaults: dict[str, Any] = {}  # noqa: RUF012 - each class gets one of its own

    @classmethod
    def _make(cls, values: Iterable[Any]) -> Self:
        """Make one of values in the order of the fields."""
        made: Self = _new(cls, values)
        wanted = len(cls._fields)
        given = len(made)
        if given != wanted:
            raise TypeError(f"expected {wanted} values, not {given}")
        return made

    def _replace(self, /, **values: Any) -> Self:
        """The same with other values in some fields."""
        made = self._make(map(values.pop, self._fields, self))
        if values:
            raise ValueError(f"no such fields: {', '.join(values)}")
        return made

    __replace__ = _replace

    def _asdict(self) -> dict[str, Any]:
        """The values by the names of their fields."""
        return dict(zip(self._fields, self, strict=True))

    def __getnewargs__(self) -> tuple[Any, ...]:
        return tuple(self)

    def __repr__(self) -> str:
        values: list[str] = []
        for name, value in self._asdict().items():
            values.append(f"{name}={value!r}")
        joined = ", ".join(values)
        return f"{type(self).__name__}({joined})"


class _Declaration(type):
    """Makes a tuple of what looks like a class derived from NamedTuple, as the original does."""

    def __new__(
        cls,
        name: str,
        bases: tuple[type, ...],
        body: dict[str, Any],
    ) -> Any:
        if not bases:
            return super().__new__(cls, name, bases, body)
        if len(bases) > 1:
            raise TypeError("a NamedTuple has no other base")
        # No instance has a dictionary. And not by this metaclass: what derives from it is a plain class.
        made = type(name, (_Fields,), {**body, "__slots__": ()})
        _furnish(made)
        return made


def _furnish(made: Any) -> None:
    # Not from the body, where only some versions of Python put them.
    fields = tuple(made.__annotations__)
    own = dict(vars(made))
    defaults: dict[str, Any] = {}
    for index, field in enumerate(fields):
        if field in own:
            defaults[field] = own[field]
        elif defaults:
            raise TypeError(f"{field} has no default, but a field before it has")
        setattr(made, field, _getter(index, f"Field number {index}"))
    made._fields = fields
    made._field_defaults = defaults
    setattr(made, "__match_args__", fields)  # noqa: B010 - mypy allows it nowhere else than in the body
    made.__new__ = _constructor(made)


def _constructor(cls: Any) -> Callable[..., Any]:
    count = len(cls._fields)
    code = _code(count).replace(
        co_varnames=("_cls", *cls._fields),
        co_name="__new__",
        co_qualname=f"{cls.__qualname__}.__new__",
    )
    values = cls._field_defaults.values()
    defaults = tuple(values)
    return FunctionType(code, globals(), "__new__", defaults)


def _code(count: int) -> CodeType:
    if 0 < count <= len(_CONSTRUCTORS):
        return _CONSTRUCTORS[count - 1].__code__
    names = "".join(f"_{number}, " for number in range(count))
    text = f"lambda _cls, {names}: _new(_cls, ({names}))"
    constructor: Callable[..., Any] = eval(text)  # noqa: S307 - our own text
    return constructor.__code__


class NamedTuple(metaclass=_Declaration):
    """The base of a class whose annotated names are the fields of a tuple."""
