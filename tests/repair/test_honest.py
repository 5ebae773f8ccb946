"""The table of names that honest news has."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.normalise import code_points
from indexer.repair.honest import hash_of, hashes, is_honest


@given(st.text(min_size=1, max_size=20), st.integers(1, 8))
def test_runs_are_hashed_as_single_names_are(text: str, size: int) -> None:
    runs = [text[at : at + size] for at in range(len(text) - size + 1)]
    assert hashes(code_points(text), size).tolist() == [hash_of(run) for run in runs]


def test_the_table_knows_names_of_the_news_and_no_new_ones() -> None:
    assert all(map(is_honest, ["猴痘", "枭龙", "埃博拉"]))
    assert not any(map(is_honest, ["青岚社", "尊龙凯时", "鑫彩汇棋牌"]))
