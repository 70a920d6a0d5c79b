"""Modules that are loaded when something in them is used, which most commands never do.

Importing ``re`` from here instead of by itself spares 5 ms where no pattern is looked for; so a
module that plain commands load compiles none at its top.
"""

from __future__ import annotations

from git_muse_coord.model.light import TYPE_CHECKING

if TYPE_CHECKING:
    import json as json
    import re as re
    import tempfile as tempfile
    import unicodedata as unicodedata
    from typing import Any


class Later:
    """Stands for a module until it is used, and then has all that it has."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getattr__(self, name: str) -> Any:
        module = __import__(self.__name__, fromlist=[name])
        value = getattr(module, name)
        # The next time this is no longer asked for.
        setattr(self, name, value)
        return value


if not TYPE_CHECKING:
    json = Later("json")
    re = Later("re")
    tempfile = Later("tempfile")
    unicodedata = Later("unicodedata")
