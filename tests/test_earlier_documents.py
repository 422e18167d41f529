"""Documents without values beside their sentences are still shown in German: every sentence that hipcv 0.1.0 could write is kept here."""

import json
import re
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hipcv.catalogues.words import DEFAULT, languages
from hipcv.language.earlier_documents import AsWritten, catalogue
from tests.conftest import ROOT

NAME = "a: b {c}.mp4"
SENTENCES = json.loads((ROOT / "tests" / "data" / "earlier_sentences_de.json").read_text(encoding="utf-8"))
"""What each sentence of 0.1.0 became in German, with all that its placeholders may hold."""


def translated(sentence, language):
    return AsWritten(sentence).said(language)


def test_every_earlier_sentence_reads_as_it_did():
    assert len(SENTENCES) > 300
    assert {english: translated(english, "de") for english in SENTENCES} == SENTENCES


def test_every_earlier_sentence_is_only_one_of_the_catalogue_and_each_of_those_was_said():
    met = Counter()
    for sentence in SENTENCES:
        (entry,) = [entry for entry in catalogue("de") if entry.said(sentence)]
        met[entry.english] += 1
    assert [entry.english for entry in catalogue("de") if not met[entry.english]] == []


def test_nothing_of_the_english_or_of_the_template_is_left():
    for sentence in SENTENCES:
        said = translated(sentence, "de").replace(NAME, "")
        assert not re.search(r"[{}]|\b(the|of|is|were|left|right|and|internal|external|more|less|frames)\b", said), said


def test_a_sentence_as_it_was_written_is_said_in_both_languages():
    sentence = "The picture is blurred. Wipe the lens, tap on the person to focus, and prop the phone up."
    assert AsWritten(sentence).said() == sentence
    assert AsWritten(sentence).said("de").startswith("Das Bild ist unscharf.")


FORBIDDEN = re.compile(
    r"abnorm|krankhaft|patholog|dysfunktion|einschränk|impinge|arthr|risiko|ursache|erklärt|bewiesen|mobilis|übung|"
    r"verbesser|verletz|krankheit|defizit|heil",
    re.IGNORECASE,
)
"""Words that say more than a measurement can, as tests/words.py has them in English."""


def test_no_german_sentence_says_more_than_a_measurement_can():
    for sentence in SENTENCES:
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


@given(st.lists(ANY_TEXT).map("".join), st.sampled_from([*languages(), "tlh", "../core/de"]))
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
