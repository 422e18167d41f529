"""A secure address: a server over https, and what is wrong with certificate and key."""

import shutil
import ssl
import subprocess
import urllib.request

import pytest

from hipcv.errors import BadCertificate
from hipcv.web.server.certificate import Certificate
from tests.browser import serve

OPENSSL = shutil.which("openssl")
pytestmark = pytest.mark.skipif(OPENSSL is None, reason="no openssl on this machine (Debian: apt-get install openssl)")


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Certificate and key for this machine, signed by itself."""
    folder = tmp_path_factory.mktemp("pair")
    certificate, key = folder / "hipcv.pem", folder / "hipcv.key"
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = [OPENSSL, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate, *subject]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


@pytest.mark.slow
def test_the_app_is_served_over_https(pair, tmp_path):
    certificate, key = pair
    trusting = ssl.create_default_context(cafile=str(certificate))
    with serve(tmp_path, "127.0.0.1", "--certificate", str(certificate), "--key", str(key), trusting=trusting) as server:
        with urllib.request.urlopen(f"{server.url}/film/", context=trusting) as page:
            assert b"film.css" in page.read()
        assert "https://" in server.output.read_text()


@pytest.mark.parametrize(
    ("chosen", "code"),
    [
        pytest.param((0, None), "certificate_alone", id="no key"),
        pytest.param((None, 1), "certificate_alone", id="no certificate"),
        pytest.param((0, "nowhere"), "certificate_missing", id="a key that is not there"),
        pytest.param((1, 0), "certificate_wrong", id="exchanged"),
        pytest.param((0, "text"), "certificate_wrong", id="no key in it"),
    ],
)
def test_what_cannot_be_used_is_said_before_anything_starts(pair, chosen, code, tmp_path):
    (tmp_path / "text").write_text("not a key")
    files = [None if one is None else tmp_path / one if isinstance(one, str) else pair[one] for one in chosen]
    with pytest.raises(BadCertificate) as problem:
        Certificate.of(*files)
    assert problem.value.code == code
    assert problem.value.said("de") != problem.value.said("en")


def test_none_of_both_is_no_secure_address():
    assert Certificate.of(None, None) is None
