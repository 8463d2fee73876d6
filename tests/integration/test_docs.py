"""Every example that a reader may copy is run: README, docs, docstrings. And nothing is left out of the reference."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from benchmarks.generate import collection

import textreuse

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = sorted(page for page in [REPOSITORY / "README.md", *REPOSITORY.glob("docs/**/*.md")] if page.exists())
BLOCK = re.compile(r"^```python[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FLAGS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
MODULES = sorted(
    {module.name for module in pkgutil.walk_packages(textreuse.__path__, "textreuse.")} - {"textreuse.__main__"}
)


def page_id(page: Path) -> str:
    return str(page.relative_to(REPOSITORY))


@pytest.fixture(autouse=True)
def folder_with_articles(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Start in a folder that holds what the examples speak of: articles/, some of which share passages."""
    (tmp_path / "articles").mkdir()
    for document in collection(6, seed=1, reuse_rate=0.5, passage_words=(40, 60))[0]:
        (tmp_path / "articles" / f"{document.id}.txt").write_text(document.text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)


def examples(page: Path) -> Iterator[tuple[int, str]]:
    """Yield each Python block of a page with the line on which its code starts."""
    text = page.read_text(encoding="utf-8")
    for block in BLOCK.finditer(text):
        yield text.count("\n", 0, block.start(1)) + 1, block[1]


@pytest.mark.parametrize("page", PAGES, ids=page_id)
def test_examples_of_a_page_run_from_top_to_bottom(page: Path) -> None:
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for line, code in examples(page):
        if ">>>" in code:
            test = doctest.DocTestParser().get_doctest(code, namespace, page_id(page), str(page), line)
            report: list[str] = []
            failed, _ = doctest.DocTestRunner(optionflags=FLAGS).run(test, out=report.append, clear_globs=False)
            assert not failed, "".join(report)
            namespace.update(test.globs)
        else:
            # Blank lines in front make the line numbers of a traceback those of the page.
            exec(compile("\n" * (line - 1) + code, str(page), "exec"), namespace)


@pytest.mark.parametrize("name", MODULES)
def test_examples_of_docstrings_give_what_they_show(name: str) -> None:
    report = doctest.testmod(importlib.import_module(name), optionflags=FLAGS)
    assert not report.failed


def test_reference_lists_every_public_name_and_no_other() -> None:
    listed = re.findall(
        r"^::: textreuse\.(\w+)$", (REPOSITORY / "docs/api.md").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert sorted(listed) == sorted(name for name in textreuse.__all__ if not name.startswith("__"))


def test_every_decision_is_listed() -> None:
    listing = (REPOSITORY / "docs/decisions/index.md").read_text(encoding="utf-8")
    decisions = {page.name for page in REPOSITORY.glob("docs/decisions/*.md")} - {"index.md"}
    assert set(re.findall(r"\]\(([\w-]+\.md)\)", listing)) == decisions
