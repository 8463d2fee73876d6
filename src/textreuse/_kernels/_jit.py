"""The one decorator through which every loop is compiled."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import TypeVar, cast

F = TypeVar("F", bound=Callable[..., object])


def kernel(function: F) -> F:
    """Return `function` compiled by numba with the GIL released, or as it is where numba is switched off or missing.

    Compiled code is cached next to the source or in the user's cache folder; where neither is writable it is
    compiled anew in each process.
    """
    if os.environ.get("NUMBA_DISABLE_JIT") == "1":
        return function
    try:
        import numba
    except ImportError:
        return function
    try:
        return cast(F, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:  # numba: "cannot cache function: no locator available"
        return cast(F, numba.njit(nogil=True)(function))
