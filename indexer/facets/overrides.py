"""Corrections by hand: values that a person has set for single documents.

A YAML file, document id → facet → values; what it names replaces what was derived,
an empty list removes:

    https://example.org/1:
      provinces: {广东: [donor], 广西: [recipient]}
      programs: [pairing, employment]
      year: 2020
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from indexer.document import Document, Program, Province, Role
from indexer.errors import ConfigError
from indexer.facets.gazetteer import PROVINCES
from indexer.facets.rules import CORRECT, entry_lines, load_yaml
from indexer.schema import PROGRAMS

_ROLES: tuple[Role, ...] = ("donor", "recipient")


@dataclass(frozen=True)
class Overrides:
    """The corrections by document id."""

    values: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @staticmethod
    def load(path: Path) -> Overrides:
        """Read a corrections file; raises `ConfigError` naming the first wrong value."""
        values = {str(key): value for key, value in load_yaml(path).items()}
        lines = entry_lines(path)
        for key, value in values.items():
            wrong = _wrong(value)
            if wrong:
                raise ConfigError(
                    f"{path} 第 {lines.get(key, '?')} 行（line {lines.get(key, '?')}）, {key}: {wrong}",
                    CORRECT,
                )
        return Overrides(values)

    def unused(self, ids: Collection[str]) -> list[str]:
        """The ids that the file corrects and no document has: typing mistakes, or pages gone."""
        return sorted(id_ for id_ in self.values if id_ not in ids)

    def apply(self, document: Document) -> Document:
        """The document with what was corrected in place of what was derived."""
        correction = self.values.get(document.id)
        if not correction:
            return document
        changes: dict[str, Any] = {}
        if "provinces" in correction:
            changes["provinces"] = _provinces(document, correction["provinces"])
            names = {province.name for province in changes["provinces"]}
            changes["places"] = tuple(p for p in document.places if p.path[0] in names)
            changes["pairs"] = tuple(
                pair
                for pair in document.pairs
                if {side[0] for side in (pair.donor, pair.recipient) if side} <= names
            )
        if "programs" in correction:
            derived = {program.id: program for program in document.programs}
            changes["programs"] = tuple(
                derived.get(name, Program(name)) for name in correction["programs"]
            )
        if "year" in correction:
            changes["year"] = correction["year"]
        return document.replace(**changes)


def _provinces(document: Document, wanted: Any) -> tuple[Province, ...]:
    derived = {province.name: province for province in document.provinces}
    roles = wanted if isinstance(wanted, Mapping) else dict.fromkeys(wanted, ())
    return tuple(
        Province(
            name,
            tuple(role for role in _ROLES if role in (roles[name] or ())),
            derived[name].evidence if name in derived else (),
        )
        for name in PROVINCES.values()
        if name in roles
    )


def _wrong(value: Any) -> str | None:
    """What is wrong with a document's corrections, in both languages."""
    if not isinstance(value, Mapping):
        return "内容不是“分面: 值”的形式。 The value is not a mapping."
    for name in sorted(map(str, set(value) - {"provinces", "programs", "year"})):
        return f"没有“{name}”这个分面。 Unknown facet: {name}."
    names = value.get("provinces") or ()
    for name in names:
        if name not in PROVINCES.values():
            return f"没有“{name}”这个省份。 Unknown province: {name}."
        for role in (names[name] or ()) if isinstance(names, Mapping) else ():
            if role not in _ROLES:
                return f"没有“{role}”这个角色。 Unknown role: {role}."
    for program in value.get("programs") or ():
        if program not in PROGRAMS:
            return f"没有“{program}”这个项目类型。 Unknown program: {program}."
    if not isinstance(value.get("year", 2000), (int, type(None))):
        return "年份不是数字。 The year is not a number."
    return None
