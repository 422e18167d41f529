"""Verifies the log of a store, and with it every signed version."""

from collections.abc import Sequence
from dataclasses import dataclass

from hipcv.store import log
from hipcv.store.access import Action
from hipcv.store.log import Entry, Finding
from hipcv.store.store import Store


@dataclass(frozen=True, slots=True)
class Audit:
    """What was found in a log."""

    n_entries: int
    last: Entry | None
    faults: Sequence[Finding]


def audit(store: Store) -> Audit:
    """Check every entry, the chain, its end, and the signed versions that it tells of."""
    with store.gate.reading(Action.LIST) as session:
        found = log.entries(session)
        faults = [*log.faults_of_chain(found, store.gate.head.known()), *log.faults_of_signatures(session, found)]
    return Audit(len(found), found[-1] if found else None, faults)
