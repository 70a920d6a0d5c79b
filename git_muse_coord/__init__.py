"""Advisory reservations of symbols on plain git.

    >>> from git_muse_coord import Coordinator, MuseCoordError

The library's front door is :class:`Coordinator`; what it and the errors need is imported when they
are asked for, because start-up is most of what a command costs.
"""

from git_muse_coord.version import __version__

# What type checkers take for true. Importing it from typing would cost every hook 10 ms.
TYPE_CHECKING = False

if TYPE_CHECKING:
    from git_muse_coord.coordinator.answers.checked import CheckResult
    from git_muse_coord.coordinator.answers.happened import Happened
    from git_muse_coord.coordinator.answers.in_the_way import WaitEvent
    from git_muse_coord.coordinator.answers.reserved import ReserveResult
    from git_muse_coord.coordinator.dag import DagResult
    from git_muse_coord.coordinator.doctor import DoctorResult
    from git_muse_coord.coordinator.forecast import ForecastResult
    from git_muse_coord.coordinator.fsck import FsckResult
    from git_muse_coord.coordinator.gc import GcResult
    from git_muse_coord.coordinator.heartbeat import HeartbeatResult
    from git_muse_coord.coordinator.inbox import InboxResult
    from git_muse_coord.coordinator.intent import IntentResult
    from git_muse_coord.coordinator.library import Coordinator
    from git_muse_coord.coordinator.list import ListResult
    from git_muse_coord.coordinator.log import LogResult
    from git_muse_coord.coordinator.pause import PauseResult
    from git_muse_coord.coordinator.plan_merge import PlanMergeResult
    from git_muse_coord.coordinator.plan_merges import PlanMergesResult
    from git_muse_coord.coordinator.prime import PrimeResult
    from git_muse_coord.coordinator.radar import RadarResult
    from git_muse_coord.coordinator.reconcile import ReconcileResult
    from git_muse_coord.coordinator.release import ReleaseResult
    from git_muse_coord.coordinator.shard import ShardResult
    from git_muse_coord.coordinator.show import ShowResult
    from git_muse_coord.coordinator.status import StatusResult
    from git_muse_coord.coordinator.symbols import SymbolsResult
    from git_muse_coord.coordinator.sync import SyncResult
    from git_muse_coord.coordinator.take import TakeResult
    from git_muse_coord.coordinator.tell import TellResult
    from git_muse_coord.coordinator.watch import Watch
    from git_muse_coord.coordinator.who import WhoResult
    from git_muse_coord.coordinator.whoami import WhoamiResult
    from git_muse_coord.model.errors import (
        BadInput,
        BadRecords,
        HookStopped,
        Interrupted,
        MuseCoordError,
        NoRepository,
        NotThere,
        RemoteFailed,
        Stopped,
        StoreFailed,
        Unhealthy,
    )

__all__ = [
    "BadInput",
    "BadRecords",
    "CheckResult",
    "Coordinator",
    "DagResult",
    "DoctorResult",
    "ForecastResult",
    "FsckResult",
    "GcResult",
    "Happened",
    "HeartbeatResult",
    "HookStopped",
    "InboxResult",
    "IntentResult",
    "Interrupted",
    "ListResult",
    "LogResult",
    "MuseCoordError",
    "NoRepository",
    "NotThere",
    "PauseResult",
    "PlanMergeResult",
    "PlanMergesResult",
    "PrimeResult",
    "RadarResult",
    "ReconcileResult",
    "ReleaseResult",
    "RemoteFailed",
    "ReserveResult",
    "ShardResult",
    "ShowResult",
    "StatusResult",
    "Stopped",
    "StoreFailed",
    "SymbolsResult",
    "SyncResult",
    "TakeResult",
    "TellResult",
    "Unhealthy",
    "WaitEvent",
    "Watch",
    "WhoResult",
    "WhoamiResult",
    "__version__",
]


_PLACES = {
    "CheckResult": "coordinator.answers.checked",
    "Coordinator": "coordinator.library",
    "DagResult": "coordinator.dag",
    "DoctorResult": "coordinator.doctor",
    "ForecastResult": "coordinator.forecast",
    "FsckResult": "coordinator.fsck",
    "GcResult": "coordinator.gc",
    "Happened": "coordinator.answers.happened",
    "HeartbeatResult": "coordinator.heartbeat",
    "InboxResult": "coordinator.inbox",
    "IntentResult": "coordinator.intent",
    "ListResult": "coordinator.list",
    "LogResult": "coordinator.log",
    "PauseResult": "coordinator.pause",
    "PlanMergeResult": "coordinator.plan_merge",
    "PlanMergesResult": "coordinator.plan_merges",
    "PrimeResult": "coordinator.prime",
    "RadarResult": "coordinator.radar",
    "ReconcileResult": "coordinator.reconcile",
    "ReleaseResult": "coordinator.release",
    "ReserveResult": "coordinator.answers.reserved",
    "ShardResult": "coordinator.shard",
    "ShowResult": "coordinator.show",
    "StatusResult": "coordinator.status",
    "SymbolsResult": "coordinator.symbols",
    "SyncResult": "coordinator.sync",
    "TakeResult": "coordinator.take",
    "TellResult": "coordinator.tell",
    "WaitEvent": "coordinator.answers.in_the_way",
    "Watch": "coordinator.watch",
    "WhoResult": "coordinator.who",
    "WhoamiResult": "coordinator.whoami",
}
"""Where all is that is no error: the Coordinator, what it answers, and what it watches."""


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import sys

    module = f"{__name__}.{_PLACES.get(name, 'model.errors')}"
    # as importlib does it, which would have to be imported first
    __import__(module)
    value: object = getattr(sys.modules[module], name)
    return value


def __dir__() -> list[str]:
    return __all__
