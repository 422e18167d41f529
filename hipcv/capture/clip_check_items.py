"""What a first look at a clip can see; first_look.py looks."""

from dataclasses import dataclass
from enum import Enum


class Item(Enum):
    """What is looked at."""

    READABLE = "readable"
    UPRIGHT = "upright"
    ONE_PERSON = "one_person"
    WHOLE_BODY = "whole_body"
    FEET = "feet"
    LIGHT = "light"
    MIRRORED = "mirrored"


@dataclass(frozen=True, slots=True)
class ClipCheck:
    """One thing that was looked at; `seen` says in a word what was seen, for the sentence that the page has for it."""

    item: Item
    fine: bool
    seen: str = ""
