"""Starting the server: what it refuses, each with one message."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from netgain.errors import ServerError
from netgain.web.server import check_host, is_loopback, listening


def refused(*arguments: str, cwd: Path, before: str = "") -> str:
    code = f"{before}\nfrom netgain.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "serve", *arguments], cwd=cwd, capture_output=True, text=True, timeout=120,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    return done.stderr


def test_a_port_in_use_is_said_before_anything_heavy_starts(tmp_path: Path) -> None:
    with listening("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        said = refused("--port", str(port), cwd=tmp_path)
    assert f"port {port} is in use" in said
    assert "--port" in said


def test_other_machines_need_a_host_and_a_password(tmp_path: Path) -> None:
    assert "give a password" in refused("--host", "0.0.0.0", cwd=tmp_path)
    with pytest.raises(ServerError, match="characters, expected 8"):
        check_host("0.0.0.0", "short")
    check_host("0.0.0.0", "long enough")
    check_host("127.0.0.1", None)


@pytest.mark.parametrize(("host", "loopback"), [("127.0.0.1", True), ("localhost", True), ("::1", True),
                                                ("0.0.0.0", False), ("::", False), ("example.org", False)])  # fmt: skip
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_an_address_of_another_machine() -> None:
    with pytest.raises(ServerError, match="cannot listen on 192.0.2.1"):
        listening("192.0.2.1", 0).close()


def test_without_the_extra(tmp_path: Path) -> None:
    said = refused(cwd=tmp_path, before="import sys; sys.modules['gradio'] = None")
    assert "pip install 'netgain[web]'" in said


def test_a_store_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "notes.db").write_text("no database, only a text that is long enough to be read as one" * 40)
    assert "not a netgain store" in refused("--store", "notes.db", cwd=tmp_path)
