import pytest
from benchmarks.to_accuracy import trained


def test_the_curve_is_that_of_the_test_images_and_ends_at_the_accuracy():
    found = trained("fast-99", 2, num_images=300)
    assert (found["epochs"], found["num_seeds"], len(found["curve"])) == (2, 2, 2)
    assert found["curve"][-1] == pytest.approx(found["accuracy"])
    assert all(0 < accuracy < 1 for accuracy in found["curve"])
    assert len(found["run_seconds"]) == len(found["compile_seconds"]) == 2
