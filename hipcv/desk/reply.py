"""A therapist's answer as a file (`.hipcv`) that the patient's app opens: the signed numbers, what was said of them, and the pictures."""

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

from hipcv.desk.review_state import numbered
from hipcv.records import record, sealed_file
from hipcv.review.corrected import corrected
from hipcv.store.reviews import Signature
from hipcv.store.store import Store


def write_reply(store: Store, signature: Signature, out: Path) -> None:
    """Write the answer of a signed version; it holds no word of the record's comment.

    Raises
    ------
    VisitNotFound, RecordError
        The visit, or some of its files, are not there.
    OutputError
        The file cannot be written there.
    """
    visit, kept = store.visit(signature.visit_id), store.record(signature.visit_id)
    measurement = corrected(kept.measurement, [numbered(edit) for edit in signature.edits])
    with TemporaryDirectory() as place:
        folder = Path(place)
        record.write(measurement, folder, signature.document)
        for picture in kept.folder.glob("*-*.jpg"):
            shutil.copyfile(picture, folder / picture.name)
        sealed_file.pack(folder, out, visit.facts())
