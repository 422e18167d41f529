"""Published ranges of hip rotation in healthy adults, hip flexed to 90°: for comparison with a reading, never a pass mark."""

from dataclasses import dataclass

from hipcv.codes import Quantity
from hipcv.values import Z95


@dataclass(frozen=True, slots=True)
class NormativeRange:
    """Mean and standard deviation of one quantity in one group, in degrees."""

    quantity: Quantity
    group: str
    """Key of its name in the catalogues (`result.study.…`)."""
    mean_deg: float
    sd_deg: float
    n: int
    source: str

    @property
    def low_deg(self) -> float:
        """Mean minus 1.96 standard deviations: one in forty lies below, if the values are normally distributed."""
        return self.mean_deg - Z95 * self.sd_deg

    @property
    def high_deg(self) -> float:
        """Mean plus 1.96 standard deviations."""
        return self.mean_deg + Z95 * self.sd_deg


_CZUPPON = "Czuppon et al., PM R 2017"
_MOSLER = "Mosler et al., J Sci Med Sport 2017;20:339–343"
_SEATED = "“Passive hip rotation range of motion: effects of testing position and age in runners and non-runners”, 2003 (n = 34, seated)"
"""Cited by title: the page with the abstract (acemap.info/paper/136983246) names neither authors nor journal."""

STUDIES = (
    NormativeRange(Quantity.INTERNAL, "men_18", 26.9, 9.8, 299, _CZUPPON),
    NormativeRange(Quantity.INTERNAL, "women_18", 34.7, 10.7, 131, _CZUPPON),
    NormativeRange(Quantity.INTERNAL, "footballers", 32.0, 8.0, 394, _MOSLER),
    NormativeRange(Quantity.EXTERNAL, "men_18", 44.7, 10.9, 299, _CZUPPON),
    NormativeRange(Quantity.EXTERNAL, "women_18", 49.7, 10.4, 131, _CZUPPON),
    NormativeRange(Quantity.EXTERNAL, "footballers", 38.0, 8.0, 394, _MOSLER),
    NormativeRange(Quantity.TOTAL, "thirties", 81.7, 11.6, 34, _SEATED),
)
"""Passive, hip at 90° (Czuppon, Mosler) or seated; from the abstracts, not the full texts. Young to middle-aged adults: none over 60."""
