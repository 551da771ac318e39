"""A server that speaks S3, on loopback, and buckets in it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from urllib.request import Request, urlopen

import pytest
from needs import unavailable

ROOT = Path(__file__).parents[1]

#: Who asks for objects.
ENVIRONMENT = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}


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
            for name, value in ENVIRONMENT.items():
                patched.setenv(name, value)
            yield f"?endpoint_override=127.0.0.1:{port}&scheme=http&region=us-east-1"
    finally:
        process.kill()
        process.wait()


@dataclass
class Tally:
    """Bytes that the server sent, over connections of this process and of others."""

    here: int = 0
    elsewhere: int = 0


@contextmanager
def counted(server: str) -> Iterator[tuple[str, Tally]]:
    """The server behind a door that counts."""
    port = int(re.sub(r".*override=127.0.0.1:(\d+).*", r"\1", server))
    tally, door = Tally(), socket.create_server(("127.0.0.1", 0))

    def pass_on(source: socket.socket, target: socket.socket, counts: str = "") -> None:
        with suppress(OSError):
            while data := source.recv(1 << 16):
                if counts:
                    setattr(tally, counts, getattr(tally, counts) + len(data))
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, (_, number) = door.accept()
                inner = socket.create_connection(("127.0.0.1", port))
                counts = "here" if _is_ours(number) else "elsewhere"
                Thread(target=pass_on, args=(client, inner), daemon=True).start()
                Thread(target=pass_on, args=(inner, client, counts), daemon=True).start()

    Thread(target=serve, daemon=True).start()
    try:
        yield server.replace(f":{port}", f":{door.getsockname()[1]}"), tally
    finally:
        door.close()


def _is_ours(port: int) -> bool:
    """Whether a connection from a port on loopback is of this process."""
    rows = (line.split() for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:])
    socket_of = next((row[9] for row in rows if row[1].endswith(f":{port:04X}")), None)
    links = []
    for place in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            links.append(str(place.readlink()))
    return f"socket:[{socket_of}]" in links


def upload(server: str, bucket: str, folder: Path) -> None:
    """Make a bucket with the files below a folder."""
    headers = {"Authorization": "AWS test:test", "Content-Type": "application/octet-stream"}
    where = re.sub(r".*override=([^&]*).*", rf"http://\1/{bucket}", server)
    for name, data in [("", b""), *((f"/{path.relative_to(folder)}", path.read_bytes()) for path in folder.rglob("*") if path.is_file())]:
        with urlopen(Request(f"{where}{name}", data, method="PUT", headers=headers), timeout=60) as answer:
            assert answer.status == 200
