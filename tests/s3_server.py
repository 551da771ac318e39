"""A server that speaks S3, on loopback, and buckets in it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from needs import unavailable

ROOT = Path(__file__).parents[1]


@contextmanager
def serving() -> Iterator[str]:
    """What stands behind the question mark of addresses, while the server runs; credentials are in the environment."""
    python = os.environ.get("CORPUSGATE_S3_PYTHON") or ROOT / ".venv" / "s3" / "bin" / "python"
    if shutil.which(python) is None:
        unavailable("s3", "there is no Python with moto's server: .ci/run makes one")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([str(python), "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            unavailable("s3", "the S3 server did not start")
        with pytest.MonkeyPatch.context() as patched:
            patched.setenv("AWS_ACCESS_KEY_ID", "test")
            patched.setenv("AWS_SECRET_ACCESS_KEY", "test")
            patched.setenv("AWS_EC2_METADATA_DISABLED", "true")
            yield f"?endpoint_override=127.0.0.1:{port}&scheme=http&region=us-east-1"
    finally:
        process.kill()
        process.wait()


def upload(server: str, bucket: str, folder: Path) -> None:
    """Make a bucket with the files below a folder."""
    headers = {"Authorization": "AWS test:test", "Content-Type": "application/octet-stream"}
    where = re.sub(r".*override=([^&]*).*", rf"http://\1/{bucket}", server)
    for name, data in [("", b""), *((f"/{path.relative_to(folder)}", path.read_bytes()) for path in folder.rglob("*") if path.is_file())]:
        with urlopen(Request(f"{where}{name}", data, method="PUT", headers=headers), timeout=60) as answer:
            assert answer.status == 200
