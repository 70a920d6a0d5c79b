"""The library API: every verb as a method of one class."""

from __future__ import annotations

from git_muse_coord.coordinator import (
    check as _check,
)
from git_muse_coord.coordinator import (
    dag as _dag,
)
from git_muse_coord.coordinator import (
    doctor as _doctor,
)
from git_muse_coord.coordinator import (
    forecast as _forecast,
)
from git_muse_coord.coordinator import (
    fsck as _fsck,
)
from git_muse_coord.coordinator import (
    gc as _gc,
)
from git_muse_coord.coordinator import (
    heartbeat as _heartbeat,
)
from git_muse_coord.coordinator import (
    inbox as _inbox,
)
from git_muse_coord.coordinator import (
    intent as _intent,
)
from git_muse_coord.coordinator import (
    list as _list,
)
from git_muse_coord.coordinator import (
    log as _log,
)
from git_muse_coord.coordinator import (
    pause as _pause,
)
from git_muse_coord.coordinator import (
    plan_merge as _plan_merge,
)
from git_muse_coord.coordinator import (
    prime as _prime,
)
from git_muse_coord.coordinator import (
    radar as _radar,
)
from git_muse_coord.coordinator import (
    reconcile as _reconcile,
)
from git_muse_coord.coordinator import (
    release as _release,
)
from git_muse_coord.coordinator import (
    reserve as _reserve,
)
from git_muse_coord.coordinator import (
    shard as _shard,
)
from git_muse_coord.coordinator import (
    show as _show,
)
from git_muse_coord.coordinator import (
    status as _status,
)
from git_muse_coord.coordinator import (
    symbols as _symbols,
)
from git_muse_coord.coordinator import (
    sync as _sync,
)
from git_muse_coord.coordinator import (
    take as _take,
)
from git_muse_coord.coordinator import (
    tell as _tell,
)
from git_muse_coord.coordinator import (
    watch as _watch,
)
from git_muse_coord.coordinator import (
    who as _who,
)
from git_muse_coord.coordinator import (
    whoami as _whoami,
)
from git_muse_coord.coordinator.session import Session


class Coordinator(Session):
    """Coordination in the repository at a path.

    A method for each verb: addresses or ids as one list, options as keywords named like the long
    option. Each returns the value that ``--json`` prints, and raises a ``MuseCoordError`` where the
    command would fail. The verbs are functions of a session, each in a module of its own, which
    know nothing of one another: no helper of one can get in the way of another's.

        >>> Coordinator(".").reserve(["src/billing.py::compute_total"], run_id="agent-42", op="modify")
    """

    reserve = _reserve.reserve
    release = _release.release
    take = _take.take
    heartbeat = _heartbeat.heartbeat
    list = _list.list_reservations
    show = _show.show
    status = _status.status
    who = _who.who
    watch = _watch.watch
    whoami = _whoami.whoami
    prime = _prime.prime
    dag = _dag.dag
    intent = _intent.intent
    tell = _tell.tell
    inbox = _inbox.inbox
    log = _log.log
    forecast = _forecast.forecast
    radar = _radar.radar
    symbols = _symbols.symbols
    check = _check.check
    plan_merge = _plan_merge.plan_merge
    reconcile = _reconcile.reconcile
    shard = _shard.shard
    sync = _sync.sync
    gc = _gc.gc
    fsck = _fsck.fsck
    doctor = _doctor.doctor
    pause = _pause.pause_hooks
