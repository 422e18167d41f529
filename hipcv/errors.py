"""What can go wrong, as a tree. An error carries a code and values; `error.said(language)` is the sentence that the person reads.

    HipcvError
    ├─ ClipError             the file
    │  ├─ UnreadableClip     not a video that hipcv opens, or it cannot be decoded
    │  ├─ UnsupportedClip    a video outside the stated limits (size, length, rate, coding)
    │  └─ ClipTooShort       less than a second of picture
    ├─ MeasurementError      the picture
    │  ├─ NoPerson           nobody was found, or only part of a body
    │  ├─ LegNotVisible      knees and ankles were not in view long enough
    │  ├─ NotSeated          the person stands or lies
    │  └─ NoReps             no leg swung out or in far enough
    ├─ ComparisonError       what a validation stands on
    │  ├─ UnreadableTable    the goniometer's table, or one that a batch wrote
    │  └─ UnreadableResult   what an earlier measurement wrote
    ├─ BatchError            a run over many clips
    │  ├─ NothingToMeasure   there is no clip
    │  ├─ BadManifest        the list of clips, with all its faults
    │  ├─ RunInUse           another hipcv works in the same folder
    │  ├─ BadShards          parts of a run that do not belong together
    │  └─ ClusterError       no cluster that could measure
    ├─ StoreError            what is kept on this machine
    │  ├─ VisitNotFound      deleted, or never there
    │  ├─ JobNotFound        likewise
    │  ├─ UploadGone         a video that was sent is not there any more
    │  └─ StoreInUse         another hipcv looks after it
    ├─ RecordError           a kept or sent measurement: damaged, altered, not one
    ├─ ModelError            the pose model: missing, altered or not a model
    ├─ OutputError           a result could not be written
    ├─ ExportError           a format cannot hold a measurement, or there is none to export
    ├─ PortTaken             another program has the window's place on this machine
    └─ InstallationError     a part that hipcv stands on is missing on this machine

A sentence says what was seen, what is needed and what to do; all of them stand in `catalogues/LANGUAGE/errors.toml`, by code. An error
means that no number can be given; a caveat beside a number is a `Finding` (measurement.py).
"""

from typing import Any, Self

from hipcv.catalogues.message import Message


class HipcvError(Exception):
    """Anything that hipcv can explain to the person in front of it. `str(error)` is the sentence in English."""

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
        """The same sentence as another kind of error; `about` says of what, where the other one did not."""
        return cls(problem.code, str(about) or problem.message.about, **problem.message.values)

    @classmethod
    def said_by(cls, message: Message) -> Self:
        """The error that another process told of."""
        return cls(message.key.removeprefix("errors."), message.about, **message.values)


class ClipError(HipcvError):
    """The file cannot be used."""


class UnreadableClip(ClipError):
    """Not a file, not a video, damaged beyond use, or not permitted."""


class UnsupportedClip(ClipError):
    """A video that lies outside the stated limits."""


class ClipTooShort(ClipError):
    """Less picture than one movement takes."""


class MeasurementError(HipcvError):
    """The picture does not show what is to be measured."""


class NoPerson(MeasurementError):
    """Nobody was found, or not enough of the body."""


class LegNotVisible(MeasurementError):
    """Knee and ankle were out of sight for too long."""


class NotSeated(MeasurementError):
    """The person is not sitting with the knees bent."""


class NoReps(MeasurementError):
    """No movement of either leg that counts as a repetition."""


class ComparisonError(HipcvError):
    """Measurements cannot be compared with readings."""


class UnreadableTable(ComparisonError):
    """Not a table of readings or of angles, or it lacks a column."""


class UnreadableResult(ComparisonError):
    """Not what `hipcv measure --json` writes."""


class BatchError(HipcvError):
    """A run over many clips cannot begin, or its parts do not fit."""


class NothingToMeasure(BatchError):
    """No clip where clips were looked for."""


class BadManifest(BatchError):
    """The list of clips has faults; the sentence names all of them."""


class RunInUse(BatchError):
    """Another hipcv works in the same folder."""


class BadShards(BatchError):
    """Parts of a run that do not belong together, or of which some are missing."""


class ClusterError(BatchError):
    """No cluster answers, or it cannot do the work."""


class StoreError(HipcvError):
    """What is kept on this machine cannot be reached."""


class VisitNotFound(StoreError):
    """Deleted, or never there."""


class JobNotFound(StoreError):
    """Deleted, or never there."""


class UploadGone(StoreError):
    """Swept away before it was taken up."""


class StoreInUse(StoreError):
    """Another server looks after it."""


class RecordError(HipcvError):
    """A measurement that was kept or sent cannot be opened."""


class ModelError(HipcvError):
    """The pose model is missing, altered or unusable."""


class OutputError(HipcvError):
    """A result could not be written where it was asked for."""


class ExportError(HipcvError):
    """There is no measurement to export, or the format cannot hold it."""


class PortTaken(HipcvError):
    """Another program, or another hipcv, answers there already."""


class InstallationError(HipcvError):
    """A library that hipcv stands on cannot be loaded."""

    @classmethod
    def without(cls, problem: Exception) -> "InstallationError":
        """That the system lacks a native library."""
        return cls("system_library_missing", reason=problem, packages=list(SYSTEM_PACKAGES))


SYSTEM_PACKAGES = ("libgl1", "libglib2.0-0", "libxcb1")
"""What OpenCV loads; a desktop has them, a bare server has not. MediaPipe 0.10.31 needs nothing more."""
