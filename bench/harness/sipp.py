"""The load: sipp, one process and one UDP socket, and what it says of a run."""

import csv
import math
import os
import signal
import socket
import time
from dataclasses import dataclass
from pathlib import Path

from . import Broken
from .machine import Service, clean_environment, free_sip_port

REALM = "seatline"
SCENARIOS = Path(__file__).with_name("sipp")
# More than sipp can: it begins a new registration whenever the number of open ones allows it.
NO_LIMIT = 1_000_000

OPTIONS = (
    "OPTIONS sip:seatline SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{id};rport\r\nMax-Forwards: 70\r\n"
    "From: <sip:ready@seatline>;tag={id}\r\nTo: <sip:ready@seatline>\r\nCall-ID: ready-{id}\r\nCSeq: 1 OPTIONS\r\n"
    "Content-Length: 0\r\n\r\n")


def answers(port):
    """Whether a SIP server gives any answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as client:
        client.settimeout(0.5)
        try:
            client.connect(("127.0.0.1", port))
            client.send(OPTIONS.format(port=client.getsockname()[1], id=time.monotonic_ns()).encode())
            return client.recv(4096).startswith(b"SIP/2.0 ")
        except OSError:
            return False


def write_accounts(file, accounts):
    """sipp can't nest its keywords, so each line brings the whole of what [authentication] says."""
    with open(file, "w", encoding="utf-8") as output:
        output.write("SEQUENTIAL\n")
        output.writelines(f"{user};[authentication username={user} password={password}]\n" for user, password in accounts)
    return file


@dataclass(frozen=True)
class Second:
    """A line of sipp's statistics: totals since its start."""

    at: float
    good: int
    failed: int
    retransmissions: int


@dataclass
class Result:
    """What one run of sipp did; `unavailable` counts the 503."""

    seconds: list
    cpu_seconds: float
    unavailable: int
    output: str

    @property
    def good(self):
        return self.seconds[-1].good

    @property
    def failed(self):
        return self.seconds[-1].failed

    @property
    def retransmissions(self):
        return self.seconds[-1].retransmissions

    @property
    def duration(self):
        return self.seconds[-1].at - self.seconds[0].at

    def rate(self):
        """Registrations per second, without the first second and without the end, when no new ones are begun."""
        steady = [s for s in self.seconds if s.at - self.seconds[0].at >= 0.9][:-1]
        if len(steady) < 2:
            raise Broken("sipp ran too short to tell a rate")
        return (steady[-1].good - steady[0].good) / (steady[-1].at - steady[0].at)

    def cores(self):
        """How many cores sipp itself kept busy. It has one thread: near 1 it is sipp that is measured."""
        return self.cpu_seconds / self.duration


@dataclass
class Latencies:
    """Milliseconds to the 200, from the first REGISTER and from the second, the one with credentials."""

    whole: list
    second: list


def percentile(values, part):
    """The value that `part` of all are at most; NaN without any."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * part) - 1)] if ordered else math.nan


class Sipp:
    """The phones of one server. They keep their port, and so their contacts, from run to run."""

    def __init__(self, folder, server_port, accounts_file):
        self.folder, self.server_port, self.accounts_file = folder / "sipp", server_port, accounts_file
        self.folder.mkdir(exist_ok=True)
        self.port = free_sip_port()

    def closed(self, phones, seconds):
        """So many phones at a time, each registration followed at once by the next."""
        return self._load(["-r", NO_LIMIT, "-l", phones], seconds=seconds)

    def at_rate(self, rate, seconds):
        """So many registrations begun per second, whatever becomes of them. Returns the latencies too."""
        messages = self.folder / "messages"
        # sipp's own response times come from a clock that goes on by 4 ms at a time; those of its message log do not.
        result = self._load(
            ["-r", max(1, round(rate)), "-l", "100000", "-trace_shortmsg", "-shortmessage_file", messages], seconds=seconds)
        try:
            return result, read_latencies(messages)
        finally:
            messages.unlink()

    def each(self, count, phones, limit):
        """Each of the first `count` accounts once."""
        return self._load(["-r", NO_LIMIT, "-l", phones, "-m", count], limit=limit)

    def storm(self, count, limit):
        """The same, all phones at the same time, and none gives up."""
        return self._load(
            ["-r", NO_LIMIT, "-l", count, "-m", count, "-max_retrans", "100", "-pause_msg_ign"], limit=limit, scenario="storm.xml")

    def refuses(self, user, password):
        """Whether one registration with these credentials comes to nothing."""
        done = self._run(["-m", "1"], file=write_accounts(self.folder / "refused", [(user, password)]))
        return (done.good, done.failed) == (0, 1)

    def _load(self, load, **how):
        done = self._run(load, **how)
        if not done.good:
            raise Broken(f"not one registration succeeded; sipp said:\n{done.output[-1500:]}")
        return done

    def _run(self, load, *, seconds=None, limit=600, scenario="register.xml", file=None):
        for old in self.folder.glob("*.csv"):
            old.unlink()
        statistics = self.folder / "statistics.csv"
        command = [
            "sipp", f"127.0.0.1:{self.server_port}", "-sf", SCENARIOS / scenario, "-inf", file or self.accounts_file,
            "-i", "127.0.0.1", "-p", self.port, "-bind_local", "-auth_uri", REALM, "-nostdin",
            # An answer that the scenario does not know ends the registration as a failed one, and that is all.
            "-default_behaviors", "all,-bye", *load,
            "-trace_stat", "-stf", statistics, "-fd", "1", "-trace_counts", "-buff_size", "4194304"]
        before = os.times()
        with Service("sipp", command, self.folder / "out.log", cwd=self.folder, env=clean_environment()) as service:
            while service.process.poll() is None:
                passed = time.monotonic() - service.started
                if seconds and passed >= seconds:
                    # Begins no new ones and ends when the open ones have.
                    os.kill(service.process.pid, signal.SIGUSR1)
                    seconds = None
                if passed > limit:
                    raise Broken(f"sipp did not end within {limit} s; {service.last_words()}")
                time.sleep(0.05)
            # 0: all were successful, 1: some failed, 99: ended by the signal before any
            if service.process.returncode not in (0, 1, 99):
                raise Broken(f"sipp ended with {service.process.returncode}; {service.last_words()}")
        after = os.times()
        cpu = after.children_user + after.children_system - before.children_user - before.children_system
        counts = next(self.folder.glob("*_counts.csv"), None)
        output = (self.folder / "out.log").read_text(errors="replace")
        (self.folder / "out.log").unlink()
        return Result(read_statistics(statistics), cpu, read_count(counts, "_503_Recv"), output)


def read_statistics(file):
    with open(file, newline="", encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    if not rows:
        raise Broken("sipp wrote no statistics")
    return [
        # "2026-01-31<tab>12:00:00.123456<tab>1769860800.123456"
        Second(float(row["CurrentTime"].split()[-1]), int(row["SuccessfulCall(C)"]), int(row["FailedCall(C)"]),
               int(row["Retransmissions(C)"]))
        for row in rows
    ]


def read_count(file, ending):
    """The sum of the columns with that ending, in the last line of sipp's message counts."""
    if not file:
        raise Broken("sipp wrote no message counts")
    header, *_, last = (line.split(";") for line in file.read_text(encoding="utf-8").splitlines())
    return sum(int(value) for name, value in zip(header, last) if name.endswith(ending))


def read_latencies(file):
    """From the log of messages: day and time, seconds, S or R, Call-ID, CSeq and the first line."""
    first, second, latencies = {}, {}, Latencies([], [])
    with open(file, encoding="utf-8", errors="replace") as lines:
        for line in lines:
            cells = line.rstrip("\n").split("\t")
            if len(cells) < 7:
                continue
            at, direction, call, sequence, what = float(cells[2]), cells[3], cells[4], cells[5], cells[6]
            if direction == "S":
                # The first sending counts, not a retransmission.
                (first if sequence.startswith("CSeq:1 ") else second).setdefault(call, at)
            elif what.startswith("SIP/2.0 200") and call in first and call in second:
                latencies.whole.append((at - first.pop(call)) * 1e3)
                latencies.second.append((at - second.pop(call)) * 1e3)
    if not latencies.whole:
        raise Broken("sipp's log of messages has no registration")
    return latencies
