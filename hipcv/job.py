"""One clip on its way to a visit: what was asked for, and how far it is."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from typing import Any

from hipcv.glance import Glance
from hipcv.settings import Mirrored
from hipcv.visit import Kind


class State(Enum):
    """What becomes of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    STOPPING = "stopping"
    """The person wants it to end; its process still has to."""
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


ACTIVE = (State.WAITING, State.RUNNING, State.STOPPING)


class Stage(Enum):
    """What a running job is at."""

    LOOKING = "looking"
    MEASURING = "measuring"
    DRAWING = "drawing"


class Camera(Enum):
    """Which camera of the phone filmed; a selfie is mirrored."""

    BACK = "back"
    FRONT = "front"


@dataclass(frozen=True, slots=True)
class Request:
    """What the person said and wants of one clip."""

    camera: Camera = Camera.BACK
    title: str = ""
    kind: Kind = Kind.SINGLE
    note: str = ""
    keep_video: bool = False

    def document(self) -> dict[str, Any]:
        """As plain values."""
        return {name: value.value if isinstance(value, Enum) else value for name, value in asdict(self).items()}

    @classmethod
    def of(cls, document: dict[str, Any]) -> "Request":
        """Back from `document`."""
        return cls(**{**document, "camera": Camera(document["camera"]), "kind": Kind(document["kind"])})


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
    glance: tuple[Glance, ...]
    sentence: str
    visit_id: str | None
    ahead: int = 0
    """How many wait before it."""

    def seconds_left(self) -> float | None:
        """Of this stage, judged by how fast it went so far; None before that can be said."""
        if self.stage_at is None or not 0 < self.done <= self.total:
            return None
        gone_s = (datetime.now(UTC) - self.stage_at).total_seconds()
        return gone_s * (self.total - self.done) / self.done


def mirroring(camera: Camera, says: Glance) -> tuple[Mirrored, Glance]:
    """Whether to take the picture as mirrored: as the file says, else as the camera that was named; and whether the two agree."""
    said = {"mirrored": Mirrored.YES, "not_mirrored": Mirrored.NO}.get(says.seen)
    asked = Mirrored.YES if camera is Camera.FRONT else Mirrored.NO
    agree = says.seen == "" or (said is asked if said else camera is Camera.FRONT)
    return said or asked, replace(says, fine=agree)
