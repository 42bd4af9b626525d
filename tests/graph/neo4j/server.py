"""A real Neo4j server for tests and benchmarks, from its Maven artefacts or as a container.

python -m tests.graph.neo4j.server      starts one, says where it is, and stops it at Ctrl+C
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Protocol

PASSWORD = "motivo-test"
IMAGE = "neo4j:5.26-community"
POM = Path(__file__).with_name("pom.xml")
START_SECONDS = 120
OPENS = (
    "java.base/java.nio",
    "java.base/java.io",
    "java.base/java.lang",
    "java.base/sun.nio.ch",
    "java.base/java.util.concurrent",
)
QUICK = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")  # starts sooner, and is slower in the end
LASTING = ("-XX:+UseSerialGC",)  # pays after some hundred tests


class NoServerError(Exception):
    """There is nothing here to start a server with."""


class Server(Protocol):
    """A server that was started for tests."""

    url: str

    def stop(self, *, kill: bool = False) -> None:
        """Stop it, and leave nothing behind; with `kill`, at once."""


def free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def await_port(port: int, alive: Sequence[subprocess.Popen[bytes]] = ()) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if any(process.poll() is not None for process in alive):
            raise NoServerError("the server ended while it started")
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise NoServerError(f"no answer on port {port} after {START_SECONDS} s")


def fetch_jars() -> Path:
    """Return the folder of the jars, fetched once by Maven and kept."""
    version = POM.read_text("utf-8").partition("<neo4j.version>")[2].partition("<")[0]
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    jars = Path(os.environ.get("NEO4J_JARS") or cache / f"neo4j-community-{version}")
    if not (jars / ".complete").exists():
        if shutil.which("mvn") is None:
            raise NoServerError("there is no Maven to fetch the server with")
        command = ["mvn", "-B", "-q", "-f", str(POM), "dependency:copy-dependencies"]
        options = ["-DincludeScope=runtime", f"-DoutputDirectory={jars}"]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
        if done.returncode:
            raise NoServerError(f"Maven could not fetch the server: {done.stdout[-500:]}")
        (jars / ".complete").touch()
    return jars


def die_with_parent() -> None:
    """Have this process ended when the one that started it is killed (Linux; elsewhere it is not)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


class JavaServer:
    """Neo4j Community as a process of ours, on loopback, in a folder of its own."""

    def __init__(
        self,
        home: Path,
        *,
        heap: str = "512m",
        settings: Mapping[str, str] | None = None,
        options: Sequence[str] = QUICK,
    ) -> None:
        if shutil.which("java") is None:
            raise NoServerError("there is no Java")
        self.home, self.heap = home, heap
        self.settings, self.options = dict(settings or {}), tuple(options)
        self.port = free_port()
        self.url = f"neo4j://neo4j:{PASSWORD}@127.0.0.1:{self.port}/neo4j"
        self._jars = fetch_jars()
        self._process: subprocess.Popen[bytes] | None = None
        for folder in ("conf", "data", "logs", "run", "plugins", "import"):
            (home / folder).mkdir(parents=True, exist_ok=True)
        if not (home / "data" / "dbms").exists():
            self._configure()
            self.admin("dbms", "set-initial-password", PASSWORD)

    def _configure(self) -> None:
        settings = {
            "server.default_listen_address": "127.0.0.1",
            "server.bolt.listen_address": f"127.0.0.1:{self.port}",
            "server.bolt.advertised_address": f"127.0.0.1:{self.port}",
            "server.http.enabled": "false",
            "server.https.enabled": "false",
            "server.memory.heap.initial_size": self.heap,
            "server.memory.heap.max_size": self.heap,
            "server.memory.pagecache.size": "256m",
            "dbms.usage_report.enabled": "false",
            # Graphs that are emptied and filled again need no new plans.
            "dbms.cypher.statistics_divergence_threshold": "1.0",
            "dbms.cypher.min_replan_interval": "1d",
            # Most of the work of a short life is to plan queries: none is planned twice.
            "server.memory.query_cache.per_db_cache_num_entries": "10000",
            **self.settings,
        }
        lines = "".join(f"{name}={value}\n" for name, value in settings.items())
        (self.home / "conf" / "neo4j.conf").write_text(lines, "utf-8")

    def _java(self, main: str, *options: str) -> list[str]:
        opens = [f"--add-opens={module}=ALL-UNNAMED" for module in OPENS]
        return ["java", *self.options, f"-Xmx{self.heap}", *opens, "-cp", f"{self._jars}/*", main, *options]

    def admin(self, *arguments: str) -> str:
        """Run neo4j-admin on this server's folder, while it is stopped; return what it prints."""
        command = self._java("org.neo4j.cli.AdminTool", *arguments)
        environment = {**os.environ, "NEO4J_HOME": str(self.home)}
        done = subprocess.run(
            command, env=environment, cwd=self.home, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(
                f"neo4j-admin {' '.join(arguments)}: {done.stdout[-2000:]}{done.stderr[-2000:]}"
            )
        return done.stdout + done.stderr

    def start(self) -> JavaServer:
        """Start it, and wait until it answers."""
        self._configure()
        options = (f"--home-dir={self.home}", f"--config-dir={self.home / 'conf'}")
        command = self._java("org.neo4j.server.CommunityEntryPoint", *options)
        with (self.home / "logs" / "console.log").open("ab") as log:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=die_with_parent,  # noqa: PLW1509  no threads yet
            )
        try:
            await_port(self.port, [self._process])
        except NoServerError:
            self.stop(kill=True)
            raise
        return self

    def stop(self, *, kill: bool = False) -> None:
        """Stop it; with `kill`, as a crash would."""
        if self._process is None:
            return
        self._process.send_signal(signal.SIGKILL if kill else signal.SIGTERM)
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None


class Container:
    """Neo4j Community as a container."""

    def __init__(self) -> None:
        engine = shutil.which("docker")
        if engine is None or subprocess.run([engine, "info"], capture_output=True, check=False).returncode:
            raise NoServerError("there is no Docker engine")
        self._engine = engine
        self._name = f"motivo-test-{uuid.uuid4().hex[:8]}"
        port = free_port()
        self.url = f"neo4j://neo4j:{PASSWORD}@127.0.0.1:{port}/neo4j"
        options = ["--rm", "-d", "--name", self._name, "-p", f"127.0.0.1:{port}:7687"]
        environment = [
            f"NEO4J_AUTH=neo4j/{PASSWORD}",
            f"NEO4J_server_bolt_advertised__address=127.0.0.1:{port}",
        ]
        given = [part for value in environment for part in ("-e", value)]
        subprocess.run([engine, "run", *options, *given, IMAGE], check=True, capture_output=True)
        try:
            await_port(port)
        except NoServerError:
            self.stop()
            raise

    def stop(self, *, kill: bool = False) -> None:
        """Stop and remove it."""
        subprocess.run([self._engine, "rm", "-f", self._name], check=False, capture_output=True)


@contextmanager
def running_server() -> Iterator[str]:
    """Yield the URL of a server that lets us in: NEO4J_URL, or one that is started and stopped again.

    NEO4J_USER and NEO4J_PASSWORD go with a NEO4J_URL that has none. Raises `NoServerError`.
    """
    given = os.environ.get("NEO4J_URL")
    if given:
        user, password = os.environ.get("NEO4J_USER", "neo4j"), os.environ.get("NEO4J_PASSWORD", PASSWORD)
        scheme, _, rest = given.partition("://")
        yield given if "@" in rest else f"{scheme}://{user}:{password}@{rest}"
        return
    with tempfile.TemporaryDirectory(prefix="motivo-neo4j-", ignore_cleanup_errors=True) as folder:
        server: Server
        try:
            server = JavaServer(Path(folder), heap="1g", options=LASTING).start()
        except NoServerError as error:
            try:
                server = Container()
            except NoServerError as other:
                raise NoServerError(f"{error}; {other}; set NEO4J_URL") from None
        try:
            await_answer(server.url)
            yield server.url
        finally:
            server.stop(kill=True)  # nobody needs what it would write at the end


def await_answer(url: str) -> None:
    """Wait until the database behind a port that is open answers."""
    from neo4j import GraphDatabase
    from neo4j.exceptions import DriverError, Neo4jError

    from graph.neo4j.address import parse_address

    address = parse_address(url)
    end = time.monotonic() + START_SECONDS
    with GraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        while True:
            try:
                driver.verify_connectivity()
                return
            except (DriverError, Neo4jError):
                if time.monotonic() > end:
                    raise
                time.sleep(0.3)


def main() -> None:
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    with running_server() as url:
        print(url, flush=True)  # noqa: T201
        signal.sigwait({signal.SIGINT, signal.SIGTERM})


if __name__ == "__main__":
    main()
