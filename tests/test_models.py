import hashlib
import re
from importlib import metadata, resources
from pathlib import Path

import pytest

from hipcv.capture import pose_models
from hipcv.cli.commands.doctor import installed_opencvs
from hipcv.errors import ModelError

TELEMETRY_MARKS = (b"play.googleapis.com", b"clearcut")


@pytest.mark.parametrize("name", ["lite", "full"])
def test_a_shipped_bundle_is_the_one_that_was_built(name):
    data, info = pose_models.load(name)
    assert info.sha256 == pose_models.KNOWN_SHA256[name] == hashlib.sha256(data).hexdigest()
    assert info.name == name


def test_the_licence_lies_beside_the_bundles():
    folder = resources.files("hipcv.capture") / "bundles"
    assert "Apache License" in (folder / "LICENSE").read_text()
    assert all(pose_models.KNOWN_SHA256[name] in (folder / "NOTICE.md").read_text() for name in pose_models.KNOWN_SHA256)


def test_an_altered_bundle_is_refused(monkeypatch):
    pose_models._load_known.cache_clear()
    monkeypatch.setitem(pose_models.KNOWN_SHA256, "lite", "0" * 64)
    with pytest.raises(ModelError, match=r"damaged.*Install hipcv again\."):
        pose_models.load("lite")
    pose_models._load_known.cache_clear()


def test_another_bundle_is_taken_by_its_path(tmp_path):
    copy = tmp_path / "mine é.task"
    copy.write_bytes(pose_models.load("lite")[0])
    _, info = pose_models.load(copy)
    assert (info.name, info.sha256) == ("mine é", pose_models.KNOWN_SHA256["lite"])


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        pytest.param(lambda _: None, r"There is no pose model .* give the path of a \.task file\.", id="missing file"),
        pytest.param(lambda path: path.write_bytes(b"hello"), r"is not a pose model\. Give a \.task bundle", id="some other file"),
        pytest.param(lambda path: path.mkdir(), r"There is no pose model", id="a folder"),
    ],
)
def test_what_is_not_a_bundle_is_refused_in_a_sentence(tmp_path, make, sentence):
    path = tmp_path / "x.task"
    make(path)
    with pytest.raises(ModelError, match=sentence):
        pose_models.load(path)


def test_a_zip_that_is_no_model_is_refused_when_it_is_opened():
    from hipcv.capture.pose import PoseFinder

    with pytest.raises(ModelError, match="not a pose model that MediaPipe can load"):
        PoseFinder(b"PK\x05\x06" + bytes(18))


def test_the_installed_mediapipe_sends_nothing():
    assert pose_models.telemetry_warning() is None


@pytest.mark.parametrize("version", ["0.10.34", "0.10.35", "1.0.0", "1.2.2"])
def test_a_version_that_sends_is_warned_of(monkeypatch, version):
    monkeypatch.setattr(pose_models, "mediapipe_version", lambda: version)
    assert "sends usage figures" in str(pose_models.telemetry_warning())


def test_the_native_library_of_mediapipe_cannot_look_up_a_host():
    files = metadata.files("mediapipe") or []
    libraries = [Path(file.locate()) for file in files if re.search(r"libmediapipe\.(so|dylib|dll)$", str(file))]
    assert libraries
    for library in libraries:
        data = library.read_bytes()
        assert not any(mark in data for mark in TELEMETRY_MARKS)
        if library.suffix == ".so":
            assert b"getaddrinfo" not in data


def test_exactly_one_package_provides_cv2():
    assert len(installed_opencvs()) == 1


def test_mediapipe_is_pinned_to_a_version_that_does_not_send():
    pinned = [r for r in metadata.requires("hipcv") or [] if r.startswith("mediapipe")]
    assert pinned == ["mediapipe==0.10.31"]
