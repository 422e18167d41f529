"""How long what a page keeps stays: while its tab is connected, a moment after it was closed, two minutes after it was lost."""

import asyncio
import os
import time
from types import SimpleNamespace

import pytest

from hipcv.store.place import DATA, DATABASE
from hipcv.web.server import open_tabs
from hipcv.web.server.open_tabs import Connections, OpenTabs
from hipcv.web.server.service import service

TAB = "a tab"
MINUTE = 60.0


@pytest.fixture
def clock(monkeypatch):
    """The time, which only the test moves on."""
    made = SimpleNamespace(now_s=1000.0)
    monkeypatch.setattr(open_tabs, "time", SimpleNamespace(monotonic=lambda: made.now_s))
    return made


@pytest.fixture
def connected(monkeypatch):
    """The tabs that Streamlit has a connection with."""
    made = {TAB}
    running = SimpleNamespace(exists=lambda: True, get_instance=lambda: SimpleNamespace(is_active_session=made.__contains__))
    monkeypatch.setattr(open_tabs, "runtime", running)
    return made


@pytest.fixture
def held(tmp_path):
    (tmp_path / "clip").touch()
    return tmp_path / "clip"


@pytest.fixture
def tabs(held, clock, connected):
    made = OpenTabs()
    made.hold(held, TAB)
    return made


def end_with(tabs, code):
    """A connection comes and ends with a code, as a server tells it."""
    messages = [{"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": code}]

    async def streamlit(scope, receive, send):
        while (await receive())["type"] != "websocket.disconnect":
            pass

    async def receive():
        return messages.pop(0)

    asyncio.run(Connections(streamlit, lambda: tabs)({"type": "websocket"}, receive, None))


def test_it_stays_while_the_tab_is_connected(tabs, held, clock):
    clock.now_s += 100 * MINUTE
    assert tabs.are_holding(held)


def test_nothing_else_is_held(tabs, tmp_path):
    assert not tabs.are_holding(tmp_path / "other")


@pytest.mark.parametrize(("code", "kept_s"), [(1000, 12), (1001, 12), (1005, 130), (1006, 130), (0, 130)])
def test_a_closed_page_and_a_lost_connection_are_told_apart(tabs, held, clock, connected, code, kept_s):
    connected.clear()
    end_with(tabs, code)
    clock.now_s += kept_s - 1
    assert tabs.are_holding(held)
    clock.now_s += 2
    assert not tabs.are_holding(held)


def test_who_comes_back_has_it_again(tabs, held, clock, connected):
    connected.clear()
    end_with(tabs, 1006)
    clock.now_s += 100
    connected.add(TAB)
    assert tabs.are_holding(held)
    clock.now_s += MINUTE
    connected.clear()
    end_with(tabs, 1006)
    clock.now_s += 100
    assert tabs.are_holding(held)


def test_the_end_of_another_tab_changes_nothing(tabs, held, clock):
    end_with(tabs, 1001)
    clock.now_s += MINUTE
    assert tabs.are_holding(held)


def test_what_no_page_has_used_for_two_hours_goes_though_the_tab_is_open(tabs, held, clock):
    clock.now_s += 119 * MINUTE
    assert tabs.are_holding(held)
    tabs.hold(held, TAB)
    clock.now_s += 119 * MINUTE
    assert tabs.are_holding(held)
    clock.now_s += 2 * MINUTE
    assert not tabs.are_holding(held)


def test_what_is_gone_is_forgotten(tabs, held, tmp_path):
    held.unlink()
    (tmp_path / "next").touch()
    tabs.hold(tmp_path / "next", TAB)
    held.touch()
    assert not tabs.are_holding(held)


def test_the_supervisor_of_the_app_asks_the_tabs(tmp_path, monkeypatch):
    monkeypatch.setenv(DATA, str(tmp_path / "data"))
    monkeypatch.delenv(DATABASE, raising=False)
    running = service()
    try:
        chosen, left = (running.store.uploads / name for name in ("chosen", "left"))
        for path in (left, chosen):
            path.touch()
            os.utime(path, (0, 0))
        running.tabs.hold(chosen, TAB)
        end_s = time.monotonic() + 60
        while left.exists() and time.monotonic() < end_s:
            time.sleep(0.1)
        running.supervisor.close()
        assert (left.exists(), chosen.exists()) == (False, True)
    finally:
        running.supervisor.close()
