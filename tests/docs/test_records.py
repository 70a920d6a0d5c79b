"""``docs/reference/records.md`` describes what the code does."""

from __future__ import annotations

import hashlib
import json
import re

import pytest

from git_muse_coord.model import address, codec, records
from git_muse_coord.model.codec import InvalidRecord, NotUnderstood
from git_muse_coord.model.kind import MAX_RUN_ID, Kind
from git_muse_coord.model.records import KINDS, Record
from git_muse_coord.model.text_types import RecordId
from git_muse_coord.store.records import segments
from tests.docs.places import TOP
from tests.tools import Repo

TEXT = (TOP / "docs/reference/records.md").read_text(encoding="utf-8")
VECTORS = re.findall(
    r"^### Vector: (.+?)\n\n```json\n(.*)\n```\n\n\* id `(.+)`\n\* ref `(.+)`\n\* git object `(.+?)`",
    TEXT,
    re.MULTILINE,
)


def section(title: str) -> str:
    return re.split(r"^#+ ", TEXT.split(f"\n### {title}\n")[1], flags=re.MULTILINE)[0]


def rows(title: str) -> list[tuple[str, str]]:
    """The rows of the table in a section, code spans without their marks."""
    found = re.findall(r"^\| (.+?) \| (.+?) \|$", section(title), re.MULTILINE)[1:]
    return [(plain(left), plain(right)) for left, right in found]


def plain(cell: str) -> str:
    mark = "`` " if cell.startswith("``") else "`"
    return cell.removeprefix(mark).removesuffix(mark[::-1])


def test_there_is_a_vector_for_each_kind() -> None:
    assert {json.loads(line)["kind"] for _, line, *_ in VECTORS} == set(KINDS)


@pytest.mark.parametrize(("title", "line", "content_id", "ref", "oid"), VECTORS)
def test_vectors(title: str, line: str, content_id: str, ref: str, oid: str) -> None:
    blob = line.encode("ascii")

    assert content_id == "sha256:" + hashlib.sha256(blob).hexdigest()
    assert oid == hashlib.sha1(b"blob %d\0" % len(blob) + blob, usedforsecurity=False).hexdigest()
    record = records.decode(blob)
    assert records.encode(record) == blob
    assert records.revive([blob]) == [record]
    assert records.ref_name(record, RecordId(content_id)) == ref


@pytest.mark.parametrize("kind", KINDS.values(), ids=list(KINDS))
def test_the_fields_of_each_kind_are_described(kind: type[Record]) -> None:
    own = [name for name in kind.fields if name not in Kind.fields]

    assert [name for name, _ in rows(kind.kind)] == own
    assert f"| {kind.kind} | `refs/muse/{kind.folder}/" in TEXT


@pytest.mark.parametrize(("line", "reason"), rows("Not records"))
def test_what_is_not_a_record(line: str, reason: str) -> None:
    with pytest.raises(InvalidRecord) as caught:
        records.decode(line.encode())

    assert type(caught.value) is InvalidRecord
    assert str(caught.value) == reason


@pytest.mark.parametrize(("line", "reason"), rows("Not understood"))
def test_what_is_not_understood(line: str, reason: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        records.decode(line.encode())

    assert str(caught.value) == reason


@pytest.mark.parametrize(("written", "normal"), rows("Normal forms"))
def test_normal_forms(written: str, normal: str) -> None:
    assert str(address.parse(written)) == normal
    assert str(address.read_stored(normal)) == normal


def test_the_archive_of_three_vectors(repo: Repo) -> None:
    text = section("Archive: reservation, release, heartbeat")
    lines = {
        one: line.encode()
        for title, line, one, *_ in VECTORS
        if title in ("reservation", "release", "heartbeat")
    }

    tip = repo.coordinator().store.archive.add(
        None, {one: records.decode(line) for one, line in lines.items()}
    )

    assert tip
    assert repo.git("ls-tree", "-r", "-t", tip) in text
    assert repo.git("rev-parse", f"{tip}^{{tree}}") in text
    assert f"{len(next(segments.cut_segments(lines)))} bytes" in text
    assert [one[7:11] for one in sorted(lines)] == re.findall(r"`(\w{4})\.\.\.`", text)


def test_where_the_archive_is_cut() -> None:
    assert f"has {segments.SEGMENT_RECORDS:,} records" in TEXT
    assert f"more than {segments.SEGMENT_BYTES:,}" in " ".join(TEXT.split())
    assert f"{(segments.SEGMENT_BYTES + codec.MAX_RECORD_BYTES) >> 20} MiB" in TEXT
    one, other = RecordId("a"), RecordId("b")
    half = b"x" * (segments.SEGMENT_BYTES // 2)
    assert len(list(segments.cut_segments({one: half, other: half[1:]}))) == 1
    assert len(list(segments.cut_segments({one: half, other: half}))) == 2
    assert (
        len(
            list(segments.cut_segments({RecordId(f"{number:04}"): b"{}" for number in range(2001)}))
        )
        == 3
    )


def test_the_numbers_in_the_text_are_those_of_the_code() -> None:
    for number in (
        records.MAX_ADDRESSES,
        records.MAX_REASON,
        records.MAX_DEPENDENCIES,
        address.MAX_BYTES,
    ):
        assert f"{number:,}" in TEXT
    assert f"at most {records.LONGEST.days} days after" in TEXT
    assert f"at most {codec.MAX_DIGITS} characters" in TEXT
    assert f"between {codec.FIRST_TIME[:19]} and {codec.LAST_TIME[:19]}" in TEXT
    assert "1 to 256 characters" in TEXT
    assert MAX_RUN_ID == 256
    assert records.MAX_SECONDS == 365 * 86_400
