"""The Sphinx extension: numbers are looked up, addresses come from one place, icons are cut out."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pydata_sphinx_theme
import pytest
from fontTools.ttLib import TTFont
from project_files import ROOT
from relubook_book import claims as claims_page
from relubook_book import icons, markup, numbers, site, weight

import relubook
from relubook import claims, paper


def test_a_number_is_the_papers_own() -> None:
    found = numbers.look_up("TABLE_1/rectifier/mnist/none")
    assert found is paper.TABLE_1["rectifier", "mnist", "none"]
    assert numbers.in_words(found) == ("1.43\u00a0%", "p. 320, printed")


def test_every_number_of_the_paper_can_be_reached_from_a_page() -> None:
    tables = {name: table for name, table in vars(paper).items() if isinstance(table, dict)}
    reached = 0
    for name, table in tables.items():
        for key, value in table.items():
            if name.isupper() and isinstance(value, paper.Printed):
                keys = key if isinstance(key, tuple) else (key,)
                place = "/".join([name, *map(numbers._text, keys)])
                assert numbers.look_up(place) is value
                reached += 1
    assert reached > 50


def test_points_are_counted() -> None:
    assert numbers.in_words(numbers.look_up("FIGURE_3"))[0] == str(len(paper.FIGURE_3))


@pytest.mark.parametrize(
    "place", ["NOWHERE", "TABLE_1/relu/mnist/none", "EXACT_ZEROS/mnist/again", "FIGURE_3/7"]
)
def test_a_number_that_is_not_there_is_an_error(place: str) -> None:
    with pytest.raises(LookupError, match=r"relubook\.paper has no"):
        numbers.look_up(place)


def test_the_workflow_overrides_the_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELUBOOK_REPOSITORY", "https://github.com/reader/fork/")
    monkeypatch.setenv("RELUBOOK_SITE", "https://reader.github.io/fork")
    found = site.read()
    assert found.repository == "https://github.com/reader/fork"
    assert found.site == "https://reader.github.io/fork/"
    wheel = f"relubook-{relubook.__version__}-py3-none-any.whl"
    assert found.wheel == f"https://reader.github.io/fork/{wheel}"


def test_an_address_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RELUBOOK_SITE", "reader.github.io")
    with pytest.raises(ValueError, match=r"The `site` of site\.toml must be an https address"):
        site.read()


def test_only_icons_that_are_drawn_are_kept() -> None:
    sun, file = 'sun:[512,512,[],"f185","M1"],', '"file-pdf":[1,2,["pdf"],"f1",["M2","M3"]],'
    script = f'x={{{sun}{file}moon:[1,2,[],"f2","M4"]}}'
    used = icons.icon_names(['<i class="fa-solid fa-sun">', '"fas fa-pdf"'])
    assert icons.keep_icons(script, used) == f"x={{{sun}{file}}}"


def test_only_rules_of_icons_that_are_drawn_are_kept_and_all_other_rules() -> None:
    bars = '.fa-bars:before,.fa-navicon:before{content:"\\f0c9"}'
    own = '.admonition>p:before{content:"\\f05a"}'
    sheet = f'{bars}.fa-moon:before{{content:"\\f186"}}{own}'
    assert icons.keep_rules(sheet, {"navicon"}) == bars + own
    assert icons.characters(bars + own) == {0xF0C9, 0xF05A}


def test_a_font_keeps_the_characters_that_are_drawn_and_its_license(tmp_path: Path) -> None:
    theme = Path(pydata_sphinx_theme.__file__).parent / "theme/pydata_sphinx_theme/static"
    whole = next(theme.rglob("fa-solid-900.ttf"))
    shutil.copy(whole, tmp_path)
    thin = TTFont(icons.keep_characters(tmp_path / whole.name, {0xF0C9, 0x41414}))
    assert set(thin.getBestCmap()) == {0xF0C9}
    assert thin["name"].getDebugName(0) == TTFont(whole)["name"].getDebugName(0)
    assert (tmp_path / "fa-solid-900.woff").stat().st_size < 3_000


def test_a_silenced_script_still_runs() -> None:
    assert weight.silence('console.log("a", f());') == 'void("a", f());'


@pytest.mark.parametrize("claim", claims.CLAIMS.values(), ids=claims.CLAIMS)
def test_a_claim_is_shown_with_all_that_its_verdict_rests_on(claim: claims.Claim) -> None:
    judgment = claims_page.judged(claim)
    text = claims_page.describe(claim, judgment).replace(markup.NO_BREAK_SPACE, " ")
    shown = [claim.statement, claim.page, claim.threshold, claim.interval, *claim.flips]
    shown += [str(number) for number in claim.paper]
    if judgment:
        shown += [judgment.verdict, *map(str, judgment.parts), *judgment.power]
    else:
        shown += [claims_page.NO_RECORD]
    assert [piece for piece in shown if piece not in text] == []


@pytest.mark.parametrize(
    ("seconds", "words"), [(3.4, "3 s"), (119, "119 s"), (150, "2 min"), (9000, "2 h")]
)
def test_a_duration_is_said_in_its_unit(seconds: float, words: str) -> None:
    assert markup.duration(seconds) == words


def test_a_book_with_a_typo_in_a_number_is_not_built(tmp_path) -> None:
    page = tmp_path / "index.md"
    page.write_text("# Page\n\n{paper}`EXACT_ZEROS/minst`\n", encoding="utf-8")
    conf = f"import sys; sys.path.insert(0, {str(ROOT / 'book/_ext')!r})\n"
    conf += "extensions = ['myst_parser', 'relubook_book.numbers']\n"
    (tmp_path / "conf.py").write_text(conf, encoding="utf-8")
    built = subprocess.run(
        [sys.executable, "-m", "sphinx", "-W", "-q", str(tmp_path), str(tmp_path / "out")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert built.returncode != 0
    assert "relubook.paper has nothing at 'EXACT_ZEROS/minst'" in built.stderr
