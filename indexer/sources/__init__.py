"""Which pages lie in the folders and files that a person names, and what are their bytes?

`find_inputs` walks the sources in a fixed order and names what can be read;
`read_pages` opens one of these and yields its raw pages. Between the two lies
nothing but a small picklable reference, so several processes can share the work.
"""

from __future__ import annotations

from indexer.sources.inputs import SUFFIXES, InputRef, find_inputs
from indexer.sources.reading import read_pages
from indexer.sources.records import read_record

__all__ = ["SUFFIXES", "InputRef", "find_inputs", "read_pages", "read_record"]
