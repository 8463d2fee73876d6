"""What every test shares: the folder of real data, hypothesis profiles, and the run without a compiler."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
WITHOUT_JIT = os.environ.get("NUMBA_DISABLE_JIT") == "1"

# The first example of a test compiles a kernel, which takes seconds, so no example has a deadline.
SLOW_START = [hypothesis.HealthCheck.too_slow]
hypothesis.settings.register_profile("local", deadline=None, suppress_health_check=SLOW_START)
hypothesis.settings.register_profile("ci", deadline=None, suppress_health_check=SLOW_START, derandomize=True)
# Kernels as plain Python are some hundred times slower; the law was tested compiled, here only branches count.
hypothesis.settings.register_profile("plain", hypothesis.settings.get_profile("ci"), max_examples=25)
hypothesis.settings.load_profile("plain" if WITHOUT_JIT else "ci" if os.environ.get("CI") else "local")


@pytest.fixture(autouse=WITHOUT_JIT)
def wrapping_arithmetic() -> Iterator[None]:
    """Let scalars wrap around silently where kernels run as plain Python, as they do where kernels are compiled."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="overflow encountered in scalar", category=RuntimeWarning)
        yield


@pytest.fixture(autouse=True, scope="module")
def threads_for_few_shingles() -> Iterator[None]:
    """Let threads share the work on small collections, too, which one thread would do alone."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("textreuse._parallel.LEAST_SHARE", 1)
        yield


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real collections, which is not part of the repository."""
    folder = Path(os.environ.get("TEXTREUSE_DATA", REPOSITORY.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(
            f"no real data at {folder}; set TEXTREUSE_DATA to the folder that holds memri, udhr, pan13 and the rest"
        )
    return folder
