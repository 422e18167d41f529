"""The colours of the sides, the same in every picture, chart and table; light to load, so that pages need no decoder for them."""

from hipcv.landmarks import Side

SIDE_COLOURS: dict[Side, str] = {Side.RIGHT: "#0072B2", Side.LEFT: "#D55E00"}
"""Blue and vermillion: told apart by the colour-blind (Okabe & Ito, *Color Universal Design*, 2008). Both stand out by 3:1 and more from
white and from the dark page."""
