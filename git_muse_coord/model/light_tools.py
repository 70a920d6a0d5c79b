"""What functools and contextlib are mostly used for, where loading them would take longer than the work itself."""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import contextmanager, suppress
    from functools import cached_property
else:

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


__all__ = ["cached_property", "contextmanager", "suppress"]
