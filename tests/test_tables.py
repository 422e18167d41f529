"""How a point in time is stored."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.dialects import sqlite

from hipcv.store.sql_tables import Moment

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize("hours", [-8, 0, 9], ids=["behind", "at", "ahead of"])
def test_a_moment_of_any_zone_is_stored_in_utc(hours):
    stored = Moment().process_bind_param(NOON.astimezone(timezone(timedelta(hours=hours))), sqlite.dialect())
    assert stored is not None
    assert stored.isoformat() == "2026-03-02T12:00:00+00:00"


def test_a_moment_comes_back_with_its_zone_though_sqlite_forgets_it():
    assert Moment().process_result_value(NOON.replace(tzinfo=None), sqlite.dialect()) == NOON


def test_no_moment_stays_none():
    assert Moment().process_bind_param(None, sqlite.dialect()) is None
    assert Moment().process_result_value(None, sqlite.dialect()) is None
