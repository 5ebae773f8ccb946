"""Choose the common words that keep names of places from being read across two words.

    python -m indexer.facets.make_boundaries

In 收成都不好 stands 成都, but between 收成 and 都不: a short name whose first character ends a
common word and whose last character begins one is no name there. The words are those of two
and three characters that jieba's dictionary (MIT licence) counts at least `LEAST` times, as far
as they can touch a name; names themselves are left out. Run by hand when the names or the
dictionary have changed. The dictionary is only read as a file.
"""

from __future__ import annotations

from indexer.analysis.compile_words import entries
from indexer.facets.gazetteer import DATA, Gazetteer

OUTPUT = DATA / "common_words.txt"
LEAST = 200
NAMES = ("nr", "ns", "nt", "nz")


def main() -> None:
    """Write the words, one line per first character."""
    gazetteer = Gazetteer.shipped()
    short = [name for name, value in gazetteer.names.items() if len(name) == 2 and not value.full]
    first, last = {name[0] for name in short}, {name[-1] for name in short}
    words = []
    for word, count, kind in entries():
        common = int(count) >= LEAST and 2 <= len(word) <= 3 and not kind.startswith(NAMES)
        if common and word not in gazetteer.names and (word[-1] in first or word[0] in last):
            words.append(word)
    lines: dict[str, list[str]] = {}
    for word in sorted(words):
        lines.setdefault(word[0], []).append(word)
    OUTPUT.write_text("".join(" ".join(line) + "\n" for line in lines.values()), encoding="utf-8")
    print(f"{OUTPUT.name}: {len(words)} words")


if __name__ == "__main__":
    main()
