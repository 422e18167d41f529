"""What a release consists of, as CycloneDX: every Python package, and the libraries in C that lie inside their wheels; and what is known against it.

    python scripts/sbom.py [--out sbom.json] [--audit]

A release runs it with --audit, which asks PyPI's advisories through pip-audit and therefore needs the network; without it, what is named in
`HOLES` is still looked for. The tools are installed into a folder of their own. Ends with status 1 if a known hole is found.
"""

import argparse
import json
import re
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

from hipcv.cli.commands.doctor import OLDEST_FFMPEG

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ROOT / ".tools"
NEEDED = ("cyclonedx-bom>=7,<8", "pip-audit>=2.9,<3")
_LIBRARY = re.compile(r"^(lib[\w+]+?)-[0-9a-f]{8}[.\w-]*?\.so\.?([\d.]*)$|^(lib[\w+-]+)\.so\.?([\d.]*)$")
"""A library as auditwheel names it: its name, a hash, the version of its interface."""
HOLES = {("av", "libavcodec"): (OLDEST_FFMPEG, "CVE-2026-8461 (MagicYUV, written out of bounds)")}
"""Oldest version without a known hole that strangers' videos can reach; hipcv reads them with PyAV alone, never with OpenCV."""


def tool(name: str) -> Path:
    """A program of the tools, which are installed if they are not there."""
    if not (TOOLS / "bin" / name).exists():
        venv.create(TOOLS, with_pip=True)
        subprocess.run([TOOLS / "bin" / "python", "-m", "pip", "install", "--quiet", *NEEDED], check=True)
    return TOOLS / "bin" / name


def native(distribution: metadata.Distribution) -> list[dict[str, object]]:
    """Libraries in C inside an installed wheel."""
    found = []
    for file in distribution.files or []:
        if match := _LIBRARY.match(file.name):
            name, version = (match[1], match[2]) if match[1] else (match[3], match[4])
            found.append(component(name, version or "unknown", distribution.metadata["Name"]))
    return found


def component(name: str, version: str, inside: str) -> dict[str, object]:
    """A part as CycloneDX writes it."""
    return {
        "type": "library",
        "bom-ref": f"{inside}/{name}@{version}",
        "name": name,
        "version": version,
        "description": f"inside the wheel of {inside}",
    }


def built_in() -> list[dict[str, object]]:
    """What is linked into other libraries and tells its version only when it is asked."""
    import av
    import cv2

    told = [component(name, ".".join(map(str, version)), "av") for name, version in av.library_versions.items()]
    for name, version in re.findall(r"(avcodec|avformat|JPEG|PNG|WEBP):\s+.*?\(ver(?:sion)?\s*([^)]*)\)", cv2.getBuildInformation()):
        told.append(component(name, version, "opencv-python"))
    told.append(component("TensorFlow Lite", f"as of mediapipe {metadata.version('mediapipe')}", "mediapipe"))
    return told


def holes(parts: list[dict[str, object]]) -> list[str]:
    """What is known against these parts."""
    said = []
    for (inside, name), (oldest, hole) in HOLES.items():
        for part in parts:
            version = str(part["version"])
            if part["bom-ref"] == f"{inside}/{name}@{version}" and tuple(map(int, version.split("."))) < oldest:
                said.append(f"{name} {version} in {inside}: {hole}")
    return said


def main() -> None:
    """Write the list and say what is known against it."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--out", type=Path, default=ROOT / "sbom.json")
    options.add_argument("--audit", action="store_true")
    chosen = options.parse_args()
    subprocess.run(
        [tool("cyclonedx-py"), "environment", sys.executable, "--output-format", "JSON", "--output-file", chosen.out],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    parts = [*built_in(), *(part for one in metadata.distributions() for part in native(one))]
    document = json.loads(chosen.out.read_text(encoding="utf-8"))
    document["components"] += list({part["bom-ref"]: part for part in parts}.values())
    chosen.out.write_text(json.dumps(document, indent=2), encoding="utf-8")
    print(f"{chosen.out.name}: {len(document['components'])} parts, {len(parts)} of them inside wheels")
    known = holes(parts)
    print("\n".join(known) or "Nothing is known against the decoders.")
    if chosen.audit:
        audit = [tool("pip-audit"), "--requirement", ROOT / "constraints.txt", "--disable-pip", "--no-deps", "--strict"]
        known += ["pip-audit"] if subprocess.run(audit).returncode else []
    sys.exit(bool(known))


if __name__ == "__main__":
    main()
