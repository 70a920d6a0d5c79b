"""Values for property tests: addresses that are likely to overlap, addresses of any kind, records of every kind."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import strategies as st

from git_muse_coord.model import tails
from git_muse_coord.model.address import CONTROL, ROOT, Address, Segment
from git_muse_coord.model.records import (
    INTENT_OPERATIONS,
    OPERATIONS,
    Claim,
    Heartbeat,
    Intent,
    Message,
    Outcome,
    R,
    Receipt,
    Record,
    Release,
    Reservation,
    Task,
)
from git_muse_coord.model.text_types import RecordId

_tails = st.sampled_from(
    ["", "", "~abcdef", "~012345", "()", "(A)", "(l=A)", "(A)const", "<>", "<B>", "<B>(A)"]
)
_kinds = st.sampled_from(["", "", "~abcdef", ".impl", ".impl-A", ".impl-A<u8>", ".impl<u8>"])

close_addresses: st.SearchStrategy[Address] = st.one_of(
    st.builds(
        Address,
        st.just("a.rs"),
        st.lists(st.builds(Segment, st.sampled_from(["F", "m"]), _kinds), max_size=3).map(tuple),
    ),
    st.builds(
        Address,
        st.sampled_from(
            ["a.py", "d/a.py", "D/A.py", "d/e/a.py", "da.py", "d", "\u00e9", "e\u0301"]
        ),
        st.lists(st.builds(Segment, st.sampled_from(["F", "Fo", "m"]), _tails), max_size=3).map(
            tuple
        ),
    ),
    st.sampled_from([ROOT, "d/", "D/", "d/e/", "e/"]).map(Address),
)
"""Few names, so that two of them often overlap."""

_awkward = st.sampled_from([*".:`~* <>()é\\\"'/-", "~abcdef", "(A)", "::", "``", "日本", "\u202e"])
_wild_names = st.lists(st.one_of(_awkward, st.text(max_size=3)), min_size=1, max_size=4).map(
    "".join
)
names: st.SearchStrategy[str] = _wild_names.filter(
    lambda name: name != "" and not re.search(CONTROL, name) and tails.split(name)[1] == ""
)
_steps = names.map(lambda name: name.replace("/", "").replace(":", "")).filter(
    lambda name: name not in ("", ".", "..")
)
_paths = st.lists(_steps, min_size=1, max_size=4).map("/".join)

_impls = st.lists(
    st.builds(Segment, st.sampled_from(["F", "m", "impl", "impl-A", "impl-", "impl.x"]), _kinds),
    max_size=4,
)
addresses: st.SearchStrategy[Address] = st.one_of(
    st.builds(Address, st.just("a.rs"), _impls.map(tuple)),
    st.just(Address(ROOT)),
    _paths.map(lambda path: Address(path + "/")),
    st.builds(
        Address,
        _paths,
        st.lists(st.builds(Segment, names, _tails), max_size=3).map(tuple),
    ),
)
"""Every shape of address, with names that need quoting."""

address_texts: st.SearchStrategy[str] = st.lists(
    st.one_of(_awkward, st.sampled_from(["./", "../", "a", "//", "b.py"]), st.text(max_size=2)),
    max_size=6,
).map("".join)
"""Text that may or may not be an address."""

json_values: st.SearchStrategy[object] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)

times: st.SearchStrategy[datetime] = st.datetimes(
    datetime(2000, 1, 1), datetime(2198, 1, 1), timezones=st.just(UTC)
)
"""Times that a record may begin at."""
run_ids: st.SearchStrategy[str] = st.text(min_size=1, max_size=40).filter(
    lambda one: not re.search(CONTROL, one)
)
ids: st.SearchStrategy[RecordId] = st.binary(min_size=32, max_size=32).map(
    lambda raw: RecordId(f"sha256:{raw.hex()}")
)
_oids = st.binary(min_size=20, max_size=20).map(bytes.hex)
_sets_of_ids = st.lists(ids, max_size=3).map(lambda some: tuple(sorted(set(some))))
_held = st.lists(addresses, min_size=1, max_size=3).map(
    lambda some: tuple(sorted({str(one) for one in some}))
)
_texts = st.none() | st.text(max_size=20)
_extra = st.dictionaries(st.text(max_size=5).map(lambda name: f"x-{name}"), json_values, max_size=2)
_shared = {
    "run_id": run_ids,
    "nonce": st.text("0123456789abcdef", min_size=1, max_size=32),
    "extra": _extra,
}
_branches = st.none() | st.text(min_size=1, max_size=20)
_attempts = st.integers(1, 1_000_000)


def _shortened(record: R) -> R:
    """The record, with an end that is not too far from its beginning."""
    values = vars(record)
    if record.longest is None or values["expires_at"] - record.made_at <= record.longest:
        return record
    return type(record)(**{**values, "expires_at": record.made_at + record.longest})


reservations: st.SearchStrategy[Reservation] = st.builds(
    Reservation,
    **_shared,
    branch=_branches,
    commit=st.none() | _oids,
    addresses=_held,
    operation=st.sampled_from([None, *OPERATIONS]),
    reason=_texts,
    depends_on=_sets_of_ids,
    created_at=times,
    expires_at=times,
).map(_shortened)

KINDS: dict[str, st.SearchStrategy[Record]] = {
    "reservation": reservations,
    "intent": st.builds(
        Intent,
        **_shared,
        branch=_branches,
        addresses=_held,
        operation=st.sampled_from(INTENT_OPERATIONS),
        detail=_texts,
        reservation_id=st.none() | ids,
        created_at=times,
        expires_at=times,
    ).map(_shortened),
    "release": st.builds(
        Release,
        **_shared,
        reservation_id=ids,
        outcome=st.sampled_from(["done", "abandoned"]),
        released_at=times,
        expires_at=times,
    ),
    "heartbeat": st.builds(Heartbeat, **_shared, subject=ids, beat_at=times, expires_at=times),
    "message": st.builds(
        Message,
        **_shared,
        to=run_ids,
        about=st.none() | ids,
        re=st.none() | ids,
        text=st.text(min_size=1, max_size=20),
        created_at=times,
        expires_at=times,
    ).map(_shortened)
    | st.builds(
        Message,
        **_shared,
        to=st.none(),
        about=ids,
        re=st.none(),
        text=st.text(min_size=1, max_size=20),
        created_at=times,
        expires_at=times,
    ).map(_shortened),
    "receipt": st.builds(Receipt, **_shared, message_id=ids, read_at=times, expires_at=times),
    "task": st.builds(
        Task,
        **_shared,
        title=st.text(min_size=1, max_size=20),
        queue=run_ids,
        priority=st.integers(-1_000_000, 1_000_000),
        payload=json_values,
        tags=st.lists(run_ids, max_size=3).map(lambda some: tuple(sorted(set(some)))),
        addresses=st.just(()) | _held,
        depends_on=_sets_of_ids,
        max_attempts=_attempts,
        created_at=times,
    ),
    "claim": st.builds(
        Claim,
        **_shared,
        task_id=ids,
        attempt=_attempts,
        reservation_id=st.none() | ids,
        claimed_at=times,
        expires_at=times,
    ).map(_shortened),
    "outcome": st.builds(
        Outcome,
        **_shared,
        claim_id=ids,
        task_id=ids,
        attempt=_attempts,
        status=st.sampled_from(["completed", "failed", "expired"]),
        retry=st.booleans(),
        result=json_values,
        error=_texts,
        ended_at=times,
    ),
}
"""A strategy for each kind of record."""

any_record: st.SearchStrategy[Record] = st.one_of(list(KINDS.values()))
