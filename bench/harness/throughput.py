"""The main part: requests per second and latencies, everything interleaved on the same rows."""

from contextlib import ExitStack

from . import floors
from .data import write_lines
from .load import Series, pgbench, wrk
from .machine import say
from .servers import Elide, Nginx, Seatline

OPERATIONS = ("one", "list", "patch")


class Throughput:
    """`series[system][operation]`, and what else was seen on the way."""

    def __init__(self, root, folder, cluster, rows, options):
        self.folder, self.cluster, self.rows, self.options = folder, cluster, rows, options
        self.seatline = rows.seatline
        self.elide = Elide(root, folder, cluster, rows)
        self.nginx = Nginx(folder)
        self.pgbench_name = "pgbench, the same statements"
        self.series = {}
        self.memory_mb = 0.0
        self.answer_bytes = 0

    def run(self):
        ids = self.rows.column("SELECT id FROM sip_accounts ORDER BY random() LIMIT 100000")
        with ExitStack() as stack:
            stack.enter_context(self.seatline.start())
            stack.enter_context(self.elide.start())
            for server in (self.seatline, self.elide):
                server.check(self.rows, ids[0])
            with self.seatline.http() as client:
                answer = client.expect("GET", f"{self.seatline.resource}/{ids[0]}")
            self.answer_bytes = len(answer)
            stack.enter_context(self.nginx.start(answer))
            self._write_scripts(ids[0])
            steps = self._steps(ids)
            self._warm_up(steps)
            for number in range(1, self.options.rounds + 1):
                say(f"round {number} of {self.options.rounds}")
                self._round(steps, number)
            self.memory_mb = self.seatline.peak_memory_mb()

    def _write_scripts(self, id_):
        """The floors run what Seatline was just seen to run."""
        seatline, folder = self.seatline, self.folder
        with seatline.http() as client:
            one = self.cluster.statements(lambda: client.expect("GET", f"{seatline.resource}/{id_}"))
            page = self.cluster.statements(lambda: client.expect("GET", seatline.list_path()))
        (folder / "one.sql").write_text(floors.single_row_script(one, id_, self.rows.count))
        (folder / "list.sql").write_text(floors.list_script(page))

    def _steps(self, ids):
        """One round as [(system, operation, what to do for so many seconds)]."""
        def load(target):
            return lambda seconds, seed: wrk(target(), clients=self.options.clients, seconds=seconds, seed=seed)

        def statements(script):
            return lambda seconds, _: pgbench(
                self.cluster, self.rows.database, self.folder / script, clients=self.options.clients, seconds=seconds,
                log_folder=self.folder)

        nginx = self.nginx.target()
        servers = (self.seatline, self.elide)
        reads = {server: server.targets(ids) for server in servers}

        def of_servers(operation):
            return [(server.name, operation, load(lambda target=reads[server][operation]: target)) for server in servers]

        # What is compared stands side by side; PATCH comes last, because it leaves the tables to be vacuumed.
        return [
            (self.nginx.name, "one", load(lambda: nginx)),
            (self.pgbench_name, "one", statements("one.sql")),
            *of_servers("one"),
            (self.pgbench_name, "list", statements("list.sql")),
            *of_servers("list"),
            *((server.name, "patch", load(lambda server=server: server.patch_target(self.rows))) for server in servers),
        ]

    def _warm_up(self, steps):
        say(f"warming up: {self.options.warmup} s for each kind of request")
        for system, _, do in steps:
            if system in (self.seatline.name, self.elide.name):
                do(self.options.warmup, 0)

    def _round(self, steps, number):
        self.rows.tidy()
        for system, operation, do in steps:
            sample = do(self.options.seconds, number)
            self.series.setdefault(system, {}).setdefault(operation, Series()).add(sample)
            say(f"  {system}, {operation}: {sample.rate:,.0f}/s, p50 {sample.p50:.2f} ms, p99 {sample.p99:.2f} ms")

    def rate(self, system, operation):
        return self.series[system][operation].median().rate

    def ratio(self, operation, other):
        return self.rate(Seatline.name, operation) / self.rate(other, operation)
