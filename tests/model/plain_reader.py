"""A reader of records as plain as the specification, and slow: what the real one is compared with.

It shares no code with the real one but for the grammar of addresses, which is read without any short cut.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from git_muse_coord.model import address
from git_muse_coord.model.errors import BadInput

Check = Callable[[object], str]
"""What is wrong with the value of a field; empty where nothing is."""


class _Refused(Exception):
    pass


def _text(limit: int, *, empty: bool = False, line: bool = False) -> Check:
    def check(value: object) -> str:
        if not isinstance(value, str):
            return "is not text"
        if len(value) > limit:
            return f"is longer than {limit:,} characters"
        if not value and not empty:
            return "is empty"
        if line and re.search(r"[\x00-\x1f\x7f-\x9f]", value):
            return "holds a control character"
        return ""

    return check


def _pattern(pattern: str, what: str) -> Check:
    def check(value: object) -> str:
        is_like = isinstance(value, str) and re.fullmatch(pattern, value)
        return "" if is_like else f"is not {what}"

    return check


def _choice(*names: str) -> Check:
    return lambda value: (
        "" if isinstance(value, str) and value in names else f"is not one of {', '.join(names)}"
    )


def _integer(low: int, high: int) -> Check:
    def check(value: object) -> str:
        is_number = isinstance(value, int) and not isinstance(value, bool)
        if is_number and low <= value <= high:  # type: ignore[operator]
            return ""
        return f"is not a whole number from {low} to {high}"

    return check


def _or_null(check: Check) -> Check:
    return lambda value: "" if value is None else check(value)


def _set(check: Check, least: int, most: int) -> Check:
    def of_all(value: object) -> str:
        if not isinstance(value, list):
            return "is not a list"
        if not least <= len(value) <= most:
            return f"has {len(value):,} entries, not {least} to {most:,}"
        for entry in value:
            if wrong := check(entry):
                return wrong
        return "" if value == sorted(set(value)) else "is not sorted"

    return of_all


def _time(value: object) -> str:
    form = r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)\.(\d{6})\+00:00"
    match = re.fullmatch(form, value, re.ASCII) if isinstance(value, str) else None
    if match is None:
        return "is not a UTC time with microseconds"
    try:
        moment = datetime(*map(int, match.groups()), tzinfo=UTC)  # type: ignore[misc, arg-type]
    except ValueError:
        return "is not a time that exists"
    if not datetime(2000, 1, 1, tzinfo=UTC) <= moment <= datetime(2200, 1, 1, tzinfo=UTC):
        return "is not between 2000 and 2200"
    return ""


def _address(value: object) -> str:
    if not isinstance(value, str):
        return "is not text"
    try:
        if str(address.parse(value)) == value:
            return ""
    except BadInput as error:
        return f"is not a normalised address: {error.message}"
    return f"is not a normalised address: address {value!r} is not in its normal form"


_ID = _pattern("sha256:[0-9a-f]{64}", "an id (sha256: and 64 hex digits)")
_OID = _pattern("[0-9a-f]{40}|[0-9a-f]{64}", "a git object id")
_WORD = _text(128, line=True)
_BRANCH = _or_null(_text(1024))
_REMARK = _or_null(_text(4096, empty=True))
_ATTEMPT = _integer(1, 1_000_000)
_OPERATIONS = ("rename", "move", "modify", "extract", "delete")
_ALL = {"run_id": _text(256, line=True), "nonce": _WORD}
FIELDS: dict[str, dict[str, Check]] = {
    "reservation": {
        **_ALL,
        "branch": _BRANCH,
        "commit": _or_null(_OID),
        "addresses": _set(_address, 1, 1000),
        "operation": _or_null(_choice(*_OPERATIONS)),
        "reason": _REMARK,
        "depends_on": _set(_ID, 0, 1000),
        "created_at": _time,
        "expires_at": _time,
    },
    "intent": {
        **_ALL,
        "branch": _BRANCH,
        "addresses": _set(_address, 1, 1000),
        "operation": _choice(*_OPERATIONS, "inline", "split", "merge"),
        "detail": _REMARK,
        "reservation_id": _or_null(_ID),
        "created_at": _time,
        "expires_at": _time,
    },
    "release": {
        **_ALL,
        "reservation_id": _ID,
        "outcome": _choice("done", "abandoned"),
        "released_at": _time,
        "expires_at": _time,
    },
    "heartbeat": {**_ALL, "subject": _ID, "beat_at": _time, "expires_at": _time},
    "message": {
        **_ALL,
        "to": _or_null(_text(256, line=True)),
        "about": _or_null(_ID),
        "re": _or_null(_ID),
        "text": _text(2000),
        "created_at": _time,
        "expires_at": _time,
    },
    "receipt": {**_ALL, "message_id": _ID, "read_at": _time, "expires_at": _time},
    "task": {
        **_ALL,
        "title": _text(1024),
        "queue": _WORD,
        "priority": _integer(-1_000_000, 1_000_000),
        "payload": lambda _: "",
        "tags": _set(_WORD, 0, 100),
        "addresses": _set(_address, 0, 1000),
        "depends_on": _set(_ID, 0, 1000),
        "max_attempts": _ATTEMPT,
        "created_at": _time,
    },
    "claim": {
        **_ALL,
        "task_id": _ID,
        "attempt": _ATTEMPT,
        "reservation_id": _or_null(_ID),
        "claimed_at": _time,
        "expires_at": _time,
    },
    "outcome": {
        **_ALL,
        "claim_id": _ID,
        "task_id": _ID,
        "attempt": _ATTEMPT,
        "status": _choice("completed", "failed", "expired"),
        "retry": lambda value: "" if value in (True, False) and isinstance(value, bool) else _NO,
        "result": lambda _: "",
        "error": _REMARK,
        "ended_at": _time,
    },
}
_NO = "is not true or false"
_BEGINS = {
    "reservation": "created_at",
    "intent": "created_at",
    "message": "created_at",
    "claim": "claimed_at",
}
"""The kinds that end at most 366 days after this."""


def reason(blob: bytes) -> str:
    """Why some bytes are no record that is read here; empty for one that is."""
    try:
        return _reason(_object(blob))
    except _Refused as refused:
        return str(refused)


def _object(blob: bytes) -> dict[str, object]:
    if len(blob) > 1 << 20:
        raise _Refused("larger than 1,048,576 bytes")
    try:
        value = json.loads(
            blob.decode("utf-8"),
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_whole_number,
        )
    except UnicodeDecodeError:
        raise _Refused("not UTF-8") from None
    except RecursionError:
        raise _Refused("nested too deeply") from None
    except ValueError:
        raise _Refused("not JSON") from None
    if not isinstance(value, dict):
        raise _Refused("not a JSON object")
    if _depth(value) > 64:
        raise _Refused("nested too deeply")
    if json.dumps(value, sort_keys=True, separators=(",", ":")).encode() != blob:
        raise _Refused("not canonical JSON")
    return value


def _no_float(_: str) -> None:
    raise _Refused("holds a floating point number")


def _whole_number(digits: str) -> int:
    if len(digits) > 640:
        raise _Refused("holds a number of more than 640 digits")
    return int(digits)


def _depth(value: object) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return 1 + max(map(_depth, value), default=0)
    return 0


def _reason(value: dict[str, object]) -> str:
    kind = value.get("kind")
    version = value.get("format")
    if not isinstance(kind, str):
        return "of a kind that is not known here"
    if isinstance(version, bool) or not isinstance(version, int) or version < 1:
        return "without a format number"
    if kind not in FIELDS:
        return "of a kind that is not known here"
    if version > 1:
        return f"of format {version}; this version reads up to 1, a newer one is needed"
    for name, check in FIELDS[kind].items():
        if name not in value:
            return f"without the field {name}"
        if wrong := check(value[name]):
            return f"{name} {wrong}"
    begins = _BEGINS.get(kind)
    if begins is not None:
        life = _moment(value["expires_at"]) - _moment(value[begins])
        if life > timedelta(days=366):
            return f"expires_at is more than 366 days after {begins}"
    if kind == "message" and value["to"] is None and value["about"] is None:
        return "it is to nobody, and about no reservation"
    return ""


def _moment(value: object) -> datetime:
    return datetime.fromisoformat(str(value))
