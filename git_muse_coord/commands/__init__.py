"""One verb a file: parse, call the coordinator, print. The verbs are listed here and loaded when they are called."""

VERBS = (
    "reserve",
    "release",
    "heartbeat",
    "list",
    "show",
    "status",
    "whoami",
    "dag",
    "intent",
    "forecast",
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
    "demo",
)
"""In the order in which help shows them. The verb ``x-y`` lives in the module ``x_y`` under the same name."""
