"""The load: wrk for servers, pgbench for PostgreSQL itself."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from . import Broken
from .machine import run

REQUESTS = Path(__file__).with_name("requests.lua")

# As many for both tools. One thread of either is kept busy by the cheapest of what is measured here.
THREADS = min(2, os.cpu_count())


@dataclass(frozen=True)
class Sample:
    """One round: requests per second, and latencies in milliseconds."""

    rate: float
    p50: float
    p99: float


class Series:
    """The rounds of one thing."""

    def __init__(self):
        self.samples = []

    def add(self, sample):
        self.samples.append(sample)

    def median(self):
        return Sample(*(median(getattr(s, field) for s in self.samples) for field in ("rate", "p50", "p99")))

    def range(self):
        rates = [s.rate for s in self.samples]
        return min(rates), max(rates)


@dataclass(frozen=True)
class Target:
    """What wrk asks a server: `file` has a request a line, a path and, after a tab, a body."""

    port: int
    authorization: str
    method: str
    file: Path


def wrk(target, *, clients, seconds, seed=1):
    threads = min(THREADS, clients)
    output = run(
        ["wrk", "-t", threads, "-c", clients, "-d", f"{seconds}s", "--timeout", "10s", "-s", REQUESTS,
         f"http://127.0.0.1:{target.port}", "--", target.method, target.file, target.authorization, seed, threads],
        timeout=seconds + 60)
    result = re.search(r"^result (.*)$", output, re.MULTILINE)
    if not result:
        raise Broken(f"wrk printed no result: {output[-1000:]}")
    requests, duration, p50, p99, connect, read, write, status, timeout = map(int, result[1].split())
    if connect + read + write + status + timeout or not requests:
        raise Broken(
            f"{target.method} of {target.file.name}: {requests} answers, {status} of them errors, {timeout} timeouts,"
            f" {connect} refused connections, {read + write} broken ones")
    return Sample(requests / duration * 1e6, p50 / 1e3, p99 / 1e3)


def pgbench(cluster, database, script, *, clients, seconds, log_folder):
    """Runs a script with prepared statements. A tenth of its transactions are timed one by one."""
    prefix = log_folder / "pgbench"
    output = run(
        [cluster.bin / "pgbench", "-n", "-M", "prepared", "-c", clients, "-j", THREADS, "-T", seconds, "-f", script,
         "--log", f"--log-prefix={prefix}", "--sampling-rate=0.1", database],
        timeout=seconds + 60, env=cluster.environment(cluster.user))
    logs = list(log_folder.glob("pgbench.*"))
    times = sorted(int(line.split()[2]) for log in logs for line in log.read_text().splitlines())
    for log in logs:
        log.unlink()
    rate = re.search(r"tps = ([\d.]+)", output)
    if not rate or not times:
        raise Broken(f"pgbench printed no result: {output[-1000:]}")
    return Sample(float(rate[1]), times[len(times) // 2] / 1e3, times[len(times) * 99 // 100] / 1e3)
