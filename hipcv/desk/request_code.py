"""The code of a request for a measurement: a person reads it from a sheet and types it, and the practice knows whose file it gets."""

import secrets
import unicodedata
from collections.abc import Iterable

from hipcv.codes import REQUEST_PREFIX

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""32 letters and digits of Crockford's base 32 (crockford.com/base32.html): no I, L, O and U."""
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1"})
_N_RANDOM = 9
_HALF = 5
_REDUCED = 0b100101
"""x⁵ + x² + 1: the 31 powers of x modulo this polynomial are all different."""


def new_code() -> str:
    """A code that nobody can guess, such as `7K2QX-M9D40`: 9 random letters or digits (45 bits) and one that checks them.

    There are 3.5 · 10¹³ codes. A typing error in one place, and two letters that changed places, always make a text that is no code; any
    other text of ten letters is one with a chance of 1 in 32.
    """
    return _shown([secrets.randbelow(len(ALPHABET)) for _ in range(_N_RANDOM)])


def clean_code(text: str) -> str | None:
    """The code as it is printed, from what somebody typed or scanned; None if it is no code.

    Small letters, blanks, missing hyphens and the letters O (for 0), I and L (for 1) do no harm.

    >>> clean_code(" hipcv:7k2qx m9d4o"), clean_code("7K2QX-M9D41")
    ('7K2QX-M9D40', None)
    """
    letters = "".join(letter for letter in text.upper().strip().removeprefix(REQUEST_PREFIX) if not _only_separates(letter))
    letters = letters.translate(_READ_AS)
    if len(letters) != _N_RANDOM + 1 or not set(letters) <= set(ALPHABET):
        return None
    values = [ALPHABET.index(letter) for letter in letters]
    code = _shown(values[:_N_RANDOM])
    return code if code.endswith(letters[-1]) else None


def _only_separates(letter: str) -> bool:
    return letter.isspace() or unicodedata.category(letter) == "Pd"


def _shown(values: list[int]) -> str:
    letters = "".join(ALPHABET[value] for value in [*values, _check(values)])
    return f"{letters[:_HALF]}-{letters[_HALF:]}"


def _check(values: Iterable[int]) -> int:
    """The sum of all values, each times another power of x, in the field with 32 elements.

    As no two factors are the same, and none is 0 or 1, no change of one value and no exchange of two leaves the sum and the check alike.
    """
    total = 0
    for value in values:
        total = _times_x(total ^ value)
    return total


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _REDUCED if doubled >= len(ALPHABET) else doubled
