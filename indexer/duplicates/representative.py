"""Which member of a family is shown."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.duplicates.signature import Signature

COMPLETE = 0.8
"""Share of the longest member's length from which a member counts as complete."""


def representative(members: Sequence[Signature]) -> Signature:
    """The earliest of the complete members; among those of one day the most official,
    then the longest. A member without a date comes after all that have one."""
    enough = COMPLETE * max(member.length for member in members)
    complete = [member for member in members if member.length >= enough]
    return min(complete, key=lambda m: (m.date or "9999", -m.rank, -m.length, m.id))
