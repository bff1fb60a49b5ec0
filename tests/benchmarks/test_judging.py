from benchmarks import judging


def test_judging_is_timed(monkeypatch):
    monkeypatch.setattr(judging, "NUM_ARMS", 2)
    monkeypatch.setattr(judging, "NUM_IMAGES", 100)
    assert 0 < judging.seconds_to_judge() < 60
