"""One widget, three lives: what stands in the bundle, and what is refused."""

import hashlib
import json
import math
import re
import subprocess
import sys

import pytest
from denoiser_frames import denoiser_data
from label_frames import label_data
from path_frames import path_data
from project_files import ROOT
from region_frames import region_data
from relatives_frames import relatives_data
from review_frames import reader_frame
from scale_frames import scale_data
from softplus_frames import alpha_data
from start_frames import map_data
from widget_frames import cost_data, explorer_data, hinge_data

from browser_support import run_node
from relubook.widgets import (
    Choice,
    CostExplorer,
    Denoiser,
    HingeBuilder,
    L1Explorer,
    LabelShare,
    NeuronBench,
    PathViewer,
    Prediction,
    Question,
    Quiz,
    RegionViewer,
    RelativesExplorer,
    ReviewReader,
    ScaleSlider,
    SoftplusExplorer,
    StartMap,
)
from relubook.widgets.bundle import HERE, classic, module, style
from relubook.widgets.lives import Explorable

MIMES = {"text/plain", "text/html", "application/vnd.jupyter.widget-view+json"}
ROOTS = (
    "cost_explorer.mjs", "denoiser.mjs", "hinge_builder.mjs", "l1_explorer.mjs", "label_share.mjs",
    "neuron_bench.mjs", "path_viewer.mjs", "prediction.mjs", "quiz.mjs", "region_viewer.mjs",
    "relatives_explorer.mjs", "review_reader.mjs", "scale_slider.mjs",
    "softplus_explorer.mjs", "start_map.mjs",
)  # fmt: skip
BYTES = {
    "cost_explorer.mjs": 35_000,
    "denoiser.mjs": 36_000,
    "hinge_builder.mjs": 52_000,
    "l1_explorer.mjs": 25_000,
    "label_share.mjs": 36_000,
    "neuron_bench.mjs": 35_000,
    "path_viewer.mjs": 52_000,
    "prediction.mjs": 16_000,
    "quiz.mjs": 8_000,
    "region_viewer.mjs": 52_000,
    "relatives_explorer.mjs": 36_000,
    "review_reader.mjs": 36_000,
    "scale_slider.mjs": 36_000,
    "softplus_explorer.mjs": 32_000,
    "start_map.mjs": 36_000,
}


def a_quiz(text="Why?"):
    choices = (Choice(text="a", feedback="No."), Choice(text="b", feedback="Yes.", right=True))
    return Quiz(name="q", questions=(Question(text=text, choices=choices),))


def a_number(question="How many?"):
    return Prediction.number(name="n", question=question, low=0.0, high=1.0, step=0.1, recorded=0.5)


def a_curve():
    return Prediction.curve(
        name="c", question="Draw.", x=[0, 1e-3], x_label="L1", y_label="zeros", low=0.0, high=1.0,
        step=0.1, recorded=[0.5, 0.9],
    )  # fmt: skip


WIDGETS = {
    "explorer": lambda: L1Explorer(explorer_data()),
    "costs": lambda: CostExplorer(cost_data()),
    "digits": lambda: Denoiser(denoiser_data()),
    "hinges": lambda: HingeBuilder(hinge_data()),
    "labels": lambda: LabelShare(label_data()),
    "neuron": lambda: NeuronBench(noise=2e-3),
    "paths": lambda: PathViewer(path_data()),
    "regions": lambda: RegionViewer(region_data()),
    "relatives": lambda: RelativesExplorer(relatives_data()),
    "reviews": lambda: ReviewReader(reader_frame()),
    "scales": lambda: ScaleSlider(scale_data()),
    "alphas": lambda: SoftplusExplorer(alpha_data()),
    "starts": lambda: StartMap(map_data()),
    "quiz": a_quiz,
    "number": a_number,
    "curve": a_curve,
}


@pytest.fixture(params=WIDGETS)
def widget(request):
    return WIDGETS[request.param]()


def test_a_bundle_has_all_three_lives_and_anywidgets_metadata(widget):
    data, metadata = widget._repr_mimebundle_()
    assert set(data) == MIMES
    assert isinstance(metadata, dict)
    assert widget._ipython_display_ is None


def test_the_text_life_shows_no_address(widget):
    data, _ = widget._repr_mimebundle_()
    assert not re.search(r"0x[0-9a-f]+|object at", data["text/plain"])


def test_the_html_has_no_id_and_calls_nobody(widget):
    html = widget.html()
    numbers = html.index('<script type="application/json">')
    assert not re.search(r'\sid="', html)
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "")
    assert numbers < html.index("</script>")


def test_the_html_is_the_same_bytes_in_another_process():
    folders = [str(ROOT / "tests"), str(ROOT / "tests" / "widgets"), str(ROOT / "src")]
    code = f"import sys; sys.path[:0] = {folders}; import test_lives; print(test_lives.digests())"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={"PYTHONHASHSEED": "1", "PATH": "", "HOME": "/nowhere"},
    )  # fmt: skip
    assert done.stdout.strip() == str(digests())


def digests():
    return {
        name: hashlib.sha256(make().html().encode()).hexdigest() for name, make in WIDGETS.items()
    }


def test_the_static_page_never_claims_a_kernel():
    widget = L1Explorer(explorer_data(), train=lambda *_, **__: None)
    assert widget.has_kernel
    numbers = re.search(r'<script type="application/json">(.*?)</script>', widget.html(), re.DOTALL)
    state = json.loads(numbers[1])
    assert state["has_kernel"] is False
    assert state["life"] == "page"


def test_a_text_cannot_close_the_script_it_stands_in():
    evil = "</script><img src=x onerror=alert(1)><!-- <script>"
    html = a_quiz(evil).html()
    assert html.lower().count("</script>") == 2
    assert "<img" not in html
    assert "<!--" not in html


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_not_finite_is_refused_with_its_place(value):
    data = explorer_data()
    data["error"][2][3][0] = value
    with pytest.raises(
        ValueError, match=r"finite numbers only\. Got .* at data\.error\[2\]\[3\]\[0\]"
    ):
        L1Explorer(data)


def test_data_too_large_for_a_page_are_refused():
    data = explorer_data()
    data["passport"]["note"] = "x" * 1_000_000
    with pytest.raises(ValueError, match=r"at most 1,000,000 bytes of JSON.* Got 1,\d\d\d,\d\d\d"):
        L1Explorer(data)


@pytest.mark.parametrize("name", ROOTS)
def test_a_bundled_module_is_one_es_module_that_imports_nothing(name, tmp_path):
    file = tmp_path / "bundle.mjs"
    file.write_text(module(name), encoding="utf-8")
    check = f"import({json.dumps(file.as_uri())}).then(m => console.log(typeof m.default.render))"
    done = run_node("-e", check)
    assert done.stdout.strip() == "function", done.stderr
    assert not re.search(r"^import\b", module(name), re.MULTILINE)


@pytest.mark.parametrize("name", ROOTS)
def test_the_classic_script_gives_the_same_renderer(name):
    done = run_node("-e", f"console.log(typeof ({classic(module(name))}).render)")
    assert done.stdout.strip() == "function", done.stderr


@pytest.mark.parametrize("name", ROOTS)
def test_a_module_stays_small(name):
    assert len(module(name).encode()) <= BYTES[name]


def test_every_source_file_of_a_widget_reaches_a_page():
    shipped = {path.name for path in HERE.glob("*.mjs")}
    text = "".join(module(name) for name in ROOTS)
    for name in shipped:
        exported = re.findall(
            r"^export (?:function|const) (\w+)", (HERE / name).read_text(), re.MULTILINE
        )
        assert all(re.search(rf"\b{word}\b", text) for word in exported), name


@pytest.mark.parametrize(
    "text",
    [
        "export function f() {}\n",
        'import x from "https://cdn.example/x.js";\nexport default { x };\n',
        "export default { f };\nexport const late = 1;\n",
    ],
)
def test_a_module_that_no_classic_script_can_hold_is_refused(text):
    with pytest.raises(ValueError, match="must end with"):
        classic(text)


def test_a_style_sheet_that_would_close_its_element_is_refused(tmp_path, monkeypatch):
    (tmp_path / "evil.css").write_text("/* </style> */", encoding="utf-8")
    monkeypatch.setattr("relubook.widgets.bundle.HERE", tmp_path)
    with pytest.raises(ValueError, match="must not contain '</'"):
        style("evil.css")


def test_a_module_that_would_close_its_script_is_refused(tmp_path, monkeypatch):
    (tmp_path / "evil.mjs").write_text('const x = "</SCRIPT>";\n', encoding="utf-8")
    monkeypatch.setattr("relubook.widgets.bundle.HERE", tmp_path)
    with pytest.raises(ValueError, match="must not contain '</script'"):
        module("evil.mjs")


def test_a_widget_without_words_cannot_be_shown():
    with pytest.raises(NotImplementedError, match="must say itself in words"):
        Explorable().fallback()


def test_without_scripts_every_setting_stands_in_a_table():
    words = L1Explorer(explorer_data()).fallback()
    assert words.count("% zeros") == 12 * 5


def test_two_files_that_use_one_name_are_refused_by_that_name(tmp_path, monkeypatch):
    monkeypatch.setattr("relubook.widgets.bundle.HERE", tmp_path)
    (tmp_path / "below.mjs").write_text("export const short = 1;\n")
    (tmp_path / "above.mjs").write_text(
        'import { short } from "./below.mjs";\nfunction short() {}\nexport default { short };\n'
    )
    with pytest.raises(ValueError, match=r"give each name once\. Rename one short"):
        module("above.mjs")
