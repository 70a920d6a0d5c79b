"""The library API: every verb as a method of one class."""

from __future__ import annotations

from git_muse_coord.coordinator import (
    check as _check,
    dag as _dag,
    doctor as _doctor,
    forecast as _forecast,
    fsck as _fsck,
    gc as _gc,
    heartbeat as _heartbeat,
    inbox as _inbox,
    intent as _intent,
    list as _list,
    log as _log,
    pause as _pause,
    plan_merge as _plan_merge,
    prime as _prime,
    radar as _radar,
    reconcile as _reconcile,
    release as _release,
    reserve as _reserve,
    shard as _shard,
    show as _show,
    status as _status,
    symbols as _symbols,
    sync as _sync,
    take as _take,
    tell as _tell,
    watch as _watch,
    who as _who,
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
