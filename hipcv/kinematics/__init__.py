"""From points to angles, to repetitions, to ranges of motion. Works on arrays only, never on files or images.

In: landmarks in pixels over time (`LandmarkSeries`), and `Settings`.
Out: `RotationSeries` of each leg, `Rep`s with grade and reasons, `Range`s with 95 % intervals.
"""
