"""Days and moments in the reader's own format."""

from datetime import date, datetime

from hipcv.catalogues.words import Words


def day_text(day: date, words: Words) -> str:
    """`02 Mar 2026`; of a moment, the day where the reader is."""
    return (day.astimezone() if isinstance(day, datetime) else day).strftime(words("app.day_format"))


def moment_text(moment: datetime, words: Words) -> str:
    """`02 Mar 2026, 12:00`."""
    return moment.astimezone().strftime(words("app.date_format"))
