from pathlib import Path

import pytest

from netgain.files import write_atomically


def test_a_failed_write_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("old")

    def interrupted() -> None:
        with write_atomically(path) as file:
            file.write(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_two_writers_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a"
    with write_atomically(path) as first, write_atomically(path) as second:
        first.write(b"same")
        second.write(b"same")
    assert path.read_bytes() == b"same"
    assert list(tmp_path.iterdir()) == [path]
