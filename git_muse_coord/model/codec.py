"""Canonical JSON and content ids: the bytes of a record, and the checks on bytes that others wrote.

The format is specified in ``docs/reference/records.md``. What fields a record has is the business of
``records``.
"""

from __future__ import annotations

from itertools import pairwise

from git_muse_coord.model import address, light_json
from git_muse_coord.model.errors import BadInput
from git_muse_coord.model.later import re
from git_muse_coord.model.light import TYPE_CHECKING, Any, NamedTuple
from git_muse_coord.model.light_hashes import sha256
from git_muse_coord.model.light_time import UTC, datetime
from git_muse_coord.model.text_types import RecordId

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT = 1
MAX_RECORD_BYTES = 1 << 20
MAX_DEPTH = 64
"""How deep objects and lists may nest: a limit of ours, because that of the parser depends on who calls it."""

MAX_DIGITS = 640
"""How long an integer may be: Python can be told to refuse longer ones, so two readers would judge differently."""

FIRST_TIME = "2000-01-01T00:00:00.000000+00:00"
LAST_TIME = "2200-01-01T00:00:00.000000+00:00"
"""Times before the first and after the last are refused: beyond lies nothing but broken clocks and forgers."""

Json = Any
"""What ``json.loads`` gives: the standard library has no better name for it."""

_HEX_DIGITS = "0123456789abcdef"
_NO_TIME = "is not a UTC time with microseconds"
_TIME = r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}\+00:00"


class InvalidRecord(ValueError):
    """Bytes that are no record of ours. The text is the reason, for ``fsck`` to show."""


class NotUnderstood(InvalidRecord):
    """A record of a kind or format that this version does not know: neither sound nor damaged, to be left alone.

    ``kind`` is what it says it is; ``expires_at`` is when it says that it ends, None where it does
    not.
    """

    def __init__(
        self,
        reason: str,
        kind: str,
        expires_at: datetime | None,
    ) -> None:
        super().__init__(reason)
        self.kind = kind
        self.expires_at = expires_at


def canonical(value: Json) -> bytes:
    """Encode as canonical JSON: sorted keys, no spaces, ASCII only, no floats.

    Equal values have equal bytes. Raises InvalidRecord when the value holds what JSON cannot.
    """
    try:
        return _written(value)
    except RecursionError:
        raise InvalidRecord("nested too deeply") from None
    except (ValueError, TypeError):
        raise InvalidRecord("holds what JSON cannot") from None


def _written(value: Json) -> bytes:
    return _write(value).encode("ascii")


def content_id(blob: bytes) -> RecordId:
    """The id of a record: ``sha256:`` and 64 hex digits of the hash of its bytes."""
    return RecordId(f"sha256:{sha256(blob).hexdigest()}")


def load_canonical(blob: bytes) -> dict[str, Json]:
    """Read an object from canonical JSON, refusing everything that ``canonical`` would not have written.

    Raises InvalidRecord with the reason.
    """
    if len(blob) > MAX_RECORD_BYTES:
        raise InvalidRecord(f"larger than {MAX_RECORD_BYTES:,} bytes")
    try:
        value = _parse(blob.decode("utf-8"))
    except UnicodeDecodeError:
        raise InvalidRecord("not UTF-8") from None
    except InvalidRecord:
        raise
    except RecursionError:
        raise InvalidRecord("nested too deeply") from None
    except ValueError:
        raise InvalidRecord("not JSON") from None
    if not isinstance(value, dict):
        raise InvalidRecord("not a JSON object")
    # What opens so few containers cannot nest too deeply, which spares most a walk through them.
    if blob.count(b"[") + blob.count(b"{") > MAX_DEPTH:
        _check_depth(value)
    if _written(value) != blob:
        raise InvalidRecord("not canonical JSON")
    return value


def _check_depth(value: Json) -> None:
    # Level by level, not by a function that calls itself: a forger may nest deeper than Python calls.
    level = [value]
    for _ in range(MAX_DEPTH):
        below: list[Json] = []
        for container in level:
            children = container.values() if isinstance(container, dict) else container
            for child in children:
                if isinstance(child, (dict, list)):
                    below.append(child)
        if not below:
            return
        level = below
    raise InvalidRecord("nested too deeply")


def _refuse_float(_: str) -> None:
    raise InvalidRecord("holds a floating point number")


def _read_integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise InvalidRecord(f"holds a number of more than {MAX_DIGITS:,} digits")
    return int(digits)


_write = light_json.writer(sort_keys=True, allow_nan=False)
_parse = light_json.reader(
    parse_float=_refuse_float,
    parse_constant=_refuse_float,
    parse_int=_read_integer,
)


def same(value: Any) -> Any:
    """Take a value as it is."""
    return value


class Field(NamedTuple):
    """How one field of a record is read from JSON, and written to it.

    ``read`` checks what anybody may have written; ``revive`` takes what was checked before.
    """

    read: Callable[[Json], Any]
    write: Callable[[Any], Json] = same
    revive: Callable[[Json], Any] = same


def text(
    limit: int,
    *,
    empty: bool = False,
    line: bool = False,
) -> Field:
    """Text of at most ``limit`` characters; a line holds no control characters."""

    def read(value: Json) -> str:
        if not isinstance(value, str):
            raise InvalidRecord("is not text")
        if len(value) > limit:
            raise InvalidRecord(f"is longer than {limit:,} characters")
        if not value and not empty:
            raise InvalidRecord("is empty")
        if line and _holds_control(value):
            raise InvalidRecord("holds a control character")
        return value

    return Field(read)


def _holds_control(text: str) -> bool:
    # none of them is printable, and most texts are
    return not text.isprintable() and re.search(address.CONTROL, text) is not None


def choice(*names: str) -> Field:
    """One of a few words."""

    def read(value: Json) -> str:
        if not isinstance(value, str) or value not in names:
            raise InvalidRecord(f"is not one of {', '.join(names)}")
        return value

    return Field(read)


def integer(low: int, high: int) -> Field:
    """A whole number from ``low`` to ``high``."""

    def read(value: Json) -> int:
        if type(value) is not int or not low <= value <= high:
            raise InvalidRecord(f"is not a whole number from {low} to {high}")
        return value

    return Field(read)


def nullable(field: Field) -> Field:
    """The field, or null."""

    def or_none(convert: Callable[[Any], Any]) -> Callable[[Any], Any]:
        # What takes everything as it is takes null, too; that it stays ``same`` spares a call a field.
        if convert is same:
            return same
        return lambda value: None if value is None else convert(value)

    return Field(or_none(field.read), or_none(field.write), or_none(field.revive))


def text_set(
    field: Field,
    limit: int,
    *,
    least: int = 0,
) -> Field:
    """A list of at most ``limit`` texts, sorted by code point and unique, so that equal sets have equal bytes."""

    def read(value: Json) -> tuple[Any, ...]:
        if not isinstance(value, list):
            raise InvalidRecord("is not a list")
        size = len(value)
        if not least <= size <= limit:
            raise InvalidRecord(f"has {size:,} entries, not {least} to {limit:,}")
        items = tuple(map(field.read, value))
        for before, after in pairwise(items):
            if before >= after:
                raise InvalidRecord("is not sorted")
        return items

    return Field(read, list, tuple)


def _read_time(value: Json) -> datetime:
    if not isinstance(value, str):
        raise InvalidRecord(_NO_TIME)
    try:
        moment = datetime.fromisoformat(value)
        # What comes out as it went in has the form that it must have. That later versions of Python
        # read 24:00, which others refuse, does not come out so either.
        is_as_written = moment.tzinfo is UTC and format_time(moment) == value
    except (ValueError, OverflowError):
        is_as_written = False
    if not is_as_written:
        has_form = re.fullmatch(_TIME, value) is not None
        raise InvalidRecord("is not a time that exists" if has_form else _NO_TIME)
    if not FIRST_TIME <= value <= LAST_TIME:
        raise InvalidRecord("is not between 2000 and 2200")
    return moment


def is_time_to_write(moment: datetime) -> bool:
    """Whether a clock shows a time that records may hold."""
    return FIRST_TIME <= format_time(moment) <= LAST_TIME


def _read_boolean(value: Json) -> bool:
    if not isinstance(value, bool):
        raise InvalidRecord("is not true or false")
    return value


def _hex(
    prefix: str,
    sizes: tuple[int, ...],
    what: str,
) -> Field:
    """Text of so many hex digits behind a prefix."""

    def read(value: Json) -> str:
        if isinstance(value, str) and value.startswith(prefix):
            digits = value[len(prefix) :]
            # by far cheaper than a pattern, of which many thousand checks would be made
            if len(digits) in sizes and not digits.strip(_HEX_DIGITS):
                return value
        raise InvalidRecord(f"is not {what}")

    return Field(read)


def _read_address(value: Json) -> str:
    if not isinstance(value, str):
        raise InvalidRecord("is not text")
    try:
        address.check_stored(value)
    except BadInput as error:
        raise InvalidRecord(f"is not a normalised address: {error.message}") from None
    return value


def format_time(moment: datetime) -> str:
    """Write a time as records hold it: UTC, microseconds, ``+00:00``."""
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    # Without its zone, which is known: that is twice as fast.
    return in_utc.replace(tzinfo=None).isoformat(timespec="microseconds") + "+00:00"


TIME = Field(_read_time, format_time, datetime.fromisoformat)
ID = _hex("sha256:", (64,), "an id (sha256: and 64 hex digits)")
OID = _hex("", (40, 64), "a git object id")
ADDRESS = Field(_read_address)
BOOLEAN = Field(_read_boolean)
ANY = Field(lambda value: value)
