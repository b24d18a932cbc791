"""What bench/registrar prints."""

from .report import Aim, amount

MOST_SIPP_CORES = 0.9


def rate_aims(rates):
    ours = rates.subjects.get("seatline")
    if not ours:
        return []
    middle = ours.median()
    aims = [Aim("registrations per second, each committed before its 200", middle.rate, 10_000, "/s", at_least=True)]
    peer = rates.subjects.get("kamailio-3")
    if peer:
        aims.append(Aim("of Kamailio writing to the table (db_mode 3)", middle.rate / peer.median().rate, 3, "times",
                        at_least=True))
    return aims + [
        Aim("p99 at half of the full rate", middle.p99, 20, "ms"),
        Aim("failed registrations in all rounds", ours.total("failed"), 0, ""),
    ]


def storm_aims(storm):
    return [
        Aim("storm: bindings that the kill lost", storm.count - storm.kept, 0, ""),
        Aim("storm: phones without a 200 in the end", storm.count - storm.good, 0, ""),
        Aim("storm: phones that the table does not have refreshed", storm.count - storm.refreshed, 0, "",
            note=f"{storm.count:,} phones"),
    ]


def live_aims(live):
    return [
        Aim(f"{live.count:,} live bindings: JVM under load, resident", live.memory_mb, 700, "MB"),
        Aim("the same: registrations that failed", live.failed, 0, "", note=f"of {live.registrations + live.failed:,}"),
        # One thousandth of a core is what a JVM and a PostgreSQL use to see that there is nothing to do, some times over.
        Aim("idle: more CPU than without bindings, server", max(0, live.idle.server - live.empty.server), 2, "ms/s",
            note=f"{live.empty.server:.1f} -> {live.idle.server:.1f}"),
        Aim("idle: more CPU than without bindings, database", max(0, live.idle.database - live.empty.database), 2, "ms/s",
            note=f"{live.empty.database:.1f} -> {live.idle.database:.1f}"),
    ]


def print_rates(rates):
    print(f"\n{'':<39}{'registrations/s':>16}{'lowest - highest':>19}{'CPU us per registration':>29}{'retrans-':>12}"
          f"{'':>8}{'sipp':>8}")
    print(f"{'at full rate':<39}{'':>35}{'server':>13}{'database':>16}{'missions':>12}{'failed':>8}{'cores':>8}")
    for subject in rates.subjects.values():
        middle, (low, high) = subject.median(), subject.range()
        print(f"  {subject.name:<37}{middle.rate:>16,.0f}{f'{low:,.0f} - {high:,.0f}':>19}"
              f"{middle.server_us:>13,.0f}{middle.database_us:>16,.0f}{subject.total('retransmissions'):>12,}"
              f"{subject.total('failed'):>8,}{middle.sipp_cores:>8.2f}")
    print(f"\n{'at half of it':<39}{'from the first REGISTER to 200':>35}{'from the second':>29}{'phones at a time':>19}")
    print(f"{'':<39}{'p50 ms':>25}{'p99 ms':>10}{'p50 ms':>19}{'p99 ms':>10}{'at full rate':>19}")
    for subject in rates.subjects.values():
        middle = subject.median()
        print(f"  {subject.name:<37}{amount(middle.p50):>25}{amount(middle.p99):>10}{amount(middle.second_p50):>19}"
              f"{amount(middle.second_p99):>10}{subject.phones:>19}")
    if any(subject.median().sipp_cores > MOST_SIPP_CORES for subject in rates.subjects.values()):
        print("  Where sipp keeps nearly a core busy, the figure is sipp's limit and not the registrar's.")


def print_storm(storm):
    print(f"\nstorm: {storm.count:,} phones at the same time, as soon as a killed Seatline was ready again"
          f" (after {storm.ready_seconds:.1f} s)\n"
          f"  all settled after {storm.seconds:.1f} s ({storm.good / storm.seconds:,.0f}/s), with"
          f" {storm.retransmissions:,} retransmissions and {storm.unavailable:,} times 503\n"
          f"  bindings in the table: {storm.kept:,} after the kill, {storm.refreshed:,} refreshed by the storm")


def print_live(live):
    print(f"\nlive: {live.count:,} bindings, inserted by SQL; ready after {live.ready_seconds:.1f} s\n"
          f"  under load: {live.rate:,.0f} registrations/s ({live.registrations:,} phones) beside {live.gets:,.0f} GETs/s;"
          f" {live.bindings:,} bindings in the table after it\n"
          f"  resident memory of the JVM: {live.memory_mb:.0f} MB at most, {live.rest_memory_mb:.0f} MB at rest\n"
          f"  idle: server {live.idle.server:.1f}, database {live.idle.database:.1f} ms of CPU per second"
          f" (without a binding {live.empty.server:.1f} and {live.empty.database:.1f})")


def print_aims(aims):
    if aims:
        print(f"\n{'aim':<56}{'measured':>12}{'limit':>17}")
    for aim in aims:
        print(aim.line())
