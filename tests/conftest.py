"""What is common to all tests: which of them run in one worker."""

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that give commands run in one worker, so that what commands need is imported once."""
    for item in items:
        if "ready_python" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("commands"))
