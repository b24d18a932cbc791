"""What is measured: Seatline, the peer and nginx."""

import base64
import http.client
import json
import shutil
import time
from abc import ABC, abstractmethod
from contextlib import suppress
from urllib.parse import quote

from . import Broken, data
from .load import Target
from .machine import Service, clean_environment, free_port, java_home, peak_memory_mb, run, say, until

MEDIA_TYPE = "application/vnd.api+json"


def basic(username, password):
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


class Http:
    """One connection to a server on loopback."""

    def __init__(self, port, authorization=None):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.headers = {"Content-Type": MEDIA_TYPE} | ({"Authorization": authorization} if authorization else {})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.close()

    def request(self, method, path, body=None):
        self.connection.request(method, path, body, self.headers)
        answer = self.connection.getresponse()
        return answer.status, answer.read()

    def expect(self, method, path, body=None, status=200):
        got, content = self.request(method, path, body)
        if got != status:
            raise Broken(f"{method} {path}: {got} instead of {status}: {content[:500]!r}")
        return content


def answers(port, path="/"):
    """Whether a server answers with anything but an error of its own."""
    with suppress(OSError, http.client.HTTPException), Http(port) as http_:
        return http_.request("GET", path)[0] < 500
    return False


class JsonApi(ABC):
    """A server of sip_device_routes, and how it wants the three requests said."""

    name: str
    resource: str
    list_query: str
    patched: str
    patch_status: int

    def __init__(self, folder):
        self.folder = folder / self.name.split()[0].lower()
        self.folder.mkdir(exist_ok=True)
        self.port = free_port()
        self.service = None
        self.authorization = basic(data.USERNAME, data.PASSWORD)

    def http(self):
        return Http(self.port, self.authorization)

    def list_path(self):
        return f"{self.resource}?{quote(self.list_query, safe='=&')}"

    def patch_body(self, id_, value):
        return json.dumps(
            {"data": {"type": "sip_device_routes", "id": id_, "attributes": {self.patched: value}}},
            separators=(",", ":"))

    @abstractmethod
    def record_count(self, document):
        """The number of all matches that a list names."""

    def target(self, method, file):
        return Target(self.port, self.authorization, method, file)

    def targets(self, ids):
        """The requests of GET one and list; `patch_target` has those of PATCH, which are new for every round."""
        one = data.write_lines(self.folder / "one", [f"{self.resource}/{id_}" for id_ in ids])
        page = data.write_lines(self.folder / "list", [self.list_path()])
        return {"one": self.target("GET", one), "list": self.target("GET", page)}

    def patch_target(self, rows):
        """Every account once, in random order, each with the opposite of what it has: no request changes nothing."""
        lines = (line.split("|") for line in rows.column("SELECT id, use_allowed_ips FROM sip_accounts ORDER BY random()"))
        return self.target("PATCH", data.write_lines(
            self.folder / "patch", [f"{self.resource}/{id_}\t{self.patch_body(id_, has == 'f')}" for id_, has in lines]))

    def check(self, rows, id_):
        """That it does the work which is measured, before it is measured."""
        with self.http() as client:
            one = json.loads(client.expect("GET", f"{self.resource}/{id_}"))
            found = json.loads(client.expect("GET", self.list_path()))
            before = rows.sql(f"SELECT use_allowed_ips FROM sip_accounts WHERE id = '{id_}'")
            client.expect(
                "PATCH", f"{self.resource}/{id_}", self.patch_body(id_, before == "f"), status=self.patch_status)
        after = rows.sql(f"SELECT use_allowed_ips FROM sip_accounts WHERE id = '{id_}'")
        ids = [record["id"] for record in found["data"]]
        right = {
            "GET one": one["data"]["id"] == id_,
            "the list's order": ids == rows.column(
                "SELECT id FROM sip_accounts WHERE allow_external_calls ORDER BY id DESC LIMIT 50"),
            "included customers": bool(found.get("included")),
            "the count": self.record_count(found) == int(
                rows.sql("SELECT count(*) FROM sip_accounts WHERE allow_external_calls")),
            "PATCH": before != after,
        }
        if not all(right.values()):
            raise Broken(f"{self.name} gets wrong: {', '.join(what for what, ok in right.items() if not ok)}")


class Seatline(JsonApi):
    """The server of this repository, and its command line."""

    name = "Seatline"
    resource = "/api/rest/public/operator/sip_device_routes"
    list_query = "filter[allow_external_calls]=true&sort=-id&include=customer&page[size]=50"
    patched = "use_allowed_ips"
    patch_status = 200

    def __init__(self, root, folder, database=None, cluster=None):
        super().__init__(folder)
        self.command = root / "bin" / "seatline"
        self.database = database
        self.management_port = free_port()
        self.ready_seconds = 0.0
        self.settings = {
            "JAVA_HOME": java_home(),
            "SEATLINE_DATA_DIR": self.folder / "data",
            "SEATLINE_HTTP_HOST": "127.0.0.1",
            "SEATLINE_HTTP_PORT": self.port,
            "SEATLINE_MANAGEMENT_PORT": self.management_port,
            # any free one: several run at a time
            "SEATLINE_SIP_PORT": 0,
            "SEATLINE_LOG_ACCESS": self.folder / "access.log",
        }
        if database:
            self.settings |= {
                "SEATLINE_DATABASE_URL": cluster.jdbc(database),
                "SEATLINE_DATABASE_USER": cluster.user,
                "SEATLINE_DATABASE_PASSWORD": cluster.password,
            }

    def cli(self, *arguments, input="", timeout=120):
        return run([self.command, *arguments], input=input, timeout=timeout, cwd=self.folder,
                   env=clean_environment(**self.settings))

    def start(self, *, pause=0.05):
        """Starts it and returns it, ready."""
        self.service = Service(
            self.name, [self.command, "serve"], self.folder / "out.log", cwd=self.folder,
            env=clean_environment(**self.settings))
        try:
            until(self.ready, "Seatline's start", seconds=120, service=self.service, pause=pause)
            self.ready_seconds = time.monotonic() - self.service.started
        except BaseException:
            self.service.stop()
            raise
        return self.service

    def ready(self):
        with suppress(OSError, http.client.HTTPException), Http(self.management_port) as client:
            return client.request("GET", "/health/ready")[0] in (200, 204)
        return False

    def peak_memory_mb(self):
        return peak_memory_mb(self.service.main_pid())

    def record_count(self, document):
        return document["meta"]["record_count"]


class Elide(JsonApi):
    """The peer: bench/peers/elide."""

    name = "Elide 7.1.16 on Spring Boot"
    resource = "/api/sip_device_routes"
    list_query = ("filter[sip_device_routes]=allowExternalCalls==true&sort=-id&include=customer"
                  "&page[size]=50&page[totals]")
    patched = "useAllowedIps"
    patch_status = 204

    def __init__(self, root, folder, cluster, rows):
        super().__init__(folder)
        self.project = root / "bench" / "peers" / "elide"
        self.cluster, self.rows = cluster, rows

    def build(self):
        """Builds it when its sources are newer than what is built."""
        jar = self.project / "target" / "elide-peer.jar"
        sources = [self.project / "pom.xml", *(f for f in (self.project / "src").rglob("*") if f.is_file())]
        if not jar.exists() or jar.stat().st_mtime < max(source.stat().st_mtime for source in sources):
            say("building the peer")
            run([shutil.which("mvn"), "-B", "-q", "-f", self.project / "pom.xml", "clean", "package"], timeout=900,
                cwd=self.project, env=clean_environment(JAVA_HOME=java_home()))
        return jar

    def start(self):
        environment = clean_environment(
            SERVER_PORT=self.port,
            SPRING_DATASOURCE_URL=self.cluster.jdbc(self.rows.database),
            SPRING_DATASOURCE_USERNAME=self.cluster.user,
            SPRING_DATASOURCE_PASSWORD=self.cluster.password,
            PEER_OPERATOR=self.rows.operator_id,
            PEER_USERNAME=data.USERNAME,
            PEER_PASSWORD=data.PASSWORD)
        self.service = Service(
            self.name, [f"{java_home()}/bin/java", "-Xmx1g", "-jar", self.build()], self.folder / "out.log",
            cwd=self.folder, env=environment)
        try:
            until(lambda: answers(self.port), "the peer's start", seconds=120, service=self.service)
        except BaseException:
            self.service.stop()
            raise
        return self.service

    def record_count(self, document):
        return document["meta"]["page"]["totalRecords"]


class Nginx:
    """A file as large as the answer to GET one, and nothing logged: what HTTP alone costs."""

    name = "nginx, a file of that size"

    def __init__(self, folder):
        self.folder = folder / "nginx"
        self.folder.mkdir()
        self.port = free_port()

    def start(self, content):
        (self.folder / "answer").write_bytes(content)
        config = self.folder / "nginx.conf"
        config.write_text(f"""
            daemon off;
            worker_processes auto;
            pid {self.folder}/pid;
            error_log {self.folder}/error.log;
            events {{ worker_connections 1024; }}
            http {{
                access_log off;
                default_type {MEDIA_TYPE};
                sendfile on;
                open_file_cache max=10;
                keepalive_requests 1000000000;
                client_body_temp_path {self.folder}/body;
                proxy_temp_path {self.folder}/proxy;
                fastcgi_temp_path {self.folder}/fastcgi;
                uwsgi_temp_path {self.folder}/uwsgi;
                scgi_temp_path {self.folder}/scgi;
                server {{ listen 127.0.0.1:{self.port}; root {self.folder}; }}
            }}""")
        service = Service(
            self.name, ["nginx", "-c", config, "-e", self.folder / "error.log"], self.folder / "out.log")
        try:
            until(lambda: answers(self.port, "/answer"), "nginx's start", seconds=30, service=service)
        except BaseException:
            service.stop()
            raise
        return service

    def target(self):
        return Target(self.port, basic("nobody", ""), "GET", data.write_lines(self.folder / "path", ["/answer"]))
