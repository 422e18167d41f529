"""Upright frames with their times, out of any clip that a phone makes; and every other file turned away with a sentence."""

import contextlib
import ctypes
import gc
import http.server
import os
import random
import re
import shutil
import subprocess
import sys
import threading
import time
from fractions import Fraction
from pathlib import Path

import av
import cv2
import numpy as np
import pytest

import hipcv
from hipcv.errors import ClipTooShort, HipcvError, UnreadableClip, UnsupportedClip
from hipcv.settings import Settings
from hipcv.video import demux, limits, orientation, sandbox, tone_mapping
from hipcv.video.clip import open_clip
from hipcv.video.container import Container
from tests.hostile import in_every_format
from tests.media import (
    BLUE,
    GREEN,
    GREY,
    RED,
    corners,
    patched,
    picture,
    read,
    reading,
    switched,
    with_clean_aperture,
    with_edits,
    write_changing,
    write_clip,
    write_sound,
    write_still,
    write_tracks,
)

UPRIGHT = [RED, GREEN, BLUE, GREY]
FAST = {
    "libx264": {"preset": "ultrafast"},
    "libx265": {"preset": "ultrafast", "x265-params": "log-level=none"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8"},
    "libvpx-vp9": {"deadline": "realtime", "cpu-used": "8"},
    "libsvtav1": {"preset": "12", "svtav1-params": "lp=1"},
}


def alike(seen, meant, tolerance=25):
    return np.abs(np.array(seen, int) - np.array(meant, int)).max() <= tolerance


# ---------------------------------------------------------------------- codings and containers
@pytest.mark.parametrize(
    ("codec", "name", "pix_fmt", "coding"),
    [
        pytest.param("libx264", "a.mp4", "yuv420p", "h264", id="H.264 in MP4"),
        pytest.param("libx264", "a.mov", "yuv420p10le", "h264", id="H.264 of 10 bit in MOV"),
        pytest.param("libx264", "a.ts", "yuv420p", "h264", id="H.264 in TS"),
        pytest.param("libx264", "a.mkv", "yuvj420p", "h264", id="H.264 of full range in MKV"),
        pytest.param("libx265", "a.mp4", "yuv420p", "hevc", id="HEVC in MP4"),
        pytest.param("libx265", "a.mov", "yuv420p10le", "hevc", id="HEVC of 10 bit in MOV"),
        pytest.param("libx265", "a.ts", "yuv420p", "hevc", id="HEVC in TS"),
        pytest.param("libvpx", "a.webm", "yuv420p", "vp8", id="VP8 in WebM"),
        pytest.param("libvpx-vp9", "a.webm", "yuv420p", "vp9", id="VP9 in WebM"),
        pytest.param("libsvtav1", "a.mp4", "yuv420p", "av1", id="AV1 in MP4"),
        pytest.param("libsvtav1", "a.webm", "yuv420p10le", "av1", id="AV1 of 10 bit in WebM"),
        pytest.param("mpeg4", "a.3gp", "yuv420p", "mpeg4", id="MPEG-4 in 3GP"),
        pytest.param("mpeg4", "a.avi", "yuv420p", "mpeg4", id="MPEG-4 in AVI"),
        pytest.param("mjpeg", "a.avi", "yuvj420p", "mjpeg", id="MJPEG in AVI"),
        pytest.param("mjpeg", "a.mov", "yuvj422p", "mjpeg", id="MJPEG in MOV"),
        pytest.param("prores_ks", "a.mov", "yuv422p10le", "prores", id="ProRes in MOV"),
    ],
)
def test_every_coding_and_container_gives_the_picture(tmp_path, codec, name, pix_fmt, coding):
    path = write_clip(tmp_path / name, codec=codec, pix_fmt=pix_fmt, options=FAST.get(codec))
    frames, info, faults = read(path)
    assert (info.codec, info.width_px, info.height_px, info.n_frames, info.transfer) == (coding, 192, 128, 36, "sdr")
    assert (faults.n_corrupt, faults.n_bad_times, faults.cut_after_s) == (0, 0, None)
    assert all(alike(corners(frame.rgb), UPRIGHT) for frame in frames)
    assert [frame.time_s for frame in frames] == pytest.approx([i / 30 for i in range(36)], abs=0.001)
    assert info.frame_rate_hz == pytest.approx(30, rel=0.01)
    assert info.duration_s == pytest.approx(1.2, abs=0.002)


@pytest.mark.parametrize("movflags", ["faststart", "frag_keyframe+empty_moov"])
def test_the_index_may_stand_in_front_or_in_pieces(tmp_path, movflags):
    frames, _, faults = read(write_clip(tmp_path / "a.mp4", muxer_options={"movflags": movflags}, sound=True))
    assert len(frames) == 36
    assert faults.cut_after_s is None


def test_a_live_recording_without_lengths_is_whole_until_it_is_cut(tmp_path):
    path = write_clip(tmp_path / "a.webm", codec="libvpx", options=FAST["libvpx"], muxer_options={"live": "1"})
    assert read(path)[2].cut_after_s is None
    path.write_bytes(path.read_bytes()[:-20])
    assert read(path)[2].cut_after_s == pytest.approx(1.2, abs=0.1)


def test_an_interlaced_clip_is_not_black(tmp_path):
    path = write_clip(tmp_path / "a.mp4", interlaced=True, pixel_aspect=Fraction(4, 3))
    frames, info, _ = read(path)
    assert info.width_px == 256
    assert alike(corners(frames[-1].rgb), UPRIGHT)


# ---------------------------------------------------------------------- upright
def shown(stored, matrix):
    """Where a display matrix takes each quarter of a stored picture, by its definition: x' = a x + c y, y' = b x + d y."""
    a, b, c, d = matrix
    quarters = {}
    for (x, y), colour in zip([(-1, -1), (1, -1), (-1, 1), (1, 1)], stored, strict=True):
        quarters[a * x + c * y, b * x + d * y] = colour
    return [quarters[place] for place in [(-1, -1), (1, -1), (-1, 1), (1, 1)]]


TURNS = [
    pytest.param((1, 0, 0, 1), 0, False, id="as stored"),
    pytest.param((0, -1, 1, 0), 90, False, id="quarter turn counter-clockwise"),
    pytest.param((-1, 0, 0, -1), 180, False, id="half turn"),
    pytest.param((0, 1, -1, 0), 270, False, id="quarter turn clockwise"),
    pytest.param((-1, 0, 0, 1), 0, True, id="left and right exchanged"),
    pytest.param((1, 0, 0, -1), 180, True, id="top and bottom exchanged"),
    pytest.param((0, 1, 1, 0), None, True, id="exchanged along one diagonal"),
    pytest.param((0, -1, -1, 0), None, True, id="exchanged along the other"),
]


@pytest.mark.parametrize(("matrix", "rotation_deg", "flipped"), TURNS)
def test_the_picture_is_turned_and_flipped_upright(tmp_path, matrix, rotation_deg, flipped):
    frames, info, _ = read(write_clip(tmp_path / "a.mp4", matrix=matrix))
    assert alike(corners(frames[0].rgb), shown(UPRIGHT, matrix))
    assert frames[0].rgb.flags.c_contiguous
    assert info.flipped is flipped
    assert rotation_deg in (None, info.rotation_deg)
    assert (info.width_px, info.height_px) == ((128, 192) if matrix[0] == 0 else (192, 128)) == frames[0].rgb.shape[1::-1]


@pytest.mark.parametrize(("matrix", "rotation_deg", "flipped"), TURNS[:4])
def test_turns_agree_with_another_reader(tmp_path, matrix, rotation_deg, flipped):
    path = write_clip(tmp_path / "a.mp4", matrix=matrix)
    other = cv2.VideoCapture(str(path))
    ok, bgr = other.read()
    other.release()
    assert ok
    assert alike(read(path)[0][0].rgb, bgr[..., ::-1], tolerance=60)


@pytest.mark.parametrize(("matrix", "rotation_deg", "flipped"), TURNS)
def test_a_clip_stored_askew_gives_the_upright_one(tmp_path, matrix, rotation_deg, flipped):
    a, b, c, d = matrix
    upright = [picture(i) for i in range(36)]
    undo = np.linalg.inv([[a, c], [b, d]]).round().astype(int)
    stored = [np.ascontiguousarray(_moved(rgb, undo)) for rgb in upright]
    frames, _, _ = read(write_clip(tmp_path / "a.mp4", matrix=matrix, stored=stored, options={"qscale": "2", "flags": "+qscale"}))
    assert all(np.abs(frame.rgb.astype(int) - rgb).mean() < 4 for frame, rgb in zip(frames, upright, strict=True))


def _moved(rgb, matrix):
    """Each pixel at (x, y) from the middle goes to matrix @ (x, y)."""
    if matrix[0, 0] == 0:
        rgb = rgb.transpose(1, 0, 2)
        matrix = matrix[:, ::-1]
    return rgb[:: matrix[1, 1], :: matrix[0, 0]]


def test_a_turn_by_an_odd_angle_is_refused(tmp_path):
    path = write_clip(tmp_path / "a.mp4")
    path = patched(path, b"tkhd", 40, 46341, 46341, 0, 2**32 - 46341, 46341)
    with pytest.raises(UnsupportedClip, match=r"turned by −45 degrees"):
        read(path)


def test_side_data_without_a_name_does_not_hide_the_turn(tmp_path, monkeypatch):
    class Nameless:
        rotation = -90

        @property
        def side_data(self):
            raise ValueError("99 is not a valid Type")

    assert orientation.of_picture(Nameless(), "a.mp4") == orientation.Orientation(3, flipped=False)


@pytest.mark.parametrize("name", ["a.mp4", "a.avi", "a.ts", "a.mkv"])
def test_pixels_that_are_not_square_are_made_square(tmp_path, name):
    frames, info, _ = read(write_clip(tmp_path / name, pixel_aspect=Fraction(2, 1)))
    assert (info.width_px, info.height_px) == (384, 128)
    assert frames[0].rgb.shape == (128, 384, 3)


def test_a_large_picture_is_shrunk_to_what_is_needed(tmp_path):
    frames, info, _ = read(write_clip(tmp_path / "a.mp4", size=(480, 320), matrix=(0, 1, -1, 0)), Settings(long_side_px=240))
    assert (info.width_px, info.height_px) == (320, 480)
    assert frames[0].rgb.shape == (240, 160, 3)


@pytest.mark.parametrize(("transfer", "called"), [pytest.param(16, "pq", id="PQ"), pytest.param(18, "hlg", id="HLG")])
def test_hdr_is_shown_with_ordinary_brightness(tmp_path, transfer, called):
    options = {**FAST["libx265"], "x265-params": f"log-level=none:transfer={transfer}:colorprim=9:colormatrix=9"}
    stored = [np.full((128, 192, 3), 100, np.uint8)] * 36
    clip = {"codec": "libx265", "pix_fmt": "yuv420p10le", "options": options, "transfer": transfer, "stored": stored}
    frames, info, _ = read(write_clip(tmp_path / "a.mp4", **clip))
    assert info.transfer == called
    assert alike(frames[0].rgb, tone_mapping.sdr_table(transfer)[100], tolerance=8)


# ---------------------------------------------------------------------- time
def test_times_are_those_of_the_file_and_start_at_zero(tmp_path):
    times = np.cumsum([500, *random.Random(3).choices([20, 33, 50, 100], k=40)]).tolist()
    frames, info, faults = read(write_clip(tmp_path / "a.mkv", codec="mjpeg", pix_fmt="yuvj420p", times=times, n_frames=41))
    assert [frame.time_s for frame in frames] == pytest.approx([(t - 500) / 1000 for t in times], abs=0.0015)
    assert frames[0].time_s == 0
    assert faults.longest_gap_s == pytest.approx(0.1, abs=0.002)
    assert faults.cut_after_s is None
    assert info.duration_s == pytest.approx((times[-1] - 500) / 1000, abs=0.1)


def _stamped(path, change):
    """A TS clip whose time stamps were changed afterwards; change(i, pts) gives the new one or None."""
    source = write_clip(path.with_name("source.ts"), codec="mpeg4", n_frames=60)
    data, i = bytearray(source.read_bytes()), 0
    for start in range(0, len(data), 188):
        at = data.find(b"\0\0\1\xe0", start, start + 188)
        if at < 0:
            continue
        stamp = data[at + 9 : at + 14]
        pts = (stamp[0] >> 1 & 7) << 30 | stamp[1] << 22 | stamp[2] >> 1 << 15 | stamp[3] << 7 | stamp[4] >> 1
        new = change(i, pts)
        if new is None:
            data[at + 7] &= 0x3F
        else:
            data[at + 9 : at + 14] = bytes(
                [0x21 | new >> 29 & 14, new >> 22 & 255, new >> 14 & 254 | 1, new >> 7 & 255, new << 1 & 254 | 1]
            )
        i += 1
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("change", "n_bad"),
    [
        pytest.param(lambda i, pts: pts - 3000 if i == 30 else pts, 1, id="one repeated"),
        pytest.param(lambda i, pts: pts - 30_000 if 30 <= i < 35 else pts, 5, id="five fall back"),
    ],
)
def test_frames_without_a_usable_time_are_left_out_and_counted(tmp_path, change, n_bad):
    frames, _, faults = read(_stamped(tmp_path / "a.ts", change))
    times = [frame.time_s for frame in frames]
    assert times == sorted(set(times))
    assert faults.n_bad_times == n_bad
    assert len(frames) == 60 - n_bad


def test_missing_time_stamps_do_not_stop_the_reader(tmp_path):
    frames, _, faults = read(_stamped(tmp_path / "a.ts", lambda i, pts: None if i % 7 == 3 else pts))
    assert len(frames) + faults.n_bad_times == 60
    assert all(np.diff([frame.time_s for frame in frames]) > 0)


@pytest.mark.parametrize(
    ("rate", "every"),
    [
        pytest.param(5, 1, id="5"),
        pytest.param(57, 1, id="57"),
        pytest.param(60, 2, id="60"),
        pytest.param(120, 4, id="120"),
        pytest.param(240, 8, id="240"),
    ],
)
def test_of_a_fast_clip_every_kth_frame_is_delivered(tmp_path, rate, every):
    frames, info, _ = read(write_clip(tmp_path / "a.mp4", rate=rate, n_frames=2 * rate))
    assert [frame.time_s for frame in frames] == pytest.approx([i / rate for i in range(0, 2 * rate, every)])
    assert (info.n_frames, info.frame_rate_hz) == (2 * rate, pytest.approx(rate))


def test_240_frames_a_second_are_taken_from_a_container_that_counts_milliseconds(tmp_path):
    frames, info, _ = read(write_clip(tmp_path / "a.mkv", rate=240, n_frames=480))
    assert info.frame_rate_hz == pytest.approx(240, rel=0.01)
    assert 58 <= len(frames) <= 62


def test_a_clip_that_starts_late_is_not_taken_for_a_cut_one(tmp_path):
    path = write_clip(tmp_path / "a.mkv", codec="mjpeg", pix_fmt="yuvj420p", times=[2000 + 40 * i for i in range(40)], n_frames=40)
    assert read(path)[2].cut_after_s is None


# ---------------------------------------------------------------------- limits
@pytest.mark.parametrize(
    ("clip", "error", "sentence"),
    [
        pytest.param({"n_frames": 20}, ClipTooShort, r"lasts 0\.7 s and at least 1 s", id="under a second"),
        pytest.param({"n_frames": 1}, ClipTooShort, "at least 1 s", id="one frame"),
        pytest.param({"rate": 4, "n_frames": 12}, UnsupportedClip, r"4\.0 frames per second and at least 5", id="too slow"),
        pytest.param({"rate": 300, "n_frames": 600}, UnsupportedClip, "300 frames per second and at most 240", id="too fast"),
        pytest.param({"size": (160, 112)}, UnsupportedClip, "only 160 x 112 pixels and its shorter side needs 120", id="too small"),
        pytest.param({"size": (4112, 128)}, UnsupportedClip, "4112 x 128 pixels; at most 4K", id="too wide"),
        pytest.param(
            {"size": (4096, 2176), "n_frames": 2, "codec": "mjpeg", "pix_fmt": "yuvj420p"}, UnsupportedClip, "4096 x 2176", id="too large"
        ),
        pytest.param({"rate": 60, "times": [0, 611_000], "n_frames": 2}, UnsupportedClip, "10 minutes", id="too long"),
    ],
)
@pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
def test_what_lies_outside_the_limits_is_refused_by_name(tmp_path, name, clip, error, sentence):
    with pytest.raises(error, match=f"^{re.escape(name)}: .*{sentence}.*\\."):
        read(write_clip(tmp_path / name, **clip))


def test_the_largest_size_is_taken(tmp_path):
    path = write_clip(tmp_path / "a.mp4", codec="mjpeg", pix_fmt="yuvj420p", size=(4096, 2160), rate=5, n_frames=5)
    frames, info, _ = read(path)
    assert (info.width_px, info.height_px, frames[0].rgb.shape) == (4096, 2160, (506, 960, 3))


def test_too_many_frames_are_refused_from_the_header_and_from_the_frames(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MAX_FRAMES", 30)
    with pytest.raises(UnsupportedClip, match="more than 30 frames"), reading(write_clip(tmp_path / "a.mp4")):
        pass
    with reading(write_clip(tmp_path / "a.mkv")) as clip, pytest.raises(UnsupportedClip, match="more than 30 frames"):
        list(clip.pictures())


@pytest.mark.parametrize("name", ["a.avi", "a.mkv", "a.mov"])
def test_the_picture_must_not_change_its_size(tmp_path, name):
    with pytest.raises(UnreadableClip, match="changes its size in the middle"):
        read(write_changing(tmp_path / name, [(192, 128), (256, 128)]))


def test_colours_may_change_their_form_in_the_middle(tmp_path):
    in_every_format(tmp_path / "a.avi")
    frames, _, faults = read(tmp_path / "a.avi")
    assert (len(frames), faults.n_corrupt) == (60, 0)
    assert alike(corners(frames[0].rgb), UPRIGHT)
    assert alike(corners(frames[-1].rgb), UPRIGHT)


@pytest.mark.parametrize("matrix", ["YCgCo", "fcc", "smpte240m", "ictcp"])
def test_a_rare_colour_matrix_is_no_reason_to_refuse(tmp_path, matrix):
    options = FAST["libx264"] | {"x264-params": f"colormatrix={matrix}"}
    frames, _, faults = read(write_clip(tmp_path / "a.mp4", codec="libx264", options=options, n_frames=45))
    assert (len(frames), faults.n_corrupt) == (45, 0)
    assert np.ptp(frames[0].rgb) > 100


def test_narrow_pixels_do_not_make_a_thumbnail_large(tmp_path):
    with pytest.raises(UnsupportedClip, match="32 x 480"):
        read(write_clip(tmp_path / "a.mp4", size=(128, 480), pixel_aspect=Fraction(1, 4)))


CHILD = """
import resource, sys
from hipcv.catalogues.words import Words
from hipcv.errors import HipcvError
from hipcv.settings import Settings
from hipcv.video.clip import open_clip
Words().number(1.5)  # what a sentence with a number loads is no part of what the clip takes

def used():
    return [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]

def look(path):
    try:
        with open_clip(path, Settings()) as clip:
            return sum(1 for _ in clip.frames())
    except HipcvError as problem:
        return problem

look(sys.argv[2])
before = used()
print(look(sys.argv[1]), "+", max(after - was for after, was in zip(used(), before)) // 1024)
"""


BOMB, SMALL = (8000, 8000), (192, 128)


def claim(path, real, claimed):
    """An AVI whose header tells another size."""
    said, says = (w.to_bytes(4, "little") + h.to_bytes(4, "little") for w, h in (real, claimed))
    path.write_bytes(path.read_bytes().replace(said, says))
    return path


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted in kB on Linux only")
@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        pytest.param(lambda p: write_bomb(p / "a.avi", "mjpeg"), "8000 x 8000 pixels; at most 4K", id="MJPEG"),
        pytest.param(
            lambda p: claim(write_bomb(p / "a.avi", "mjpeg"), BOMB, SMALL),
            "8000 x 8000 pixels|not one frame",
            id="MJPEG that claims little",
        ),
        pytest.param(
            lambda p: claim(write_changing(p / "a.avi", [SMALL]), SMALL, (16000, 16000)),
            "16000 x 16000 pixels; at most 4K",
            id="a claim alone",
        ),
        pytest.param(lambda p: write_bomb(p / "a.ts", "libx264"), "8000 x 8000 pixels; at most 4K", id="H.264 in TS"),
        pytest.param(lambda p: write_changing(p / "a.avi", [SMALL, BOMB], 1), "lasts 0.0 s", id="MJPEG that grows in the middle"),
    ],
)
def test_a_decompression_bomb_takes_no_memory(tmp_path, make, sentence):
    """Neither where it is read nor where its decoder runs, more than a small clip does."""
    path, small = make(tmp_path), write_clip(tmp_path / "small.mp4", codec="mpeg4")
    said = subprocess.run([sys.executable, "-c", CHILD, path, small], capture_output=True, text=True, check=True)
    assert said.stderr == ""
    message, megabytes = said.stdout.rsplit("+", 1)
    assert re.match(f"{path.name}: .*({sentence})", message)
    assert int(megabytes) < 60


def write_bomb(path, codec):
    pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    still = np.zeros((BOMB[1], BOMB[0], 3), np.uint8)
    return write_clip(path, codec=codec, stored=[still], pix_fmt=pix_fmt, options=FAST.get(codec))


# ---------------------------------------------------------------------- nothing but this file
@pytest.fixture
def canary():
    """A web server on this computer, and the requests that reached it."""
    requests = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            requests.append(self.path)
            self.send_error(404)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", requests
    server.shutdown()
    thread.join()
    server.server_close()


LISTS = {
    "concat list": "ffconcat version 1.0\nfile '{0}'\n",
    "HLS playlist": "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{0}\n#EXT-X-ENDLIST\n",
    "DASH": '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static"><Period><BaseURL>{0}</BaseURL></Period></MPD>',
    "SDP": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {port} RTP/AVP 96\na=rtpmap:96 H264/90000\n",
    "text that names a box": "1234moov{0}",
}


@pytest.fixture
def watched(tmp_path):
    """A clip beside the one that is read, and the question whether anybody has opened it since; the kernel tells, on Linux."""
    victim = write_clip(tmp_path / "victim.mp4")
    if sys.platform != "linux":
        yield victim, lambda: False
        return
    libc = ctypes.CDLL(None)
    bell = libc.inotify_init1(os.O_NONBLOCK)
    assert libc.inotify_add_watch(bell, os.fsencode(victim), 0x20) >= 0  # IN_OPEN

    def was_opened():
        try:
            return bool(os.read(bell, 4096))
        except BlockingIOError:
            return False

    yield victim, was_opened
    os.close(bell)


@pytest.mark.parametrize("kind", LISTS)
@pytest.mark.parametrize("ending", ["mp4", "m3u8", "sdp", "txt"])
def test_a_list_of_other_files_opens_none_of_them(tmp_path, monkeypatch, canary, watched, kind, ending):
    (address, requests), (victim, was_opened) = canary, watched
    handed_over = []

    def refuse(_, family):
        handed_over.append(family.demuxer)
        raise UnreadableClip("file_damaged", family=family.name)

    monkeypatch.setattr(sandbox.Decoder, "read", refuse)
    path = tmp_path / f"clip.{ending}"
    for target in ("victim.mp4", str(victim), f"{address}/clip.mp4"):
        path.write_text(LISTS[kind].format(target, port=5004))
        with pytest.raises(UnreadableClip):
            read(path)
    assert (was_opened(), requests, set(handed_over)) == (False, [], {"mov"} if "box" in kind else set())
    victim.read_bytes()
    assert was_opened() or sys.platform != "linux"


@pytest.mark.parametrize(
    ("kind", "demuxer"),
    [
        pytest.param("concat list", "concat", id="concat list"),
        pytest.param("HLS playlist", "hls", id="HLS playlist"),
        pytest.param("SDP", "sdp", id="SDP"),
    ],
)
def test_nor_would_ffmpeg_open_them_if_it_were_asked_to(tmp_path, canary, watched, kind, demuxer):
    (address, requests), (victim, was_opened) = canary, watched
    path = tmp_path / "clip.m3u8"
    for target in ("victim.mp4", str(victim), f"{address}/clip.mp4"):
        path.write_text(LISTS[kind].format(target, port=5004))
        start = time.monotonic()
        with path.open("rb") as file, pytest.raises(UnreadableClip):
            demux.open_container(file, Container("list", demuxer), path.name)
        assert time.monotonic() - start < 2  # an SDP that is obeyed listens for longer
    assert (was_opened(), requests) == (False, [])


def test_a_clip_that_points_to_another_file_is_refused(tmp_path):
    victim = write_clip(tmp_path / "victim.mp4")
    path = tmp_path / "clip.mov"
    data = write_clip(path).read_bytes()
    at = data.index(b"dref") + 12
    old_length = int.from_bytes(data[at : at + 4], "big")
    alias = b"alis" + b"\0\0\0\0" + os.fsencode(victim)
    grown = bytearray(data[:at] + (len(alias) + 4).to_bytes(4, "big") + alias + data[at + old_length :])
    for box in (b"dref", b"dinf", b"minf", b"mdia", b"trak", b"moov"):
        start = grown.index(box) - 4
        grown[start : start + 4] = (int.from_bytes(grown[start : start + 4], "big") + len(alias) + 4 - old_length).to_bytes(4, "big")
    path.write_bytes(grown)
    with pytest.raises(UnreadableClip, match="only points to another one"):
        read(path)


@pytest.mark.parametrize(
    ("codec", "name", "pix_fmt"),
    [
        pytest.param("ffv1", "a.mkv", "yuv420p", id="FFV1 in MKV"),
        pytest.param("magicyuv", "a.avi", "yuv420p", id="MagicYUV in AVI"),
        pytest.param("snow", "a.avi", "yuv420p", id="Snow in AVI"),
        pytest.param("png", "a.mov", "rgb24", id="PNG in MOV"),
        pytest.param("mpeg2video", "a.ts", "yuv420p", id="MPEG-2 in TS"),
        pytest.param("rawvideo", "a.avi", "yuv420p", id="uncompressed in AVI"),
    ],
)
def test_a_coding_off_the_list_is_refused_before_a_decoder_is_made(tmp_path, monkeypatch, codec, name, pix_fmt):
    path = write_clip(tmp_path / name, codec=codec, pix_fmt=pix_fmt)
    with pytest.raises(UnsupportedClip, match=f"its coding \\({codec}\\) is not one that hipcv decodes"):
        read(path)


def test_no_decoder_is_made_to_look_at_a_file(tmp_path):
    path = write_clip(tmp_path / "a.ts", codec="libx264", options=FAST["libx264"])
    with reading(path) as clip:
        assert clip._stream.codec_context.is_open is False
        assert clip._stream.codec_context.pix_fmt is None  # FFmpeg learns it by decoding


def test_only_the_allowed_containers_have_a_name_in_the_locks(tmp_path):
    assert set(demux._DEMUXERS.split(",")) == {"mov", "mp4", "m4a", "3gp", "3g2", "mj2", "matroska", "webm", "avi", "mpegts"}


# ---------------------------------------------------------------------- names
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("Hüfte 左.mp4", id="non-ASCII"),
        pytest.param(os.fsdecode(b"h\xfcfte.mp4"), id="not UTF-8", marks=pytest.mark.skipif(os.name == "nt", reason="names are text")),
        pytest.param("clip%03d.png.mp4", id="picture series"),
        pytest.param("clip%d.mp4", id="picture series of one digit"),
        pytest.param("file:a.mp4", id="address of a file"),
        pytest.param("concat:a.mp4|a.mp4", id="address of two files"),
        pytest.param("subfile,,start,0,end,9,,:a.mp4", id="address of a part"),
        pytest.param("http:a.mp4", id="address in the net"),
        pytest.param("my clip (1).mp4", id="with spaces"),
        pytest.param("-i.mp4", id="like an option"),
        pytest.param("clip", id="without an ending"),
        pytest.param("clip.jpg", id="with the ending of a photo"),
    ],
)
def test_a_name_is_only_a_name(tmp_path, monkeypatch, name):
    source = write_clip(tmp_path / "source.mp4")
    monkeypatch.chdir(tmp_path)
    try:
        shutil.copy(source, name)
    except OSError:
        pytest.skip("this system allows no such name")
    for path in (name, tmp_path / name):
        frames, info, _ = read(path)
        assert len(frames) == 36
        assert info.name.encode()


def test_a_link_to_a_clip_is_followed(tmp_path):
    source = write_clip(tmp_path / "source.mp4")
    link = tmp_path / "link.mp4"
    link.symlink_to(source.name)
    assert len(read(link)[0]) == 36


# ---------------------------------------------------------------------- what is not a clip, or no longer one
@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        pytest.param(write_sound, "no moving picture, only sound or a cover", id="sound only"),
        pytest.param(lambda p: write_tracks(p, [(192, 128)], covers=(0,)), "no moving picture, only sound or a cover", id="cover only"),
        pytest.param(lambda p: cut(write_clip(p, muxer_options={"movflags": "faststart"}), b"mdat", 4), "not one frame", id="header only"),
        pytest.param(
            lambda p: cut(write_clip(p, muxer_options={"movflags": "frag_keyframe+empty_moov"}), b"moof", -4),
            "not",
            id="head of fragments only",
        ),
        pytest.param(lambda p: p.write_bytes(write_still(p.with_suffix(".jpg"))), "not a video", id="renamed photo"),
        pytest.param(lambda p: cut(write_clip(p), b"mvhd", 40), "damaged or incomplete|breaks off", id="half an index"),
    ],
)
def test_a_file_without_a_usable_picture_is_refused(tmp_path, make, sentence):
    path = tmp_path / "clip.mp4"
    make(path)
    with pytest.raises(UnreadableClip, match=f"^clip.mp4: .*({sentence})"):
        read(path)


def cut(path, box, behind):
    data = path.read_bytes()
    path.write_bytes(data[: data.index(box) + behind])
    return path


def test_a_pipe_does_not_keep_the_reader_waiting(tmp_path):
    if not hasattr(os, "mkfifo"):
        pytest.skip("no pipes here")
    os.mkfifo(tmp_path / "clip.mp4")
    start = time.monotonic()
    with pytest.raises(UnreadableClip):
        read(tmp_path / "clip.mp4")
    assert time.monotonic() - start < 5


@pytest.mark.parametrize(
    ("sizes", "covers", "size"),
    [
        pytest.param([(160, 128), (320, 192)], (), (160, 128), id="the larger comes second"),
        pytest.param([(320, 192), (160, 128)], (), (320, 192), id="the larger comes first"),
        pytest.param([(640, 480), (320, 192)], (0,), (320, 192), id="the first is a cover"),
    ],
)
def test_of_several_tracks_the_first_moving_one_is_read_as_a_player_shows_it(tmp_path, sizes, covers, size):
    name = "a.mp4" if covers else "a.mkv"
    frames, info, _ = read(write_tracks(tmp_path / name, sizes, covers))
    # MKV tells both sizes beforehand; all frames are those of one track.
    assert (info.width_px, info.height_px, len(frames)) == (*size, 36)


def test_a_track_that_players_cannot_show_either_is_passed_over(tmp_path):
    path = write_tracks(tmp_path / "a.mkv", [(320, 192), (160, 128)], rare=(0,))
    assert (read(path)[1].codec, read(path)[1].width_px) == ("mpeg4", 160)


@pytest.mark.parametrize(
    ("on", "width"),
    [
        pytest.param((True, False), 320, id="the first is on"),
        pytest.param((False, True), 160, id="the second is on, though smaller"),
        pytest.param((True, True), 320, id="both are on"),
        pytest.param((False, False), 320, id="none is on"),
    ],
)
def test_a_track_that_is_switched_off_is_not_read(tmp_path, on, width):
    path = switched(write_tracks(tmp_path / "a.mp4", [(320, 192), (160, 128)]), *on)
    assert read(path)[1].width_px == width


def test_of_two_tracks_of_one_size_the_one_that_is_on_is_read(tmp_path):
    path = write_tracks(tmp_path / "a.mp4", [(192, 128), (192, 128)])
    for on in ((True, False), (False, True)):
        with reading(switched(path, *on)) as clip:
            assert clip._stream.index == on.index(True)


# ---------------------------------------------------------------------- edit lists (every clip lasts 2 s)
@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("codec", ["mpeg4", "libx264"])
@pytest.mark.parametrize(
    ("edits", "n_frames"),
    [
        pytest.param([(2, 0, 1)], 60, id="all of it"),
        pytest.param([(1.5, 0.5, 1)], 45, id="the start is cut away"),
        pytest.param([(1.5, 0, 1)], 45, id="the end is cut away"),
        pytest.param([(0.5, None, 1), (2, 0, 1)], 60, id="a delay"),
        pytest.param([(0.5, None, 0), (0.1, None, 0), (2, 0, 1)], 60, id="a delay of two entries without a speed"),
        pytest.param([(1, 0, 1), (1, 1, 1)], 60, id="two pieces that follow each other"),
        pytest.param([(2, 0, 1.0001)], 60, id="a speed that was rounded"),
        pytest.param([(2, 0, 0)], 60, id="a speed that was left out"),
    ],
)
def test_edits_that_leave_time_alone_are_taken(tmp_path, codec, version, edits, n_frames):
    path = write_clip(tmp_path / "a.mp4", codec=codec, options=FAST.get(codec), n_frames=60)
    frames, _, faults = read(with_edits(path, edits, version))
    assert len(frames) == n_frames
    assert np.diff([frame.time_s for frame in frames]) == pytest.approx(1 / 30, abs=1e-3)
    assert faults.cut_after_s is None


@pytest.mark.parametrize("version", [0, 1])
@pytest.mark.parametrize("name", ["a.mp4", "a.mov"])
@pytest.mark.parametrize(
    ("edits", "sentence"),
    [
        pytest.param([(4, 0, 0.5)], "at 0.5 times the speed", id="all in slow motion"),
        pytest.param([(0.5, 0, 1), (4, 0.5, 0.25), (0.5, 1.5, 1)], "at 0.25 times the speed", id="the middle in slow motion"),
        pytest.param([(0.25, None, 1), (0.25, 0, 8)], "at 8 times the speed", id="time lapse after a delay"),
        pytest.param([(2, 0, -1)], "at −1 times the speed", id="backward"),
        pytest.param([(0.5, 0, 1), (0.5, 1, 1)], "put together from pieces", id="the middle is left out"),
        pytest.param([(1, 0, 1), (1, 0, 1)], "put together from pieces", id="a piece comes twice"),
        pytest.param([(1, 1, 1), (1, 0, 1)], "put together from pieces", id="in another order"),
        pytest.param([(1, 0, 1), (0.5, None, 1), (1, 1, 1)], "put together from pieces", id="a pause in the middle"),
        pytest.param([(1, 0, 1), (0.5, None, 1)], "put together from pieces", id="a pause at the end"),
        pytest.param([(1, 0, 1), (0.5, 1, 0), (1, 1, 1)], "put together from pieces", id="a still picture in the middle"),
    ],
)
def test_edits_that_alter_time_are_refused(tmp_path, name, version, edits, sentence):
    path = with_edits(write_clip(tmp_path / name, n_frames=60), edits, version)
    with pytest.raises(UnsupportedClip, match=f"^{name}: .*{sentence}.*its times are not those of the movement"):
        read(path)


def test_an_edit_list_of_a_track_that_is_switched_off_does_not_matter(tmp_path):
    """The first track keeps its times, the second one, with another speed, is not shown."""
    path = write_tracks(tmp_path / "a.mp4", [(192, 128), (192, 128)])
    data = bytearray(path.read_bytes())
    data[data.rindex(b"elst") + 20 : data.rindex(b"elst") + 24] = (1 << 14).to_bytes(4, "big")
    path.write_bytes(data)
    assert len(read(path)[0]) == 36
    with pytest.raises(UnsupportedClip, match=r"0\.25 times the speed"):
        read(switched(path, False, True))


CUTTABLE = [
    pytest.param("a.mp4", {"muxer_options": {"movflags": "faststart"}}, id="MP4 with the index in front"),
    pytest.param("a.mp4", {"muxer_options": {"movflags": "frag_keyframe+empty_moov"}, "options": {"g": "10"}}, id="MP4 in fragments"),
    pytest.param("a.mkv", {}, id="MKV"),
    pytest.param("a.webm", {"codec": "libvpx", "options": FAST["libvpx"]}, id="WebM"),
    pytest.param("a.avi", {}, id="AVI"),
    pytest.param("a.ts", {}, id="TS"),
]


@pytest.mark.slow
@pytest.mark.parametrize(("name", "clip"), CUTTABLE)
def test_a_cut_clip_is_never_taken_for_a_whole_one(tmp_path, name, clip):
    data = write_clip(tmp_path / name, n_frames=90, **clip).read_bytes()
    n_read = 0
    for share in (0.02, 0.2, 0.4, 0.6, 0.7, 0.8, 0.9, 0.97, 0.999):
        path = tmp_path / f"cut{Path(name).suffix}"
        path.write_bytes(data[: int(len(data) * share)])
        try:
            frames, info, faults = read(path)
        except (UnreadableClip, ClipTooShort):
            continue
        n_read += 1
        assert faults.cut_after_s == pytest.approx(info.duration_s)
        assert len(frames) <= 90
    assert n_read >= 4


def test_a_cut_clip_with_its_index_behind_is_refused(tmp_path):
    data = write_clip(tmp_path / "a.mp4", n_frames=60).read_bytes()
    for share in (0.3, 0.6, 0.8):
        (tmp_path / "cut.mp4").write_bytes(data[: int(data.index(b"moov") * share)])
        with pytest.raises(UnreadableClip, match="breaks off before its index"):
            read(tmp_path / "cut.mp4")


def test_damaged_pictures_are_counted_and_left_out(tmp_path):
    path = write_clip(tmp_path / "a.mp4", codec="libx264", options={"g": "10", **FAST["libx264"]}, n_frames=90)
    data = bytearray(path.read_bytes())
    start, dice = data.index(b"mdat") + 800, random.Random(1)
    for _ in range(40):
        data[dice.randrange(start, data.index(b"moov"))] ^= 1 << dice.randrange(8)
    path.write_bytes(data)
    frames, _, faults = read(path)
    assert faults.n_corrupt > 0
    assert len(frames) < 90


@pytest.mark.slow
def test_hardly_any_damage_in_hevc_goes_unnoticed(tmp_path):
    """FFmpeg's decoder patches up two of three such clips without a word (reader.py)."""
    path = write_clip(tmp_path / "a.mp4", codec="libx265", options=FAST["libx265"], n_frames=60)
    data, whole, silent = path.read_bytes(), [frame.rgb for frame in read(path)[0]], 0
    with av.open(str(path)) as container:
        packets = [(packet.pos, packet.size) for packet in container.demux(video=0) if packet.size]
    for seed in range(20):
        dice, changed = random.Random(seed), bytearray(data)
        start, size = dice.choice(packets)
        for _ in range(3):
            changed[start + dice.randrange(min(8, size - 1), size)] ^= 1 << dice.randrange(8)
        path.write_bytes(changed)
        with contextlib.suppress(HipcvError):
            frames, _, faults = read(path)
            is_same = len(frames) == len(whole) and all(
                np.abs(a.rgb.astype(int) - b).mean() < 1 for a, b in zip(frames, whole, strict=True)
            )
            silent += not faults.n_corrupt and not is_same
    assert silent <= 1


def test_pictures_that_do_not_come_are_counted_where_each_packet_holds_one(tmp_path, monkeypatch):
    """What a decoder drops without an error."""
    path = write_clip(tmp_path / "b.mp4", codec="libsvtav1", options=FAST["libsvtav1"], n_frames=60)
    with reading(path) as one:
        find, n = one._pictures_in, iter(range(1000))
        monkeypatch.setattr(one, "_pictures_in", lambda packet: find(packet)[: int(next(n) % 20 != 19)])
        assert sum(1 for _ in one.pictures()) < 60
        assert one.ending().n_corrupt >= 2


CUT_SHORT_SEI = bytes.fromhex("4e01 04 20 b5003c0001")
"""An SEI message that claims 32 bytes, of which most are missing."""


@pytest.mark.parametrize("noted", [{30}, {0}, set(range(60))], ids=["in the middle", "at the start", "in every packet"])
def test_an_sei_message_that_is_not_understood_loses_no_picture(tmp_path, noted):
    """Phones write SEI messages of their own, and FFmpeg's strict decoder gives up a picture together with one."""
    plain = write_clip(tmp_path / "a.mp4", codec="libx265", options=FAST["libx265"], n_frames=60)
    with av.open(str(plain)) as source, av.open(str(tmp_path / "noted.mp4"), "w") as out:
        stream = out.add_stream_from_template(source.streams.video[0])
        for number, packet in enumerate(packet for packet in source.demux(video=0) if packet.size):
            note = len(CUT_SHORT_SEI).to_bytes(4, "big") + CUT_SHORT_SEI if number in noted else b""
            with_note = av.Packet(note + bytes(packet))
            for name in ("pts", "dts", "duration", "time_base", "is_keyframe"):
                setattr(with_note, name, getattr(packet, name))
            with_note.stream = stream
            out.mux(with_note)
    frames, _, faults = read(tmp_path / "noted.mp4")
    assert faults.n_corrupt == 0
    for one, other in zip(frames, read(plain)[0], strict=True):
        np.testing.assert_array_equal(one.rgb, other.rgb)


@pytest.mark.parametrize("damaged", [{0}, {1}, {2}, {0, 40, 45, 50}, {1, 40, 45, 50}])
def test_damage_at_the_start_of_hevc_hides_no_later_damage(tmp_path, damaged):
    path = write_clip(tmp_path / "a.mp4", codec="libx265", options=FAST["libx265"] | {"g": "30"}, n_frames=60)
    with av.open(str(path)) as container:
        starts = [packet.pos for packet in container.demux(video=0) if packet.size]
    data = bytearray(path.read_bytes())
    for number in damaged:
        data[starts[number] + 7] ^= 0xFF  # in the head of its slice
    path.write_bytes(data)
    assert read(path)[2].n_corrupt >= len(damaged)


def test_hevc_that_begins_between_two_whole_pictures_is_not_damaged(tmp_path):
    path = write_clip(tmp_path / "a.ts", codec="libx265", options=FAST["libx265"] | {"g": "30"}, n_frames=120)
    with av.open(str(path)) as container:
        starts = [packet.pos for packet in container.demux(video=0) if packet.size]
    path.write_bytes(path.read_bytes()[starts[20] // 188 * 188 :])
    frames, _, faults = read(path)
    assert len(frames) > 80
    assert faults.n_corrupt == 0


def test_a_clean_aperture_is_shown_whole_as_browsers_do(tmp_path):
    """FFmpeg reads the request and leaves it to the player; Chromium shows the whole picture, too."""
    path = write_clip(tmp_path / "a.mp4", codec="libx264", options=FAST["libx264"], n_frames=40)
    whole = read(path)[0]
    cropped, info, _ = read(with_clean_aperture(path, 96, 64))
    assert (info.width_px, info.height_px) == (192, 128)
    np.testing.assert_array_equal(cropped[0].rgb, whole[0].rgb)


def mutant(data, dice):
    """The same bytes with bits flipped, cut off, or the index or a stretch overwritten."""
    changed = bytearray(data)
    kind = dice.randrange(4)
    if kind == 0:
        for _ in range(dice.choice([1, 5, 50])):
            changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
    elif kind == 1:
        del changed[dice.randrange(len(changed)) :]
    elif kind == 2:
        heads = [
            m.start() for m in re.finditer(rb"moov|stsz|stts|stco|stsd|tkhd|mdhd|avcC|moof|trun|strh|avih|idx1|\x1f\x43\xb6\x75", changed)
        ] or [0]
        at = dice.choice(heads)
        for i in range(dice.choice([1, 4])):
            changed[min(len(changed) - 1, at + dice.randrange(32) + i)] = dice.choice([0, 1, 0x7F, 0x80, 0xFF])
    else:
        at = dice.randrange(len(changed))
        changed[at : at + 40] = dice.randbytes(40)
    return bytes(changed)


def frames_or_sentence(path):
    try:
        return read(path)[0]
    except HipcvError as problem:
        return problem


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "clip"),
    [
        pytest.param("a.mp4", {"codec": "libx264", "options": FAST["libx264"], "sound": True}, id="H.264 in MP4"),
        pytest.param("a.mov", {"codec": "libx265", "options": FAST["libx265"], "matrix": (0, 1, -1, 0)}, id="HEVC in MOV"),
        pytest.param("a.mkv", {"codec": "libvpx-vp9", "options": FAST["libvpx-vp9"]}, id="VP9 in MKV"),
        pytest.param("a.avi", {}, id="MPEG-4 in AVI"),
        pytest.param("a.ts", {"codec": "libx264", "options": FAST["libx264"]}, id="H.264 in TS"),
        pytest.param(
            "b.mp4",
            {"codec": "libsvtav1", "options": FAST["libsvtav1"], "muxer_options": {"movflags": "frag_keyframe"}},
            id="AV1 in fragments",
        ),
    ],
)
@pytest.mark.parametrize("seeds", [range(34), pytest.param(range(34, 334), marks=pytest.mark.release)], ids=["200", "2000"])
def test_a_mutant_ends_in_frames_or_in_a_sentence(tmp_path, name, clip, seeds):
    """Of all six together, 200 in the ordinary run and 2,000 before a release."""
    data = write_clip(tmp_path / name, n_frames=60, **clip).read_bytes()
    release = "" if seeds.start == 0 else hipcv.__version__  # new ones for every release
    for seed in seeds:
        path = tmp_path / f"mutant{Path(name).suffix}"
        path.write_bytes(mutant(data, random.Random(f"{release}{name}{seed}")))
        start = time.monotonic()
        outcome = frames_or_sentence(path)
        assert len(outcome) > 0 if isinstance(outcome, list) else re.match(rf"{path.name}: .+\.$", str(outcome)), seed
        assert getattr(outcome, "code", "") != "decoder_stopped", (seed, outcome)
        assert time.monotonic() - start < 20, seed


# ---------------------------------------------------------------------- leaves nothing behind
def test_the_libraries_write_nothing_to_the_terminal(tmp_path, capfd):
    path = write_clip(tmp_path / "a.avi", n_frames=60)
    data = bytearray(path.read_bytes())
    data[3000:3400] = random.Random(2).randbytes(400)
    path.write_bytes(data)
    capfd.readouterr()
    read(path)
    path.write_bytes(data[:900])
    with pytest.raises(HipcvError):
        read(path)
    assert capfd.readouterr() == ("", "")


def open_files():
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files cannot be counted here")
@pytest.mark.parametrize(
    "make",
    [
        pytest.param(write_clip, id="good clip"),
        pytest.param(lambda p: write_clip(p, size=(160, 112)), id="refused by its header"),
        pytest.param(lambda p: write_clip(p, n_frames=3), id="refused by its frames"),
        pytest.param(lambda p: p.write_bytes(b"text " * 900), id="not a video"),
        pytest.param(lambda p: p.mkdir(), id="folder"),
        pytest.param(write_sound, id="sound only"),
    ],
)
def test_every_file_is_closed(tmp_path, make):
    path = tmp_path / "clip.mp4"
    make(path)
    gc.collect()
    before = open_files()
    with contextlib.suppress(HipcvError):
        read(path)
    assert open_files() == before


def test_a_reader_that_stops_early_closes_the_clip(tmp_path):
    path = write_clip(tmp_path / "a.mp4")
    before = open_files() if Path("/proc/self/fd").exists() else 0
    with contextlib.suppress(KeyboardInterrupt), open_clip(path, Settings()) as clip:
        next(clip.frames())
        raise KeyboardInterrupt
    assert not before or open_files() == before


def test_a_file_that_breaks_off_while_it_is_hashed_is_named(tmp_path, monkeypatch):
    path = write_clip(tmp_path / "a.mp4")

    def broken(*_):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr("hipcv.video.clip.hashlib.file_digest", broken)
    with pytest.raises(UnreadableClip, match=r"^a.mp4: the file cannot be read to its end \(Input/output error\)"):
        read(path)


def test_a_disk_that_fails_while_the_picture_is_read_is_a_fault(tmp_path, monkeypatch):
    path = write_clip(tmp_path / "a.ts", n_frames=900)
    really_open, broken = av.open, []

    class Failing:
        def __init__(self, file):
            self.file, self.seek, self.tell = file, file.seek, file.tell

        def read(self, n):
            if broken and self.file.tell() > path.stat().st_size // 2:
                raise OSError(5, "Input/output error")
            return self.file.read(min(n, 4096))

    monkeypatch.setattr(av, "open", lambda file, **options: really_open(Failing(file), **options))
    with reading(path) as clip:
        broken.append(True)
        n_pictures = sum(1 for _ in clip.pictures())
        assert n_pictures < 900
        assert clip.ending().cut_after_s == pytest.approx(n_pictures / 30, abs=0.2)


def test_a_track_that_comes_up_in_the_middle_does_not_cost_the_last_frames(tmp_path):
    path = write_clip(tmp_path / "a.mp4", codec="libx264", options={"bf": "3"})
    with reading(path) as clip:
        container, stumbled = clip._container, []

        class Stumbling:
            def demux(self, stream):
                for packet in container.demux(stream):
                    if packet.dts is None and not stumbled:  # the end, where PyAV counts the tracks again
                        stumbled.append(True)
                        raise IndexError("list index out of range")
                    yield packet

        clip._container = Stumbling()
        assert len(list(clip.pictures())) == 36
    assert stumbled


def test_the_same_bytes_give_the_same_pictures(tmp_path):
    path = write_clip(tmp_path / "a.mp4", codec="libx264", options=FAST["libx264"])
    first, second = (read(path)[0] for _ in range(2))
    assert all(np.array_equal(a.rgb, b.rgb) for a, b in zip(first, second, strict=True))


def test_progress_can_be_told_from_the_header(tmp_path):
    for name in ("a.mp4", "a.mkv", "a.avi"):
        with open_clip(write_clip(tmp_path / name, rate=60, n_frames=90), Settings()) as clip:
            assert (clip.n_frames_announced, clip.stride) == (90, 2)


def test_av_keeps_quiet_by_default():
    assert av.logging.get_level() is None


@pytest.mark.parametrize(
    ("metadata", "mirrored", "front"),
    [
        pytest.param({}, None, False, id="nothing said"),
        pytest.param({"com.apple.quicktime.camera.lens_model": "front camera 2.7mm f/2.2"}, None, True, id="the front camera"),
        pytest.param({"com.apple.quicktime.camera.lens_model": "back camera 4.2mm f/1.6"}, None, False, id="the back camera"),
        pytest.param({"com.example.camera.is_mirrored": "1"}, True, False, id="said to be mirrored"),
        pytest.param({"com.example.camera.is_mirrored": "0"}, False, False, id="said not to be mirrored"),
    ],
)
def test_the_camera_s_own_tags_are_read(tmp_path, metadata, mirrored, front):
    clip = write_clip(tmp_path / "clip.mov", muxer_options={"movflags": "use_metadata_tags"}, metadata=metadata)
    _, info, _ = read(clip)
    assert (info.camera_mirrored, info.front_camera) == (mirrored, front)
