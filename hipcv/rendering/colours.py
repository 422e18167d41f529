"""The colours of the sides, shared by all figures, charts and tables; light to import, so that pages need not load a decoder."""

from hipcv.landmarks import Side

SIDE_COLOURS: dict[Side, str] = {Side.RIGHT: "#0072B2", Side.LEFT: "#D55E00"}
"""Blue and vermillion, which colour-blind people can tell apart (Okabe & Ito, *Color Universal Design*, 2008). Both have a contrast of at
least 3:1 with white and with the dark page."""
