"""One verb a file: parse, call the coordinator, print. The verbs are listed here and loaded when they are called."""

from __future__ import annotations

import sys

TYPE_CHECKING = False

if TYPE_CHECKING:
    from git_muse_coord.commands.options import Verb

VERBS = (
    "reserve",
    "release",
    "take",
    "heartbeat",
    "list",
    "show",
    "status",
    "who",
    "watch",
    "whoami",
    "prime",
    "dag",
    "intent",
    "tell",
    "inbox",
    "log",
    "forecast",
    "radar",
    "symbols",
    "check",
    "plan-merge",
    "reconcile",
    "shard",
    "sync",
    "gc",
    "fsck",
    "install",
    "uninstall",
    "doctor",
    "pause",
    "hook",
    "mcp",
    "schema",
    "demo",
)
"""In the order in which help shows them. The verb ``x-y`` lives in the module ``x_y`` under the same name."""


def load_verb(name: str) -> Verb:
    """The verb of a name of ``VERBS``."""
    function = name.replace("-", "_")
    module = f"{__name__}.{function}"
    # As importlib does it, which would have to be imported first.
    __import__(module)
    loaded: Verb = getattr(sys.modules[module], f"{function}_command")
    return loaded
