"""The decorators through which every loop is compiled."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Return `function` compiled by numba with the GIL released, or as it is where numba is switched off or missing.

    Compiled code is cached next to the source or in the user's cache folder; where neither is writable it is
    compiled anew in each process.
    """
    return compiled(function, for_kernels_only=False)


def inner_kernel(function: F) -> F:
    """Return `function` compiled for other kernels only, without what Python needs to call it.

    That is up to half of the time it takes to compile a small function. Python that calls it all the same crashes;
    tests/unit/test_kernels.py sees to it that none does.
    """
    return compiled(function, for_kernels_only=True)


def compiled(function: F, *, for_kernels_only: bool) -> F:
    """Return `function` compiled, or as it is."""
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        return function
    try:
        import numba
    except ImportError:
        return function
    options: dict[str, Any] = {"nogil": True, "no_cpython_wrapper": for_kernels_only}
    try:
        return cast(F, numba.njit(**options, cache=True)(function))
    except RuntimeError:  # numba: "cannot cache function: no locator available"
        return cast(F, numba.njit(**options)(function))
