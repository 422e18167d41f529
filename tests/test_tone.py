"""HDR to ordinary brightness."""

import numpy as np
import pytest

from hipcv.video import tone_mapping

HDR = [pytest.param(tone_mapping.PQ, id="PQ"), pytest.param(tone_mapping.HLG, id="HLG")]


@pytest.mark.parametrize("transfer", HDR)
def test_a_brighter_code_never_becomes_darker(transfer):
    table = tone_mapping.sdr_table(transfer).astype(int)
    assert np.all(np.diff(table) >= 0)
    assert (table[0], table[255]) == (0, 255)


@pytest.mark.parametrize(
    ("transfer", "white", "grey"),
    [  # BT.2408: diffuse white lies at 58 % of PQ and 75 % of HLG, an 18 % grey card at 38 % of either
        pytest.param(tone_mapping.PQ, 0.58, 0.38, id="PQ"),
        pytest.param(tone_mapping.HLG, 0.75, 0.38, id="HLG"),
    ],
)
def test_white_looks_white_and_grey_looks_grey(transfer, white, grey):
    table = tone_mapping.sdr_table(transfer)
    assert 205 <= table[round(255 * white)] <= 240
    assert 100 <= table[round(255 * grey)] <= 140  # 18 % is 118 in an ordinary picture


@pytest.mark.parametrize("transfer", HDR)
def test_highlights_are_not_cut_off(transfer):
    table = tone_mapping.sdr_table(transfer)
    white = round(255 * (0.58 if transfer == tone_mapping.PQ else 0.75))
    assert len(set(table[white:].tolist())) >= 15


@pytest.mark.parametrize("transfer", [pytest.param(1, id="BT.709"), pytest.param(2, id="not stated"), pytest.param(13, id="sRGB")])
def test_an_ordinary_picture_stays_the_very_same(transfer):
    rgb = np.arange(48, dtype=np.uint8).reshape(4, 4, 3)
    assert tone_mapping.to_sdr(rgb, transfer) is rgb


@pytest.mark.parametrize("transfer", HDR)
def test_every_value_of_a_picture_goes_through_the_table(transfer):
    rgb = np.random.default_rng(1).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    shown = tone_mapping.to_sdr(rgb, transfer)
    assert shown.dtype == np.uint8
    assert np.array_equal(shown, tone_mapping.sdr_table(transfer)[rgb])
