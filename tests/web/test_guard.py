"""What the page must refuse, with the guard before it and without."""

from __future__ import annotations

import base64
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient

from netgain.web.guard import MOST_BYTES, Guard

SECRET = "correct horse"


def a_client(password: str | None = None, hosts: frozenset[str] | None = None) -> TestClient:
    return TestClient(Guard(PlainTextResponse("inside"), password, hosts), base_url="http://127.0.0.1")


def with_password(password: str) -> dict[str, str]:
    return {"Authorization": "Basic " + base64.b64encode(f"anyone:{password}".encode()).decode()}


@pytest.mark.parametrize(
    "path",
    [
        "/", "/config", "/assets/index.js", "/netgain/report/dropout", "/gradio_api/queue/join",
        "/gradio_api/run/predict",
    ],
)  # fmt: skip
def test_lets_through_what_the_page_needs(path: str) -> None:
    assert a_client().get(path).text == "inside"


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd", "/gradio_api/file/etc/passwd", "/file=/etc/passwd", "/gradio_api/upload",
        "/gradio_api/proxy=http://example.org/", "/gradio_api/file=http://example.org/", "/gradio_api/run/tick",
        "/gradio_api/component_server", "/gradio_api/info", "/monitoring", "/docs", "/assets/..%2f..%2fetc/passwd",
    ],
)  # fmt: skip
def test_refuses_everything_else(path: str) -> None:
    assert a_client().get(path).status_code == 403


def test_the_password_opens_every_path_and_nothing_else_does() -> None:
    client = a_client(SECRET)
    assert client.get("/").status_code == 401
    assert client.get("/netgain/report/dropout", headers=with_password("wrong horse")).status_code == 401
    assert client.get("/", headers={"Authorization": "Basic ***"}).status_code == 401
    assert client.get("/", headers=with_password(SECRET)).text == "inside"


def test_other_names_and_other_sites_are_refused() -> None:
    client = a_client(hosts=frozenset({"127.0.0.1"}))
    assert client.get("/").status_code == 200
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert client.post("/gradio_api/queue/join", headers={"Origin": "http://evil.example"}).status_code == 403
    assert client.post("/gradio_api/queue/join", headers={"Origin": "http://127.0.0.1"}).status_code == 200


def test_refuses_what_is_too_large() -> None:
    assert a_client().post("/gradio_api/queue/join", headers={"Content-Length": str(MOST_BYTES + 1)}).status_code == 413


UNGUARDED = """
import sys
from pathlib import Path
from starlette.testclient import TestClient
from netgain.web.page import unguarded_app
from netgain.web.runner import Runner
from netgain.web.shelf import Shelf

store = sys.argv[1]
client = TestClient(unguarded_app(Shelf(store, {}), Runner(store)))
for path in ("/etc/passwd", store, "netgain.db", "notes.txt", sys.executable):
    print(client.get(f"/gradio_api/file={path}").status_code)
print(client.get("/").status_code)
"""


def test_gradio_itself_hands_out_no_file(digit_store: Path) -> None:
    """Behind the guard: should it ever let such a path through, Gradio refuses it too."""
    (digit_store.parent / "notes.txt").write_text("secret")
    done = subprocess.run(
        [sys.executable, "-c", UNGUARDED, str(digit_store)], cwd=digit_store.parent, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.stdout.split() == ["403"] * 5 + ["200"], done.stderr


def test_the_served_page_hands_out_no_file(server: tuple[str, Path, Path]) -> None:
    address, folder, store = server
    for path in ("file=/etc/passwd", f"file={store}", f"file={store.name}", f"file={folder}/notes.txt"):
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{address}/gradio_api/{path}", timeout=20)
        assert refused.value.code == 403
        refused.value.close()
