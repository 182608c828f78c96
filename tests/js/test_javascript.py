"""The widgets' pure functions, tested by the node that travels in the playwright wheel."""

from pathlib import Path

import pytest

from browser_support import run_node

HERE = Path(__file__).parent
FILES = sorted(HERE.glob("*.test.mjs"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_widgets_pure_functions(file: Path) -> None:
    done = run_node("--test", "--test-reporter=tap", str(file))
    assert done.returncode == 0, done.stdout
    assert "# fail 0" in done.stdout
    assert "# pass 0" not in done.stdout
    assert "# skipped 0" in done.stdout


def test_every_module_is_tested_by_name() -> None:
    assert {file.name for file in FILES} >= {
        "numbers.test.mjs",
        "cost_explorer.test.mjs",
        "l1_explorer.test.mjs",
        "prediction.test.mjs",
        "quiz.test.mjs",
        "region_viewer.test.mjs",
    }
