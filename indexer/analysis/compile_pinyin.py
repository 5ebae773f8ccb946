"""Write `data/pinyin.tsv` from pypinyin's tables (run at development time only).

    python -m indexer.analysis.compile_pinyin

First one line per syllable (without tone) with the characters that are read so by
themselves, then the words in which a character is read otherwise (重庆 chong qing): those of
jieba's dictionary, of the field and of the divisions. Reading this file takes 10 ms,
importing pypinyin takes 250.
"""

from __future__ import annotations

from pypinyin import lazy_pinyin
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

from indexer.analysis.compile_words import HAN, NOTE, dictionary
from indexer.analysis.dictionary import DATA, load_dictionary
from indexer.analysis.normalise import normalise

LONGEST = 8
# Names of places that pypinyin's phrases read otherwise than the people there.
PLACES = {
    "朝阳": "chao yang", "都安": "du an", "都昌": "du chang", "都江堰": "du jiang yan",
    "都匀": "du yun", "都兰": "du lan", "单县": "shan xian", "浚县": "xun xian",
    "蔚县": "yu xian", "洪洞": "hong tong", "涡阳": "guo yang", "东阿": "dong e",
    "莘县": "shen xian", "黄陂": "huang pi", "犍为": "qian wei", "铅山": "yan shan",
    "枞阳": "zong yang", "宕昌": "tan chang", "柞水": "zha shui", "珲春": "hun chun",
    "乐清": "yue qing", "乐亭": "lao ting", "乐陵": "lao ling", "荥经": "ying jing",
    "井陉": "jing xing", "武陟": "wu zhi", "长葛": "chang ge", "郫都": "pi du",
    "成都": "cheng du", "新都": "xin du", "大都": "da du", "勐海": "meng hai",
    "会泽": "hui ze", "峄城": "yi cheng", "牟平": "mu ping", "中牟": "zhong mu",
    "台州": "tai zhou", "无为": "wu wei", "秘鲁": "bi lu", "石柱": "shi zhu",
}  # fmt: skip


def main() -> None:
    """Write the file."""
    readings: dict[str, str] = {}
    syllables: dict[str, list[str]] = {}
    for code in PINYIN_DICT:
        char = chr(code)
        if HAN.match(char) and normalise(char) == char:
            readings[char] = lazy_pinyin(char)[0]
            syllables.setdefault(readings[char], []).append(char)
    ours = load_dictionary()
    known = dictionary()
    words = {normalise(word) for word in PHRASES_DICT if word in known}
    words |= {word for word in ours.terms if len(word) <= LONGEST}
    words |= {word for word in ours.counts if ours.parts.get(word) and len(word) <= LONGEST}
    words |= {part for parts in ours.parts.values() for part in parts}
    lines = [f"{syllable}\t{''.join(sorted(chars))}\n" for syllable, chars in syllables.items()]
    words |= PLACES.keys()
    special = []
    for word in sorted(words):
        if len(word) < 2 or not all(char in readings for char in word):
            continue
        read = lazy_pinyin(word)
        for name, reading in PLACES.items():
            if word.startswith(name):
                read[: len(name)] = reading.split()
        if len(read) == len(word) and read != [readings[char] for char in word]:
            special.append(f"{word}\t{' '.join(read)}\n")
    text = NOTE.replace("compile_words", "compile_pinyin") + "".join(sorted(lines) + special)
    (DATA / "pinyin.tsv").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
