"""What checks draw, drawn again: a test that fails can be run once more and fails once more."""

import os
import random
import secrets

import pytest


@pytest.fixture(autouse=True)
def draws(monkeypatch, request):
    """Numbers from a seed for each test, in place of those that nobody can foresee.

    `RELUBOOK_TEST_DRAWS=N pytest tests/checks` draws others: every week another N is tried.
    """
    source = random.Random(f"{os.environ.get('RELUBOOK_TEST_DRAWS', 0)} {request.node.nodeid}")
    monkeypatch.setattr(secrets, "randbits", source.getrandbits)
    monkeypatch.setattr(secrets, "randbelow", source.randrange)
    monkeypatch.setattr(secrets, "choice", source.choice)
    monkeypatch.setattr(secrets, "SystemRandom", lambda: source)
