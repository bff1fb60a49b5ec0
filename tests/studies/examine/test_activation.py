from typing import cast

from netgain.results.study_result import StudyResult
from netgain.studies.examine.activation import sigmoid_is_a_tanh


def test_the_sigmoid_is_a_tanh_in_disguise() -> None:
    findings = sigmoid_is_a_tanh(cast(StudyResult, None))  # an identity of functions, whatever was trained
    assert findings.hold
    frame = findings.frame("activation-functions")
    at_zero = {row["function"]: row["value"] for row in frame.to_dict("records") if abs(row["z"]) < 1e-6}
    assert at_zero["sigmoid σ(z)"] == at_zero["(1 + tanh(z/2))/2"] == 0.5
    assert findings.chart("activation-functions").to_dict()
