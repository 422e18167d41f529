"""The door: what is let in, and what is not even opened."""

import os
import random
import socket
import struct
from io import BufferedReader, BytesIO

import pytest

from hipcv.errors import UnreadableClip, UnsupportedClip
from hipcv.video import container, limits, mp4
from hipcv.video.container import identify, open_regular_file, shown_name
from tests.media import patched, write_clip, write_still


def family_of(data: bytes) -> container.Container:
    return identify(BufferedReader(BytesIO(data)), "clip")


@pytest.mark.parametrize(
    ("name", "muxer", "family"),
    [
        pytest.param("a.mp4", "mp4", "MP4/MOV", id="MP4"),
        pytest.param("a.mov", "mov", "MP4/MOV", id="MOV"),
        pytest.param("a.3gp", "3gp", "MP4/MOV", id="3GP"),
        pytest.param("a.mkv", "matroska", "WebM/MKV", id="MKV"),
        pytest.param("a.avi", "avi", "AVI", id="AVI"),
        pytest.param("a.ts", "mpegts", "TS", id="TS"),
        pytest.param("a.txt", "mp4", "MP4/MOV", id="MP4 with a wrong ending"),
    ],
)
def test_a_family_is_known_by_its_bytes(tmp_path, name, muxer, family):
    found = family_of(write_clip(tmp_path / name, muxer=muxer).read_bytes())
    assert (found.name, found.is_cut) == (family, False)


def test_a_transport_stream_of_a_camcorder_is_let_in(tmp_path):
    data = write_clip(tmp_path / "a.ts").read_bytes()
    stamped = b"".join(b"\0\0\0\0" + data[i : i + 188] for i in range(0, len(data), 188))
    assert family_of(stamped) == container.Container("TS", "mpegts", is_cut=False)
    assert family_of(stamped[:-50]).is_cut


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("ffconcat version 1.0\nfile victim.mp4\n", id="concat list"),
        pytest.param("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nvictim.mp4\n#EXT-X-ENDLIST\n", id="HLS playlist"),
        pytest.param("v=0\no=- 0 0 IN IP4 127.0.0.1\nc=IN IP4 127.0.0.1\nm=video 5004 RTP/AVP 96\n", id="SDP"),
        pytest.param('<?xml version="1.0"?><MPD><Period><BaseURL>victim.mp4</BaseURL></Period></MPD>', id="DASH"),
        pytest.param("GIF89a" + "\0" * 60, id="GIF"),
        pytest.param("Dear physiotherapist, " * 40, id="text"),
        pytest.param("G", id="one letter"),
        pytest.param("RIFF\0\0\0\0WAVEfmt ", id="sound in RIFF"),
    ],
)
def test_what_is_not_a_video_is_refused(text):
    with pytest.raises(UnreadableClip, match=r"^clip: .+\.$"):
        family_of(text.encode())


def test_a_renamed_photo_is_refused(tmp_path):
    with pytest.raises(UnreadableClip, match="not a video that hipcv opens"):
        family_of(write_still(tmp_path / "a.jpg"))
    heic = struct.pack(">I4s4sI", 16, b"ftyp", b"heic", 0) + struct.pack(">I4s", 16, b"meta") + b"\0" * 8
    with pytest.raises(UnreadableClip, match="this is a photo"):
        family_of(heic)


def boxes_of(*boxes):
    return b"".join(struct.pack(">I4s", 8 + len(content), kind) + content for kind, content in boxes)


@pytest.mark.parametrize(
    "brands",
    [
        pytest.param(b"heic\0\0\0\0mif1MiHEmiafheic", id="an iPhone's photo"),
        pytest.param(b"mif1\0\0\0\0mif1heic", id="a photo of another phone"),
        pytest.param(b"MiHB\0\0\0\0MiHBheix", id="known by its second brand only"),
        pytest.param(b"avif\0\0\0\0avifmif1miaf", id="AVIF"),
    ],
)
def test_a_photo_is_told_to_be_one_whole_or_cut(brands):
    photo = boxes_of((b"ftyp", brands), (b"mdat", bytes(500)), (b"meta", bytes(100)))
    head = len(boxes_of((b"ftyp", brands)))
    for n_bytes in (len(photo), len(photo) - 50, len(photo) - 108, head + 200, head + 4, head):
        with pytest.raises(UnreadableClip, match=r"^clip: this is a photo, not a video"):
            family_of(photo[:n_bytes])


@pytest.mark.parametrize("brands", [b"isom\0\0\2\0isomiso2avc1mp41", b"qt  \0\0\0\0qt  ", b"mp42mif1isommp42", b"", b"qt"])
def test_a_cut_video_is_not_told_to_be_a_photo(brands):
    """Not even where the version of the brand reads like one of a photo."""
    with pytest.raises(UnreadableClip, match="breaks off before its index"):
        family_of(boxes_of((b"ftyp", brands), (b"mdat", bytes(500)))[:-100])


@pytest.mark.parametrize("seed", range(5))
def test_random_bytes_are_refused(seed):
    with pytest.raises(UnreadableClip):
        family_of(random.Random(seed).randbytes(5000))


# ---------------------------------------------------------------------- the file itself
def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(UnreadableClip, match=r"^gone.mp4: there is no such file"):
        open_regular_file(tmp_path / "gone.mp4", "gone.mp4")


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        pytest.param(lambda p: p.mkdir(), "this is a folder", id="folder"),
        pytest.param(lambda p: p.write_bytes(b""), "the file is empty", id="empty"),
        pytest.param(lambda p: os.mkfifo(p), "a device or a pipe", id="pipe", marks=pytest.mark.skipif(os.name == "nt", reason="no pipes")),
        pytest.param(lambda p: p.symlink_to("/dev/zero"), "a device or a pipe", id="device"),
        pytest.param(lambda p: p.symlink_to("nowhere"), "no such file", id="dangling link"),
        pytest.param(lambda p: p.symlink_to(p.name), "cannot be opened", id="link to itself"),
    ],
)
def test_what_is_not_an_ordinary_file_is_refused(tmp_path, make, sentence):
    path = tmp_path / "clip.mp4"
    make(path)
    with pytest.raises(UnreadableClip, match=f"^clip.mp4: .*{sentence}"):
        open_regular_file(path, shown_name(path))


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the address of a socket has a shortest path
    with socket.socket(socket.AF_UNIX) as ear:
        ear.bind("clip.mp4")
        with pytest.raises(UnreadableClip, match="a device or a pipe"):
            open_regular_file("clip.mp4", "clip.mp4")


def test_a_file_that_may_not_be_read_is_named(tmp_path, monkeypatch):
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"x")
    monkeypatch.setattr(os, "open", lambda *_: (_ for _ in ()).throw(PermissionError(13, "Permission denied")))
    with pytest.raises(UnreadableClip, match=r"^clip.mp4: this file may not be read"):
        open_regular_file(path, shown_name(path))


@pytest.mark.parametrize(
    "path", [pytest.param("", id="empty"), pytest.param("a\0b", id="with a null"), pytest.param("x" * 300, id="too long")]
)
def test_an_impossible_name_is_refused(path):
    with pytest.raises(UnreadableClip):
        open_regular_file(path, shown_name(path))


def test_more_than_500_mb_are_refused_by_name(tmp_path):
    path = tmp_path / "long.mp4"
    with path.open("wb") as file:
        file.truncate(limits.MAX_BYTES + 1)
    with pytest.raises(UnsupportedClip, match=r"at most 500 MB"):
        open_regular_file(path, shown_name(path))


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        pytest.param("/x/Hüfte links.mp4", "Hüfte links.mp4", id="letters with marks"),
        pytest.param("/x/" + os.fsdecode(b"a\xff.mp4"), "a�.mp4", id="bytes that are no text"),
        pytest.param("/x/a\n\x1b[2J.mp4", "a��[2J.mp4", id="commands to the terminal"),
        pytest.param("/x/👩‍🦽.mp4", "👩‍🦽.mp4", id="joined emoji"),
        pytest.param(r"C:\Users\Anna\hip.mp4", "hip.mp4", id="a path of Windows"),
        pytest.param(r"\\server\share\hip.mov", "hip.mov", id="a share of Windows"),
    ],
)
def test_a_name_is_made_fit_to_be_printed(path, shown):
    assert shown_name(path) == shown


# ---------------------------------------------------------------------- MP4 in particular
def test_a_file_that_ends_before_its_index_says_so(tmp_path):
    data = write_clip(tmp_path / "a.mp4").read_bytes()
    with pytest.raises(UnreadableClip, match="breaks off before its index"):
        family_of(data[: data.index(b"moov") - 4])


@pytest.mark.parametrize("rest", [4, 7, 8, 15], ids=lambda n: f"{n} bytes of the next part")
def test_a_cut_in_the_head_of_a_part_is_seen(tmp_path, rest):
    data = write_clip(tmp_path / "a.mp4", muxer_options={"movflags": "faststart"}).read_bytes()
    assert family_of(data[: data.rindex(b"mdat") - 4 + rest]).is_cut


def test_zeros_behind_the_last_part_are_no_fault(tmp_path):
    assert not family_of(write_clip(tmp_path / "a.mp4").read_bytes() + b"\0" * 5).is_cut


@pytest.mark.parametrize(
    ("box", "at", "numbers", "sentence"),
    [
        pytest.param(b"stsz", 4, (1, 80_000_000), "claims 80,000,000 samples", id="sample sizes"),
        pytest.param(b"stts", 4, (1, 4_000_000_000, 512), "claims 4,000,000,000 samples", id="sample times"),
        pytest.param(b"elst", 4, (100_000,), "is put together from 100,000 pieces", id="edits"),
        pytest.param(b"dref", 12, (0x75726C20, 0), "points to another one", id="address of another file"),
    ],
)
def test_an_index_beyond_belief_is_refused(tmp_path, box, at, numbers, sentence):
    path = patched(write_clip(tmp_path / "a.mp4"), box, at, *numbers)
    if box == b"dref":
        path = patched(path, box, 8, 32)
    with pytest.raises(UnreadableClip, match=sentence):
        family_of(path.read_bytes())


def test_a_fragment_beyond_belief_is_refused(tmp_path):
    path = write_clip(tmp_path / "a.mp4", muxer_options={"movflags": "frag_keyframe+empty_moov"})
    with pytest.raises(UnreadableClip, match="claims 50,0"):
        family_of(patched(path, b"trun", 4, 50_000_000).read_bytes())


def test_a_compressed_index_is_refused(tmp_path):
    data = write_clip(tmp_path / "a.mp4").read_bytes().replace(b"udta", b"cmov")
    with pytest.raises(UnreadableClip, match="compressed index"):
        family_of(data)


@pytest.mark.parametrize(
    ("filler", "sentence"),
    [
        pytest.param(struct.pack(">I4s", 8, b"skip") * 100_001, "more than 100000 parts", id="countless parts"),
        pytest.param(struct.pack(">I4s", 17_000_008, b"free") + bytes(17_000_000), "more than 16 MB", id="huge index"),
        pytest.param(struct.pack(">I4s", 400_008, b"free") + b"trak" * 100_000, "more than 1000 tracks", id="countless tracks"),
        pytest.param(struct.pack(">I4s", 400_008, b"free") + b"stts" * 100_000, "more than 1000 tables", id="countless tables"),
    ],
)
def test_a_file_made_to_keep_us_busy_is_refused(tmp_path, filler, sentence):
    with pytest.raises(UnreadableClip, match=sentence):
        family_of(write_clip(tmp_path / "a.mp4").read_bytes() + filler)


def test_plain_waveform_sound_is_not_taken_for_a_bomb():
    def box(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I4s", 8 + len(content), kind) + content

    handler = box(b"hdlr", b"\0" * 8 + b"soun" + b"\0" * 13)
    tables = box(b"stts", struct.pack(">IIII", 0, 1, 28_800_000, 1)) + box(b"stsz", struct.pack(">III", 0, 4, 28_800_000))
    data = box(b"ftyp", b"qt  \0\0\0\0") + box(b"moov", box(b"trak", handler + tables))
    assert mp4.outline(BufferedReader(BytesIO(data)), len(data), "clip") == mp4.Outline(0, None)
