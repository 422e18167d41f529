"""Validate hipcv on folders of clips and write docs/accuracy.json, docs/off_protocol.json, docs/accuracy.png and docs/accuracy.md.

`python scripts/accuracy.py CLIPS_DIR OFF_PROTOCOL_DIR` measures (minutes); without folders, page and figure are rebuilt from the JSON.
docs/assumptions.json, the drawn clips, is written by `python benchmarks/assumptions.py --json docs/assumptions.json`.
The words of the page are in scripts/accuracy.template.md; every number in it comes from the JSON.
"""

import argparse
import json
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from hipcv.language.sentences import ENGLISH
from hipcv.settings import Step
from hipcv.statistics.agreement import Row, Statistics, standardised_errors, statistics
from hipcv.statistics.text_blocks import Table, degrees, icc_text, markdown_table, percent
from hipcv.validation.comparison import Ablation, Validation, pooled_rmse_deg
from hipcv.validation.figure import write_figure
from hipcv.validation.json_report import from_json, to_json
from hipcv.validation.markdown import intervals_held, legend, step_list
from hipcv.validation.validate import validate
from hipcv.validation.words import (
    ablation_table,
    agreement_table,
    angle_table,
    clip_table,
    limits_text,
    roll_sentence,
    roll_table,
    slope_sentence,
    yaw_table,
)

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
TEMPLATE = Path(__file__).with_name("accuracy.template.md")
SOURCES = ("accuracy", "off_protocol", "assumptions")
"""Names of the JSON files in docs/ from which the page is made, as `render` takes them."""
_SEEN_DEG = 0.05
"""Smallest change of the mean error that counts as a gain; less does not show at one decimal."""


def render(text: str, off_text: str, drawn_text: str) -> str:
    """The page for the texts of docs/accuracy.json, docs/off_protocol.json and docs/assumptions.json."""
    result, off, drawn_clips = from_json(text), from_json(off_text), json.loads(drawn_text)
    drawn = _distinct(drawn_clips["rows"])
    ends, totals = statistics(result.end_ranges()), statistics(result.of("total"))
    page = TEMPLATE.read_text(encoding="utf-8").format(
        n_clips=result.n_clips,
        n_ends=ends.n,
        model=result.model,
        ends=_sentence(ends),
        totals=_sentence(totals),
        icc=icc_text(ends.icc),
        sides=_sides(result),
        rmse=degrees(pooled_rmse_deg(result.frames)),
        n_frames=sum(leg.n_frames for leg in result.frames),
        measured_share=percent(sum(leg.n_measured for leg in result.frames) / sum(leg.n_frames for leg in result.frames)),
        reps=_reps(result),
        agreement_table=markdown_table(agreement_table(result)),
        legend=legend(result),
        intervals_held="\n\n".join(intervals_held(result)),
        ablation_table=markdown_table(ablation_table(result)),
        ablation_legend=ENGLISH("research.validation.legend_of_ablation"),
        steps=step_list(result),
        gains=_gains(result, ends),
        angle_table=markdown_table(angle_table(result)),
        slope=slope_sentence(result),
        yaw_table=markdown_table(yaw_table(result)),
        roll_table=markdown_table(roll_table(result)),
        roll_sentence=roll_sentence(result),
        most_yaw=_most(result, "yaw_deg"),
        most_roll=_most(result, "roll_deg"),
        worst=_worst(result),
        off_ends=_sentence(statistics(off.end_ranges())),
        n_off=off.n_clips,
        n_off_ends=statistics(off.end_ranges()).n,
        off_held=" ".join(intervals_held(off)),
        off_reps=_reps(off),
        off_clip_table=markdown_table(clip_table(off)),
        off_failures="; ".join(off.failures).rstrip("."),
        drawn_table=markdown_table(_drawn_table(drawn)),
        n_drawn=sum(one["of"] for one in drawn),
        drawn_people=_people(drawn_clips["end_ranges"]),
        drawn_unwarned=sum(one["misleading"] for one in drawn),
        all_z=_standardised([*result.end_ranges(), *off.end_ranges(), *_drawn_ends(drawn_clips["end_ranges"], drawn)]),
        clip_table=markdown_table(clip_table(result)),
    )
    return "".join(f"{_wrapped(line)}\n" for line in page.splitlines())


def _reps(result: Validation) -> str:
    return f"Of {result.n_true_reps} repetitions {result.n_missed} were missed, and {result.n_invented} were invented"


def _people(end_ranges: Sequence[dict[str, Any]]) -> str:
    n = len({end["person"] for end in end_ranges})
    return "one of them" if n == 1 else f"{n} of them"


def _distinct(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The ideal set-up, which is the first row, once; every sweep passes it."""
    names = {"assumption": "ideal", "value": ""}
    ideal = rows[0] | names
    return [ideal, *(one for one in rows if one | names != ideal)]


def _drawn_ends(end_ranges: Iterable[dict[str, Any]], rows: Sequence[dict[str, Any]]) -> Iterable[Row]:
    """The end ranges of these rows of the table; those of the ideal set-up, which every sweep repeats, once."""
    _, *others = ((one["assumption"], one["value"]) for one in rows)
    first = (end_ranges := list(end_ranges))[0]
    wanted = {(first["assumption"], first["value"]), *others}
    for end in end_ranges:
        if (end["assumption"], end["value"]) in wanted:
            name, got_deg, half_deg = f"{end['assumption']} {end['value']} {end['person']}", end["got_deg"], end["half_width_deg"]
            yield Row(name, end["side"], end["direction"], end["true_deg"], got_deg, got_deg - half_deg, got_deg + half_deg)


def _standardised(rows: Iterable[Row]) -> str:
    found = standardised_errors(rows)
    assert found is not None
    return f"{found.sd:.2f} over {found.n} end ranges"


def _drawn_table(rows: Sequence[dict[str, Any]]) -> Table:
    """Errors over the drawn clips, one thing at a time that is not as the method would have it."""
    head = ["", "", "Internal", "External", "Bias ext.", "Largest", "Right − left", "Interval", "Inside", "Unwarned"]
    cells = [
        [
            one["assumption"],
            one["value"],
            *(degrees(one[name]) for name in ("ir_abs_deg", "er_abs_deg")),
            degrees(one["er_bias_deg"], signed=True),
            *(degrees(one[name]) for name in ("largest_deg", "right_left_deg")),
            f"±{degrees(one['half_width_deg'])}",
            percent(one["inside"]),
            f"{one['misleading']} of {one['of']}",
        ]
        for one in rows
    ]
    return Table(head, cells)


def _wrapped(line: str) -> str:
    """A line of prose in lines of at most 100 characters; tables, comments and pictures stay whole."""
    if line.startswith(("|", "<!--", "![")):
        return line
    return textwrap.fill(line, 100, subsequent_indent="  " if line.startswith("- ") else "", break_long_words=False, break_on_hyphens=False)


def _sentence(found: Statistics) -> str:
    return (
        f"mean absolute error {degrees(found.mean_absolute_error_deg)}, largest {degrees(found.largest_error_deg)}, "
        f"bias {degrees(found.bias_deg, signed=True)}, limits of agreement {limits_text(found)}; "
        f"the stated 95 % interval is ±{degrees(found.mean_half_width_deg)} on average and holds the truth in {percent(found.inside_share)} of them"
    )


def _sides(result: Validation) -> str:
    found = statistics(result.asymmetry)
    return (
        f"mean absolute error {degrees(found.mean_absolute_error_deg)}, largest {degrees(found.largest_error_deg)}; the stated interval is "
        f"±{degrees(found.mean_half_width_deg)} on average and holds the truth in {percent(found.inside_share)} of {found.n} differences"
    )


def _gains(result: Validation, whole: Statistics) -> str:
    """Sentences on how much each step gains, largest first, and which steps gain nothing on these clips."""

    def lost_deg(one: Ablation) -> float:
        return one.end_ranges.mean_absolute_error_deg - whole.mean_absolute_error_deg if one.end_ranges else 0.0

    ordered = sorted(result.ablation, key=lost_deg, reverse=True)
    lines = [
        f"- Without **{ENGLISH.word('step', one.step)}** the mean absolute error is {degrees(one.end_ranges.mean_absolute_error_deg)} instead of "
        f"{degrees(whole.mean_absolute_error_deg)}, and the largest {degrees(one.end_ranges.largest_error_deg)} instead of "
        f"{degrees(whole.largest_error_deg)}."
        for one in ordered
        if one.end_ranges and lost_deg(one) >= _SEEN_DEG
    ]
    idle = [ENGLISH.word("step", one.step) for one in ordered if one.end_ranges and abs(lost_deg(one)) < _SEEN_DEG]
    worse = [ENGLISH.word("step", one.step) for one in ordered if one.end_ranges and lost_deg(one) <= -_SEEN_DEG]
    if idle:
        lines.append(f"- On the mean absolute error of these clips these make no difference: {', '.join(idle)}.")
    if worse:
        lines.append(f"- With these left out the mean absolute error of these clips is smaller: {', '.join(worse)}.")
    return "\n".join(lines)


def _most(result: Validation, name: str) -> str:
    """The largest yaw or roll of a camera, in either direction."""
    return degrees(max(abs(value) for camera in result.cameras.values() if (value := getattr(camera, name)) is not None))


def _worst(result: Validation) -> str:
    """A sentence on the clip with the largest mean absolute error."""
    found = {clip: statistics(result.of_clip(clip)) for clip in result.clips()}
    clip = max(found, key=lambda name: found[name].mean_absolute_error_deg)
    one = found[clip]
    return (
        f"The clip that is read worst is `{clip}`: mean absolute error {degrees(one.mean_absolute_error_deg)}, "
        f"largest {degrees(one.largest_error_deg)}, stated interval ±{degrees(one.mean_half_width_deg)}"
    )


def main() -> int:
    """Measure if a folder is given, then write figure and page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path, nargs="?", help="a folder of clips, each with its NAME.truth.json beside it")
    parser.add_argument("off_protocol", type=Path, nargs="?", help="another one, of clips that leave the ideal set-up")
    options = parser.parse_args()
    if options.clips:
        result = _validated(options.clips, Step)
        if result.failures:
            print(*result.failures, "Nothing was written.", sep="\n")
            return 1
        (DOCS / "accuracy.json").write_text(to_json(result), encoding="utf-8")
    if options.off_protocol:
        (DOCS / "off_protocol.json").write_text(to_json(_validated(options.off_protocol, ())), encoding="utf-8")
    texts = [(DOCS / f"{name}.json").read_text(encoding="utf-8") for name in SOURCES]
    write_figure(from_json(texts[0]), DOCS / "accuracy.png")
    (DOCS / "accuracy.md").write_text(render(*texts), encoding="utf-8")
    return 0


def _validated(folder: Path, ablation: Iterable[Step]) -> Validation:
    return validate(folder, ablation=ablation, on_progress=lambda done, total: print(f"clip {done + 1} of {total}", flush=True))


if __name__ == "__main__":
    raise SystemExit(main())
