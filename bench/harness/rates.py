"""The main part: registrations per second, latencies and what they cost, the registrars in turn."""

from contextlib import ExitStack
from dataclasses import dataclass, fields
from statistics import median

from . import Broken, phones
from .kamailio import Kamailio
from .machine import say
from .phones import Phones, Registrar
from .sipp import Sipp, percentile, write_accounts

# Phones at the same time. sipp begins new ones every few milliseconds only: with less than 32 it is that which is measured.
STEPS = (32, 64, 128, 256, 512)
SEARCH_SECONDS = 4
# Growth that counts as such.
WORTHWHILE = 1.03
# Kamailio's own default. On two cores neither 4 nor 16 were better by more than the rounds differ.
WORKERS = 8
SYSTEMS = ("seatline", "kamailio-3", "kamailio-1", "kamailio-2")


@dataclass(frozen=True)
class Sample:
    """
    One round of one registrar. The costs are those at the full rate, in microseconds of CPU for a registration; the latencies
    those at half of it, in milliseconds to the 200, from the first REGISTER and from the second.
    """

    rate: float
    server_us: float
    database_us: float
    sipp_cores: float
    p50: float
    p99: float
    second_p50: float
    second_p99: float
    retransmissions: int
    failed: int


class Subject:
    """A registrar that is up, with its phones."""

    def __init__(self, server, sip_port, accounts_file, cluster):
        self.server, self.name, self.cluster = server, server.name, cluster
        self.sipp = Sipp(server.folder, sip_port, accounts_file)
        self.phones = STEPS[0]
        self.samples = []

    def median(self):
        return Sample(*(median(getattr(s, field.name) for s in self.samples) for field in fields(Sample)))

    def range(self):
        rates = [s.rate for s in self.samples]
        return min(rates), max(rates)

    def total(self, field):
        return sum(getattr(s, field) for s in self.samples)

    def tidy(self, settled=False):
        """Leaves nothing to be done in the background, so that nobody else pays for it."""
        if not settled:
            self.server.settle()
        self.server.sql("VACUUM (ANALYZE)")
        self.server.sql("CHECKPOINT")

    def check(self, count):
        """That it does the work which is measured: every phone registers and is found in the table, a wrong password not."""
        if not self.sipp.refuses(phones.username(0), "a-wrong-password"):
            raise Broken(f"{self.name} takes a wrong password")
        done = self.sipp.each(count, STEPS[0], limit=300)
        if not self.sipp.refuses(phones.username(1), "a-wrong-password"):
            raise Broken(f"{self.name} takes a wrong password of a phone it knows")
        self.tidy()
        there = self.server.live_bindings()
        if (done.good, done.failed, there) != (count, 0, count):
            raise Broken(f"{self.name}: of {count} phones {done.good} were told 200 and {there} are in the table")

    def search(self):
        """More and more phones at a time, until that brings nothing more, or losses."""
        best, vain = 0.0, 0
        for count in STEPS:
            done = self.sipp.closed(count, SEARCH_SECONDS)
            say(f"  {self.name}, {count} phones at a time: {done.rate():,.0f}/s, {done.retransmissions} retransmissions")
            lossy = done.failed > 0 or done.retransmissions > done.good / 1000
            if best and lossy:
                break
            if done.rate() > best * WORTHWHILE:
                best, self.phones, vain = done.rate(), count, 0
            else:
                vain += 1
                if vain == 2:
                    break
        self.tidy()

    def round(self, seconds):
        services = (self.server.service, self.cluster.service)
        before = [service.cpu_seconds() for service in services]
        full = self.sipp.closed(self.phones, seconds)
        self.server.settle()
        server_us, database_us = (
            (service.cpu_seconds() - start) / full.good * 1e6 for service, start in zip(services, before))
        self.tidy(settled=True)
        half, latencies = self.sipp.at_rate(full.rate() / 2, seconds)
        self.tidy()
        sample = Sample(
            full.rate(), server_us, database_us, full.cores(),
            percentile(latencies.whole, 0.5), percentile(latencies.whole, 0.99),
            percentile(latencies.second, 0.5), percentile(latencies.second, 0.99),
            full.retransmissions + half.retransmissions, full.failed + half.failed)
        self.samples.append(sample)
        say(f"  {self.name}: {sample.rate:,.0f}/s, {server_us:.0f} + {database_us:.0f} us;"
            f" at {half.rate():,.0f}/s p50 {sample.p50:.2f} ms, p99 {sample.p99:.2f} ms")


class Rates:
    """`subjects[system]` has the samples."""

    def __init__(self, root, folder, cluster, options):
        self.root, self.folder, self.cluster, self.options = root, folder, cluster, options
        self.subjects = {}

    def run(self):
        known = phones.accounts(self.options.accounts)
        file = write_accounts(self.folder / "phones.csv", known)
        with ExitStack() as stack:
            for system in self.options.systems:
                say(f"{len(known):,} accounts for {system}")
                self.subjects[system] = self._start(stack, system, known, file)
            for subject in self.subjects.values():
                subject.check(len(known))
            say(f"warming up: {self.options.warmup} s for each")
            for subject in self.subjects.values():
                subject.sipp.closed(STEPS[1], self.options.warmup)
                subject.tidy()
            say("looking for the number of phones that brings the most")
            for subject in self.subjects.values():
                subject.search()
            for number in range(1, self.options.rounds + 1):
                say(f"round {number} of {self.options.rounds}")
                for subject in self.subjects.values():
                    subject.round(self.options.seconds)

    def _start(self, stack, system, known, file):
        if system == "seatline":
            own = self.folder / "rates"
            own.mkdir()
            server = Registrar(self.root, own, self.cluster, "rates")
            Phones(self.cluster, server, len(known), own)
            stack.enter_context(server.start())
            return Subject(server, server.sip_port, file, self.cluster)
        server = Kamailio(self.root, self.folder, self.cluster, int(system[-1]), WORKERS)
        server.fill(known)
        stack.enter_context(server.start())
        return Subject(server, server.port, file, self.cluster)
