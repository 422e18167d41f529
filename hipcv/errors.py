"""All errors, as a tree. An error carries a code and values; `error.said(language)` is the sentence that the person reads.

    HipcvError
    ├─ ClipError             the file
    │  ├─ UnreadableClip     not a video that hipcv opens, or it cannot be decoded
    │  ├─ UnsupportedClip    a video outside the stated limits (size, length, rate, encoding, speed)
    │  └─ ClipTooShort       less than a second of video
    ├─ MeasurementError      the content of the video
    │  ├─ NoPerson           nobody was found, only part of a body, or nobody with certainty
    │  ├─ LegNotVisible      knees and ankles were not in view long enough
    │  ├─ NotSeated          the person stands or lies
    │  └─ NoReps             no leg swung out or in far enough
    ├─ ComparisonError       the input of a validation
    │  ├─ UnreadableTable    the goniometer's table, or one written by a batch
    │  └─ UnreadableResult   the output of an earlier measurement
    ├─ BatchError            a run over many clips
    │  ├─ NothingToMeasure   there is no clip
    │  ├─ BadManifest        the list of clips, with all its faults
    │  ├─ RunInUse           another hipcv works in the same folder
    │  ├─ BadShards          parts of a run that do not belong together
    │  └─ ClusterError       no cluster that could measure
    ├─ StoreError            data kept on this computer
    │  ├─ VisitNotFound      deleted, or never there
    │  ├─ JobNotFound        likewise
    │  ├─ PersonNotFound     erased, merged, or never there
    │  ├─ PersonDetails      a person's details that cannot be kept
    │  ├─ VisitSigned        a signed visit, which is locked
    │  ├─ ReviewChanged      somebody else has changed the review meanwhile
    │  ├─ NotAllowed         the person at the desk may not do this
    │  ├─ UploadGone         an uploaded video no longer exists
    │  └─ StoreInUse         another hipcv uses the store
    ├─ ReviewError           a correction that cannot be applied to a measurement
    ├─ RecordError           a kept or sent measurement: damaged, altered, not one
    ├─ BackupError           a backup: damaged, altered, not one, of another version
    ├─ ModelError            the pose model: missing, altered or not a model
    ├─ OutputError           a result could not be written
    ├─ ExportError           a format cannot hold a measurement, or there is none to export
    │  └─ BadCodeTable       a site's table of names and codes for FHIR
    ├─ BadCertificate        certificate and key of a secure address cannot be used
    ├─ PortTaken             another program uses the app's port on this computer
    └─ InstallationError     a required library is missing on this computer

A sentence says what was seen, what is needed and what to do; all sentences are in `catalogues/LANGUAGE/errors.toml`, by code. An error
means that no number can be given; a caveat beside a number is a `Finding` (measurement.py).
"""

from typing import Any, Self

from hipcv.catalogues.message import Message


class HipcvError(Exception):
    """Base class of all errors that hipcv can explain to a person. `str(error)` is the sentence in English."""

    def __init__(self, code: str, about: object = "", **values: Any) -> None:
        super().__init__(code)
        self.code = code
        self.message = Message(f"errors.{code}", values, str(about))

    def said(self, language: str) -> str:
        """The sentence in a language."""
        return self.message.said(language)

    def __str__(self) -> str:
        return self.message.said()

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self).said_by, (self.message,)

    @classmethod
    def of(cls, problem: "HipcvError", about: object = "") -> Self:
        """The same sentence as another kind of error; `about` names its subject if the original error did not."""
        return cls(problem.code, str(about) or problem.message.about, **problem.message.values)

    @classmethod
    def said_by(cls, message: Message) -> Self:
        """The error for a message from another process."""
        return cls(message.key.removeprefix("errors."), message.about, **message.values)


class ClipError(HipcvError):
    """The file cannot be used."""


class UnreadableClip(ClipError):
    """Not a file, not a video, damaged beyond use, or not permitted."""


class UnsupportedClip(ClipError):
    """The video is outside the stated limits."""


class ClipTooShort(ClipError):
    """The video is shorter than one movement."""


class MeasurementError(HipcvError):
    """The video does not show what is to be measured."""


class NoPerson(MeasurementError):
    """Nobody was found, not enough of the body, or nobody with certainty."""


class LegNotVisible(MeasurementError):
    """Knee and ankle were out of sight for too long."""


class NotSeated(MeasurementError):
    """The person is not sitting with the knees bent."""


class NoReps(MeasurementError):
    """Neither leg makes a movement that counts as a repetition."""


class ComparisonError(HipcvError):
    """Measurements cannot be compared with reference readings."""


class UnreadableTable(ComparisonError):
    """Not a table of readings or of angles, or it lacks a column."""


class UnreadableResult(ComparisonError):
    """Not the output of `hipcv measure --json`."""


class BatchError(HipcvError):
    """A run over many clips cannot begin, or its parts do not fit together."""


class NothingToMeasure(BatchError):
    """No clip was found."""


class BadManifest(BatchError):
    """The list of clips has faults; the sentence names all of them."""


class RunInUse(BatchError):
    """Another hipcv works in the same folder."""


class BadShards(BatchError):
    """Parts of a run do not belong together, or some are missing."""


class ClusterError(BatchError):
    """No cluster answers, or it cannot do the work."""


class StoreError(HipcvError):
    """The data kept on this computer cannot be reached."""


class VisitNotFound(StoreError):
    """The visit was deleted, or never existed."""


class JobNotFound(StoreError):
    """The job was deleted, or never existed."""


class PersonNotFound(StoreError):
    """The person was erased or merged with another, or never existed."""


class PersonDetails(StoreError):
    """A person's details cannot be kept as they were given."""


class VisitSigned(StoreError):
    """The visit is signed, and so locked until it is opened again."""


class ReviewChanged(StoreError):
    """The review is not what it was when the page was drawn."""


class NotAllowed(StoreError):
    """The person at the desk may not do this."""


class UploadGone(StoreError):
    """The upload was removed before it was used."""


class StoreInUse(StoreError):
    """Another server uses the store."""


class ReviewError(HipcvError):
    """A reviewer's correction cannot be applied to the measurement."""


class RecordError(HipcvError):
    """A measurement that was kept or sent cannot be opened."""


class BackupError(HipcvError):
    """A backup cannot be restored."""


class ModelError(HipcvError):
    """The pose model is missing, altered or unusable."""


class OutputError(HipcvError):
    """A result could not be written to the given path."""


class ExportError(HipcvError):
    """There is no measurement to export, or the format cannot hold it."""


class BadCodeTable(ExportError):
    """A site's table of names and codes for FHIR cannot be used."""


class BadCertificate(HipcvError):
    """Certificate and key of a secure address cannot be used."""


class PortTaken(HipcvError):
    """Another program, or another hipcv, already uses the port."""


class InstallationError(HipcvError):
    """A library that hipcv needs cannot be loaded."""

    @classmethod
    def without(cls, problem: Exception) -> "InstallationError":
        """The error for a native library that is missing on the system."""
        return cls("system_library_missing", reason=problem, packages=list(SYSTEM_PACKAGES))


SYSTEM_PACKAGES = ("libgl1", "libglib2.0-0", "libxcb1")
"""Libraries that OpenCV loads; present on a desktop, missing on a bare server. MediaPipe 0.10.31 needs nothing more."""
