"""What an installation remembers, as whether the desk is open and who signs."""

from typing import Any

from sqlalchemy import delete

from hipcv.store import log
from hipcv.store.access import Action
from hipcv.store.sql_tables import SettingRow
from hipcv.store.store import Store

DESK, REVIEWER, APP_ADDRESS, ASKED_CODE, FHIR_CODES = "desk", "reviewer", "app_address", "asked_code", "fhir_codes"
"""Whether the desk is shown; the name that signs; where patients find their app; the code with which this computer was asked; the site's
own table of codes for clinical systems (desk/fhir_codes.py)."""


def setting(store: Store, name: str, otherwise: Any = None) -> Any:
    """What was remembered under a name."""
    with store.gate.reading(Action.SETTING) as session:
        row = session.get(SettingRow, name)
        return otherwise if row is None else row.value


def reviewer(store: Store) -> str:
    """The name that was signed with last, which stands for whoever is at the desk."""
    return str(setting(store, REVIEWER, ""))


def remember(store: Store, name: str, value: Any) -> None:
    """Remember a value under a name; None forgets it. Opening the desk begins the log."""
    if setting(store, name) == value:
        return
    action = Action.DESK_OPENED if name == DESK and value else Action.SETTING
    with store.gate.writing(action, detail={"name": name, "sha256": log.hash_of(value)}) as session:
        session.execute(delete(SettingRow).where(SettingRow.name == name))
        if value is not None:
            session.add(SettingRow(name=name, value=value))
