"""Every sentence of the core has its German: they are collected from the source, with all that their placeholders may hold."""

import ast
import importlib
import itertools
import re
from collections import Counter
from functools import cache
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv import errors
from hipcv.findings import not_measurable, of_legs, of_recording
from hipcv.kinematics import repetitions
from hipcv.landmarks import Side
from hipcv.language import sentences
from hipcv.language.translation import catalogue, translated
from hipcv.language.words import DEFAULT, LANGUAGES
from hipcv.measurement import Difference, Hip, Verdict
from hipcv.values import Direction, Zero
from tests.builders import a_hip, a_range, a_rep
from tests.test_layering import PACKAGE

NAME = "a: b {c}.mp4"
NOT_IN_THE_APP = {"cli", "opensim", "netcdf", "doctor", "goniometer", "spreadsheet", "results", "truth", "study_table", "overlay"}
"""Their errors are met at a terminal, or not shown."""
FILES = sorted({path.stem for path in PACKAGE.glob("*.py")} - NOT_IN_THE_APP - {"__init__", "__main__"})
OTHERS = sorted(set(LANGUAGES) - {DEFAULT})

ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.HipcvError)} | {"cls"}
FINDINGS = {"info", "warning", "serious"}
NUMBERS = {".0f": ["12"], ".1f": ["12.5"], "+z.1f": ["−12.5", "+0.0"], ",": ["20,000"], "": ["12"]}
"""What a number looks like, by its format."""
HOLDS = {
    "name": [NAME],
    "self.name": [NAME],
    "info.name": [NAME],
    "folder": ["/tmp/a: b"],
    "path": [NAME],
    "target": [NAME],
    "shown_address(engine)": ["sqlite:////tmp/a: b.sqlite3"],
    "side.value": [side.value for side in Side],
    "hip.side.value": [side.value for side in Side],
    "hip_.side.value": [side.value for side in Side],
    "direction.value": [direction.value for direction in Direction],
    "family.name": ["MP4/MOV", "WebM/MKV", "AVI", "TS"],
    "codec_name(moving[0])": ["h263 (a: b)"],
    "picture.format.name": ["bayer"],
    "problem.strerror": ["Permission denied", "Something that no table lists: 1.5"],
    "_reason(problem)": ["unknown reason", "the name is not valid"],
    "_first_line(problem)": ["no answer", "connection refused (port 1.5)"],
    "problem": ["libGL.so.1: cannot open"],
    "str(problem)[:_MOST_LETTERS]": ["'hips'", 'landmarks.time_s has shape (1, 2), not (3,)"'],
    "schema": ["None"],
    "str(schema)[:_MOST_LETTERS]": ["hipcv-measurement/9"],
    "manifest['schema']": ["hipcv-record/9"],
    "str(model)!r": ["'huge'"],
    "name!r": ["'lite'"],
    "path.name": ["a model.task"],
    "sha256[:12]": ["0123456789ab"],
    "_were(faults.n_corrupt, 'damaged part')": [of_recording._were(n, "damaged part") for n in (1, 3)],
    "_were(faults.n_bad_times, 'picture')": [of_recording._were(n, "picture") for n in (1, 3)],
    "_counted(len(counted))": [of_legs._counted(n) for n in (0, 1, 2)],
    "REASONS[code]": list(repetitions.REASONS.values()),
}
"""What a placeholder may hold where the source does not tell, by its expression."""
COUNTS = re.compile(r"n_\w+|len\(.*\)|width|height|settings\.min_reps|picture\.(width|height)|_number\(.*\)|number")
"""Expressions that are whole numbers, or written like them."""


class Source:
    """One file, and what its expressions can say."""

    def __init__(self, file):
        self.file = file
        self.tree = ast.parse((PACKAGE / f"{file}.py").read_text(encoding="utf-8"))
        self.names = vars(importlib.import_module(f"hipcv.{file}"))
        self.functions = [node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef)]

    def sentences(self):
        """All that a finding or an error of this file can say."""
        for function, call in self._calls():
            kind = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
            if kind in FINDINGS and ast.unparse(call.func) == f"Finding.{kind}":
                yield from self.said(call.args[1], function)
            elif (kind in ERRORS - {"cls"} or (kind == "cls" and self.file == "errors")) and not passes_on(call.args[0]):
                yield from self.said(call.args[0], function)

    def _calls(self):
        for function in self.functions:
            for node in ast.walk(function):
                if isinstance(node, ast.Call) and node.args:
                    yield function, node

    def said(self, node, function):
        """Every text that an expression can become."""
        if isinstance(node, ast.JoinedStr):
            return ["".join(parts) for parts in itertools.product(*(self.said(part, function) for part in node.values))]
        if isinstance(node, ast.FormattedValue):
            return self._formatted(node, function)
        if isinstance(node, ast.Constant):
            return [str(node.value)]
        if isinstance(node, ast.IfExp):
            return [*self.said(node.body, function), *self.said(node.orelse, function)]
        if isinstance(node, ast.BoolOp):
            return [text for value in node.values for text in self.said(value, function)]
        text = ast.unparse(node)
        if text in HOLDS:
            return HOLDS[text]
        if isinstance(node, ast.Name):
            constant = self.names.get(node.id)
            return [constant] if isinstance(constant, str) else self._named(node, function)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(".join"):
            return self._joined(node, function)
        pytest.fail(f"{self.file}.py says {{{text}}}: add what it may hold to HOLDS in tests/test_translation.py")

    def _formatted(self, node, function):
        try:  # a constant of the file
            return [eval(compile(ast.fix_missing_locations(ast.Expression(ast.JoinedStr([node]))), self.file, "eval"), dict(self.names))]
        except (NameError, AttributeError):
            pass
        form = node.format_spec.values[0].value if node.format_spec else ""
        text = ast.unparse(node.value) + (f"!{chr(node.conversion)}" if node.conversion > 0 else "")
        if form or COUNTS.fullmatch(text):
            return NUMBERS[form]
        return HOLDS[text] if text in HOLDS else self.said(node.value, function)

    def _named(self, node, function):
        """A name: what is assigned to it, or what the function is called with."""
        assigned = [one.value for one in ast.walk(function) if isinstance(one, ast.Assign) and ast.unparse(one.targets[0]) == node.id]
        if assigned:
            return [text for value in assigned for text in self.said(value, function)]
        arguments = [argument.arg for argument in function.args.args]
        if node.id not in arguments:
            pytest.fail(f"{self.file}.py says {{{node.id}}}: add what it may hold to HOLDS in tests/test_translation.py")
        place = arguments.index(node.id)
        calls = [(caller, call.args[place]) for caller, call in self._calls() if ast.unparse(call.func) == function.name]
        return [text for caller, argument in calls for text in self.said(argument, caller)]

    def _joined(self, node, function):
        """One, two or three of what is joined."""
        (separator,), parts = self.said(node.func.value, function), node.args[0]
        while isinstance(parts, ast.Call):  # sorted(…)
            parts = parts.args[0]
        if not isinstance(parts, ast.GeneratorExp | ast.ListComp | ast.SetComp):
            return [separator.join(eval(ast.unparse(parts), dict(self.names)))]
        each = self.said(parts.elt, function)
        return [*each, *(separator.join(itertools.islice(itertools.cycle(each), k, k + n)) for n in (2, 3) for k in range(len(each)))]


def passes_on(node):
    """Whether an error only hands on the sentence of another one."""
    return ast.unparse(node) in {"str(problem)", "f'{name}: {problem}'"}


# ---------------------------------------------------------------------- what can be said
def of_verdicts():
    doubts = [*of_recording._SPOILT.values(), *of_doubts()]
    for label, verdict, value in itertools.product(sentences.QUANTITIES.values(), Verdict, (-12.5, 12.5)):
        for why in doubts if verdict is Verdict.NONE else [""]:
            yield sentences.verdict_sentence(label, Difference(value, value - 2, value + 2, verdict, why))


def of_doubts():
    """All that `ranges` returns as a reason."""
    source = Source("ranges")
    for function in source.functions:
        if function.name == "_doubt":
            returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return)]
            yield from (text for value in returned for text in source.said(value, function) if text)
        for node in ast.walk(function):
            if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "doubt":
                yield from (
                    text for value in node.value.values if isinstance(value, ast.IfExp) for text in source.said(value, function) if text
                )


def of_changes():
    for side, spans in itertools.product(Side, itertools.product((None, a_range(30.0)), repeat=3)):
        yield sentences.change_sentence(Hip(side, *spans, (), Zero.REST, 0.0))


def of_zeros():
    yield sentences.zero_reason(a_hip(Side.LEFT, zero=Zero.REST, rest_deg=-2.5))
    for rest_deg in (float("nan"), 9.0):
        yield sentences.zero_reason(a_hip(Side.LEFT, zero=Zero.GRAVITY, rest_deg=rest_deg, upright_deg=-6.0, upright_sd_deg=0.5))


def of_reps():
    """What `check_reps` says when nothing counts."""
    for reasons in [(), *((code,) for code in repetitions.NOT_COUNTED), tuple(repetitions.NOT_COUNTED)]:
        for n_reps in (1, 3) if reasons else (0,):
            reps = tuple(a_rep(usable=False, reasons=reasons) for _ in range(n_reps))
            with pytest.raises(errors.NoReps) as problem:
                not_measurable.check_reps({Side.LEFT: SimpleNamespace(reps=reps)})
            yield str(problem.value)


def of_supervisor():
    tree = Source("supervisor").tree
    constants = [node.value.value for node in tree.body if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)]
    yield from (text for text in constants if isinstance(text, str) and text.endswith("."))


def of_remarks():
    """Why repetitions do not count, or count less: alone, and several together as a list has them."""
    yield from repetitions.REASONS.values()
    yield from repetitions.SHORT_REASONS.values()
    yield "; ".join(repetitions.REASONS.values())


SAID = {
    **{file: lambda file=file: Source(file).sentences() for file in FILES},
    "verdicts": of_verdicts,
    "changes": of_changes,
    "zeros": of_zeros,
    "reps": of_reps,
    "two of the supervisor": of_supervisor,
    "remarks": of_remarks,
    "intended use": lambda: [sentences.INTENDED_USE],
}
"""Where sentences come from; `SAID[source]()` are all of them."""


@cache
def all_sentences():
    return sorted({sentence for source in SAID.values() for sentence in source() if sentence})


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("source", SAID)
def test_every_sentence_is_in_the_catalogue(source, language):
    unknown = [sentence for sentence in SAID[source]() if sentence and translated(sentence, language) == sentence]
    assert unknown == [], f"add them to hipcv/language/texts/core/{language}.toml"


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_only_one_of_the_catalogue_and_each_of_those_is_said(language):
    assert len(all_sentences()) > 250
    met = Counter()
    for sentence in all_sentences():
        (entry,) = [entry for entry in catalogue(language) if entry.said(sentence)]
        met[entry.english] += 1
    assert [entry.english for entry in catalogue(language) if not met[entry.english]] == [], "nothing says this any more"


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_of_the_english_or_of_the_template_is_left(language):
    for sentence in all_sentences():
        said = translated(sentence, language).replace(NAME, "")
        assert not re.search(r"[{}]|\b(the|of|is|were|left|right|and|internal|external|more|less|frames)\b", said), said


FORBIDDEN = re.compile(
    r"abnorm|krankhaft|patholog|dysfunktion|einschränk|impinge|arthr|risiko|ursache|erklärt|bewiesen|mobilis|übung|"
    r"verbesser|verletz|krankheit|defizit|heil",
    re.IGNORECASE,
)
"""Words that say more than a measurement can, as tests/words.py has them in English."""


def test_no_german_sentence_says_more_than_a_measurement_can():
    for sentence in all_sentences():
        assert not FORBIDDEN.search(translated(sentence, "de"))


# ---------------------------------------------------------------------- examples
@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        pytest.param(
            "Total arc: right read 15° less than left in this recording (95 % interval 6 to 24), which is more than measurement error.",
            "Gesamtbogen: In dieser Aufnahme wurden rechts 15° weniger gemessen als links (95-%-Intervall 6 bis 24); "
            "das ist mehr als der Messfehler.",
            id="verdict",
        ),
        pytest.param(
            "The left foot rested 12° outward, so its angles are read from the vertical instead, which is less sure. "
            "Let both legs hang straight down and still for a second at the beginning.",
            "Der linke Fuß hing in Ruhe 12° nach außen, deshalb sind die Winkel stattdessen von der Senkrechten aus gemessen, "
            "was weniger sicher ist. Lassen Sie am Anfang beide Beine eine Sekunde lang senkrecht und still hängen.",
            id="words inside",
        ),
        pytest.param(
            "Nobody was found from 1.2 to 3.4 s and from 5.0 to 6.5 s and later; a movement may be missing there. "
            "Keep the whole person in the picture throughout.",
            "Niemand wurde gefunden: von 1,2 bis 3,4 s und von 5,0 bis 6,5 s und später; dort kann eine Bewegung fehlen. "
            "Die ganze Person muss die ganze Zeit im Bild bleiben.",
            id="a list of times, with decimal commas",
        ),
        pytest.param(
            "a: b {c}.mp4: the video has more than 20,000 frames; at most 10 minutes or 20,000 frames are taken. Cut it to the test itself.",
            "a: b {c}.mp4: Das Video hat mehr als 20.000 Bilder; angenommen werden höchstens 10 Minuten oder 20.000 Bilder. "
            "Schneiden Sie es auf den Test zurecht.",
            id="a name with a colon and braces, and thousands",
        ),
        pytest.param(
            "left 1.5 frames: the file is empty. Copy or send the video again.",
            "left 1.5 frames: Die Datei ist leer. Kopieren oder senden Sie das Video noch einmal.",
            id="nothing of a name is translated",
        ),
        pytest.param(
            "x.hipcv: This measurement is damaged: a part of it cannot be read. Ask for the file again, or measure again.",
            "x.hipcv: Diese Messung ist beschädigt: Ein Teil von ihr lässt sich nicht lesen. "
            "Lassen Sie sich die Datei noch einmal schicken, oder messen Sie noch einmal.",
            id="a name before any sentence",
        ),
        pytest.param(
            "knee or ankle was out of sight during the hold; larger than any hip turns; the landmarks were wrong",
            "Knie oder Knöchel waren beim Halten nicht zu sehen; größer, als sich eine Hüfte dreht; die Körperpunkte waren falsch",
            id="remarks",
        ),
    ],
)
def test_worked_examples(sentence, expected):
    assert translated(sentence, "de") == expected


@pytest.mark.parametrize(
    "sentence",
    [
        pytest.param("", id="nothing"),
        pytest.param("A sentence of another version.", id="unknown"),
        pytest.param("The picture is blurred. Wipe the lens, tap on the person to focus, and prop the phone up", id="a part of one"),
        pytest.param("The middle foot was outside the picture for 7 % of the video. Move the phone back a little.", id="another word"),
        pytest.param("The left foot was outside the picture for some % of the video. Move the phone back a little.", id="no number"),
    ],
)
def test_an_unknown_sentence_stays_as_it_is(sentence):
    assert translated(sentence, "de") == sentence


ANY_TEXT = st.text() | st.sampled_from(["{", "}", "{0}", "{side}", ": ", "\n", "\\1", "left", "12.5", "; "])


@given(st.lists(ANY_TEXT).map("".join), st.sampled_from([*LANGUAGES, "tlh", "../core/de"]))
def test_any_text_goes_through(text, language):
    assert isinstance(translated(text, language), str)


@given(st.data())
def test_any_values_go_through_and_english_stays_english(data):
    entry = data.draw(st.sampled_from(catalogue("de")))
    sentence = re.sub(r"\{\w+\}", lambda _: data.draw(ANY_TEXT), entry.english)
    assert translated(sentence, DEFAULT) == sentence
    assert isinstance(translated(sentence, "de"), str)


@given(st.text(min_size=1))
def test_any_name_stays_before_its_error(name):
    assert translated(f"{name}: the file is empty. Copy or send the video again.", "de").startswith(f"{name}: ")


def test_a_long_text_made_to_be_slow_is_not():
    for entry in catalogue("de"):
        start = entry.english.partition("{")[0]
        translated((f"{start}1 left: " * 2000)[:2000], "de")
