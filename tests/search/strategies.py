"""What people, and machines that mean no good, type into a search box."""

from __future__ import annotations

from hypothesis import strategies as st

WORDS = ("残疾人", "就业", "粤桂协作", "残联", "东西部扶贫协作", "年", "的", "二字", "2018", "COVID-19",
         "GB/T 37668", "国办发〔2018〕12号", "残 疾 人", "殘疾人", "１２００万元", "a", "OR", "AND",
         "NOT")  # fmt: skip
SIGNS = ('"', "“", "”", "「", "」", "-", "－", "|", "｜", "*", "＊", ":", "：", "~1", "~", "..", " ",
         "　", "\n", "\t", "\u200b", "(", ")", "？", "😀", "\x00", "\ud800", "－－")  # fmt: skip
FIELDS = ("title:", "标题：", "source:", "来源:", "province:", "省份：", "year:", "年份:", "program:",
          "类型:", "donor:", "受援方:", "foo:", "http://")  # fmt: skip

queries = st.one_of(
    st.text(max_size=80),
    st.lists(st.sampled_from((*WORDS, *SIGNS, *FIELDS)), max_size=24).map("".join),
    st.lists(st.sampled_from((*WORDS, *SIGNS, *FIELDS)), max_size=24).map(" ".join),
)
