"""What a reader moves: one ES module a widget, alive in a static page, with a kernel, in print.

`lives.py` has the class they share, `bundle.py` makes one self-contained module out of the small
`.mjs` files, `latest.py` runs a reader's training in the background.

- `L1Explorer`: L1 strength and depth against zeros, dead units and test error.
- `CostExplorer`: share of zeros and batch size against the time that skipping zeros takes.
- `HingeBuilder`: a function bent out of hinges by hand, beside a network trained in the page.
- `RegionViewer`: the linear regions of a small network in the plane, while it trains.
- `StartMap`: from which starts and learning rates deep networks learn, and a claim that flips.
- `PathViewer`: the units and paths that one picture selects in small networks, and the gradient.
- `ScaleSlider`: one function in many parametrizations, and how differently they train.
- `NeuronBench`: a leaky neuron under five sliders, in time and as a firing-rate curve.
- `SoftplusExplorer`: one slider from softplus to the rectifier, and the networks on its way.
- `RelativesExplorer`: relatives of the rectifier, their curves, and what networks make of each.
- `Denoiser`: a digit with masked pixels, and what four kinds of autoencoders give back of it.
- `LabelShare`: how many images have a label, and what learning without labels saves then.
- `ReviewReader`: a review, the units that it lights up, and what each of its words carries.
- `Prediction`: a number or a curve the reader commits to before the record is revealed.
- `Quiz` of `Question` and `Choice`: multiple choice with feedback for every answer.
- `ClaimCard`: a claim of the paper beside our measurement; plain HTML, no script.
- `LiveRun`: the progress bar of a cell that trains.
"""

from relubook.widgets.claim_card import ClaimCard
from relubook.widgets.cost_explorer import CostExplorer
from relubook.widgets.denoiser import Denoiser
from relubook.widgets.hinge_builder import HingeBuilder
from relubook.widgets.l1_explorer import L1Explorer
from relubook.widgets.label_share import LabelShare
from relubook.widgets.live_run import LiveRun
from relubook.widgets.neuron_bench import NeuronBench
from relubook.widgets.path_viewer import PathViewer
from relubook.widgets.prediction import Prediction
from relubook.widgets.quiz import Choice, Question, Quiz
from relubook.widgets.region_viewer import RegionViewer
from relubook.widgets.relatives_explorer import RelativesExplorer
from relubook.widgets.review_reader import ReviewReader
from relubook.widgets.scale_slider import ScaleSlider
from relubook.widgets.softplus_explorer import SoftplusExplorer
from relubook.widgets.start_map import StartMap

__all__ = [
    "Choice",
    "ClaimCard",
    "CostExplorer",
    "Denoiser",
    "HingeBuilder",
    "L1Explorer",
    "LabelShare",
    "LiveRun",
    "NeuronBench",
    "PathViewer",
    "Prediction",
    "Question",
    "Quiz",
    "RegionViewer",
    "RelativesExplorer",
    "ReviewReader",
    "ScaleSlider",
    "SoftplusExplorer",
    "StartMap",
]
