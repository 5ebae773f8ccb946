"""Texts as they come: Han of all planes, old and full-width forms, spaces, signs, numbers."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = st.sampled_from(
    [
        "残疾人", "残联", "殘疾人", "厦门市", "对口支援", "粤桂", "2018", "１２００", "1,200", "3.5",
        "COVID-19", "GB/T", "万元", "〔", "〕", "【", "】", "“", "”", "，", "。", "、", " ", "\u3000",
        "\u00a0", "\n", "\n\n", "\t", "\u200b", "\u00ad", "\ufeff", "·", "𠀀", "𪜀", "㐀", "⼈", "é",
        "가", "カ", "ß", "İ", "ﬁ", "①", "Ⅲ", "½", "🙂", "-", "/", ".", ",", "&amp;", "&nbsp;", "&shy;", "\ud800", "\x00",
        "\x01", "\x02", "\x03", "\r\n", "号", "年", "的", "a", "B", "0",
    ]
)  # fmt: skip
TEXTS = st.one_of(
    st.text(max_size=40),
    st.lists(WORDS, max_size=25).map("".join),
    st.lists(st.one_of(WORDS, st.characters()), max_size=20).map("".join),
)
