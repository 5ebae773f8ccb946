"""Find words that were put in place of others by spammers, and say what stood there.

    scan      per document, cheap             → RepairScan
    learn     over the scans of an archive    → RepairModel
    repair    per document                    → the document with repairs and flags

The text itself is never changed; `restored_text` gives the text with the restored words in
and the offsets back.
"""

from __future__ import annotations

from indexer.repair.model import Lesson, RepairModel, learn
from indexer.repair.repairing import repair
from indexer.repair.restore import restored_text
from indexer.repair.scan import RepairScan, scan

__all__ = ["Lesson", "RepairModel", "RepairScan", "learn", "repair", "restored_text", "scan"]
