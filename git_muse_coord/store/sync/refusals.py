"""When a remote refuses a push: is it refs of ours as such, or some of the records alone, and which.

A host that takes no refs under ``refs/muse/`` gets a branch instead; a hook there that dislikes one
record must not bring that about, nor keep the other records back.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from typing import NamedTuple

from git_muse_coord.model import codec, records
from git_muse_coord.model.errors import RemoteFailed
from git_muse_coord.model.light import TYPE_CHECKING
from git_muse_coord.model.light_time import timedelta
from git_muse_coord.model.names import folder_of
from git_muse_coord.model.records import UNKNOWN, Heartbeat, with_prefix
from git_muse_coord.model.wording import and_more
from git_muse_coord.store.sync.exchange import Exchange
from git_muse_coord.store.sync.remote import Update

if TYPE_CHECKING:
    from git_muse_coord.store.records.ref_names import Oids, OidsByRef


PUSHES_MOST = 40
"""At most this many pushes one sync spends on finding what is refused: enough for one of 2,000, or twenty of 40."""

_NAMED_MOST = 3
_DIGITS = 12


class Refused(NamedTuple):
    """Records that a remote refused one by one, with what it said; ``untried`` could not be looked at any more."""

    reasons: Oids
    untried: int


def takes_refs(exchange: Exchange) -> bool:
    """Whether a remote that refused records takes refs under ``refs/muse/`` at all: a ref of no consequence shows it.

    That such refs are there shows nothing: others may be allowed what we are not, and hosts change
    what they allow.
    """
    allowed = exchange.capabilities
    if allowed.refs is True and allowed.deletions is False:
        # no probe could be taken back, so they would pile up there
        return True
    if not _takes_probe(exchange):
        return False
    allowed.learn(refs=True)
    return True


def _takes_probe(exchange: Exchange) -> bool:
    """Push a heartbeat of nobody's for nothing, which expires at once, and take it back if that is allowed."""
    now = exchange.terms.now()
    probe = Heartbeat(
        run_id=UNKNOWN,
        nonce=exchange.terms.nonce(),
        subject=with_prefix(exchange.terms.nonce() * 2),
        beat_at=now,
        expires_at=now + timedelta(seconds=1),
    )
    blob = records.encode(probe)
    [oid] = exchange.written([blob])
    ref = records.ref_name(probe, codec.content_id(blob))
    if not exchange.remote.push([Update(ref, oid)]):
        return False
    exchange.remote.push([Update(ref, None, oid)])
    return True


def isolate(
    push: Callable[[OidsByRef], bool],
    why: Callable[[], str | None],
    add: OidsByRef,
) -> Refused:
    """Push by halves until what is refused stands alone.

    ``push`` pushes some of the records ``add`` (object ids by ref) and says whether all were taken;
    ``why`` tells what the remote said otherwise.
    """
    reasons: dict[str, str] = {}
    parts = [list(add.items())]
    # bounded, because a remote that refuses them all would take two pushes for each
    pushes = 0
    while parts and pushes < PUSHES_MOST:
        part = parts.pop()
        pushes += 1
        if push(dict(part)):
            continue
        if len(part) == 1:
            reasons[part[0][0]] = why() or ""
            continue
        # the first half on top, so that records go in the order in which they were given
        middle = len(part) // 2
        parts += [part[middle:], part[:middle]]
    return Refused(reasons, sum(map(len, parts)))


def failure(
    remote: str,
    refused: Refused,
    result: object = None,
) -> RemoteFailed:
    """What to tell of records that a remote refused, beside an answer that says what was done."""
    named: list[str] = []
    for ref, words in islice(refused.reasons.items(), _NAMED_MOST):
        named.append(f"{_name(ref)} ({words})")
    more = len(refused.reasons) - len(named)
    if more:
        named.append(and_more(more))
    if refused.untried:
        named.append(f"{refused.untried:,} were not tried any more")
    return RemoteFailed(
        f"remote {remote!r} refused {', '.join(named)}",
        "what was refused stays in this clone; the rest was exchanged",
        result,
    )


def _name(ref: str) -> str:
    return f"{folder_of(ref).removesuffix('s')} {ref.rpartition('/')[2][:_DIGITS]}"
