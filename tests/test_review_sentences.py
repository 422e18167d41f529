"""What a reviewer did, in one sentence for each edit."""

import pytest

from hipcv.catalogues.words import Words, languages, texts
from hipcv.landmarks import Side
from hipcv.review.edit_sentences import Change, RepName, edit_sentence, edit_sentences, rep_names
from hipcv.review.edits import (
    AddRep,
    ChooseZero,
    Exclude,
    ExcludeReason,
    Include,
    MovePoints,
    PelvisRating,
    RatePelvis,
    SwapSides,
    ZeroChoice,
)
from hipcv.review.placing import drawn_points
from hipcv.values import Direction
from tests.builders import SHANK_PX, a_measurement
from tests.reviews import built, hold_middle_s, numbered

SECOND = RepName(Side.RIGHT, Direction.INTERNAL, 2)
PLACED = MovePoints("right-2", 3.04, (200.0, 500.0), (100.0, 600.0))
LINE = ((270.0, 100.0), (260.0, 700.0))


@pytest.mark.parametrize(
    ("edit", "given", "english", "german"),
    [
        pytest.param(
            Exclude("right-2", ExcludeReason.THIGH_MOVED), {},
            "Right, internal, repetition 2: left out (the thigh moved)",
            "Rechts, innen, Wiederholung 2: weggelassen (der Oberschenkel bewegte sich)", id="left out",
        ),
        pytest.param(
            Exclude("right-2", ExcludeReason.PAIN, "{side} in the groin"), {},
            "Right, internal, repetition 2: left out (pain): “{side} in the groin”",
            "Rechts, innen, Wiederholung 2: weggelassen (Schmerz): „{side} in the groin“", id="with words of the reviewer's own",
        ),
        pytest.param(Include("right-2"), {}, "Right, internal, repetition 2: accepted", "Rechts, innen, Wiederholung 2: angenommen", id="accepted"),
        pytest.param(
            AddRep(Side.RIGHT, Direction.INTERNAL, 2.04, 4.0), {},
            "Right, internal, repetition 2: added, from 2.0 to 4.0 s",
            "Rechts, innen, Wiederholung 2: hinzugefügt, von 2,0 bis 4,0 s", id="added",
        ),
        pytest.param(
            PLACED, {"change": Change(31.2, 33.8, 0.0, 12.3)},
            "Right, internal, repetition 2: ankle moved by 12 px, end range 31° → 34°",
            "Rechts, innen, Wiederholung 2: Knöchel um 12 px verschoben, Endlage 31° → 34°", id="the ankle moved",
        ),
        pytest.param(
            PLACED, {"change": Change(31.2, 33.8, 8.0, 12.3)},
            "Right, internal, repetition 2: knee moved by 8 px, ankle by 12 px, end range 31° → 34°",
            "Rechts, innen, Wiederholung 2: Knie um 8 px verschoben, Knöchel um 12 px, Endlage 31° → 34°", id="both points moved",
        ),
        pytest.param(
            PLACED, {"change": Change(31.2, 31.2, 0.0, 0.0)},
            "Right, internal, repetition 2: knee and ankle confirmed at 3.0 s, end range 31° → 31°",
            "Rechts, innen, Wiederholung 2: Knie und Knöchel bestätigt bei 3,0 s, Endlage 31° → 31°", id="no point moved",
        ),
        pytest.param(
            PLACED, {},
            "Right, internal, repetition 2: knee and ankle placed by hand at 3.0 s",
            "Rechts, innen, Wiederholung 2: Knie und Knöchel von Hand gesetzt bei 3,0 s", id="nothing known of the change",
        ),
        pytest.param(
            RatePelvis("right-2", PelvisRating.STILL), {},
            "Right, internal, repetition 2: pelvis and trunk kept still",
            "Rechts, innen, Wiederholung 2: Becken und Rumpf blieben ruhig", id="the pelvis",
        ),
        pytest.param(SwapSides(), {}, "Left and right exchanged", "Links und rechts vertauscht", id="sides"),
        pytest.param(
            ChooseZero(ZeroChoice.LINE, LINE), {"lean_deg": 0.95},
            "Zero: a vertical line in the room, 0.9° from the vertical of the picture",
            "Nullpunkt: eine Senkrechte im Raum, 0,9° gegen die Senkrechte des Bildes geneigt", id="a line",
        ),
        pytest.param(
            Include("right+7"), {"rep": None},
            "A repetition that was added and taken back: accepted",
            "Eine hinzugefügte und wieder zurückgenommene Wiederholung: angenommen", id="of a repetition that is gone",
        ),
    ],
)  # fmt: skip
def test_an_edit_is_one_plain_sentence(edit, given, english, german):
    given = {"rep": SECOND} | given
    assert edit_sentence(edit, Words("en"), **given) == english
    assert edit_sentence(edit, Words("de"), **given) == german


@pytest.mark.parametrize("language", languages())
def test_every_choice_has_its_words(language):
    known = texts(language)
    for kind, choices in (("exclude_reason", ExcludeReason), ("reasons", ())):
        assert {f"words.{kind}.{choice}" for choice in choices} <= set(known)
    assert {key.removeprefix("review.edit.choose_zero.") for key in known if "choose_zero" in key} == set(ZeroChoice)
    assert {key.removeprefix("review.edit.rate_pelvis.") for key in known if "rate_pelvis" in key} == set(PelvisRating)


def test_sentences_tell_what_changed_when_it_was_done():
    measurement = built()
    rep = measurement.hips[Side.RIGHT].reps[2]
    knee, (x, y) = drawn_points(measurement, "right-2", hold_middle_s(rep))
    first, second = (MovePoints("right-2", hold_middle_s(rep), knee, (x + px, y)) for px in (-20, -10))
    said = edit_sentences(measurement, numbered(first, Exclude("right+9", ExcludeReason.PAIN), second), Words())
    # Outward by 20 px at the end of a shank of 170 px at 35° is about 20 · cos 35° / 170 = 5.5°.
    assert said[0] == "Right, internal, repetition 2: ankle moved by 20 px, end range 35° → 40°"
    assert said[1].startswith("A repetition that was added and taken back")
    assert said[2] == "Right, internal, repetition 2: ankle moved by 10 px, end range 40° → 38°"
    assert SHANK_PX == 170


def test_sentences_name_sides_as_the_result_does():
    measurement = built()
    edits = numbered(Exclude("right-0", ExcludeReason.PAIN), SwapSides(), ChooseZero(ZeroChoice.LINE, LINE))
    said = edit_sentences(measurement, edits, Words())
    assert said[0].startswith("Left, internal, repetition 1: left out")
    assert said[2] == "Zero: a vertical line in the room, 1.0° from the vertical of the picture"
    assert rep_names(measurement, edits)["left-1"] == RepName(Side.RIGHT, Direction.EXTERNAL, 1)


def test_without_edits_nothing_is_said():
    assert edit_sentences(a_measurement(), [], Words()) == []
