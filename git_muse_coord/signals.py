"""The module ``signal`` without its enumerations, whose making takes as long as three processes of git."""

from __future__ import annotations

try:
    import _signal as signals  # type: ignore[import-not-found]
except ImportError:  # a Python that is made in another way
    import signal as signals

__all__ = ["signals"]
