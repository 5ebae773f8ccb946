"""The generation in use: opened once, swapped when a newer one appears, never mid-request.

A request takes the opened generation once and keeps it to its end, so its answer is wholly
of one generation. A new one is opened and verified beside the old in a thread of its own;
until it is ready, and for good where it cannot be opened, the old one goes on serving.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from indexer.analysis import Analyzer, load_analyzer
from indexer.errors import ConfigError, IndexOutdated, IndexProblem, XiezuoError
from indexer.generations import CURRENT, Generation, IndexFolder
from search_app.search.corrections import Corrector
from search_app.search.engines import open_engine
from search_app.search.engines.base import ReadEngine
from search_app.search.query import parse
from search_app.search.reading import Reading
from search_app.search.state import SearchState
from search_app.search.suggest import Suggester, open_suggester
from search_app.search.understand import understand

log = logging.getLogger("search_app.search")

LOOK_EVERY = 1.0
"""Seconds between two looks at CURRENT."""
RETRY_EVERY = 60.0
"""Seconds until what could not be opened is tried again: a want of file handles passes."""
_PLANS = 512
_REBUILD = "请重建索引：python -m indexer build SOURCE… Rebuild the index with that command."


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """One generation with everything that a search needs of it.

    `plan` understands the query of a state; plans are kept, as other pages and filters of
    the same query come next.
    """

    generation: Generation
    engine: ReadEngine
    analyzer: Analyzer
    suggester: Suggester | None
    corrector: Corrector | None
    plan: Callable[[SearchState], Reading]
    hides_spam: bool

    @property
    def name(self) -> str:
        return self.generation.name


def open_generation(index: Path) -> Opened:
    """Open the current generation, verified. Raises IndexProblem, ConfigError."""
    generation = IndexFolder(index).open_current()
    analyzer = load_analyzer()
    fingerprint = generation.manifest.fingerprint
    if fingerprint != analyzer.fingerprint:
        raise IndexOutdated(
            "索引是用另一套词典或同义词建立的。"
            " The index was made with other dictionaries or synonyms than those in use.",
            _REBUILD,
        )
    engine = open_engine(generation.path, generation.manifest.engine, fingerprint)
    suggester = open_suggester(generation.path)
    corrector = None if suggester is None else Corrector(suggester, analyzer)

    @lru_cache(maxsize=_PLANS)
    def plan(state: SearchState) -> Reading:
        return understand(parse(state.text), state, analyzer, engine)

    hides_spam = "spam" in engine.values("flags")
    return Opened(generation, engine, analyzer, suggester, corrector, plan, hides_spam)


class CurrentGeneration:
    """Gives the opened generation, and looks for a newer one now and then."""

    def __init__(self, index: Path) -> None:
        self._index = index
        self._opened: Opened | None = None
        self._stamp: tuple[int, ...] | None = None
        self._looked = 0.0
        self._lock = threading.Lock()
        self._opening = False
        self._tried = 0.0
        self.problem: XiezuoError | None = None
        """Why the newest generation is not the one that is served."""

    def get(self) -> Opened:
        """The generation to answer from. Raises IndexProblem while there is none."""
        opened = self._opened
        if opened is None:
            return self._open_first()
        if time.monotonic() - self._looked >= LOOK_EVERY:
            self._look()
        return self._opened or opened

    def _open_first(self) -> Opened:
        with self._lock:
            if self._opened is None:
                if self.problem is not None and time.monotonic() - self._looked < LOOK_EVERY:
                    # Verifying takes a while: not for each of many requests.
                    raise type(self.problem)(self.problem.message, self.problem.hint)
                self._stamp = self._now()
                self._tried = time.monotonic()
                try:
                    self._opened = open_generation(self._index)
                except (IndexProblem, ConfigError) as error:
                    self.problem = error
                    raise
                finally:
                    self._looked = time.monotonic()
                self.problem = None
                self._tell()
            return self._opened

    def _tell(self) -> None:
        assert self._opened is not None
        for problem in self._opened.generation.problems:
            log.error("the newest generation is not served: %s", problem)

    def _now(self) -> tuple[int, ...] | None:
        """What changes whenever CURRENT is replaced."""
        try:
            found = (self._index / CURRENT).stat()
        except OSError:
            return None
        return (found.st_mtime_ns, found.st_ino, found.st_size)

    def _look(self) -> None:
        with self._lock:
            now = self._looked = time.monotonic()
            stamp = self._now()
            retry = self._is_ill() and now - self._tried >= RETRY_EVERY
            if self._opening or (stamp == self._stamp and not retry):
                return
            self._opening = True
            self._stamp = stamp
            self._tried = now
        threading.Thread(target=self._swap, name="open-generation", daemon=True).start()

    def _is_ill(self) -> bool:
        """Whether the newest generation is not the one that is served."""
        return self.problem is not None or bool(self._opened and self._opened.generation.problems)

    def _swap(self) -> None:
        try:
            opened = open_generation(self._index)
        except (IndexProblem, ConfigError) as error:
            self.problem = error
            log.error("a new generation cannot be served: %s", error.message)
        except Exception:
            # The old generation goes on serving, whatever is wrong with the new one.
            self.problem = IndexProblem(
                "新的一代无法打开。 A new generation cannot be opened.",
                "原因见日志。 The log says why.",
            )
            log.exception("a new generation cannot be opened")
        else:
            self.problem = None
            # The same generation again where CURRENT is damaged: then with its problems.
            self._opened = opened
            log.info("serving generation %s", opened.name)
            self._tell()
        finally:
            self._opening = False
