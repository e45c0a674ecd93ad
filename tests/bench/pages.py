#!/usr/bin/env python3
"""A page view beside nginx sending the same page as a precompressed file: CPU per request, requests per second, p99.

25 KB of HTML, gzip on both sides, the same security headers, keep-alive, 64 connections, each server on one core;
200 and 304, plain HTTP and TLS. Short rounds alternate, because machines change their speed from second to second: the
ratio is the median of those of neighbouring rounds.
"""

import gzip
import sys
import time

from common import Nginx, Pressroom, certificate, fetch, median, need, work_folder, wrk

ROUNDS, SECONDS, CONNECTIONS = 7, 3, 64
GOALS = {("http", 200): 0.85, ("http", 304): 0.85, ("https", 200): 0.65, ("https", 304): 0.65}
COPIED = ["Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
          "Cross-Origin-Opener-Policy", "Permissions-Policy", "Cache-Control", "Content-Language", "Vary"]


def prose(size):
    words = ("Messe Besucher Halle Aussteller Stadt Region Zahlen Gäste Woche Programm Bühne Technik Zukunft "
             "Unternehmen Ergebnis Jahr Prozent Vergleich Vorstand Sprecherin erklärte gestern deutlich mehr").split()
    out, seed = [], 7
    while sum(map(len, out)) < size:
        sentence = []
        for _ in range(14):
            seed = (seed * 1103515245 + 12345) % 2**31
            sentence.append(words[seed // 65536 % len(words)])
        out.append(" ".join(sentence) + ".\n\n")
    return "".join(out)


def settled_tag(url):
    """The tag of a page that has come to rest: a fresh release changes again when the index has it."""
    tag, since = None, time.monotonic()
    while time.monotonic() - since < 3:
        _, headers, _ = fetch(url, {"Accept-Encoding": "gzip"})
        now = next(value for key, value in headers.items() if key.lower() == "etag")
        if now != tag:
            tag, since = now, time.monotonic()
        time.sleep(0.2)
    return tag


def page_of_25_kb(press):
    size = 12_000
    for attempt in range(6):
        release = press.publish(f"Messe zählt Gäste {attempt}", prose(size))
        _, headers, body = fetch(press.base + release["url"])
        if abs(len(body) - 25_000) < 1_000:
            break
        size += 25_000 - len(body)
    settled_tag(press.base + release["url"])
    _, headers, body = fetch(press.base + release["url"])
    return release["url"], {key.title(): value for key, value in headers.items()}, body


def measure(server, url, status, tag):
    known = [f"If-None-Match: {tag}"] if status == 304 else []
    before = server.cpu()
    run = wrk(url, SECONDS, CONNECTIONS, ["Accept-Encoding: gzip", *known])
    used = server.cpu() - before
    if run["errors"]:
        sys.exit(f"{url}: {run['errors']} errors")
    # wrk counts a page as a success too: what was sent tells which of the two it was.
    if (run["bytes"] / max(run["requests"], 1) < 2_000) != (status == 304):
        sys.exit(f"{url}: not answered with {status}")
    return {"cpu": used / max(run["requests"], 1) * 1e6, "rps": run["requests"] / SECONDS, "p99": run["p99"]}


def compare(folder, tls):
    scheme = "https" if tls else "http"
    press = Pressroom(folder, tls)
    path, headers, body = page_of_25_kb(press)
    root = folder / "root"
    root.mkdir(exist_ok=True)
    (root / "page.html").write_bytes(body)
    (root / "page.html.gz").write_bytes(gzip.compress(body, 6))
    nginx = Nginx(folder, root, tls, {name: headers[name] for name in COPIED if name in headers})
    good = True
    try:
        ours, theirs = press.base + path, nginx.base + "/page.html"
        tags = [settled_tag(url) for url in (ours, theirs)]
        for status in (200, 304):
            runs = {"pressroom": [], "nginx": []}
            for _ in range(ROUNDS):
                for name, server, url, tag in (("nginx", nginx, theirs, tags[1]), ("pressroom", press, ours, tags[0])):
                    runs[name].append(measure(server, url, status, tag))
            middle = {name: {key: median([run[key] for run in all_runs]) for key in all_runs[0]}
                      for name, all_runs in runs.items()}
            pairs = sorted(own["cpu"] / peer["cpu"] for own, peer in zip(runs["pressroom"], runs["nginx"]))
            ratio = median(pairs)
            for name, values in middle.items():
                print(f"{scheme:5} {status} {name:9} {values['cpu']:6.1f} µs CPU per request, "
                      f"{values['rps']:7.0f} requests/s, p99 {values['p99']:6.2f} ms")
            goal = GOALS[scheme, status]
            print(f"{scheme:5} {status} ratio     {ratio:6.2f} of nginx's CPU ({pairs[0]:.2f} to {pairs[-1]:.2f}; goal: at most {goal}), "
                  f"{middle['pressroom']['rps'] / middle['nginx']['rps']:.2f} of its requests/s, "
                  f"{middle['pressroom']['p99'] / middle['nginx']['p99']:.2f} of its p99", flush=True)
            good &= ratio <= goal
    finally:
        press.stop()
        nginx.stop()
    return good


def main():
    need(nginx="nginx", wrk="wrk", openssl="openssl")
    folder = work_folder()
    certificate(folder)
    results = [compare(folder, tls) for tls in (False, True)]
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
