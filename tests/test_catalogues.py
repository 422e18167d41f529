"""Findings, doubts and errors: every one has its text in every language, and gets the values that the text asks for."""

import ast
import re
import string

import pytest

from hipcv import errors
from hipcv.catalogues import words as words_
from hipcv.catalogues.message import Message
from hipcv.catalogues.words import DEFAULT, Words, languages, texts
from hipcv.codes import Doubt, FindingCode, NotRegistered, Quantity, Reason, Severity, Verdict
from hipcv.errors import UnreadableClip
from hipcv.kinematics import seated
from hipcv.landmarks import Side
from hipcv.language import sentences
from hipcv.measurement import Difference, Finding
from tests.builders import a_hip, a_range
from tests.conftest import ROOT
from tests.test_earlier_documents import FORBIDDEN as FORBIDDEN_IN_GERMAN
from tests.test_layering import PACKAGE, read, sources
from tests.words import FORBIDDEN, in_plain_words

ERRORS = {name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, errors.HipcvError)} | {
    "cls",
    "refusal",
}
LEVELS = {"info", "warning", "serious"}
PLURALS = {"zero", "one", "two", "few", "many", "other"}


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def forms_of(key, language=DEFAULT):
    """All texts that a key can become, by what follows the key."""
    return {name.removeprefix(key).strip("."): text for name, text in texts(language).items() if name == key or name.startswith(f"{key}.")}


# ---------------------------------------------------------------------- what the source says
def calls(wanted):
    """Every call that `wanted(call)` gives a key for: (file, line, key, keyword names, given case)."""
    for file in sources():
        for node in ast.walk(read(file)):
            if isinstance(node, ast.Call) and (key := wanted(node)):
                values = [(keyword.arg, keyword.value) for keyword in node.keywords if keyword.arg]
                values += [
                    (k.value, value)
                    for one in node.args[1:]
                    if isinstance(one, ast.Dict)
                    for k, value in zip(one.keys, one.values, strict=True)
                ]
                given = {name for name, _ in values}
                case = next((value.value for name, value in values if name == "case" and isinstance(value, ast.Constant)), None)
                yield pytest.param(key, given, None in {keyword.arg for keyword in node.keywords}, case, id=f"{file}:{node.lineno}")


def error_key(call):
    name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""
    code = call.args[0] if call.args else None
    if name in ERRORS and isinstance(code, ast.Constant) and isinstance(code.value, str):
        return f"errors.{code.value}"
    if name == "Message" and isinstance(code, ast.Constant) and code.value.startswith("errors."):
        return code.value
    return None


def fault_key(call):
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    code = call.args[0].value if call.args and isinstance(call.args[0], ast.Constant) else ""
    if name == "LineFault":
        return f"faults.{code}"
    return code if name == "Message" and code.startswith("faults.") else None


def finding_key(call):
    if isinstance(call.func, ast.Attribute) and call.func.attr in LEVELS and ast.unparse(call.func.value) == "Finding" and call.args:
        return f"findings.{FindingCode[call.args[0].attr]}" if isinstance(call.args[0], ast.Attribute) else None
    return None


def doubt_key(call):
    if ast.unparse(call.func) == "doubt" and call.args and isinstance(call.args[0], ast.Attribute):
        return f"doubts.{Doubt[call.args[0].attr]}"
    return None


RAISED, FAULTS, FOUND, DOUBTED = (list(calls(key)) for key in (error_key, fault_key, finding_key, doubt_key))


def test_the_source_is_looked_through():
    assert len(RAISED) > 120
    assert len(FAULTS) > 30
    assert len(FOUND) > 30
    assert len(DOUBTED) >= 4


@pytest.mark.parametrize(("key", "given", "and_more", "case"), [*RAISED, *FAULTS, *FOUND, *DOUBTED])
def test_every_text_that_is_asked_for_is_there_and_gets_its_values(key, given, and_more, case):
    forms = forms_of(key)
    assert forms, f"{key} has no text in hipcv/catalogues/{DEFAULT}"
    if case is not None:
        assert {name for name in forms if name.split(".")[0] == case}, f"{key} has no case {case}"
        forms = {name: text for name, text in forms.items() if name.split(".")[0] == case}
    if "n" not in given and not and_more:
        assert not PLURALS & set(forms) or "other" in forms
    if not and_more:
        assert {name: placeholders(text) - given for name, text in forms.items()} == {name: set() for name in forms}


def test_every_text_is_asked_for():
    asked = {parameter.values[0] for parameter in (*RAISED, *FAULTS, *FOUND, *DOUBTED)}
    asked |= {f"doubts.{code}" for code in Doubt} | {
        f"errors.{code}" for code in ("result_no_json", "truth_no_json", "job_too_long", "job_too_large")
    }
    known = {key for key in texts(DEFAULT) if key.startswith(("errors.", "faults.", "findings.", "doubts."))}
    assert {key for key in known if not any(key == one or key.startswith(f"{one}.") for one in asked)} == set()


@pytest.mark.parametrize("code", FindingCode)
def test_every_finding_is_made_somewhere_and_has_a_text(code):
    assert f"findings.{code}" in {parameter.values[0] for parameter in FOUND}
    assert forms_of(f"findings.{code}")


def test_the_document_of_the_format_names_the_values_of_every_finding_and_every_doubt():
    page = (ROOT / "docs" / "json.md").read_text(encoding="utf-8")
    named = {code: set(re.findall(r"`(\w+)`", values)) for code, values in re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE)}
    for code in FindingCode:
        given = set().union(*(parameter.values[1] for parameter in FOUND if parameter.values[0] == f"findings.{code}"))
        assert given <= named[code], code
    assert [code for code in (*Doubt, *NotRegistered) if f"`{code}`" not in page] == []


@pytest.mark.parametrize("language", languages())
def test_every_code_has_its_text(language):
    assert {key.split(".")[1] for key in texts(language) if key.startswith("findings.")} == set(FindingCode)
    assert {key.split(".")[1] for key in texts(language) if key.startswith("doubts.")} == set(Doubt)
    verdicts = {key.removeprefix("sentences.verdict.") for key in texts(language) if key.startswith("sentences.verdict.")}
    assert verdicts == {verdict.value for verdict in Verdict}
    for quantity in Quantity:
        assert Words(language).word("quantity", quantity) != quantity.value


def test_the_texts_that_mention_the_seated_position_are_all_listed_where_it_stands():
    mention = re.compile(r"\b(sit|sits|sitting|seat|seats|seated|plinth)\b", re.IGNORECASE)
    keys = [key for key, text in texts(DEFAULT).items() if mention.search(text)]
    group_of = {key: next((group for group in seated.TEXTS if key == group or key.startswith(f"{group}.")), None) for key in keys}
    assert [key for key, group in group_of.items() if group is None] == []
    assert set(group_of.values()) == set(seated.TEXTS)


# ---------------------------------------------------------------------- what may be said
@pytest.mark.parametrize(
    "key", [key for key in texts(DEFAULT) if key.startswith(("findings.", "errors.", "faults.", "doubts.", "words.reasons."))]
)
def test_no_text_says_more_than_a_measurement_can(key):
    if key not in {"errors.job_crashed", "errors.clip_crashed"}:  # a damaged video can cause that
        assert not FORBIDDEN.search(texts(DEFAULT)[key])
    for text in forms_of(key, "de").values():
        assert not FORBIDDEN_IN_GERMAN.search(text)


@pytest.mark.parametrize("key", [key for key in texts(DEFAULT) if key.startswith("findings.")])
def test_a_finding_is_one_or_two_sentences(key):
    text = re.sub(r"\{(\w+)[^}]*\}", lambda place: "1.5" if place[1].endswith(("_s", "_deg", "n")) else "word", texts(DEFAULT)[key])
    assert 1 <= len(in_plain_words(text[0].upper() + text[1:])) <= 2


# ---------------------------------------------------------------------- how it is said
@pytest.mark.parametrize(
    ("message", "english", "german"),
    [
        pytest.param(
            Message("errors.too_long", {"case": "frames", "most": 20_000}, "a: b {c}.mp4"),
            "a: b {c}.mp4: the video has more than 20,000 frames; at most 10 minutes or 20,000 frames are taken. Cut it to the test itself.",
            "a: b {c}.mp4: Das Video hat mehr als 20.000 Bilder; angenommen werden höchstens 10 Minuten oder 20.000 Bilder. "
            "Schneiden Sie es auf den Test zurecht.",
            id="a name with a colon and braces, and thousands",
        ),
        pytest.param(
            Message("errors.file_empty", about="left 1.5 frames"),
            "left 1.5 frames: the file is empty. Copy or send the video again.",
            "left 1.5 frames: Die Datei ist leer. Kopieren oder senden Sie das Video noch einmal.",
            id="nothing of a name is translated",
        ),
        pytest.param(
            Message(
                "errors.manifest_faults",
                {
                    "n": 2,
                    "faults": [
                        Message("faults.in_line", {"line": 3, "fault": Message("faults.clip_missing")}),
                        Message("faults.column_unknown", {"column": "left", "columns": ["right", "total"]}),
                    ],
                },
                "left.csv",
            ),
            "left.csv: 2 faults; nothing was measured.\n  line 3: the clip is missing. Write the name of its file.\n"
            '  the column "left" is none of right, total. Rename it.',
            "left.csv: 2 Fehler; es wurde nichts gemessen.\n  Zeile 3: Das Video fehlt. Schreiben Sie den Namen der Datei.\n"
            "  Die Spalte „left“ ist keine von right, total. Benennen Sie sie um.",
            id="a list of faults, in each of them another message",
        ),
        pytest.param(
            Message("errors.cannot_write", {"reason": "Permission denied"}, "x.csv"),
            "x.csv: it cannot be written (Permission denied). Write to another folder, or free some space.",
            "x.csv: Das lässt sich nicht schreiben (Zugriff verweigert). Schreiben Sie in einen anderen Ordner, oder schaffen Sie Platz.",
            id="what the system says",
        ),
        pytest.param(
            Message("errors.cannot_write", {"reason": "Something that no table lists: 1.5"}),
            "it cannot be written (Something that no table lists: 1.5). Write to another folder, or free some space.",
            "Das lässt sich nicht schreiben (Something that no table lists: 1.5). "
            "Schreiben Sie in einen anderen Ordner, oder schaffen Sie Platz.",
            id="what no catalogue knows stays as it is",
        ),
        pytest.param(
            Message("findings.person_lost", {"case": "spans", "spans_s": [[1.2, 3.4], [5.0, 6.5], [7.0, 8.0], [9.0, 9.9]]}),
            "Nobody was found from 1.2 to 3.4 s and from 5.0 to 6.5 s and from 7.0 to 8.0 s and later; a movement may be missing there. "
            "Keep the whole person in the picture throughout.",
            "Niemand wurde gefunden: von 1,2 bis 3,4 s und von 5,0 bis 6,5 s und von 7,0 bis 8,0 s und später; dort kann eine Bewegung "
            "fehlen. Die ganze Person muss die ganze Zeit im Bild bleiben.",
            id="a list of times, with decimal commas, of which three are told",
        ),
        pytest.param(
            Message("findings.too_few_reps", {"n": 1, "least": 2, "direction": "internal", "side": "left"}),
            "Only one repetition counts for internal rotation of the left hip; 2 or more are needed. Film three of each.",
            "Nur eine Wiederholung zählt bei der Innenrotation der linken Hüfte; nötig sind 2 oder mehr. Filmen Sie drei in jede Richtung.",
            id="a plural of one, and the form of a side",
        ),
    ],
)
def test_a_message_is_said_in_the_language_of_its_reader(message, english, german):
    assert message.said() == english
    assert message.said("de") == german


def test_an_error_is_its_sentence_and_survives_another_process():
    import pickle

    problem = pickle.loads(pickle.dumps(UnreadableClip("file_not_opened", about="a.mp4", reason="no answer")))
    assert str(problem) == "a.mp4: this file cannot be opened (no answer). Copy it to a local folder and try again."
    assert problem.said("de").startswith("a.mp4: Diese Datei lässt sich nicht öffnen (keine Antwort).")
    assert str(errors.RecordError.of(problem, about="b")) == str(problem).replace("a.mp4", "b")


def test_a_message_comes_back_from_its_text():
    message = Message("errors.cannot_move", {"folder": "a", "reason": "b"}, "c")
    assert Message.from_text(message.to_text()) == message
    for text in ("", "A sentence of an earlier version.", "[]", '{"key": "x"}'):
        with pytest.raises(ValueError, match=r"no message|Expecting"):
            Message.from_text(text)


def test_whatever_a_value_holds_only_its_own_place_shows_it():
    shown = Message("errors.model_no_bundle", {"model": "{side} {0}"}).said("de")
    assert shown.startswith("{side} {0} ist kein Posenmodell.")


# ---------------------------------------------------------------------- a further language
FRENCH = {
    "app.toml": 'name = "hipcv"\n[hip]\nleft = "Hanche gauche"\n',
    "findings.toml": 'rest_posture = "Le pied {side:m} pendait à {rest_deg:.1f}° {way}."\n'
    'no_rest = "La jambe {side:f} n\'a jamais été vue au repos."\n'
    '[damaged_frames]\none = "{n} partie abîmée a été écartée."\nother = "{n} parties abîmées ont été écartées."\n',
    "words.toml": '[side.right]\nplain = "droite"\nm = "droit"\nf = "droite"\n[way]\noutward = "vers l\'extérieur"\n'
    '[quantity]\ninternal = "rotation interne"\n',
    "lists.toml": '[changes]\nitem = "{size}° en {quantity}"\nlast = " ou "\n',
    "sentences.toml": 'verdict_of = "{quantity:title} : {said}"\nchange = "{hip} : un changement de plus de {changes} dépasse l\'erreur de mesure."\n'
    '[verdict]\nno_verdict = "sans verdict, car {why}."\n',
    "doubts.toml": 'reps_differ = "les répétitions de la jambe {side:f} diffèrent trop"\n',
    "errors.toml": '[too_long]\nframes = "la vidéo a plus de {most:,} images."\n',
}


@pytest.fixture
def french(tmp_path, monkeypatch):
    """A third language as somebody begins one: a folder beside those of English and German, with a few texts."""
    for language in ("en", "de"):
        (tmp_path / language).symlink_to(PACKAGE / "catalogues" / language)
    (tmp_path / "fr").mkdir()
    for name, content in FRENCH.items():
        (tmp_path / "fr" / name).write_text(content, encoding="utf-8")
    monkeypatch.setattr(words_, "FOLDERS", [tmp_path])
    for cached in (languages, texts, words_._codes):
        cached.cache_clear()
    yield Words("fr")
    for cached in (languages, texts, words_._codes):
        cached.cache_clear()


def test_a_language_is_added_by_a_folder_alone(french):
    assert languages() == {"en": "English", "de": "Deutsch", "fr": "Français"}
    assert french.language == "fr"


def test_its_numbers_plurals_and_genders_are_its_own(french):
    assert french.marked("1,234.5") == "1\u202f234,5"
    many = [Finding.serious(FindingCode.DAMAGED_FRAMES, n=n).said("fr") for n in (0, 1, 2)]
    assert many == ["0 partie abîmée a été écartée.", "1 partie abîmée a été écartée.", "2 parties abîmées ont été écartées."]
    assert Finding.warning(FindingCode.NO_REST, side=Side.RIGHT).said("fr") == "La jambe droite n'a jamais été vue au repos."
    posture = Finding.warning(FindingCode.REST_POSTURE, side=Side.RIGHT, rest_deg=9.06, way="outward")
    assert posture.said("fr") == "Le pied droit pendait à 9,1° vers l'extérieur."
    assert UnreadableClip("too_long", about="x", case="frames", most=20000).said("fr") == "x: la vidéo a plus de 20\u202f000 images."


def test_its_sentences_are_put_together_by_its_own_rules(french):
    hip = a_hip(Side.LEFT, internal_rotation_deg=a_range(30.0, 3.0), external_rotation_deg=None, total_deg=None)
    said = sentences.change_sentence(hip, french)
    assert said == "Hanche gauche : un changement de plus de 4° en rotation interne dépasse l'erreur de mesure."
    difference = Difference(-5.0, -9.0, -1.0, Verdict.NONE, Message("doubts.reps_differ", {"side": "right"}))
    verdict = sentences.verdict_sentence(Quantity.INTERNAL, difference, french)
    assert verdict == "rotation interne : sans verdict, car les répétitions de la jambe droite diffèrent trop."


def test_what_it_lacks_is_said_in_english(french):
    assert Finding("blur", Severity.WARNING).said("fr") == Finding("blur", Severity.WARNING).message
    assert french.word("reasons", Reason.HIDDEN) == "knee or ankle was out of sight during the hold"
