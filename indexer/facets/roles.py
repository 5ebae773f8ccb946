"""From the relations of a document to roles of its places and to pairs.

When a text is about one paired scheme as a whole, every place that it names has its
role there, also in sentences that do not repeat the relation.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from indexer.document import Document, Evidence, Pair, Role
from indexer.facets.gazetteer import Gazetteer
from indexer.facets.pairing_rules import OUTSIDE, shipped
from indexer.facets.places import Mention
from indexer.facets.relations import Relation, relations
from indexer.facets.text import Reading

_MOST_PAIRS = 40
_OFTEN = 2


@dataclass
class Roles:
    """Roles by code of a division (its province included), and the pairs behind them."""

    donors: dict[str, Evidence] = field(default_factory=dict)
    recipients: dict[str, Evidence] = field(default_factory=dict)
    pairs: list[Pair] = field(default_factory=list)

    def of(self, gazetteer: Gazetteer, code: str) -> tuple[Role, ...]:
        """The roles of a division: its own, or that of a division inside it."""
        found: list[Role] = []
        sides: tuple[tuple[Role, dict[str, Evidence]], ...] = (
            ("donor", self.donors),
            ("recipient", self.recipients),
        )
        for role, side in sides:
            if any(gazetteer.within(other, code) for other in side):
                found.append(role)
        return tuple(found)

    def evidence(self, gazetteer: Gazetteer, code: str) -> tuple[Evidence, ...]:
        """The sentences that give a division its roles."""
        found = [
            evidence
            for side in (self.donors, self.recipients)
            for other, evidence in side.items()
            if gazetteer.within(other, code)
        ]
        return tuple(dict.fromkeys(found))


def find_roles(
    gazetteer: Gazetteer,
    document: Document,
    readings: Sequence[Reading],
    places: Sequence[Sequence[Mention]],
    short: Sequence[Sequence[Mention]],
) -> Roles:
    """All roles and pairs of a document; `places` and `short` are its mentions per reading."""
    roles = Roles()
    found: list[tuple[Reading, Relation]] = []
    titled = shipped().relations.search(readings[0].text) is not None
    prefixes = {mention.code[:2] for named in (*places, *short) for mention in named}
    if len(prefixes) > 1:
        prefixes = {mention.code[:2] for mention in (*places[0], *short[0])}
    home = [Mention(0, 0, f"{prefix}0000") for prefix in prefixes if len(prefixes) == 1]
    for reading, named, abbreviated in zip(readings, places, short, strict=True):
        found += (
            (reading, relation)
            for relation in relations(
                gazetteer, reading.text, reading.sentences, named, abbreviated, titled, home
            )
        )
    for reading, relation in found:
        evidence = reading.evidence(document, relation.start, relation.end)
        for code in relation.donors:
            roles.donors.setdefault(code, evidence)
        for code in relation.recipients:
            roles.recipients.setdefault(code, evidence)
        _add_pairs(gazetteer, roles, relation, evidence)
    _drop_halves(roles)
    _drop_bystanders(roles, found)
    _complete(gazetteer, roles, readings, places, short)
    if not roles.recipients and not _gives_alone(readings, places):
        return Roles()  # a side that gives to nobody named in the whole text
    return roles


def _gives_alone(readings: Sequence[Reading], places: Sequence[Sequence[Mention]]) -> bool:
    """Whether the text tells receivers without naming them (上海市对口地区商品展)."""
    rules = shipped()
    if sum(len(rules.alone.findall(reading.text)) for reading in readings) >= _OFTEN:
        return True
    return any(
        rules.unnamed_receivers.match(reading.text, mention.end)
        for reading, named in zip(readings, places, strict=True)
        for mention in named
    )


def _drop_halves(roles: Roles) -> None:
    """Forget pairs with an unnamed side where another sentence names both."""
    whole = [pair for pair in roles.pairs if pair.donor and pair.recipient]
    named = {
        side[:depth]
        for pair in whole
        for side in (pair.donor, pair.recipient)
        for depth in range(1, len(side) + 1)
    }
    roles.pairs[:] = [
        pair
        for pair in roles.pairs
        if (pair.donor and pair.recipient) or (pair.donor or pair.recipient) not in named
    ]


def _drop_bystanders(roles: Roles, found: Sequence[tuple[Reading, Relation]]) -> None:
    """Forget receivers where only bodies that are no place give, or 援疆 only says who somebody is."""
    if roles.donors or not roles.recipients:
        return
    rules = shipped()
    sentences = [reading.text[relation.start : relation.end] for reading, relation in found]
    central = any(rules.not_places.search(sentence) for sentence in sentences)
    passing = all(
        rules.bystander.search(sentence) and not rules.doing.search(sentence)
        for sentence in sentences
    )
    if passing or (central and not any("省" in sentence for sentence in sentences)):
        roles.recipients.clear()
        roles.pairs.clear()


def _add_pairs(gazetteer: Gazetteer, roles: Roles, relation: Relation, evidence: Evidence) -> None:
    for donor in relation.donors or ("",):
        for recipient in relation.recipients or ("",):
            pair = Pair(
                gazetteer.path(donor) if donor else (),
                gazetteer.path(recipient) if recipient else (),
                evidence,
            )
            known = any((p.donor, p.recipient) == (pair.donor, pair.recipient) for p in roles.pairs)
            if not known and len(roles.pairs) < _MOST_PAIRS:
                roles.pairs.append(pair)


_HELP = re.compile("援建|支援|帮扶|协作|捐|选派|对口|结对|援|送")
_MEETING = re.compile("负责同志|负责人|发言")


def _complete(
    gazetteer: Gazetteer,
    roles: Roles,
    readings: Sequence[Reading],
    places: Sequence[Sequence[Mention]],
    short: Sequence[Sequence[Mention]],
) -> None:
    """Give the other side of a half-named scheme, and all places of a whole-text scheme, a role."""
    rules = shipped()
    hits = sum(
        rules.relations.search(reading.text, *sentence) is not None
        for reading in readings
        for sentence in reading.sentences
    )
    if not hits or not (roles.donors or roles.recipients):
        return
    titled = rules.relations.search(readings[0].text) is not None
    digest = rules.digest.search(readings[0].text) is not None
    whole = (hits >= 3 and not digest) or titled
    giving = {code[:2] for code in roles.donors}
    taking = {code[:2] for code in roles.recipients}
    evidence = next(iter((roles.donors or roles.recipients).values()))
    helping = _provinces_with(_HELP, readings, places, short)
    meeting = {
        prefix for prefix, met in _provinces_with(_MEETING, readings, places, short).items() if met
    }
    unknown = {
        prefix
        for prefix in set(helping) - giving - taking
        if gazetteer.province(prefix) not in OUTSIDE
    }
    only = len(unknown) == 1 and not digest
    sides = rules.donors | rules.recipients
    elsewhere = bool(taking) and not {gazetteer.province(code) for code in taking} & sides
    aided = {gazetteer.province(code) for code in taking} <= rules.aided
    for prefix in sorted(unknown):
        name = gazetteer.province(prefix)
        belongs = whole and (titled or helping[prefix])
        if elsewhere:  # 各省对口支援湖北
            if belongs:
                roles.donors.setdefault(prefix + "0000", evidence)
            continue
        if name in rules.donors:
            if taking and (belongs or (only and not giving)):
                roles.donors.setdefault(prefix + "0000", evidence)
        elif name in rules.recipients:
            belongs = whole and (helping[prefix] or (titled and prefix in meeting))
            unnamed = hits >= 4 and belongs  # the whole text, only its givers are not named
            if unnamed or (giving and (belongs or (only and not taking))):
                roles.recipients.setdefault(prefix + "0000", evidence)
        elif belongs and taking and aided:
            roles.donors.setdefault(prefix + "0000", evidence)


def _provinces_with(
    words: re.Pattern[str],
    readings: Sequence[Reading],
    places: Sequence[Sequence[Mention]],
    short: Sequence[Sequence[Mention]],
) -> dict[str, bool]:
    """Code prefixes of the provinces, with whether a sentence that names them has the words."""
    found: dict[str, bool] = {}
    for reading, named, abbreviated in zip(readings, places, short, strict=True):
        for mention in (*named, *abbreviated):
            if shipped().speaker.match(reading.text, mention.end):
                continue
            sentence = reading.sentences[reading.sentence(mention.start)]
            helps = words.search(reading.text, *sentence) is not None
            found[mention.code[:2]] = found.get(mention.code[:2], False) or helps
    return found
