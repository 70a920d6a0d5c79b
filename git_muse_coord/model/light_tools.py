"""What functools, contextlib and the like are mostly used for, where loading them takes longer than the work itself."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

_REMEMBERED = 4096

if TYPE_CHECKING:
    from collections import defaultdict, deque
    from contextlib import contextmanager, suppress
    from functools import cache, cached_property
    from threading import Lock
    from types import MappingProxyType
else:
    # Where the modules that are known for them have them from.
    from _thread import allocate_lock as Lock  # noqa: N812 - as threading calls it

    try:
        from _collections import defaultdict, deque
    except ImportError:
        from collections import defaultdict, deque

    MappingProxyType = type(type.__dict__)

    def cache(function):
        """Make a function of one argument that remembers its answers, until they are many."""
        answers = {}

        def remember(argument):
            try:
                return answers[argument]
            except KeyError:  # asked in one step: another thread may be about to clear them
                pass
            if len(answers) >= _REMEMBERED:
                answers.clear()
            answer = answers[argument] = function(argument)
            return answer

        remember.__doc__ = function.__doc__
        remember.__wrapped__ = function
        return remember

    class cached_property:  # noqa: N801 - stands for the original
        """An attribute that is computed when it is first asked for."""

        def __init__(self, compute):
            self.compute = compute
            self.__doc__ = compute.__doc__

        def __set_name__(self, owner, name):
            self.name = name

        def __get__(self, instance, owner=None):
            if instance is None:
                return self
            value = self.compute(instance)
            # From now on it is found in the instance, and this is not called any more.
            instance.__dict__[self.name] = value
            return value

    class suppress:  # noqa: N801 - stands for the original
        """A block that ends without complaint at some kinds of errors."""

        def __init__(self, *errors):
            self.errors = errors

        def __enter__(self):
            return None

        def __exit__(self, kind, error, trace):
            return kind is not None and issubclass(kind, self.errors)

    class _Context:
        """A block around which a generator runs, which yields once."""

        def __init__(self, steps):
            self.steps = steps

        def __enter__(self):
            return next(self.steps)

        def __exit__(self, kind, error, trace):
            if error is None:
                return self._end()
            try:
                self.steps.throw(error)
            except StopIteration:
                # It has dealt with the error.
                return True
            except BaseException as raised:
                if raised is error:
                    return False
                raise
            raise RuntimeError("a context went on after an error")

        def _end(self):
            for _ in self.steps:
                raise RuntimeError("a context yielded twice")
            return False

    def contextmanager(function):
        """Make a context of a function that yields once."""

        def enter(*given, **named):
            return _Context(function(*given, **named))

        enter.__doc__ = function.__doc__
        return enter


__all__ = [
    "Lock",
    "MappingProxyType",
    "cache",
    "cached_property",
    "contextmanager",
    "defaultdict",
    "deque",
    "suppress",
]
