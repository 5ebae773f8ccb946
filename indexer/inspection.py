"""What people are shown of pages and of index folders: `inspect`, `stats`, `generations`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from indexer import config, facets, repair, stages
from indexer.document import Document, Evidence, Pair, Skipped
from indexer.engines.base import load_engine
from indexer.errors import IndexProblem
from indexer.extract import ExtractOptions
from indexer.generations import IndexFolder
from indexer.schema import PROGRAMS
from indexer.sources import find_inputs


def inspect(
    paths: Sequence[Path], *, repairs: bool = True, keep_non_articles: bool = False
) -> Iterator[dict[str, Any]]:
    """What the pipeline makes of each page, in order; `{"path", "error"}` for one it rejects.

    Replaced words are judged by the other pages given, as in a build. Raises SourceNotFound.
    """
    options = ExtractOptions(keep_non_articles=keep_non_articles)
    overrides = stages.overrides()
    model = repair.RepairModel.default()
    if repairs:
        documents = (page for page in _documents(paths, options) if isinstance(page, Document))
        asked = config.repair_confidence()
        model = repair.learn((repair.scan(document) for document in documents), asked)
    for page in _documents(paths, options):
        if isinstance(page, Skipped):
            yield {"path": page.path, "error": {"code": page.code, "message": page.reason}}
            continue
        document = repair.repair(page, model) if repairs else page
        yield document_json(facets.derive(document, overrides))


def _documents(paths: Sequence[Path], options: ExtractOptions) -> Iterator[Document | Skipped]:
    for ref in find_inputs(paths):
        for page in [ref] if isinstance(ref, Skipped) else stages.pages([ref]):
            yield stages.document_of(page, options)


def document_json(document: Document) -> dict[str, Any]:
    """The JSON object of `indexer inspect`."""
    return {
        "path": document.path,
        "id": document.id,
        "url": document.url,
        "title": document.title,
        "date": document.date,
        "time": document.time,
        "year": document.year,
        "source": document.source,
        "author": document.author,
        "editor": document.editor,
        "language": document.language,
        "encoding": document.encoding,
        "replaced": document.replaced,
        "sha256": document.sha256,
        "text": document.text,
        "captions": [caption.text for caption in document.captions],
        "attachments": [{"title": a.title, "url": a.url} for a in document.attachments],
        "provinces": [
            {"name": p.name, "roles": list(p.roles), "evidence": _texts(p.evidence)}
            for p in document.provinces
        ],
        "places": [
            {
                "code": p.code,
                "name": p.name,
                "level": p.level,
                "path": list(p.path),
                "roles": list(p.roles),
                "evidence": _texts(p.evidence),
            }
            for p in document.places
        ],
        "pairs": [pair_json(pair) for pair in document.pairs],
        "programs": [
            {"id": p.id, "label": PROGRAMS[p.id][0], "evidence": _texts(p.evidence)}
            for p in document.programs
        ],
        "repairs": [
            {
                "found": r.found,
                "restored": r.restored or None,
                "count": r.count,
                "confidence": round(r.confidence, 3),
            }
            for r in document.repairs
        ],
        "flags": list(document.flags),
    }


def pair_json(pair: Pair) -> dict[str, Any]:
    """One donor → recipient relation."""
    return {
        "donor": list(pair.donor),
        "recipient": list(pair.recipient),
        "evidence": pair.evidence.text,
    }


def _texts(evidence: Sequence[Evidence]) -> list[str]:
    return [item.text for item in evidence]


def as_text(found: dict[str, Any]) -> str:
    """One inspected page for a person to read."""
    if "error" in found:
        return f"{found['path']}\n  跳过 skipped: {found['error']['message']}\n"
    lines = [found["path"]]
    for key in ("id", "url", "title", "date", "year", "source", "author", "encoding"):
        if found[key] is not None:
            lines.append(f"  {key}: {found[key]}")
    for province in found["provinces"]:
        roles = "、".join({"donor": "帮扶方", "recipient": "受援方"}[r] for r in province["roles"])
        lines.append(f"  province: {province['name']}{f'（{roles}）' if roles else ''}")
        lines += [f"      因为 because: {text}" for text in province["evidence"][:3]]
    lines += [f"  place: {'/'.join(place['path'])} {place['code']}" for place in found["places"]]
    for pair in found["pairs"]:
        donor, recipient = ("/".join(pair[side]) or "?" for side in ("donor", "recipient"))
        lines.append(f"  pair: {donor} → {recipient}")
        lines.append(f"      因为 because: {pair['evidence']}")
    for program in found["programs"]:
        lines.append(f"  program: {program['label']} ({program['id']})")
        lines += [f"      因为 because: {text}" for text in program["evidence"][:3]]
    for item in found["repairs"]:
        restored = item["restored"] or "？"
        lines.append(
            f"  疑似被篡改 tampered: {item['found']} → {restored}"
            f" ×{item['count']} ({item['confidence']:.2f})"
        )
    if found["flags"]:
        lines.append(f"  flags: {', '.join(found['flags'])}")
    lines.append("")
    lines += [f"    {line}" for line in found["text"].split("\n")]
    return "\n".join(lines) + "\n"


def stats(index_dir: Path) -> dict[str, Any]:
    """Size and facet counts of the current generation. Raises IndexProblem."""
    generation = IndexFolder(index_dir).open_current()
    manifest = generation.manifest
    return {
        "generation": manifest.generation,
        "created": manifest.created,
        "bytes": sum(entry.size for entry in manifest.files),
        "schema": manifest.schema,
        "analyzer": manifest.fingerprint,
        "corpus_digest": manifest.corpus_digest,
        "problems": list(generation.problems),
        **load_engine(manifest.engine).statistics(generation.path),
    }


def generations(index_dir: Path) -> list[dict[str, Any]]:
    """The generations of a folder, oldest first. Raises IndexMissing."""
    folder = IndexFolder(index_dir)
    folder.require()
    try:
        current = folder.current_name()
    except IndexProblem:
        current = ""
    found = []
    for name in folder.names():
        entry: dict[str, Any] = {"name": name, "current": name == current}
        try:
            manifest = folder.open(name, content=False).manifest
            entry |= {
                "created": manifest.created,
                "documents": manifest.documents,
                "command": manifest.command,
                "bytes": sum(file.size for file in manifest.files),
            }
        except IndexProblem as error:
            entry["error"] = error.message
        found.append(entry)
    return found
