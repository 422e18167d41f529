"""What a sentence for people may say, and what it has to."""

import re

FORBIDDEN = re.compile(
    r"abnormal|patholog|dysfunction|restrict|impinge|arthrit|\brisk|\bcauses?\b|explains|proven|mobili[sz]ation|exercise|"
    r"worked|improved|diagnos|injur|disease|deficit",
    re.IGNORECASE,
)
"""Words that say more than a measurement can."""
TO_DO = re.compile(
    r"(^|[.:;] )(If [^.]*, )?(Copy|Send|Film|Switch|Wipe|Keep|Come|Move|Check|Prop|Put|Let|Sit|Hold|Repeat|sit|measure)\b|, measure again"
)

QUOTES = {"en": "“”", "de": "„“"}
"""Opening and closing quotation mark of each language."""


def in_plain_words(text):
    sentences = re.findall(r"[^.]+(?:\.\d[^.]*)*\.(?= |$)", text)
    assert "".join(sentences) == text, "does not end with a full stop"
    assert not FORBIDDEN.search(text)
    assert text[0].isupper() or text[0].isdigit()
    assert "nan" not in text.lower().split()
    return sentences
