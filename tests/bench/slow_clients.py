#!/usr/bin/env python3
"""2,000 slow clients of each kind: how long others wait for a page meanwhile, beside the time without them.

nginx goes through the same, with its defaults and enough connections. The page is asked for a hundred times a second
over one connection, as a visitor would: a load that fills both cores would measure the scheduler. The attacker, which
spends much on its own bookkeeping, stands back behind it on the core that the servers do not use.
"""

import http.client
import os
import subprocess
import sys
import time

from common import Nginx, Pressroom, need, work_folder

CLIENTS, REQUESTS, GOAL = 2_000, 800, 3.0
KINDS = {
    "slow headers": ["-H", "-i", "5"],
    "slow bodies": ["-B", "-i", "5", "-s", "8192", "-t", "POST"],
    "slow readers": ["-X", "-w", "10", "-y", "20", "-n", "5", "-z", "8", "-k", "3"],
}


def p99(url):
    """Milliseconds within which 99 of 100 requests are answered, and how many were not."""
    address, path = url.removeprefix("http://").split("/", 1)
    connection, times, errors = http.client.HTTPConnection(address, timeout=10), [], 0
    for _ in range(REQUESTS):
        started = time.perf_counter()
        try:
            connection.request("GET", f"/{path}")
            answer = connection.getresponse()
            answer.read()
            errors += answer.status != 200
        except OSError:
            errors += 1
            connection.close()
        times.append((time.perf_counter() - started) * 1000)
        time.sleep(0.01)
    return sorted(times)[REQUESTS * 99 // 100], errors


def attack(kind, url):
    command = ["taskset", "-c", "1", "nice", "-n", "19", "slowhttptest", "-c", str(CLIENTS), "-r", "1000", "-l", "25",
               "-p", "5", *KINDS[kind], "-u", url]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def try_all(name, server, page):
    good = True
    url = server.base + page
    for kind in KINDS:
        alone, _ = p99(url)
        slow = attack(kind, url)
        time.sleep(5)
        under, errors = p99(url)
        slow.kill()
        slow.wait()
        ratio = under / alone
        print(f"{name:9} {kind:13} p99 {alone:6.2f} ms alone, {under:6.2f} ms among {CLIENTS}: {ratio:.1f} times, "
              f"{errors} errors", flush=True)
        good &= ratio <= GOAL and errors == 0
        time.sleep(2)
    return good


def main():
    os.sched_setaffinity(0, {1})
    need(nginx="nginx", wrk="wrk", slowhttptest="slowhttptest")
    folder = work_folder()
    press = Pressroom(folder)
    release = press.publish("Messe zählt Gäste", "Ein Absatz.\n\n" * 300)
    root = folder / "root"
    root.mkdir()
    subprocess.run(["curl", "-sS", "-o", root / "page.html", press.base + release["url"]], check=True)
    nginx = Nginx(folder, root)
    try:
        try_all("nginx", nginx, "/page.html")
        good = try_all("pressroom", press, release["url"])
    finally:
        press.stop()
        nginx.stop()
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
