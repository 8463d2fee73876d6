"""How kernels are compiled."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
KERNELS = REPOSITORY / "src" / "textreuse" / "_kernels"


def kernels_named(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield module and name of every kernel that a file takes from `textreuse._kernels`."""
    aliases: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("textreuse._kernels"):
            for alias in node.names:
                if node.module == "textreuse._kernels":
                    aliases[alias.asname or alias.name] = alias.name
                else:
                    yield str(node.module).rpartition(".")[2], alias.name
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
            yield aliases[node.value.id], node.attr


def test_python_calls_no_kernel_that_is_compiled_for_kernels_only() -> None:
    inner = {
        (path.stem, name)
        for path in KERNELS.glob("*.py")
        for name in re.findall(r"@inner_kernel\ndef (\w+)", path.read_text(encoding="utf-8"))
    }
    assert ("tokens", "fold_tokens") in inner
    for folder in ("src", "tests", "benchmarks", "scripts"):
        for path in (REPOSITORY / folder).rglob("*.py"):
            if path.parent != KERNELS:
                named = set(kernels_named(ast.parse(path.read_text(encoding="utf-8"))))
                assert not named & inner, path
