"""What the uploader sends goes to disk, and only a note of it to Streamlit."""

import asyncio

import pytest

from hipcv.errors import UploadGone
from hipcv.store.store import UNFINISHED
from hipcv.video import limits
from hipcv.web.server import uploads
from hipcv.web.server.uploads import UploadsToDisk, received

ROUTE = "/_stcore/upload_file/session/file"
BOUNDARY = b"----form"


def form(data, name=b"clip.mp4"):
    head = b'--%b\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\nContent-Type: video/mp4\r\n\r\n' % (BOUNDARY, name)
    return head + data + b"\r\n--%b--\r\n" % BOUNDARY


def nobody(path, tab):
    """Holds nothing."""


class Streamlit:
    """What stands behind: it keeps what it is sent, and answers."""

    def __init__(self, status=204):
        self.status, self.bodies, self.scopes = status, [], []

    async def __call__(self, scope, receive, send):
        body = b""
        while (message := await receive()).get("more_body") or message.get("body"):
            body += message["body"]
            if not message.get("more_body"):
                break
        self.bodies.append(body)
        self.scopes.append(scope)
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})


def ask(app, chunks, method="PUT", path=ROUTE, content_type=b"multipart/form-data; boundary=" + BOUNDARY, cut=False):
    """The status of the answer to a request that comes in such chunks; `cut` ends it as a closed page does."""
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": "http.disconnect"} if cut else {"type": "http.request", "body": b"", "more_body": False})
    sent = []

    async def receive():
        return messages.pop(0)

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": [(b"content-type", content_type)], "query_string": b""}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"]


class Upload:
    """What Streamlit hands to the page."""

    def __init__(self, body):
        self._data = body.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n--", 1)[0]

    def getvalue(self):
        return self._data


def cut_up(data, size):
    return [data[start : start + size] for start in range(0, len(data), size)]


@pytest.mark.parametrize("size", [1, 7, 64, 100_000])
def test_the_file_on_disk_is_what_was_sent_however_it_was_cut(tmp_path, size):
    data = bytes(range(256)) * 20 + b"\r\n--not the boundary\r\n"
    behind = Streamlit()
    assert ask(UploadsToDisk(behind, lambda: tmp_path, nobody), cut_up(form(data), size)) == 204
    path = received(Upload(behind.bodies[0]), tmp_path)
    assert path.parent == tmp_path
    assert path.read_bytes() == data
    assert len(behind.bodies[0]) < 400
    assert b'filename="clip.mp4"' in behind.bodies[0]


@pytest.mark.parametrize("name", [b"../../etc/passwd", b"C:\\clip.mp4", "Übung.mp4".encode(), b"a%22b.mp4", b""])
def test_a_name_is_only_a_label(tmp_path, name):
    behind = Streamlit()
    assert ask(UploadsToDisk(behind, lambda: tmp_path, nobody), [form(b"x", name)]) == 204
    assert [path.parent for path in tmp_path.iterdir()] == [tmp_path]
    assert len(next(tmp_path.iterdir()).name) == 32


def test_a_file_is_held_for_the_tab_that_it_is_for(tmp_path):
    held = []
    ask(UploadsToDisk(Streamlit(), lambda: tmp_path, lambda *held_for: held.append(held_for)), [form(b"x")])
    assert held == [(next(tmp_path.iterdir()), "session")]


def test_what_streamlit_does_not_want_is_not_kept(tmp_path):
    assert ask(UploadsToDisk(Streamlit(403), lambda: tmp_path, nobody), [form(b"x")]) == 403
    assert list(tmp_path.iterdir()) == []


def test_an_upload_that_breaks_off_leaves_nothing(tmp_path):
    ask(UploadsToDisk(Streamlit(), lambda: tmp_path, nobody), [form(b"x" * 1000)[:500]], cut=True)
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_too_large_is_refused_and_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_BYTES", 1_000_000)
    assert ask(UploadsToDisk(Streamlit(), lambda: tmp_path, nobody), cut_up(form(b"x" * 2_500_000), 65_536)) == 413
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content_type", [b"text/plain", b"multipart/form-data", b"multipart/form-data; boundary=other"])
def test_what_is_no_form_is_refused(tmp_path, content_type):
    assert ask(UploadsToDisk(Streamlit(), lambda: tmp_path, nobody), [b"hello"], content_type=content_type) == 400
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_taken_back_goes(tmp_path):
    app = UploadsToDisk(Streamlit(), lambda: tmp_path, nobody)
    ask(app, [form(b"x")])
    ask(app, [], method="DELETE")
    assert list(tmp_path.iterdir()) == []


def test_other_requests_pass_untouched(tmp_path):
    behind = Streamlit()
    ask(UploadsToDisk(behind, lambda: tmp_path, nobody), [b"hello"], method="POST", path="/other")
    assert behind.bodies == [b"hello"]


def test_an_upload_that_was_swept_away_meanwhile_is_told(tmp_path):
    behind = Streamlit()
    ask(UploadsToDisk(behind, lambda: tmp_path, nobody), [form(b"x")])
    next(tmp_path.iterdir()).unlink()
    with pytest.raises(UploadGone, match=r"Choose it again\.$"):
        received(Upload(behind.bodies[0]), tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_an_upload_that_is_still_coming_is_known_by_its_ending(tmp_path, monkeypatch):
    names = []

    class Watching(uploads._Form):
        def _on_data(self, data, start, end):
            names.extend(path.suffix for path in tmp_path.iterdir())
            super()._on_data(data, start, end)

    monkeypatch.setattr(uploads, "_Form", Watching)
    assert ask(UploadsToDisk(Streamlit(), lambda: tmp_path, nobody), [form(b"x")]) == 204
    assert set(names) == {UNFINISHED}
    assert [path.suffix for path in tmp_path.iterdir()] == [""]
