"""Who may do what: asked before every read and write of people, visits and reviews (store/gate.py).

Today one practice uses one machine without a login, so everybody may do everything. Logins and roles will be another `Access`.
"""

from enum import Enum
from typing import Protocol


class Action(Enum):
    """What is done to a person, a visit or a review; writes are named in the log by these words."""

    SEE = "see"
    LIST = "list"
    MEASURE = "measure"
    SETTING = "setting"
    DESK_OPENED = "desk_opened"
    PERSON_ADDED = "person_added"
    PERSON_CHANGED = "person_changed"
    PERSON_MERGED = "person_merged"
    PERSON_ERASED = "person_erased"
    PERSON_NOTE = "person_note"
    PERSON_NOTE_DELETED = "person_note_deleted"
    ASKED = "asked"
    VISIT_ADDED = "visit_added"
    VISIT_TAKEN_IN = "visit_taken_in"
    VISIT_CHANGED = "visit_changed"
    VISIT_MOVED = "visit_moved"
    VISIT_DELETED = "visit_deleted"
    ALL_DELETED = "all_deleted"
    EDITED = "edited"
    UNDONE = "undone"
    READING = "reading"
    READING_DELETED = "reading_deleted"
    SIGNED = "signed"
    REOPENED = "reopened"
    SEEN = "seen"
    EXPORTED = "exported"
    BACKED_UP = "backed_up"
    RESTORED = "restored"


class Access(Protocol):
    """Decides; the gate turns a refusal into `NotAllowed`."""

    def allows(self, action: Action, subject: str) -> bool:
        """Whether the current actor may do this to the person or visit with this id ("" = to all of them)."""


class Everybody:
    """Everybody may do everything."""

    def allows(self, action: Action, subject: str) -> bool:  # noqa: ARG002
        """Yes."""
        return True
