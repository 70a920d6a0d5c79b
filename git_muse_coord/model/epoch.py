"""The epoch: what strict reservations were admitted last, newest first, as the bytes that they compare and swap.

Each admission has the nonce of the epoch that it made, so whoever saw an epoch knows which came
after it. Never a counter, because equal bytes would let two win: the number of the last ticket that
stands beside the nonce tells who of those that wait came first, and decides nothing else.
"""

from __future__ import annotations

from git_muse_coord.model import address, codec
from git_muse_coord.model.address import Address
from git_muse_coord.model.codec import InvalidRecord, Json
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.light import TYPE_CHECKING, NamedTuple
from git_muse_coord.model.text_types import RecordId

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOW = 64
"""An epoch tells of so many admissions."""
NUMBER_MOST = 1_000_000_000_000
"""No ticket has a higher number: what says so was forged, and counts as if it said nothing."""
_ADDRESSES_MOST = 1024
"""The addresses of an admission are told as long as they have no more characters in all."""


class Admission(NamedTuple):
    """What was admitted by one compare-and-swap: some reservations, or none where one was taken back.

    ``addresses`` are all that they hold; None: that is not told. ``tickets`` are the intents of those
    who began to wait by it, and ``number`` that of the last ticket that was ever taken.
    """

    nonce: str
    reservations: tuple[RecordId, ...] = ()
    addresses: tuple[Address, ...] | None = ()
    tickets: tuple[RecordId, ...] = ()
    number: int = 0


Epoch = tuple[Admission, ...]
"""The admissions that an epoch tells of, newest first. Of the form before there was a window it tells of one."""


def encode_epoch(newest: Admission, seen: Epoch) -> bytes:
    """The bytes of the epoch that an admission makes of the one that was seen."""
    # whoever moves the epoch without a ticket carries the number on
    number = max(newest.number, last_number(seen))
    value = _to_json(newest._replace(number=number))
    value["kind"] = "epoch"
    value["format"] = codec.FORMAT
    # Versions without a window read what is admitted last, and pass over this.
    before = seen[: WINDOW - 1]
    value["before"] = list(map(_to_json, before))
    return codec.canonical(value)


def decode_epoch(blob: bytes) -> Epoch:
    """Read an epoch that anybody may have written: as many admissions as can be read, newest first."""
    try:
        value = codec.load_canonical(blob)
    except InvalidRecord:
        return ()
    entries: list[Json] = [value]
    before = value.get("before")
    if isinstance(before, list):
        entries += before
    admissions: list[Admission] = []
    for entry in entries:
        admission = _from_json(entry)
        if admission is None or len(admissions) == WINDOW:
            # What is older than one that cannot be read may have others in between.
            break
        admissions.append(admission)
    return tuple(admissions)


def last_number(epoch: Epoch) -> int:
    """The number of the last ticket that an epoch knows of; 0 where a version without tickets wrote it."""
    if not epoch:
        return 0
    return epoch[0].number


def told_addresses(addresses: Sequence[Address]) -> tuple[Address, ...] | None:
    """The addresses of an admission as an epoch tells them; None where they would make it large."""
    size = 0
    for place in addresses:
        size += len(str(place))
    if size > _ADDRESSES_MOST:
        return None
    return tuple(addresses)


def _to_json(admission: Admission) -> dict[str, Json]:
    value: dict[str, Json] = {
        "nonce": admission.nonce,
        "reservations": list(admission.reservations),
    }
    if admission.addresses is not None:
        value["addresses"] = list(map(str, admission.addresses))
    if admission.tickets:
        value["tickets"] = list(admission.tickets)
    if admission.number:
        value["number"] = admission.number
    return value


def _from_json(value: Json) -> Admission | None:
    if not isinstance(value, dict):
        return None
    nonce = value.get("nonce")
    reservations = _texts(value.get("reservations"))
    if not isinstance(nonce, str) or reservations is None:
        return None
    tickets = _texts(value.get("tickets")) or ()
    addresses = value.get("addresses")
    number = value.get("number")
    return Admission(
        nonce,
        reservations=tuple(map(RecordId, reservations)),
        addresses=_addresses(addresses),
        tickets=tuple(map(RecordId, tickets)),
        number=ticket_number(number),
    )


def ticket_number(value: Json) -> int:
    """The number that a ticket or an epoch says it has; 0 for what is none."""
    # True is an int for Python
    if type(value) is not int or not 1 <= value <= NUMBER_MOST:
        return 0
    return value


def _addresses(value: Json) -> tuple[Address, ...] | None:
    texts = _texts(value)
    if texts is None:
        return None
    try:
        return tuple(map(address.read_stored, texts))
    except BadInput:
        return None


def _texts(value: Json) -> list[str] | None:
    if not isinstance(value, list):
        return None
    for text in value:
        if not isinstance(text, str):
            return None
    return value
