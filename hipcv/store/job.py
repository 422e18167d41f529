"""One clip on its way to a visit: what was asked for, and how far it is."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any

from hipcv.capture.clip_check_items import ClipCheck
from hipcv.catalogues.message import Saying
from hipcv.records.visit import Kind
from hipcv.settings import Mirrored


class State(Enum):
    """What becomes of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    """The person wants it to end; its process still has to."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


_LEAST_S = 3.0
"""So long a stage has to run before its first pictures say how long the rest takes."""
ACTIVE = (State.WAITING, State.RUNNING, State.STOPPING)


class Stage(Enum):
    """What a running job is at."""

    LOOKING = "looking"
    MEASURING = "measuring"
    DRAWING = "drawing"


class Camera(Enum):
    """Which camera of the phone filmed, as the person says; a selfie is mirrored."""

    BACK = "back"
    FRONT = "front"
    UNKNOWN = "unknown"
    """They do not know, or nobody asked."""

    @property
    def mirrored(self) -> Mirrored:
        """How to take the picture."""
        return {Camera.BACK: Mirrored.NO, Camera.FRONT: Mirrored.YES, Camera.UNKNOWN: Mirrored.AUTO}[self]


@dataclass(frozen=True, slots=True)
class Request:
    """What the person said and wants of one clip."""

    camera: Camera = Camera.UNKNOWN
    title: str = ""
    kind: Kind = Kind.SINGLE
    note: str = ""
    keep_video: bool = False
    filmed_on: date | None = None
    """None = today."""

    def document(self) -> dict[str, Any]:
        """As plain values."""
        values = {name: value.value if isinstance(value, Enum) else value for name, value in asdict(self).items()}
        return {**values, "filmed_on": self.filmed_on and self.filmed_on.isoformat()}

    @classmethod
    def of(cls, document: dict[str, Any]) -> "Request":
        """Back from `document`."""
        day = document.get("filmed_on")
        known = {
            "camera": Camera(document["camera"]),
            "kind": Kind(document["kind"]),
            "filmed_on": date.fromisoformat(day) if day else None,
        }
        return cls(**{**document, **known})

    def without_words(self) -> "Request":
        """What is left when the job has ended: nothing that the person wrote."""
        return Request(self.camera, keep_video=self.keep_video)

    def filmed_at(self) -> datetime:
        """The day that was given, or today, with the clock of now: visits of one day stay in the order in which they came."""
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
    """Why it failed."""
    visit_id: str | None
    ahead: int = 0
    """How many wait before it."""

    def seconds_left(self) -> float | None:
        """Of this stage, judged by how fast it went so far; None before that can be said."""
        if self.stage_at is None or not 0 < self.done <= self.total:
            return None
        gone_s = (datetime.now(UTC) - self.stage_at).total_seconds()
        if gone_s < _LEAST_S:
            return None
        return gone_s * (self.total - self.done) / self.done


def mirroring(camera: Camera, says: ClipCheck) -> ClipCheck:
    """What the page tells of mirroring: what was said if the file does not speak against it, else that it does (`says`, first_look.py)."""
    of_file = {"mirrored": Mirrored.YES, "not_mirrored": Mirrored.NO}.get(says.seen)
    if camera is Camera.UNKNOWN:
        return replace(says, fine=of_file is not None, seen=f"file_{says.seen}" if of_file else "unknown")
    fits = camera is Camera.FRONT if says.seen == "front" else of_file in {None, camera.mirrored}
    return replace(says, fine=fits, seen=camera.value if fits else "against_file")
