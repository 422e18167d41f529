"""Points to angles, angles to repetitions, repetitions to ranges. Arrays only: no file, no picture.

In: landmarks in pixels over time (`LandmarkSeries`), and `Settings`.
Out: `RotationSeries` of each leg, `Rep`s with grade and reasons, `Range`s with 95 % intervals.
"""
