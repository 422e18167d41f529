"""What runs when: everyday tests at every change, slow ones also in .ci/run, those of a release before one."""

import pytest


def release(*values):
    """Parameters that only a release needs, each with the id that it would have."""
    return [pytest.param(value, marks=pytest.mark.release) for value in values]
