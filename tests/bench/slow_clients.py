#!/usr/bin/env python3
"""2,000 slow clients of each kind: how long others wait for a page meanwhile, beside the time without them.

nginx goes through the same, with its defaults and enough connections.
"""

import subprocess
import sys
import time

from common import Nginx, Pressroom, need, work_folder, wrk

CLIENTS, GOAL = 2_000, 3.0
KINDS = {
    "slow headers": ["-H", "-i", "5"],
    "slow bodies": ["-B", "-i", "5", "-s", "8192", "-t", "POST"],
    "slow readers": ["-X", "-w", "10", "-y", "20", "-n", "5", "-z", "8", "-k", "3"],
}


def p99(url):
    run = wrk(url, 4, 8)
    return run["p99"], run["errors"]


def attack(kind, url):
    command = ["slowhttptest", "-c", str(CLIENTS), "-r", "1000", "-l", "25", "-p", "5", *KINDS[kind], "-u", url]
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
