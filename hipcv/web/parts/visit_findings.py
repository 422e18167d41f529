"""Findings of a document as sentences in the reader's language, without reading the whole measurement."""

from collections.abc import Mapping
from typing import Any

from hipcv.catalogues.words import Words
from hipcv.codes import Severity
from hipcv.records.read_document import findings_of


def finding_sentences(document: Mapping[str, Any], words: Words) -> list[tuple[Severity, str]]:
    """Severity and sentence of each finding, the serious ones first."""
    order = list(Severity)[::-1]
    found = [(finding.severity, finding.said(words.language)) for finding in findings_of(document)]
    return sorted(found, key=lambda one: order.index(one[0]))
