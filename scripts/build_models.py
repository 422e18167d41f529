"""Build the pose landmarker bundles from the networks in the npm package @mediapipe/pose.

    python scripts/build_models.py                      # lite and full, into hipcv/capture/bundles: those the package ships
    python scripts/build_models.py heavy                # the large network as well, into hipcv/capture/bundles
    python scripts/build_models.py heavy --out DIR --package mediapipe-pose-0.5.1675469404.tgz

MediaPipe's wheel contains no pose model. Its makers publish the networks, under the Apache-2.0 licence, in an npm package: the person
detector and three landmark networks as plain .tflite files. The Tasks API wants detector and landmark network in one zip (stored, not
compressed), with the input normalisation written into each as metadata, and this script does just that. The same package gives the same
bytes, and the result is checked against the hashes in hipcv/capture/pose_models.py.

Needs the Python package `mediapipe`, and `npm` unless --package names a package that was fetched before.
"""

import argparse
import gc
import hashlib
import io
import sys
import types
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from hipcv.capture.pose_models import KNOWN_SHA256  # noqa: E402
from scripts.npm_package import files_of  # noqa: E402

PACKAGE = "@mediapipe/pose@0.5.1675469404"
PACKAGE_SHA256 = "8bb349a7b3a3ba699df23be804ddd3b3eab810b50b15406894be257859388a84"
DETECTOR = "package/pose_solution_packed_assets.data"
LANDMARKER = "package/pose_landmark_{variant}.tflite"

# Input scaling (mean, std) of the two networks: the detector takes -1 to 1, the landmark network 0 to 1.
DETECTOR_SCALING = ([127.5], [127.5])
LANDMARKER_SCALING = ([0.0], [255.0])


def writer_class() -> type:
    """MediaPipe's metadata writer. It imports a compiled module that the wheel lacks; a stub supplies the one function it needs."""
    package = "mediapipe.tasks.cc.metadata.python"
    version = types.ModuleType(f"{package}._pywrap_metadata_version")
    version.GetMinimumMetadataParserVersion = lambda _: "1.0.0"
    parent = types.ModuleType(package)
    parent._pywrap_metadata_version = version
    for name in ("mediapipe.tasks.cc", "mediapipe.tasks.cc.metadata"):
        sys.modules.setdefault(name, types.ModuleType(name))
    sys.modules.update({package: parent, version.__name__: version})
    from mediapipe.tasks.python.metadata.metadata_writers import metadata_writer

    return metadata_writer.MetadataWriter


def with_scaling(network: bytes, scaling: tuple[list[float], list[float]]) -> bytes:
    """The network with its input normalisation as metadata."""
    writer = writer_class().create(bytearray(network))
    writer.add_image_input(*scaling)
    written, _ = writer.populate()
    del writer
    gc.collect()  # removes its temporary folder now, not during interpreter shutdown
    return bytes(written)


def bundle(detector: bytes, landmarker: bytes) -> bytes:
    """Both networks in the zip that the Tasks API maps into memory; fixed dates make it reproducible."""
    from mediapipe.tasks.python.metadata.metadata_writers.model_asset_bundle_utils import AlignZipFile

    out = io.BytesIO()
    with AlignZipFile(out, mode="w", alignment=4) as archive:
        for name, network in (("pose_detector.tflite", detector), ("pose_landmarks_detector.tflite", landmarker)):
            archive.writestr(zipfile.ZipInfo(name), network)
    return out.getvalue()


def main() -> None:
    """Build the requested bundles, check their hashes, write them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("variants", nargs="*", default=["lite", "full"], metavar="lite|full|heavy", help="default: lite full")
    parser.add_argument("--out", type=Path, default=ROOT / "hipcv" / "capture" / "bundles", help="folder for the .task files")
    parser.add_argument("--package", type=Path, help="the npm package as a .tgz file, instead of asking npm for it")
    options = parser.parse_args()
    unknown = set(options.variants) - KNOWN_SHA256.keys()
    if unknown:
        parser.error(f"unknown variant: {', '.join(sorted(unknown))}")

    files = files_of(PACKAGE, PACKAGE_SHA256, options.package)
    detector = with_scaling(files[DETECTOR], DETECTOR_SCALING)
    options.out.mkdir(parents=True, exist_ok=True)
    for variant in options.variants:
        data = bundle(detector, with_scaling(files[LANDMARKER.format(variant=variant)], LANDMARKER_SCALING))
        sha256 = hashlib.sha256(data).hexdigest()
        if sha256 != KNOWN_SHA256[variant]:
            sys.exit(f"{variant}: built {sha256}, expected {KNOWN_SHA256[variant]}; nothing written.")
        (options.out / f"{variant}.task").write_bytes(data)
        print(f"{variant}.task  {len(data):,} bytes  sha256 {sha256}")


if __name__ == "__main__":
    main()
