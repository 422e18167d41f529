"""Items of the quick check of a clip, and their results; clip_check.py does the checking."""

from dataclasses import dataclass
from enum import Enum


class Item(Enum):
    """An item to check."""

    READABLE = "readable"
    UPRIGHT = "upright"
    ONE_PERSON = "one_person"
    WHOLE_BODY = "whole_body"
    FEET = "feet"
    LIGHT = "light"
    MIRRORED = "mirrored"


@dataclass(frozen=True, slots=True)
class ClipCheck:
    """Result of one item; `seen` is a key for what was seen, for which the app has a sentence."""

    item: Item
    fine: bool
    seen: str = ""
