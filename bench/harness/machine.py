"""The machine: its tools, ports and processes. Every process that is started here is ended here."""

import contextlib
import glob
import os
import platform
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

from . import Broken

# Command, or a file by its pattern -> the Debian package that has it.
TOOLS = {"wrk": "wrk", "nginx": "nginx-light", "mvn": "maven"}
REGISTRAR_TOOLS = {
    "wrk": "wrk",
    "mvn": "maven",
    "sipp": "sip-tester",
    "kamailio": "kamailio",
    "/usr/lib/*/kamailio/modules/db_postgres.so": "kamailio-postgres-modules",
}


def say(text):
    """Tells the person who waits; the table alone goes to the standard output."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def require_tools(tools=TOOLS):
    """Installs what is missing when run as root on Debian, or names it."""
    missing = [package for name, package in tools.items() if not (shutil.which(name) or glob.glob(name))]
    if not postgresql_bin():
        missing += ["postgresql", "postgresql-contrib"]
    if not missing:
        return
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        raise Broken(f"missing, please install: {' '.join(missing)}")
    say(f"installing {' '.join(missing)}")
    with services_stay_down():
        environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
        for command in (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", *missing]):
            run(command, timeout=900, env=environment)


@contextlib.contextmanager
def services_stay_down():
    """Debian starts what it installs unless this policy file forbids it."""
    policy = Path("/usr/sbin/policy-rc.d")
    own = not policy.exists()
    if own:
        policy.write_text("#!/bin/sh\nexit 101\n")
        policy.chmod(0o755)
    try:
        yield
    finally:
        if own:
            policy.unlink()


def postgresql_bin():
    """The programs of the newest PostgreSQL that is whole, or None. Debian keeps them off the PATH."""
    folders = glob.glob("/usr/lib/postgresql/*/bin")
    folders.sort(key=lambda folder: int(re.search(r"postgresql/(\d+)", folder)[1]), reverse=True)
    if shutil.which("postgres"):
        folders.append(os.path.dirname(os.path.realpath(shutil.which("postgres"))))
    whole = [f for f in folders if all(os.access(f"{f}/{p}", os.X_OK) for p in ("initdb", "postgres", "pgbench", "psql"))]
    return Path(whole[0]) if whole else None


def java_home():
    """A JDK 25 or later: JAVA_HOME, the PATH's, or one in the system's folder."""
    candidates = [os.environ.get("JAVA_HOME")]
    if shutil.which("javac"):
        candidates.append(os.path.dirname(os.path.dirname(os.path.realpath(shutil.which("javac")))))
    candidates += sorted(glob.glob("/usr/lib/jvm/*"), reverse=True)
    for home in filter(None, candidates):
        release = Path(home, "release")
        if release.exists() and Path(home, "bin", "javac").exists():
            version = re.search(r'JAVA_VERSION="(\d+)', release.read_text())
            if version and int(version[1]) >= 25:
                return home
    raise Broken("missing: a JDK 25 or later; set JAVA_HOME to one")


def description():
    """One line about the machine, which figures mean nothing without."""
    model = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())[1])
    name = model[1] if model else platform.machine()
    return f"{os.cpu_count()} x {name}, {memory / 1048576:.0f} GiB, Linux {platform.release()}"


def revision(root):
    """The commit that is measured."""
    found = subprocess.run(["git", "-C", root, "describe", "--always", "--dirty"], text=True, capture_output=True, check=False)
    return found.stdout.strip() or "no commit"


def java_version():
    return run([f"{java_home()}/bin/java", "--version"], timeout=30).splitlines()[0]


def require_disk(folder, gigabytes):
    free = shutil.disk_usage(folder).free / 1e9
    if free < gigabytes:
        raise Broken(f"{folder} has {free:.1f} GB free; the run needs {gigabytes}. TMPDIR chooses another place.")


def load_average():
    return os.getloadavg()[0]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def free_sip_port():
    """A port that is free for UDP and for TCP."""
    while True:
        port = free_port()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def clean_environment(**more):
    """The caller's environment without what would configure a server or a PostgreSQL client behind our back."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("SEATLINE_", "PG", "SPRING_", "PEER_"))}
    return kept | {k: str(v) for k, v in more.items()}


def run(command, *, timeout, **options):
    """Runs a command to its end and returns what it printed; anything but success is Broken."""
    name = os.path.basename(str(command[0]))
    try:
        done = subprocess.run(
            [str(part) for part in command], timeout=timeout, text=True, capture_output=True, check=False, **options)
    except subprocess.TimeoutExpired:
        raise Broken(f"{name} did not end within {timeout} s") from None
    if done.returncode != 0:
        raise Broken(f"{name} failed ({done.returncode}): {(done.stderr or done.stdout).strip()[-2000:]}")
    return done.stdout


def until(condition, what, *, seconds, service=None, pause=0.05):
    """Waits for a condition, with a limit."""
    end = time.monotonic() + seconds
    while not condition():
        if service and service.process.poll() is not None:
            raise Broken(f"{what}: it ended with {service.process.returncode}; {service.last_words()}")
        if time.monotonic() > end:
            raise Broken(f"{what}: not within {seconds} s; {service.last_words() if service else ''}")
        time.sleep(pause)


class Service:
    """A server in the background, in a process group of its own."""

    def __init__(self, name, command, log, *, env=None, cwd=None, user=None, stop=signal.SIGTERM):
        self.name, self.log, self.stop_signal = name, Path(log), stop
        with open(log, "ab") as output:
            self.started = time.monotonic()
            self.process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=env,
                cwd=cwd, start_new_session=True, **as_user(user))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def last_words(self):
        text = self.log.read_text(errors="replace").strip()
        return f"last words of {self.name}:\n{text[-1500:]}" if text else f"{self.name} said nothing"

    def main_pid(self):
        """The server itself: a start script may stand before it."""
        return next((p for p in self.pids() if comm(p) == "java"), self.process.pid)

    def pids(self):
        """It and its descendants."""
        parents = {}
        for stat in glob.glob("/proc/[0-9]*/stat"):
            with contextlib.suppress(OSError):
                fields = Path(stat).read_text().rpartition(")")[2].split()
                parents.setdefault(int(fields[1]), []).append(int(stat.split("/")[2]))
        found = [self.process.pid]
        for pid in found:
            found += parents.get(pid, [])
        return found

    def cpu_seconds(self):
        """What it and its descendants have used since its start, those that have ended included."""
        ticks = 0
        for pid in self.pids():
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                # utime, stime, and the same of the children that were waited for
                ticks += sum(map(int, fields[11:15]))
        return ticks / os.sysconf("SC_CLK_TCK")

    def kill(self):
        """Ends it as a power cut would."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self, seconds=30):
        if self.process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.main_pid(), self.stop_signal)
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                say(f"{self.name} did not stop within {seconds} s: it is killed")
        self.kill()


def comm(pid):
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/comm").read_text().strip()
    return ""


def memory_mb(pid):
    """VmRSS in MB of 1,000,000 bytes."""
    return _status_mb(pid, "VmRSS")


def peak_memory_mb(pid):
    """The highest VmRSS since its start, in MB of 1,000,000 bytes."""
    return _status_mb(pid, "VmHWM")


def _status_mb(pid, name):
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(name + r":\s*(\d+) kB", status)[1]) * 1024 / 1e6


def as_user(user):
    """PostgreSQL refuses to run as root."""
    return {"user": user, "group": user, "extra_groups": []} if user and os.geteuid() == 0 else {}


def end_strays(folder):
    """Ends what outlived its server: processes that name the run's own temporary folder in their command line."""
    for cmdline in glob.glob("/proc/[0-9]*/cmdline"):
        pid = int(cmdline.split("/")[2])
        with contextlib.suppress(OSError):
            if pid != os.getpid() and str(folder).encode() in Path(cmdline).read_bytes():
                os.kill(pid, signal.SIGKILL)
