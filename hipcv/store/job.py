"""One clip on its way to a visit: the request, and its progress."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from heapq import heapreplace
from typing import Any

from hipcv.capture.clip_check_items import ClipCheck
from hipcv.catalogues.message import Saying
from hipcv.records.visit import Kind
from hipcv.settings import Mirrored, Turn
from hipcv.values import plain_fields


class State(Enum):
    """State of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    """The person has cancelled it, but its process still has to end."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_LEAST_S = 3.0
"""A stage must run this long before its speed gives an estimate of the remaining time."""
ACTIVE = (State.WAITING, State.RUNNING, State.STOPPING)


class Stage(Enum):
    """Current stage of a running job."""

    LOOKING = "looking"
    MEASURING = "measuring"
    DRAWING = "drawing"


STAGE_SHARES = {Stage.LOOKING: (0.0, 0.04), Stage.MEASURING: (0.04, 0.9), Stage.DRAWING: (0.9, 1.0)}
"""The part of a job that each stage usually takes."""


class Camera(Enum):
    """Camera of the phone that filmed, according to the person; a selfie is mirrored."""

    BACK = "back"
    FRONT = "front"
    UNKNOWN = "unknown"
    """They do not know, or were not asked."""

    @property
    def mirrored(self) -> Mirrored:
        """The setting for mirroring that follows from this camera."""
        return {Camera.BACK: Mirrored.NO, Camera.FRONT: Mirrored.YES, Camera.UNKNOWN: Mirrored.AUTO}[self]


@dataclass(frozen=True, slots=True)
class Request:
    """The person's details and wishes for one clip."""

    camera: Camera = Camera.UNKNOWN
    title: str = ""
    kind: Kind = Kind.SINGLE
    note: str = ""
    keep_video: bool = False
    filmed_on: date | None = None
    """None = today."""
    filmed: Mapping[str, Any] | None = None
    """What the coach told (`Filmed.document`), if it was filmed with hipcv."""
    turn: Turn = Turn.NONE

    def document(self) -> dict[str, Any]:
        """The request as plain values."""
        return {**plain_fields(self), "filmed_on": self.filmed_on and self.filmed_on.isoformat()}

    @classmethod
    def of(cls, document: dict[str, Any]) -> "Request":
        """The request from the output of `document`."""
        day = document.get("filmed_on")
        known = {
            "camera": Camera(document["camera"]),
            "kind": Kind(document["kind"]),
            "turn": Turn(document.get("turn", Turn.NONE.value)),
            "filmed_on": date.fromisoformat(day) if day else None,
        }
        return cls(**{**document, **known})

    def without_words(self) -> "Request":
        """The request without anything the person wrote, to be kept once the job has ended."""
        return Request(self.camera, keep_video=self.keep_video, turn=self.turn)

    def filmed_at(self) -> datetime:
        """The given day, or today, with the current time of day: visits of one day keep the order of their arrival."""
        now = datetime.now().astimezone()
        return now if self.filmed_on is None else datetime.combine(self.filmed_on, now.time()).astimezone()


@dataclass(frozen=True, slots=True)
class Job:
    """One clip on its way to a visit."""

    id: str
    created_at: datetime
    state: State
    name: str
    request: Request
    stage: Stage | None
    done: int
    total: int
    stage_at: datetime | None
    glance: tuple[ClipCheck, ...]
    problem: Saying | None
    """The reason why it failed."""
    visit_id: str | None
    ahead: int = 0
    """Number of jobs waiting before it."""

    def seconds_of_all(self) -> float | None:
        """Estimated duration of the whole job, from this stage and its usual share; None if it is too early to tell."""
        whole_s = self.seconds_of_stage()
        if whole_s is None or self.stage is None:
            return None
        begin, end = STAGE_SHARES[self.stage]
        return whole_s / (end - begin)

    def seconds_to_end(self) -> float | None:
        """Estimated time until the whole job is done; None if it is too early to tell."""
        left_s, all_s = self.seconds_left(), self.seconds_of_all()
        return None if left_s is None or all_s is None or self.stage is None else left_s + (1 - STAGE_SHARES[self.stage][1]) * all_s

    def seconds_of_stage(self) -> float | None:
        """Estimated duration of this stage, from its speed so far; None if it is too early to tell."""
        if self.stage_at is None or not 0 < self.done <= self.total:
            return None
        gone_s = (datetime.now(UTC) - self.stage_at).total_seconds()
        return gone_s * self.total / self.done if gone_s >= _LEAST_S else None

    def seconds_left(self) -> float | None:
        """Estimated time left in this stage; None if it is too early to tell."""
        whole_s = self.seconds_of_stage()
        return None if whole_s is None else whole_s * (1 - self.done / self.total)


def seconds_to_wait(at_work: Sequence[Job], ahead: int) -> float | None:
    """Estimated time until a job begins that waits behind so many others, each taken to last as long as those at work; None if too early.

    A job that is being stopped is at work, too: its place is not free yet, and nobody knows when it will be.
    """
    told = [(left_s, whole_s) for job in at_work if (left_s := job.seconds_to_end()) is not None and (whole_s := job.seconds_of_all())]
    if not told or len(told) < len(at_work) or any(job.state is State.STOPPING for job in at_work):
        return None
    ends_s = sorted(left_s for left_s, _ in told)
    each_s = sum(whole_s for _, whole_s in told) / len(told)
    for _ in range(ahead):
        heapreplace(ends_s, ends_s[0] + each_s)
    return ends_s[0]


def mirroring(camera: Camera, says: ClipCheck) -> ClipCheck:
    """Result on mirroring for the app: the person's statement unless the file contradicts it (`says`, from capture/clip_check.py)."""
    of_file = {"mirrored": Mirrored.YES, "not_mirrored": Mirrored.NO}.get(says.seen)
    if camera is Camera.UNKNOWN:
        return replace(says, fine=of_file is not None, seen=f"file_{says.seen}" if of_file else "unknown")
    fits = camera is Camera.FRONT if says.seen == "front" else of_file in {None, camera.mirrored}
    return replace(says, fine=fits, seen=camera.value if fits else "against_file")
