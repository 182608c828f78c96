"""What an engine may cut by seeds gives the same as a run of all seeds at once."""

from dataclasses import replace

import numpy as np
import pytest

from relubook import experiments
from relubook.experiments import by_seeds


@pytest.mark.parametrize("name", sorted(by_seeds.SEPARABLE))
def test_parts_of_one_seed_put_together_are_the_whole(name):
    """Bit for bit for most; to rounding where a sum goes over a stack of networks."""
    module, config = experiments.get(name), experiments.configure(name, "smoke")
    config = replace(config, seeds=(3, 1))
    parts = by_seeds.split(name, config)
    assert [part.seeds for part in parts] == [(3,), (1,)]
    whole = module.run(config).arrays()
    joined = by_seeds.joined(module, [module.run(part) for part in parts]).arrays()
    assert joined.keys() == whole.keys()
    for field, values in whole.items():
        assert joined[field].shape == values.shape
        assert joined[field].dtype == values.dtype
        np.testing.assert_allclose(joined[field], values, rtol=1e-4, atol=1e-6, err_msg=field)


def test_what_depends_on_the_seeds_without_an_axis_for_them_is_refused():
    module, config = experiments.get("depth-and-l1"), experiments.configure("depth-and-l1", "smoke")
    results = [module.run(replace(config, seeds=(seed,))) for seed in (0, 1)]
    with pytest.raises(ValueError, match="The `raster` of this experiment differs"):
        by_seeds.joined(module, results)


def test_an_experiment_that_cannot_be_cut_is_one_part():
    config = experiments.configure("relatives", "smoke")
    assert by_seeds.split("relatives", config) == [config]
