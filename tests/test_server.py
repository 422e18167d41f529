"""Where the window answers, and to whom."""

import socket
from urllib.request import urlopen

import pytest

from hipcv.errors import PortTaken
from hipcv.web.server import server
from tests.browser import serve
from tests.conftest import ROOT


def test_a_port_that_is_taken_is_told_before_anything_is_served():
    with socket.socket() as taken:
        taken.bind((server.HERE, 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortTaken, match=rf"^Port {port} of this machine cannot be used .* choose another one with --port\.$"):
            server.check_place(server.HERE, port)


def test_an_address_of_another_machine_is_told():
    with pytest.raises(PortTaken, match=r"^Port 8501 at 192\.0\.2\.7 cannot be used"):
        server.check_place("192.0.2.7", 8501)


def test_both_copies_of_the_configuration_are_the_same():
    packed = (ROOT / "hipcv" / "web" / "config.toml").read_text(encoding="utf-8")
    assert (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8") == packed


@pytest.mark.slow
def test_by_itself_it_answers_this_machine_alone_and_elsewhere_only_where_it_was_told_to(tmp_path):
    with serve(tmp_path) as here:
        assert answers(here.url)
        assert not answers(here.url.replace("127.0.0.1", "127.0.0.2"))
        assert "Warning" not in here.output.read_text()
        with urlopen(f"{here.url}/measure?lang=de") as answer:
            assert answer.url == f"{here.url}/?lang=de"
    (tmp_path / "other").mkdir()
    with serve(tmp_path / "other", address="127.0.0.2") as elsewhere:
        assert answers(elsewhere.url)
        assert not answers(elsewhere.url.replace("127.0.0.2", "127.0.0.1"))
        assert "Warning: everybody in the network of 127.0.0.2 can open this page" in elsewhere.output.read_text()


def answers(url):
    """Whether somebody listens there."""
    address, port = url.removeprefix("http://").split(":")
    try:
        socket.create_connection((address, int(port)), timeout=2).close()
    except OSError:
        return False
    return True
