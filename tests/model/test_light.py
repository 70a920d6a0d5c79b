"""Values that are declared as with typing and dataclasses, and are made without them."""

from __future__ import annotations

import contextlib
import copy
import pickle
import subprocess
import sys
import typing

import pytest

from git_muse_coord.model.declared import Declared, field
from git_muse_coord.model.light import NamedTuple
from git_muse_coord.model.light_tools import cached_property, contextmanager, suppress


class Place(NamedTuple):
    """Somewhere."""

    path: str
    line: int = 1
    note: str | None = None

    @property
    def text(self) -> str:
        return f"{self.path}:{self.line}"


class Original(typing.NamedTuple):
    path: str
    line: int = 1
    note: str | None = None


class Wide(NamedTuple):
    a: int
    b: int
    c: int
    d: int
    e: int
    f: int
    g: int
    h: int
    i: int
    j: int = 10


class Nothing(NamedTuple):
    pass


class Answer(Declared):
    kind: typing.ClassVar[str] = "answer"
    warnings: list[str] = field(default_factory=list)
    size: int = 0


class Longer(Answer):
    path: str
    size: int = 7


def test_a_tuple_is_one_and_named() -> None:
    place = Place("a.py", note="here")
    assert isinstance(place, tuple)
    assert (place.path, place.line, place.note) == ("a.py", 1, "here")
    assert place.text == "a.py:1"
    assert (*place,) == ("a.py", 1, "here")
    assert Place.__doc__ == "Somewhere."
    assert repr(place) == "Place(path='a.py', line=1, note='here')"
    match place:
        case Place(path, 1):
            assert path == "a.py"
        case _:
            pytest.fail("not matched")


def test_a_tuple_has_what_the_original_has() -> None:
    ours: typing.Any = Place("a.py", 2)
    original: typing.Any = Original("a.py", 2)
    assert ours._fields == original._fields
    assert ours._field_defaults == original._field_defaults
    assert ours._asdict() == original._asdict()
    assert ours._replace(line=3) == original._replace(line=3)
    assert ours._make(["b.py", 4, None]) == original._make(["b.py", 4, None])
    assert type(ours._replace(line=3)) is Place
    assert hash(ours) == hash(original)
    assert not hasattr(ours, "__dict__")
    assert set(dir(Original)) - set(dir(Place)) == {"__orig_bases__"}


@pytest.mark.parametrize("cls", [Place, Original])
def test_a_tuple_refuses_what_the_original_refuses(cls: typing.Any) -> None:
    place = cls("a.py")
    with pytest.raises(
        TypeError, match=r"\.__new__\(\) missing 1 required positional argument: 'path'"
    ):
        cls()
    with pytest.raises(TypeError, match="unexpected keyword argument 'lines'"):
        cls("a.py", lines=3)
    with pytest.raises(TypeError, match="takes from 2 to 4 positional arguments but 5 were given"):
        cls("a.py", 1, None, 2)
    with pytest.raises(AttributeError):
        place.path = "b.py"
    with pytest.raises(AttributeError):
        place.other = "b.py"
    with pytest.raises(ValueError, match="lines"):
        place._replace(lines=3)
    with pytest.raises(TypeError, match="3"):
        cls._make(["a.py"])


def test_a_tuple_can_be_copied_and_pickled() -> None:
    for place in (Place("a.py"), Wide(1, 2, 3, 4, 5, 6, 7, 8, 9), Nothing()):
        assert copy.deepcopy(place) == place
        thawed = pickle.loads(pickle.dumps(place))  # noqa: S301 - our own bytes
        assert thawed == place
        assert type(thawed) is type(place)


def test_a_tuple_has_any_number_of_fields() -> None:
    assert Wide(1, 2, 3, 4, 5, 6, 7, 8, i=9) == tuple(range(1, 11))
    assert Nothing() == ()


def test_what_derives_from_a_tuple_is_a_plain_class() -> None:
    class Named(Place):
        extra: str = "more"

    assert Named._fields == Place._fields
    assert Named("a.py") == Place("a.py")


def test_a_tuple_is_declared_with_defaults_at_its_end_and_no_other_base() -> None:
    declare: typing.Any = type(NamedTuple)
    body = {"__module__": __name__, "__annotations__": {"a": "int", "b": "int"}, "a": 1}
    with pytest.raises(TypeError, match="b has no default, but a field before it has"):
        declare("Wrong", (NamedTuple,), body)
    with pytest.raises(TypeError, match="no other base"):
        declare("Wrong", (NamedTuple, list), {})


def test_a_declared_value_takes_its_fields_by_name() -> None:
    answer = Longer(path="a.py", warnings=["old"])
    assert vars(answer) == {"warnings": ["old"], "size": 7, "path": "a.py"}
    assert repr(answer) == "Longer(warnings=['old'], size=7, path='a.py')"
    assert answer != Longer(path="a.py", warnings=["old"])
    answer.size += 1
    assert answer.size == 8
    assert Answer().size == 0


def test_a_declared_value_is_copied_with_other_values() -> None:
    answer = Longer(path="a.py")
    assert vars(answer._replace(size=1)) == {"warnings": [], "size": 1, "path": "a.py"}
    assert answer.size == 7


def test_a_declared_value_is_printed_in_the_order_of_its_declaration() -> None:
    assert list(vars(Longer(path="a.py", size=1))) == ["warnings", "size", "path"]


def test_no_default_that_can_change_is_shared() -> None:
    Answer().warnings.append("only here")
    assert Answer().warnings == []


def test_a_declared_value_refuses_what_it_does_not_know() -> None:
    cls: typing.Any = Longer
    with pytest.raises(TypeError, match="Longer lacks path"):
        cls(size=1)
    with pytest.raises(TypeError, match="Longer has no field other"):
        cls(path="a.py", other=1)
    with pytest.raises(TypeError):
        cls("a.py")


def test_a_declared_value_can_be_copied_and_pickled() -> None:
    answer = Longer(path="a.py")
    for made in (copy.deepcopy(answer), pickle.loads(pickle.dumps(answer))):  # noqa: S301
        assert vars(made) == vars(answer)


def test_neither_loads_what_it_stands_for() -> None:
    code = """
import sys
from git_muse_coord.model import declared, light
print([name for name in ("typing", "dataclasses", "collections", "inspect") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"[]\n"


def test_a_module_is_loaded_when_it_is_used() -> None:
    code = """
import sys
from git_muse_coord.model.later import re
before = "re" in sys.modules
assert re.fullmatch("a+", "aa")
assert re.fullmatch("b+", "aa") is None
print(before, "re" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert done.stdout == b"False True\n"


def test_an_attribute_is_computed_once() -> None:
    class Counted:
        times = 0

        @cached_property
        def value(self) -> int:
            """A number."""
            self.times += 1
            return self.times

    counted = Counted()
    assert (counted.value, counted.value) == (1, 1)
    assert Counted().value == 1
    assert vars(Counted)["value"].__doc__ == Counted.value.__doc__ == "A number."


@pytest.mark.parametrize("block", [suppress, contextlib.suppress])
def test_only_named_errors_are_passed_over(block: typing.Any) -> None:
    with block(OSError, ValueError):
        raise FileNotFoundError
    with pytest.raises(KeyError), block(OSError):
        raise KeyError
    with block(OSError):
        pass


@pytest.mark.parametrize("make", [contextmanager, contextlib.contextmanager])
def test_a_context_is_a_function_that_yields_once(make: typing.Any) -> None:
    seen: list[str] = []

    def steps(number: int) -> typing.Iterator[int]:
        """A context."""
        seen.append("entered")
        try:
            yield number
        except KeyError:
            seen.append("passed over")
        except ValueError as error:
            raise LookupError from error
        finally:
            seen.append("left")

    context = make(steps)
    assert context.__doc__ == "A context."
    with context(3) as number:
        assert number == 3
    with context(number=4):
        raise KeyError
    assert seen == ["entered", "left", "entered", "passed over", "left"]
    with pytest.raises(LookupError), context(5):
        raise ValueError
    error = InterruptedError()
    with pytest.raises(InterruptedError) as caught, context(6):
        raise error
    assert caught.value is error


def test_a_context_that_yields_twice_is_told() -> None:
    @contextmanager
    def context() -> typing.Iterator[None]:
        with suppress(KeyError):
            yield
        yield

    with pytest.raises(RuntimeError), context():
        pass
    with pytest.raises(RuntimeError), context():
        raise KeyError
