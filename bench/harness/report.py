"""The table."""

from dataclasses import dataclass

from .scale import LARGE, SMALL
from .throughput import OPERATIONS

TITLES = {"one": "GET one", "list": "list of 50, filter + sort + include + count", "patch": "PATCH"}


@dataclass(frozen=True)
class Aim:
    """A figure and its limit: at least so much, or at most."""

    what: str
    value: float
    limit: float
    unit: str
    at_least: bool = False
    note: str = ""

    def met(self):
        return self.value >= self.limit if self.at_least else self.value <= self.limit

    def line(self):
        relation = ">=" if self.at_least else "<="
        return (f"{self.what:<52}{amount(self.value):>9} {self.unit:<6}{relation:>3}{self.limit:>8g} {self.unit:<6}"
                f"{'met' if self.met() else 'MISSED':>8}  {self.note}").rstrip()


def throughput_aims(t):
    pgbench, elide = t.pgbench_name, t.elide.name
    return [
        Aim("GET one, of pgbench", t.ratio("one", pgbench), 0.6, "times", at_least=True),
        Aim("list, of pgbench", t.ratio("list", pgbench), 0.5, "times", at_least=True),
        Aim("GET one, of Elide", t.ratio("one", elide), 15, "times", at_least=True),
        Aim("list, of Elide", t.ratio("list", elide), 15, "times", at_least=True),
        Aim("resident memory of the JVM under load", t.memory_mb, 400, "MB"),
    ]


def scale_aims(scale):
    return [
        Aim(f"{LARGE:,} / {SMALL:,}: {question}", large / small, 5 if question == "last page" else 1.5, "times",
            note=f"{small:.2f} -> {large:.2f} ms")
        for question, (small, large) in scale.milliseconds.items()
    ]


def print_table(heading, throughput, aims):
    """Everything at once, to the standard output."""
    print("\n".join(heading))
    print(f"\n{'':<30}{'requests/s':>11}{'lowest - highest':>20}{'p50 ms':>10}{'p99 ms':>10}")
    for operation in OPERATIONS:
        print(TITLES[operation])
        for system, series in throughput.series.items():
            if operation in series:
                middle, (low, high) = series[operation].median(), series[operation].range()
                print(f"  {system:<28}{middle.rate:>11,.0f}{f'{low:,.0f} - {high:,.0f}':>20}"
                      f"{amount(middle.p50):>10}{amount(middle.p99):>10}")
    print(f"\n{'aim':<52}{'measured':>16}{'limit':>17}")
    for aim in aims:
        print(aim.line())


def amount(value):
    """Three digits that matter."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
