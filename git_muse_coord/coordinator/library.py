"""The library API: every use case in one class."""

from __future__ import annotations

from git_muse_coord.coordinator.check import CheckCase
from git_muse_coord.coordinator.dag import DagCase
from git_muse_coord.coordinator.doctor import DoctorCase
from git_muse_coord.coordinator.forecast import ForecastCase
from git_muse_coord.coordinator.fsck import FsckCase
from git_muse_coord.coordinator.gc import GcCase
from git_muse_coord.coordinator.heartbeat import HeartbeatCase
from git_muse_coord.coordinator.intent import IntentCase
from git_muse_coord.coordinator.list import ListCase
from git_muse_coord.coordinator.plan_merge import PlanMergeCase
from git_muse_coord.coordinator.reconcile import ReconcileCase
from git_muse_coord.coordinator.release import ReleaseCase
from git_muse_coord.coordinator.reserve import ReserveCase
from git_muse_coord.coordinator.shard import ShardCase
from git_muse_coord.coordinator.show import ShowCase
from git_muse_coord.coordinator.status import StatusCase
from git_muse_coord.coordinator.symbols import SymbolsCase
from git_muse_coord.coordinator.sync import SyncCase


class Coordinator(
    ReserveCase,
    ReleaseCase,
    HeartbeatCase,
    ListCase,
    ShowCase,
    StatusCase,
    DagCase,
    IntentCase,
    ForecastCase,
    SymbolsCase,
    CheckCase,
    PlanMergeCase,
    ReconcileCase,
    ShardCase,
    SyncCase,
    GcCase,
    FsckCase,
    DoctorCase,
):
    """Coordination in the repository at a path.

    A method for each verb: addresses or ids as one list, options as keywords named like the long
    option. Each returns the value that ``--json`` prints, and raises a ``MuseCoordError`` where the
    command would fail.

        >>> Coordinator(".").reserve(["src/billing.py::compute_total"], run_id="agent-42", op="modify")
    """
