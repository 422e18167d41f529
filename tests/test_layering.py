"""The floors: every file imports from its own floor or from one below, nothing in a circle, and heavy libraries only at their doors."""

import ast
import subprocess
import sys
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import hipcv

PACKAGE = Path(hipcv.__file__).parent
FLOORS = {
    "vocabulary": "__init__ errors landmarks settings stopping values measurement glance reference visit job",
    "measurement": "geometry signals people rest swaps reps angles grading ranges assessment picture view subject quality rep_findings "
    "room upright both_sides shake footage legpose layers fitting registration pelvis second_look agreement comparison grouping "
    "arrays choice changes estimate cohort sessions retest bland_altman spread study",
    "edges": "alone colours container mp4 limits orientation gravity demux tone video models pose output streams face drawing overlay figure report document "
    "words translation spreadsheet typed read_back record share opensim netcdf tidy export stills tables database migrations.env store typesetting guide_page "
    "report_table report_pictures report_ends report_values report_page truth scoring goniometer results validation_words validation_json validation_markdown validation_figure "
    "study_table study_words study_json study_markdown study_figure",
    "composition": "capture pipeline validation clinic first_look jobs worker supervisor "
    "batch.order batch.entry batch.columns batch.folder batch.manifest batch.home batch.plan batch.records batch.rows batch.tables batch.dictionary "
    "batch.versions batch.telltale batch.key batch.files batch.extras batch.dataset batch.deidentify batch.series batch.child batch.hand batch.crew batch.run batch.merge batch.remote batch.cluster",
    "window": "web.service web.uploads web.files web.style web.session web.charts web.trend_charts web.drawn web.visit_form web.downloads "
    "web.result_view web.jobs_view web.take_in web.stored_view web.visits_view web.received_view web.window web.server "
    "web.views.measure web.views.guide web.views.result web.views.visits web.views.open web.views.stored web.views.about",
    "faces": "terminal doctor commands.common commands.measure commands.batch commands.merge commands.study commands.show commands.export commands.validate commands.window commands.doctor cli __main__ app",
}
"""From the ground up. `__init__` is the door of the package: it holds names of the vocabulary, and opens `measure` on request."""

FLOOR_OF = {file: floor for floor, files in FLOORS.items() for file in files.split()}
HEIGHT = {floor: height for height, floor in enumerate(FLOORS)}

WINDOW = set(FLOORS["window"].split())
COMMANDS = {file for file in FLOORS["faces"].split() if file.startswith("commands.")}

ONLY_IN = {
    "mediapipe": {"pose"},
    "cv2": {"picture", "orientation", "tone", "face", "drawing", "doctor", "shake", "footage", "layers", "fitting", "room", "stills"},
    "av": {"video", "demux", "orientation", "overlay", "doctor"},
    "matplotlib": {"figure", "drawing", "validation_figure", "study_figure", "typesetting"},
    "PIL": {"drawing", "report_pictures"},
    "streamlit": WINDOW | {"app"},
    "starlette": WINDOW,
    "altair": WINDOW,
    "pandas": WINDOW,
    "filelock": {"alone", "batch.home"},
    "typst": {"typesetting"},
    "sqlalchemy": {"tables", "database", "alone", "store", "jobs", "supervisor"},
    "alembic": {"database", "migrations.env"},
    "typer": COMMANDS | {"cli"},
    "xarray": {"netcdf"},
    "rich": {"commands.common", "commands.batch", "terminal"},
    "scipy": {"signals", "reps", "agreement", "estimate"},
    "pyarrow": {"batch.columns", "batch.tables", "batch.series"},
    "psutil": {"batch.hand"},
    "distributed": {"batch.cluster"},
}
NOT_FOR_MEASUREMENT = {"os", "sys", "io", "pathlib", "logging", "streamlit", "rich", "typer", "matplotlib", "av", "mediapipe"}


@cache
def sources():
    """Every file of the package by its dotted name, and the window beside it; a step of a migration is no part of any floor."""
    found = {_dotted(path): path for path in PACKAGE.rglob("*.py") if path.parent.name != "versions"}
    folders = {name for name in found if name.endswith(".__init__")}
    return {name: path for name, path in found.items() if name not in folders} | {"app": PACKAGE.parent / "app.py"}


def _dotted(path):
    return ".".join(path.relative_to(PACKAGE).with_suffix("").parts)


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
        if (dotted := ".".join(parts[:length])) in sources():
            return dotted
    opened = hipcv._LAZY.get(parts[0]) if parts else None
    return opened.split(".")[1] if opened else "__init__"


@cache
def read(file):
    return ast.parse(sources()[file].read_text(encoding="utf-8"))


def files_imported(file):
    return {other for name in names_imported(read(file)) if (other := file_behind(name)) and other != file}


def libraries_imported(file):
    return {name.split(".")[0] for name in names_imported(read(file))} - {"hipcv"}


@pytest.mark.parametrize("file", sources())
def test_every_file_is_on_a_floor(file):
    assert file in FLOOR_OF, f"{sources()[file].name} is new: add it to FLOORS in tests/test_layering.py, on the lowest floor that it fits"


@pytest.mark.parametrize("file", sources())
def test_imports_point_down(file):
    above = {other for other in files_imported(file) if HEIGHT[FLOOR_OF[other]] > HEIGHT[FLOOR_OF[file]]}
    assert not above, f"{file} ({FLOOR_OF[file]}) imports from a floor above: {', '.join(sorted(above))}"


def test_nothing_imports_in_a_circle():
    tuple(TopologicalSorter({file: files_imported(file) for file in sources()}).static_order())  # raises CycleError, with the circle


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_behind_its_doors(library):
    users = {file for file in sources() if library in libraries_imported(file)}
    assert users <= ONLY_IN[library], f"{library} is imported by {', '.join(sorted(users - ONLY_IN[library]))}"


def test_mediapipe_has_one_door():
    assert [file for file in sources() if "mediapipe" in libraries_imported(file)] == ["pose"]


@pytest.mark.parametrize("file", FLOORS["measurement"].split())
def test_measurement_knows_no_file_no_screen_and_no_widget(file):
    assert libraries_imported(file).isdisjoint(NOT_FOR_MEASUREMENT)
    called = {node.func.id for node in ast.walk(read(file)) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    assert called.isdisjoint({"open", "print", "input"})


@pytest.mark.parametrize("file", FLOORS["vocabulary"].split())
def test_the_vocabulary_needs_only_numpy(file):
    assert libraries_imported(file) - set(sys.stdlib_module_names) <= {"numpy"}


def test_everything_that_the_door_opens_is_there():
    assert {file_behind(f"hipcv.{name}") for name in hipcv._LAZY} <= set(sources())
    assert {name for name in hipcv.__all__ if not hasattr(hipcv, name)} == set()


def test_importing_hipcv_loads_nothing_heavy():
    heavy = sorted({*ONLY_IN, "pandas"})
    code = f"import sys, hipcv; print([name for name in {heavy} if name in sys.modules])"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=PACKAGE.parent)
    assert (loaded.stdout.strip(), loaded.stderr) == ("[]", "")
