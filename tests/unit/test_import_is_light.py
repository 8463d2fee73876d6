from __future__ import annotations

import subprocess
import sys

HEAVY = ("numba", "scipy", "datasketch", "pandas", "polars", "pyarrow", "networkx")


def test_import_loads_nothing_heavy() -> None:
    # Every name of __all__ is touched too, because a name may be loaded only when it is first asked for.
    program = (
        "import sys, textreuse\n"
        "for name in textreuse.__all__: getattr(textreuse, name)\n"
        f"print(*(module for module in {HEAVY!r} if module in sys.modules))\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == []
