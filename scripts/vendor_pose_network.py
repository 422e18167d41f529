"""Fetch what runs the pose network in a browser, from the npm package @mediapipe/tasks-vision, into hipcv/web/film/vendor.

    python scripts/vendor_pose_network.py
    python scripts/vendor_pose_network.py --package mediapipe-tasks-vision-0.10.21.tgz

The version is one that sends no usage figures: from 0.10.34 on the package reports to its maker, as the Python one does. Of the package only
the three files are taken that are needed: a bundle for workers, and the compiled code with its loader. The package and each file are checked
against their hashes; the pose model itself is the one that hipcv ships (hipcv/capture/bundles/lite.task).

Needs `npm` unless --package names a package that was fetched before.
"""

import argparse
import hashlib
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from hipcv.web.server.film_files import VENDOR, VENDOR_SHA256  # noqa: E402
from scripts.npm_package import files_of  # noqa: E402

PACKAGE = "@mediapipe/tasks-vision@0.10.21"
PACKAGE_SHA256 = "343736570f433c0100ffc360dbe70f09cc502a5fc573f5cd95954692edc9cfde"
FILES = {
    "vision_bundle.cjs": "package/vision_bundle.cjs",
    "vision_wasm_internal.js": "package/wasm/vision_wasm_internal.js",
    "vision_wasm_internal.wasm": "package/wasm/vision_wasm_internal.wasm",
}


def main() -> None:
    """Write the files, and say what was written."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--package", type=Path, help="the package, if it was fetched before")
    chosen = options.parse_args()
    package = files_of(PACKAGE, PACKAGE_SHA256, chosen.package)
    for name, inside in FILES.items():
        if (found := hashlib.sha256(package[inside]).hexdigest()) != VENDOR_SHA256[name]:
            raise SystemExit(f"{inside} is not the tested one: its SHA-256 is {found}.")
        (VENDOR / name).write_bytes(package[inside])
        print(f"{VENDOR.relative_to(ROOT) / name}: {len(package[inside]) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
