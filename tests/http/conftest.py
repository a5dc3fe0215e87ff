"""The misbehaving server of the teacher's tests."""

from collections.abc import Iterator

import pytest

from ..teacher.conftest import Server


@pytest.fixture
def server() -> Iterator[Server]:
    made = Server()
    yield made
    made.end()
