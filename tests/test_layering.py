"""The house: every file imports only from rooms to the left of its own, nothing in a circle, and heavy libraries only at their doors."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import hipcv

PACKAGE = Path(hipcv.__file__).parent
ROOMS = [
    "catalogues",
    "vocabulary",
    "system",
    "statistics",
    "video",
    "kinematics",
    "language",
    "capture",
    "records",
    "findings",
    "registration",
    "store",
    "rendering",
    "study",
    "pipeline",
    "review",
    "validation",
    "jobs",
    "desk",
    "front_door",
    "web",
    "batch",
    "cli",
]
"""From left to right; CONTRIBUTING.md has the map. Three rooms have no folder, as their files lie in `hipcv/` itself: `ROOT_FILES`."""
ROOT_FILES = {
    "vocabulary": {"errors", "settings", "landmarks", "values", "measurement", "codes", "version", "filmed"},
    "pipeline": {"pipeline", "assessment"},
    "front_door": {"__init__", "__main__"},
}
STRANGERS = [{"web", "batch"}]
"""Rooms that do not know each other, whichever lies further left."""
INSIDE = {"web": ["server", "parts", "pages"], "cli": ["terminal", "research", "commands", "main"]}
"""Rooms with rooms of their own, again from left to right."""

ONLY_IN = {
    "babel": {"catalogues"},
    "mediapipe": {"capture"},
    "cv2": {"video", "capture", "registration", "rendering", "cli"},
    "av": {"video", "rendering", "cli"},
    "matplotlib": {"rendering", "validation", "study"},
    "PIL": {"rendering"},
    "streamlit": {"web"},
    "starlette": {"web"},
    "altair": {"web"},
    "pandas": {"web"},
    "filelock": {"store", "batch"},
    "typst": {"rendering"},
    "segno": {"rendering"},
    "fhir": {"desk"},
    "sqlalchemy": {"store", "jobs"},
    "alembic": {"store"},
    "typer": {"cli"},
    "xarray": {"records"},
    "rich": {"cli"},
    "scipy": {"kinematics", "statistics"},
    "msgspec": {"video"},
    "pyarrow": {"batch"},
    "psutil": {"jobs"},
    "distributed": {"batch"},
}
ARRAYS_ONLY = {"statistics", "kinematics", "findings", "registration", "review"}
"""Rooms that know no file, no screen and no widget."""
ARRAYS_ONLY_FILES = {
    *["capture.people", "capture.picture_quality", "capture.camera_shake", "capture.room_edges", "capture.leg_footage"],
    *["records.arrays", "store.changes", "assessment", "validation.comparison", "validation.grouping", "validation.unwarned"],
    *["study.cohort", "study.sessions", "study.retest", "study.bland_altman", "study.spread", "study.study"],
}
"""The same for files of other rooms."""
NOT_FOR_ARRAYS = {"os", "sys", "io", "pathlib", "logging", "streamlit", "rich", "typer", "matplotlib", "av", "mediapipe"}
LATE_FOR_A_REASON = "# late: "
"""What a line begins its comment with where one of our own modules is imported inside a function."""


@cache
def sources():
    """Every file of the package by its dotted name; a step of a migration belongs to no room."""
    return {_dotted(path): path for path in PACKAGE.rglob("*.py") if path.parent.name != "versions"}


def _dotted(path):
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


def room_of(file):
    return next((room for room, files in ROOT_FILES.items() if file in files), file.split(".")[0])


def is_for_types_only(node):
    return isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def nodes_that_run(tree):
    """Everything but what stands under `if TYPE_CHECKING`; imports inside functions run as well."""
    for child in ast.iter_child_nodes(tree):
        if not is_for_types_only(child):
            yield child
            yield from nodes_that_run(child)


def names_imported(tree):
    """Dotted names of modules, and `module.name` for what is taken from one."""
    for node in nodes_that_run(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "hipcv":
            yield f"hipcv.{node.attr}"


def file_behind(name):
    """The file of the package that an imported name stands in, or None for other people's."""
    package, *parts = name.split(".")
    if package != "hipcv":
        return None
    for length in range(len(parts), 0, -1):
        dotted = ".".join(parts[:length])
        for file in (dotted, f"{dotted}.__init__"):
            if file in sources():
                return file
    opened = hipcv._HOME_OF.get(parts[0]) if parts else None
    return opened.removeprefix("hipcv.") if opened else "__init__"


@cache
def read(file):
    return ast.parse(sources()[file].read_text(encoding="utf-8"))


def files_imported(file):
    return {other for name in names_imported(read(file)) if (other := file_behind(name)) and other != file}


def libraries_imported(file):
    return {name.split(".")[0] for name in names_imported(read(file))} - {"hipcv"}


def test_every_folder_is_a_room_and_every_file_at_the_root_has_one():
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders | set(ROOT_FILES) == set(ROOMS)
    at_the_root = {path.stem for path in PACKAGE.glob("*.py")}
    assert at_the_root == set().union(*ROOT_FILES.values()), "a new file belongs in a room"


@pytest.mark.parametrize("file", sources())
def test_imports_point_to_the_left(file):
    here = ROOMS.index(room_of(file))
    others = {other: ROOMS.index(room_of(other)) for other in files_imported(file)}
    too_far_right = sorted(other for other, place in others.items() if place > here and not is_front_door_calling(file))
    assert not too_far_right, f"{file} imports from a room to its right: {', '.join(too_far_right)}"
    for pair in STRANGERS:
        assert not (room_of(file) in pair and {room_of(other) for other in others} & (pair - {room_of(file)}))


def is_front_door_calling(file):
    """`python -m hipcv` stands at the root, as Python asks, and hands over to the command line."""
    return file == "__main__"


@pytest.mark.parametrize("room", INSIDE)
def test_imports_inside_a_room_of_rooms_point_to_the_left(room):
    def place(file):
        return INSIDE[room].index(file.split(".")[1])

    for file in (name for name in sources() if name.startswith(f"{room}.") and not name.endswith(".__init__")):
        inside = {other for other in files_imported(file) if other.startswith(f"{room}.") and not other.endswith(".__init__")}
        assert not {other for other in inside if place(other) > place(file)}, file


def test_nothing_imports_in_a_circle():
    tuple(TopologicalSorter({file: files_imported(file) for file in sources() if file != "__main__"}).static_order())  # raises CycleError


@pytest.mark.parametrize("room", [room for room in ROOMS if room not in ROOT_FILES])
def test_every_room_says_what_it_is_for(room):
    said = ast.get_docstring(read(f"{room}.__init__"))
    assert "\nIn: " in said
    assert "\nOut: " in said


@pytest.mark.parametrize("file", sources())
def test_a_late_import_says_why(file):
    """Inside a function, one of our own modules is imported only where that spares a start the load of a heavy library."""
    lines = sources()[file].read_text(encoding="utf-8").splitlines()
    for function in (node for node in ast.walk(read(file)) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
        for node in ast.walk(function):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "hipcv":
                assert LATE_FOR_A_REASON in lines[node.lineno - 1], f"{file}, line {node.lineno}"


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_behind_its_doors(library):
    users = {room_of(file) for file in sources() if library in libraries_imported(file)}
    assert users <= ONLY_IN[library], f"{library} is imported by {', '.join(sorted(users - ONLY_IN[library]))}"


def test_mediapipe_has_one_door():
    assert [file for file in sources() if "mediapipe" in libraries_imported(file)] == ["capture.pose"]


@pytest.mark.parametrize("file", [file for file in sources() if room_of(file) in ARRAYS_ONLY or file in ARRAYS_ONLY_FILES])
def test_measurement_knows_no_file_no_screen_and_no_widget(file):
    assert libraries_imported(file).isdisjoint(NOT_FOR_ARRAYS)
    called = {node.func.id for node in ast.walk(read(file)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called.isdisjoint({"open", "print", "input"})


def test_the_files_that_hold_arrays_only_are_there():
    assert set(sources()) >= ARRAYS_ONLY_FILES


@pytest.mark.parametrize("file", sorted(ROOT_FILES["vocabulary"]))
def test_the_vocabulary_needs_only_numpy(file):
    assert libraries_imported(file) - set(sys.stdlib_module_names) <= {"numpy"}


def test_everything_that_the_door_opens_is_there():
    assert {file_behind(f"hipcv.{name}") for name in hipcv._HOME_OF} <= set(sources())
    assert {name for name in hipcv.__all__ if not hasattr(hipcv, name)} == set()


def test_importing_hipcv_loads_nothing_heavy():
    heavy = sorted({*ONLY_IN, "pandas"})
    code = f"import sys, hipcv; print([name for name in {heavy} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert (loaded.stdout.strip(), loaded.stderr) == ("[]", "")
