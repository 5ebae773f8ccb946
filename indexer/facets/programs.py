"""Which kinds of program does a document report, and in which sentences?

A small linear model per program over named features (`data/programs.yaml`): words that
report the program, found in a sentence, counted in full where the sentence itself speaks
of assistance (or of disabled people), in part where only its item or document does, and
not at all elsewhere. Weights start as a person set them and are fitted to labelled
documents by `train_programs`, staying close to where they started. The evidence of a
value are the sentences that contribute most to it.
"""

from __future__ import annotations

import functools
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from indexer.document import Document, Evidence, Program
from indexer.errors import ConfigError
from indexer.facets.gazetteer import DATA
from indexer.facets.rules import load_yaml
from indexer.facets.text import Reading

PROGRAMS = (
    "industry", "employment", "consumption", "talent", "education", "health", "funding",
    "pairing", "livelihood", "party", "governance", "rehab", "disability_employment",
    "special_education", "accessibility", "disability_care", "disability_culture",
    "disability_org",
)  # fmt: skip
"""The ids in the taxonomy's order."""

BIAS = "bias"
START_BIAS = -1.8
_EVIDENCE = 3
IN_SENTENCE, IN_ITEM, IN_DOCUMENT = 1.0, 0.85, 0.55
KINDS = ("aid", "soft", "rural", "disability")
FOREIGN, ABROAD = "foreign", 0.3
OTHER_SENTENCE, STRAY_SENTENCE = 0.9, 0.3
ABOUT = {f"about {kind}": kind for kind in ("aid", "disability", FOREIGN)}
"""Features that every program has: the share of the text's sentences with that context."""
STRAY = 0.5
"""Words that count for less than this do not add up from sentence to sentence."""
DENSE = 0.3
"""Share of sentences that speak of assistance from which an item is about it."""
NEAR, CLOSE = (24, 40), (10, 14)
"""Characters before and behind a word in which `with` and `without` look."""
LISTED = 0.6
"""How much a word counts that is one of several in a bare list (产业、就业、教育、医疗)."""


@dataclass(frozen=True)
class Feature:
    """Words that report a program. `name` is "program/name"."""

    program: str
    name: str
    words: tuple[str, ...]
    needs: re.Pattern[str] | None
    without: re.Pattern[str] | None
    weight: float


@dataclass(frozen=True)
class Model:
    """The rules of `data/programs.yaml` with the weights in force."""

    features: tuple[Feature, ...]
    context_of: Mapping[str, Mapping[str, float]]
    own_sentence: frozenset[str]
    contexts: Mapping[str, tuple[str, ...]]
    """Word → the contexts that it speaks of."""
    weights: Mapping[str, float]
    words: Mapping[str, tuple[int, ...]]
    """Word → positions in `features`."""
    lengths: Mapping[str, tuple[int, ...]]
    """First two characters → lengths of the words (of features and contexts), longest first."""


@functools.lru_cache(maxsize=1)
def shipped() -> Model:
    """The shipped model; raises `ConfigError` naming a feature that cannot be used."""
    return load_model(trained=True)


def load_model(*, trained: bool) -> Model:
    """The model with its trained weights, or with those it starts from."""
    data = load_yaml(DATA / "programs.yaml")
    features = tuple(
        _feature(program, rule)
        for program in PROGRAMS
        for rule in data["programs"][program]["features"]
    )
    weights = {feature.name: feature.weight for feature in features}
    weights.update({f"{program}/{BIAS}": START_BIAS for program in PROGRAMS})
    weights.update({f"{program}/{about}": 0.0 for program in PROGRAMS for about in ABOUT})
    path = DATA / "program_weights.tsv"
    if trained and path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            name, _, value = line.partition("\t")
            if name in weights:
                weights[name] = float(value)
    words: dict[str, list[int]] = {}
    for number, feature in enumerate(features):
        for word in feature.words:
            words.setdefault(word, []).append(number)
    contexts: dict[str, tuple[str, ...]] = {}
    for name, text in data["contexts"].items():
        for word in text.split():
            contexts[word] = (*contexts.get(word, ()), name)
    lengths: dict[str, set[int]] = {}
    for word in (*words, *contexts):
        lengths.setdefault(word[:2], set()).add(len(word))
    return Model(
        features,
        {program: dict(data["programs"][program]["context"]) for program in PROGRAMS},
        frozenset(p for p in PROGRAMS if data["programs"][p].get("own_sentence")),
        contexts,
        weights,
        {word: tuple(numbers) for word, numbers in words.items()},
        {start: tuple(sorted(found, reverse=True)) for start, found in lengths.items()},
    )


def _feature(program: str, rule: Mapping[str, Any]) -> Feature:
    try:
        return Feature(
            program,
            f"{program}/{rule['name']}",
            tuple(str(rule["words"]).split()),
            re.compile(rule["with"]) if "with" in rule else None,
            re.compile(rule["without"]) if "without" in rule else None,
            float(rule.get("weight", 1.5)),
        )
    except (re.error, KeyError, ValueError) as error:
        raise ConfigError(f"programs.yaml: a feature of {program} is wrong: {error}") from error


@dataclass
class Sentence:
    """What was found in one sentence: features with their values, and the contexts it has."""

    reading: Reading
    start: int
    end: int
    item: int
    hits: dict[int, float] = field(default_factory=dict)
    contexts: set[str] = field(default_factory=set)


def observe(model: Model, readings: Sequence[Reading]) -> list[Sentence]:
    """All sentences with what they hold, before contexts are weighed."""
    found = []
    for reading in readings:
        items = _items(reading)
        for start, end in reading.sentences:
            sentence = Sentence(reading, start, end, items(start))
            _scan(model, sentence)
            found.append(sentence)
    return found


def _scan(model: Model, sentence: Sentence) -> None:
    text = sentence.reading.text[sentence.start : sentence.end]
    commas = text.count("、")
    lengths, words, contexts = model.lengths, model.words, model.contexts
    for position in range(len(text) - 1):
        for length in lengths.get(text[position : position + 2], ()):
            word = text[position : position + length]
            if len(word) < length:
                continue
            if word in contexts:
                sentence.contexts.update(contexts[word])
            for number in words.get(word, ()):
                feature = model.features[number]
                end = position + length
                if not _beside(feature, text, position, end):
                    continue
                listed = commas >= 3 and (
                    text[position - 1 : position] == "、" or text[end : end + 1] == "、"
                )
                value = LISTED if listed else 1.0
                sentence.hits[number] = max(sentence.hits.get(number, 0.0), value)


def _beside(feature: Feature, text: str, start: int, end: int) -> bool:
    """Whether the words around a hit are what the feature asks for."""
    if feature.needs is not None:
        before, after = NEAR
        if not feature.needs.search(text[max(0, start - before) : end + after]):
            return False
    if feature.without is not None:
        before, after = CLOSE
        if feature.without.search(text[max(0, start - before) : end + after]):
            return False
    return True


_HEADING = re.compile(r"[。！？；，]")


def _items(reading: Reading) -> Any:
    """A function from a position to the number of its news item.

    Roundups (国内联播快讯) put several items below one another, each with a heading: a short
    line without punctuation. Other texts are one item.
    """
    starts = [0]
    position = 0
    lines = reading.text.split("\n")
    headings = [
        bool(line.strip()) and len(line.strip()) <= 34 and not _HEADING.search(line)
        for line in lines
    ]
    if sum(headings) >= 3:
        for line, heading in zip(lines, headings, strict=True):
            if heading:
                starts.append(position)
            position += len(line) + 1
    import bisect

    return lambda where: bisect.bisect_right(starts, where)


def factors(
    model: Model, sentences: Sequence[Sentence]
) -> Iterator[tuple[Sentence, dict[str, float]]]:
    """Each sentence with how much its words count in each context."""
    sizes: Counter[int] = Counter(sentence.item for sentence in sentences)
    spoken: Counter[tuple[int, str]] = Counter(
        (sentence.item, kind) for sentence in sentences for kind in sentence.contexts
    )
    for sentence in sentences:
        share = {kind: spoken[sentence.item, kind] / sizes[sentence.item] for kind in KINDS}
        strength = {kind: _factor(kind in sentence.contexts, share[kind]) for kind in KINDS}
        if FOREIGN in sentence.contexts:
            strength["aid"] *= ABROAD
        own = bool(sentence.contexts & {"aid", "disability"})
        about = max(share["aid"], share["disability"]) >= DENSE
        counts: dict[str, float] = {}
        for program, scales in model.context_of.items():
            counts[program] = max(strength[kind] * scale for kind, scale in scales.items())
            if program in model.own_sentence and not own:
                counts[program] *= OTHER_SENTENCE if about else STRAY_SENTENCE
        yield sentence, counts


def _factor(spoken: bool, share: float) -> float:
    """How much a word counts by whether its sentence has the context, and how much of its item."""
    if spoken:
        return IN_SENTENCE
    if share >= DENSE:
        return IN_ITEM
    return IN_DOCUMENT if share else 0.0


def values(
    model: Model, readings: Sequence[Reading]
) -> tuple[dict[str, float], dict[str, list[tuple[float, Sentence]]]]:
    """Feature values of a document, and by program its sentences with their contributions."""
    totals: dict[str, float] = {}
    shares: dict[str, list[tuple[float, Sentence]]] = {}
    sentences = observe(model, readings)
    for sentence, factor in factors(model, sentences):
        by_program: dict[str, float] = {}
        for number, value in sentence.hits.items():
            feature = model.features[number]
            weighed = value * factor[feature.program]
            if weighed <= 0:
                continue
            total = totals.get(feature.name, 0.0)
            stray = weighed < STRAY
            totals[feature.name] = max(total, weighed) if stray else total + weighed
            share = weighed * model.weights[feature.name]
            by_program[feature.program] = by_program.get(feature.program, 0.0) + share
        for program, share in by_program.items():
            shares.setdefault(program, []).append((share, sentence))
    found = {name: saturate(total) for name, total in totals.items()}
    for about, kind in ABOUT.items():
        share = sum(kind in sentence.contexts for sentence in sentences) / max(1, len(sentences))
        found.update({f"{program}/{about}": share for program in shares})
    return found, shares


def saturate(total: float) -> float:
    """Repetition adds ever less: 1 → 1, 2 → 1.35, 4 → 1.7."""
    return total if total <= 1.0 else 1.0 + 0.35 * math.log2(total)


def derive_programs(document: Document, readings: Sequence[Reading]) -> tuple[Program, ...]:
    """The programs of a document in the taxonomy's order, with the sentences as evidence."""
    model = shipped()
    found_values, shares = values(model, readings)
    scores = {program: model.weights[f"{program}/{BIAS}"] for program in PROGRAMS}
    for name, value in found_values.items():
        scores[name.partition("/")[0]] += model.weights[name] * value
    found = []
    for program in PROGRAMS:
        probability = 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, scores[program]))))
        if probability < 0.5:
            continue
        speaking = [share for share in shares.get(program, ()) if share[0] > 0]
        best = sorted(speaking, key=lambda share: -share[0])[:_EVIDENCE]
        evidence: list[Evidence] = []
        for _, sentence in best:
            item = sentence.reading.evidence(document, sentence.start, sentence.end)
            if item not in evidence:
                evidence.append(item)
        if evidence:
            found.append(Program(program, round(probability, 3), tuple(evidence)))
    return tuple(found)
