"""Group documents into families of reprints: the same article on many sites, cut or extended.

`signature` turns one document into a small sketch of hashed shingles (in a worker
process); `families` joins the sketches of a whole archive in about linear time.
"""

from __future__ import annotations

from indexer.duplicates.families import families
from indexer.duplicates.signature import Signature, signature

__all__ = ["Signature", "families", "signature"]
