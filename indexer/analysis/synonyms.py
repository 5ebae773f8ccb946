"""Words of the same meaning: files in Solr's format, checked when loaded.

    a, b, c            each finds the others
    a, b => c, d       one way; what was typed stays
    a => b c           several words on one side: all of them are wanted
    a => b|0.3         weight of an addition, 0 to 1

Synonyms act on queries alone (a search can show them and switch them off). Solr's own
one-way rules replace the left side; here it stays, as nothing typed is ever dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer.analysis.dictionary import DATA, read_lines
from indexer.analysis.normalise import normalise
from indexer.analysis.tokens import TokenBatch
from indexer.errors import ConfigError

SYNONYMS = "synonyms.txt"
DEFAULT_WEIGHT = 0.6
Phrase = tuple[str, ...]
"""The tokens of one run, in order."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """What is searched besides. All `phrases` are wanted, each as tokens side by side."""

    text: str
    phrases: tuple[Phrase, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class Rule:
    """One term with what it is expanded to. `line` is where it stands, for messages."""

    text: str
    phrases: tuple[Phrase, ...]
    expansions: tuple[Expansion, ...]


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that fits a query: `places` are the indices of its words there (in the order of
    the rule; not always neighbours). `inside` is set where only a part of one word fits."""

    places: tuple[int, ...]
    rule: Rule
    inside: bool = False


class Synonyms:
    """All rules, analysed. `rules` is keyed by the folded term as written in the file.

    `places` adds one-way rules from names of divisions to their short forms (广东省 → 广东).
    """

    def __init__(self, rules: dict[str, Rule], places: Mapping[str, str] | None = None) -> None:
        self.rules = rules
        self._places = places or {}
        self._by_run: dict[str, Rule] = {}
        self._by_first: dict[str, list[Rule]] = {}
        for rule in rules.values():
            if len(rule.phrases) == 1:
                self._by_run["".join(rule.phrases[0])] = rule
            else:
                self._by_first.setdefault("".join(rule.phrases[0]), []).append(rule)
        self._longest = max(map(len, [*self._by_run, *self._places]), default=0)

    def __len__(self) -> int:
        return len(self.rules)

    def expansions(self, term: str) -> tuple[Expansion, ...]:
        """What a (folded) term without spaces is expanded to."""
        rule = self._rule(term)
        return rule.expansions if rule else ()

    def _rule(self, run: str) -> Rule | None:
        rule = self._by_run.get(run)
        if rule is None and (short := self._places.get(run)) is not None:
            rule = Rule(run, ((run,),), (Expansion(short, ((short,),), DEFAULT_WEIGHT),))
        return rule

    def find(
        self, words: Sequence[str], subwords: Callable[[str], Sequence[str]] | None = None
    ) -> list[Match]:
        """The rules that fit the words of a query.

        Runs of neighbouring words are matched longest first and without overlap; a rule of
        several words fits where all its words are in the query. Where `subwords` is given, a
        word that has no rule is matched by its parts (粤桂 in 粤桂协作).
        """
        matches: list[Match] = []
        place = 0
        while place < len(words):
            for end, rule in self._runs(words, place):
                matches.append(Match(tuple(range(place, end)), rule))
                place = end
                break
            else:
                for part in subwords(words[place]) if subwords else ():
                    if part in self._by_run:
                        matches.append(Match((place,), self._by_run[part], inside=True))
                        break
                place += 1
        where = {word: place for place, word in reversed(list(enumerate(words)))}
        for word in where:
            for rule in self._by_first.get(word, ()):
                parts = ["".join(phrase) for phrase in rule.phrases]
                if all(part in where for part in parts):
                    matches.append(Match(tuple(where[part] for part in parts), rule))
        return matches

    def _runs(self, words: Sequence[str], place: int) -> Iterator[tuple[int, Rule]]:
        run, found = "", []
        for end in range(place + 1, len(words) + 1):
            run += words[end - 1]
            if len(run) > self._longest:
                break
            if (rule := self._rule(run)) is not None:
                found.append((end, rule))
        return reversed(found)


@dataclass(frozen=True, slots=True)
class _Term:
    text: str
    weight: float


def load_synonyms(
    user_dir: Path | None,
    analyse: Callable[[Sequence[str]], TokenBatch],
    places: Mapping[str, str] | None = None,
) -> Synonyms:
    """The shipped synonyms and those of the user's folder. Raises ConfigError."""
    files = [DATA / SYNONYMS]
    if user_dir is not None and (user_dir / SYNONYMS).exists():
        files.append(user_dir / SYNONYMS)
    table: dict[str, dict[str, float]] = {}
    for path in files:
        for number, line in read_lines(path):
            for left, right in _pairs(line, f"{path}, line {number}"):
                weights = table.setdefault(left, {})
                weights[right.text] = max(weights.get(right.text, 0.0), right.weight)
    return Synonyms(_analysed(table, analyse), places)


def _pairs(line: str, where: str) -> Iterator[tuple[str, _Term]]:
    """The (term, addition) pairs of one line."""
    sides = line.replace("，", ",").replace("＝＞", "=>").split("=>")
    if len(sides) > 2:
        raise ConfigError(
            f"{where}：有不止一个“=>”。 More than one “=>”.",
            "每行只写一条规则。 Write one rule on a line.",
        )
    terms = [_terms(side, where) for side in sides]
    if len(terms) == 1:
        if len(terms[0]) < 2:
            raise ConfigError(
                f"{where}：“{line}”只有一个词。 It stands alone.",
                "至少写两个词，以逗号隔开，或写成带“=>”的规则。"
                " Write at least two words with a comma between, or a rule with “=>”.",
            )
        terms.append(terms[0])
    for left in terms[0]:
        for right in terms[1]:
            if right.text != left.text:
                yield left.text, right
            elif len(sides) == 2:
                raise ConfigError(
                    f"{where}：“{left.text}”扩展成了它自己。 It is expanded to itself.",
                    "去掉其中一边。 Remove it on one side.",
                )


def _terms(side: str, where: str) -> list[_Term]:
    terms: list[_Term] = []
    for part in side.split(","):
        text, bar, number = part.partition("|")
        text = " ".join(normalise(text).split())
        if not any(sign.isalnum() for sign in text):
            raise ConfigError(
                f"{where}：逗号或“=>”的前后缺一个词。"
                " A word is missing before or after a comma or “=>”.",
                "补上词语或去掉符号。 Write a word there, or remove the sign.",
            )
        try:
            weight = float(number) if bar else DEFAULT_WEIGHT
        except ValueError:
            weight = -1.0
        if not 0.0 < weight <= 1.0:
            raise ConfigError(
                f"{where}：“{number.strip()}”不是权重。 It is not a weight.",
                "权重大于 0、不超过 1，例如 词|0.5。 A weight is a number above 0 and up to 1, such as 词|0.5.",
            )
        if any(term.text == text for term in terms):
            raise ConfigError(
                f"{where}：“{text}”写了两次。 It stands there twice.",
                "去掉一个。 Remove one of them.",
            )
        terms.append(_Term(text, weight))
    return terms


def _analysed(
    table: dict[str, dict[str, float]], analyse: Callable[[Sequence[str]], TokenBatch]
) -> dict[str, Rule]:
    """Every term analysed in one call, as loading must be quick."""
    texts = list(dict.fromkeys(_all_terms(table)))
    runs = [(text, run) for text in texts for run in text.split(" ")]
    batch = analyse([run for _, run in runs])
    phrases: dict[str, list[Phrase]] = {}
    for number, (text, _) in enumerate(runs):
        words = tuple(batch[number].words)
        if words:
            phrases.setdefault(text, []).append(words)
    return {
        left: Rule(
            left,
            tuple(phrases[left]),
            tuple(
                Expansion(text, tuple(phrases[text]), weight)
                for text, weight in sorted(rights.items(), key=lambda item: -item[1])
            ),
        )
        for left, rights in table.items()
    }


def _all_terms(table: dict[str, dict[str, float]]) -> Iterable[str]:
    for left, rights in table.items():
        yield left
        yield from rights
