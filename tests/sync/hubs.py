"""Remotes for tests: a bare repository behind a file path, `git daemon`, or smart HTTP, each with clones of it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from git_muse_coord.model import codec, records
from git_muse_coord.model.records import Record
from git_muse_coord.store.git.objects import blob_oid
from tests.tools import Repo, git_in

TRANSPORTS = ("file", "daemon", "http")
EVERYTHING = "refs/muse/*:refs/muse/*"


@dataclass(frozen=True)
class Hub:
    """A bare repository that clones push to, and the address at which they find it."""

    path: Path
    url: str

    def git(self, *arguments: str, given: bytes = b"") -> str:
        return git_in(self.path, *arguments, given=given)

    def refs(self, prefix: str = "refs/muse/") -> dict[str, str]:
        return Repo(self.path).refs(prefix)

    def plant(self, ref: str, blob: bytes) -> str:
        return Repo(self.path).plant(ref, blob)

    def hook(self, name: str, script: str) -> None:
        file = self.path / "hooks" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)

    def clone(self, name: str) -> Repo:
        git_in(self.path.parent, "clone", "-q", self.url, name)
        return Repo(self.path.parent / name)


def plant_many(path: Path, blobs: Mapping[str, bytes]) -> None:
    """Put many blobs under refs at once, packed."""
    stream = b"".join(b"blob\ndata %d\n%s\n" % (len(blob), blob) for blob in blobs.values())
    git_in(path, "fast-import", "--quiet", given=stream)
    lines = [f"create {ref} {blob_oid(blob, 'sha1')}\n" for ref, blob in blobs.items()]
    git_in(path, "update-ref", "--stdin", given="".join(lines).encode())
    git_in(path, "pack-refs", "--all")


def plant_records(path: Path, made: Iterable[Record]) -> list[str]:
    """Put many sound records under their refs, and return their ids."""
    blobs = [(record, records.encode(record)) for record in made]
    plant_many(
        path, {records.ref_name(record, codec.content_id(blob)): blob for record, blob in blobs}
    )
    return [codec.content_id(blob) for _, blob in blobs]


@contextmanager
def serving(path: Path, transport: str) -> Iterator[Hub]:
    """Serve a bare repository, ready to be pushed to."""
    git_in(path, "config", "http.receivepack", "true")
    if transport == "file":
        yield Hub(path, str(path))
    elif transport == "daemon":
        with git_daemon(path.parent) as (address, _):
            yield Hub(path, f"{address}/{path.name}")
    else:
        with web_server(path.parent) as address:
            yield Hub(path, f"{address}/{path.name}")


@contextmanager
def git_daemon(root: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A ``git daemon`` for the repositories under a directory; its address, and the process to kill."""
    port = free_port()
    process = subprocess.Popen(
        [
            *(
                "git",
                "daemon",
                "--reuseaddr",
                "--listen=127.0.0.1",
                f"--port={port}",
                "--export-all",
            ),
            *("--enable=receive-pack", "--max-connections=200", f"--base-path={root}"),
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        wait_for(port)
        yield f"git://127.0.0.1:{port}", process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and what it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


@contextmanager
def web_server(root: Path) -> Iterator[str]:
    """Smart HTTP: ``git http-backend`` behind a threaded web server. Yields its address."""
    server = _WebServer(("127.0.0.1", 0), _Smart)
    server.root = root
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def locked_web_server(root: Path) -> Iterator[tuple[str, _WebServer]]:
    """The same behind a login: all is answered with 401 until ``wants`` is what a request brings."""
    server = _WebServer(("127.0.0.1", 0), _Smart)
    server.root = root
    server.wants = "nobody's"
    server.seen = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def silent_server() -> Iterator[str]:
    """A server that takes connections and never says a word. Yields a git:// address there."""
    with socket.create_server(("127.0.0.1", 0), backlog=50) as listening:
        yield f"git://127.0.0.1:{listening.getsockname()[1]}/hub.git"


def at_upload(clone: Repo, place: Path, number: int, script: str) -> Path:
    """Run a line of shell when a clone asks the remote at a path for the so-manyth time; a file of one line a time."""
    program = place / "upload-pack"
    lines = [
        "#!/bin/sh",
        f"echo >>'{place}/asked'",
        f"[ $(wc -l <'{place}/asked') != {number} ] || {{ {script}; }}",
    ]
    program.write_text("\n".join([*lines, 'exec git-upload-pack "$@"\n']))
    program.chmod(0o755)
    clone.git("config", "remote.origin.uploadpack", str(program))
    return place / "asked"


LISTINGS = 2
"""So often a sync that finds something new has listed the remote before it fetches."""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as asking:
        port: int = asking.getsockname()[1]
        return port


def wait_for(port: int) -> None:
    give_up = time.monotonic() + 20
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            assert time.monotonic() < give_up, "the server did not start"
            time.sleep(0.02)


class _WebServer(ThreadingHTTPServer):
    root: Path
    wants: str | None = None
    seen: list[str | None]
    daemon_threads = True
    request_queue_size = 200


class _Smart(BaseHTTPRequestHandler):
    """The Common Gateway Interface, as far as ``git http-backend`` needs it."""

    protocol_version = "HTTP/1.1"
    server: _WebServer

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            self._answer(b"".join(self._chunks()))
        else:
            self._answer(self.rfile.read(int(self.headers.get("Content-Length", 0))))

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002
        pass

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().split(b";")[0], 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _answer(self, body: bytes) -> None:
        if self.server.wants is not None:
            given = self.headers.get("Authorization")
            self.server.seen.append(given)
            if given != self.server.wants:
                self.send_response(401)
                self.send_header("WWW-Authenticate", 'Basic realm="hub"')
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
        address = urlsplit(self.path)
        facts = {
            "GIT_PROJECT_ROOT": str(self.server.root),
            "GIT_HTTP_EXPORT_ALL": "1",
            "REQUEST_METHOD": self.command,
            "PATH_INFO": address.path,
            "QUERY_STRING": address.query,
            "CONTENT_TYPE": self.headers.get("Content-Type", ""),
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_CONTENT_ENCODING": self.headers.get("Content-Encoding", ""),
            "GIT_PROTOCOL": self.headers.get("Git-Protocol", ""),
            "REMOTE_ADDR": "127.0.0.1",
            "REMOTE_USER": "tester",
        }
        done = subprocess.run(
            ["git", "http-backend"],
            input=body,
            env={**os.environ, **facts},
            capture_output=True,
            check=False,
        )
        head, _, content = done.stdout.partition(b"\r\n\r\n")
        fields = [
            line.split(": ", 1) for line in head.decode("latin-1").split("\r\n") if ": " in line
        ]
        status = next((value for name, value in fields if name.lower() == "status"), "200 OK")
        with contextlib.suppress(ConnectionError):
            self.send_response(int(status.split()[0]))
            for name, value in fields:
                if name.lower() != "status":
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
