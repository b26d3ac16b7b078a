"""What a page says of an outcome, a finding at a time."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One sentence or two, and whether it tells of something that stands out of the noise.

    What is `aside` says how much of all is chance, which answers no question.
    """

    text: str
    is_clear: bool
    is_aside: bool = False
