"""The coach's own decisions, in Node's test runner, with the thresholds that the server gives it."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from hipcv.web.server.film_facts import page_facts

TESTS = sorted((Path(__file__).parent / "film").glob("*.test.mjs"))
NODE = shutil.which("node")


@pytest.mark.skipif(NODE is None, reason="no Node on this machine (Debian: apt-get install nodejs)")
@pytest.mark.parametrize("file", TESTS, ids=lambda file: file.name)
def test_the_coach(file, tmp_path):
    facts = tmp_path / "page.json"
    facts.write_text(json.dumps(page_facts("en")))
    done = subprocess.run(
        [NODE, "--test", str(file)], check=False, capture_output=True, text=True, env={**os.environ, "HIPCV_FILM_FACTS": str(facts)}
    )
    assert done.returncode == 0, done.stdout
    assert "# pass 0" not in done.stdout
