"""The module ``signal`` without its enumerations, whose making takes as long as three processes of git."""

from __future__ import annotations

try:
    import _signal as signals  # type: ignore[import-not-found]
except ImportError:  # a Python that is made in another way
    import signal as signals

__all__ = ["see_children_end", "signals"]


def see_children_end() -> None:
    """Have the exit codes of our children kept for us.

    Who ignores SIGCHLD hands that down, and then a git that failed would seem to have done its work.
    """
    number = getattr(signals, "SIGCHLD", None)
    if number is not None and signals.getsignal(number) == signals.SIG_IGN:
        signals.signal(number, signals.SIG_DFL)
