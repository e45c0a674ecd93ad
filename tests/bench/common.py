"""What the benchmarks share: the server, its peer, the load, the CPU each of them used.

Both servers run on core 0, the load comes from core 1. Each server gets a session of its own: a daemon is scheduled
in a group of its own otherwise and looks twice as fast as a server that shares the shell's group.
"""

import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BINARY = Path(os.environ.get("PRESSROOM_BENCH_BINARY", ROOT / "target/release/pressroom"))
TICKS = os.sysconf("SC_CLK_TCK")
TLS = ssl.create_default_context()
TLS.check_hostname = False
TLS.verify_mode = ssl.CERT_NONE


def need(**packages):
    """Installs Debian packages whose command is missing: need(nginx="nginx", wrk="wrk")."""
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    os.environ["PATH"] = path
    missing = [package.replace("_", "-") for package, command in packages.items() if not shutil.which(command)]
    if missing:
        root = [] if os.geteuid() == 0 else ["sudo", "-n"]
        subprocess.run([*root, "apt-get", "update", "-q"], check=True, stdout=sys.stderr)
        environment = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1"]
        install = ["apt-get", "install", "-q", "-y", "--no-install-recommends", *missing]
        subprocess.run([*environment, *install], check=True, stdout=sys.stderr)


def free_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def work_folder():
    folder = Path(tempfile.mkdtemp(prefix="pressroom-bench."))
    folder.chmod(0o755)
    return folder


def certificate(folder):
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
         "-subj", "/CN=127.0.0.1", "-keyout", folder / "key.pem", "-out", folder / "cert.pem"],
        check=True, capture_output=True)


def fetch(url, headers=None, method="GET", body=None, timeout=60):
    request = urllib.request.Request(url, headers=headers or {}, method=method, data=body)
    try:
        with urllib.request.urlopen(request, timeout=timeout, context=TLS) as answer:
            return answer.status, dict(answer.headers.items()), answer.read()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers.items()), error.read()


class Process:
    """A server in a session of its own, pinned to core 0."""

    def __init__(self, command, log, environment=None):
        self.log = open(log, "ab")
        pinned = ["taskset", "-c", "0", *map(str, command)]
        self.process = subprocess.Popen(pinned, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL,
                                        start_new_session=True, env=environment)

    def _family(self):
        family, known = [self.process.pid], {self.process.pid}
        children = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = stat.read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
        while family:
            for child in children.get(family.pop(), []):
                if child not in known:
                    known.add(child)
                    family.append(child)
        return known

    def cpu(self):
        """Seconds of CPU that the process and its children have used."""
        total = 0
        for pid in self._family():
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def memory(self):
        """Bytes of the process's own memory: mapped files are the page cache's."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"RssAnon:\s+(\d+)", status).group(1)) * 1024

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()


class Pressroom(Process):
    def __init__(self, folder, tls=False, **settings):
        if not BINARY.exists():
            sys.exit(f"{BINARY} is missing: cargo build --release")
        self.data = folder / "data"
        self.data.mkdir(exist_ok=True)
        port = free_port()
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PRESSROOM_")}
        environment.update(PRESSROOM_PUBLIC_URL=self.base, PRESSROOM_DATA=str(self.data))
        if tls:
            environment.update(PRESSROOM_TLS_CERTIFICATE=str(folder / "cert.pem"), PRESSROOM_TLS_KEY=str(folder / "key.pem"))
        environment.update({f"PRESSROOM_{key.upper()}": str(value) for key, value in settings.items()})
        token = subprocess.run([BINARY, "token", "create", "--name", "bench", "--role", "admin"],
                               env=environment, check=True, capture_output=True, text=True)
        self.token = token.stdout.strip()
        super().__init__([BINARY, "serve", "--listen", f"127.0.0.1:{port}"], folder / "pressroom.log", environment)
        wait_for(f"{self.base}/readyz")

    def api(self, method, path, value=None):
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        body = None if value is None else json.dumps(value).encode()
        status, _, answer = fetch(self.base + path, headers, method, body)
        if status >= 400:
            sys.exit(f"{method} {path}: {status} {answer[:400]}")
        return json.loads(answer) if answer else None

    def upload(self, path, name=None):
        command = ["curl", "-sS", "-k", "--fail-with-body", "-H", f"Authorization: Bearer {self.token}",
                   "-F", f"file=@{path};filename={name or Path(path).name}", f"{self.base}/api/v1/assets"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode:
            sys.exit(f"upload: {done.stdout} {done.stderr}")
        return json.loads(done.stdout)

    def wait_processed(self, identifiers):
        for identifier in identifiers:
            while self.api("GET", f"/api/v1/assets/{identifier}")["state"] == "processing":
                time.sleep(0.05)

    def publish(self, headline, body="Ein Absatz.", assets=()):
        release = self.api("POST", "/api/v1/releases",
                           {"language": "de", "headline": headline, "body": body, "assets": list(assets)})
        self.api("POST", f"/api/v1/releases/{release['id']}/publish", {})
        return self.api("GET", f"/api/v1/releases/{release['id']}")


class Nginx(Process):
    """The peer, as one would set it up for files: sendfile, precompressed pages, open files remembered."""

    def __init__(self, folder, root, tls=False, headers=None):
        port = free_port()
        self.base = f"{'https' if tls else 'http'}://127.0.0.1:{port}"
        place = folder / ("nginx-tls" if tls else "nginx")
        place.mkdir(exist_ok=True)
        same_headers = "\n".join(f'add_header {name} "{value}" always;' for name, value in (headers or {}).items())
        keys = f"ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;" if tls else ""
        (place / "nginx.conf").write_text(f"""
            worker_processes 1; daemon off; pid {place}/pid; error_log {place}/error.log;
            {"user root;" if os.geteuid() == 0 else ""}
            events {{ worker_connections 8192; }}
            http {{
              types {{ text/html html; image/jpeg jpg; application/zip zip; }}
              access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; etag on;
              keepalive_requests 100000000; keepalive_timeout 600;
              gzip_static on; open_file_cache max=1000 inactive=600s; open_file_cache_valid 600s;
              client_body_temp_path {place}; proxy_temp_path {place}; fastcgi_temp_path {place};
              uwsgi_temp_path {place}; scgi_temp_path {place};
              server {{ listen 127.0.0.1:{port}{" ssl http2" if tls else ""}; root {root}; {keys} {same_headers} }}
            }}""")
        super().__init__(["nginx", "-p", place, "-c", place / "nginx.conf"], place / "log")
        wait_for(f"{self.base}/", any_status=True)


def wait_for(url, any_status=False):
    for _ in range(600):
        try:
            status, _, _ = fetch(url)
            if any_status or status == 200:
                return
        except OSError:
            pass
        time.sleep(0.05)
    sys.exit(f"{url} does not answer")


def wrk(url, seconds, connections, headers=()):
    """Requests, bytes, latency in milliseconds (median, p99), errors."""
    command = ["taskset", "-c", "1", "wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--latency", "--timeout", "20s"]
    for header in headers:
        command += ["-H", header]
    text = subprocess.run([*command, url], check=True, capture_output=True, text=True).stdout
    requests, size = re.search(r"(\d+) requests in [\d.]+\w+, ([\d.]+\w+) read", text).groups()
    number = {"us": 0.001, "ms": 1, "s": 1000, "m": 60000}
    unit = {"B": 1, "KB": 2**10, "MB": 2**20, "GB": 2**30}

    def latency(share):
        value, suffix = re.search(rf"{share}%\s+([\d.]+)(us|ms|s|m)", text).groups()
        return float(value) * number[suffix]

    value, suffix = re.match(r"([\d.]+)(\w+)", size).groups()
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    broken = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", text)
    errors = (int(refused.group(1)) if refused else 0) + (sum(map(int, broken.groups())) if broken else 0)
    return {"requests": int(requests), "bytes": float(value) * unit[suffix], "p50": latency(50), "p99": latency(99),
            "errors": errors, "seconds": seconds}


def median(values):
    ordered = sorted(values)
    return ordered[len(ordered) // 2]
