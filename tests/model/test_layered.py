from __future__ import annotations

from hypothesis import given, strategies as st

from git_muse_coord.model import layered
from git_muse_coord.model.layered import Layered

KEYS = st.integers(0, 30)
CHANGES = st.lists(
    st.tuples(st.dictionaries(KEYS, st.text(), max_size=4), st.sets(KEYS, max_size=4))
)


@given(st.dictionaries(KEYS, st.text()), CHANGES, st.sampled_from([0, 3, 200]))
def test_it_is_as_a_dict_that_is_copied_each_time(
    base: dict[int, str], changes: list[tuple[dict[int, str], set[int]]], most: int
) -> None:
    layered._CHANGES_MOST, usual = most, layered._CHANGES_MOST
    try:
        ours, copied = Layered.of(base), base
        for put, gone in changes:
            before = ours
            ours = ours.changed(put, gone)
            assert before == copied
            copied = {key: value for key, value in copied.items() if key not in gone} | put
            assert ours == copied
            assert len(ours) == len(copied)
            assert list(ours) == list(ours.keys())
            assert [ours.get(key) for key in range(31)] == [copied.get(key) for key in range(31)]
            assert [key in ours for key in range(31)] == [key in copied for key in range(31)]
    finally:
        layered._CHANGES_MOST = usual
