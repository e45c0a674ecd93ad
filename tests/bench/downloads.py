#!/usr/bin/env python3
"""Downloads beside nginx sending the same bytes as a file: a 12 MB original and a kit of 1 GB.

Throughput and CPU per gigabyte, plain HTTP (nginx has sendfile there, which no server in user space matches) and TLS;
the memory of the server before and while it sends.
"""

import os
import subprocess
import sys

from common import Nginx, Pressroom, certificate, median, need, work_folder, wrk

ROUNDS = 9
FILES = 84
SIZE = 12_000_000
TLS_GOAL = 0.75


def curl(url, protocol):
    """Sequential downloads on the other core: seconds and bytes."""
    text = subprocess.run(["taskset", "-c", "1", "curl", protocol, "-sS", "-k", "-o", "/dev/null", "-w", "%{time_total} %{size_download}", url],
                          check=True, capture_output=True, text=True).stdout.split()
    return float(text[0]), float(text[1])


def measure(server, url, protocol):
    before = server.cpu()
    if protocol:
        seconds, size = curl(url, protocol)
    else:
        run = wrk(url, 3, 8)
        if run["errors"]:
            sys.exit(f"{url}: {run['errors']} errors")
        seconds, size = run["seconds"], run["bytes"]
    return {"speed": size / seconds / 1e6, "cpu": (server.cpu() - before) / (size / 1e9), "memory": server.memory() / 1e6}


def prepare(folder):
    press = Pressroom(folder)
    source = folder / "source"
    source.mkdir()
    ids, original = [], None
    for number in range(FILES):
        path = source / f"datei-{number:02}.pdf"
        path.write_bytes(b"%PDF-1.7\n" + os.urandom(SIZE - 9))
        asset = press.upload(path)
        ids.append(asset["id"])
        original = original or (path, asset["id"])
    press.wait_processed(ids)
    release = press.publish("Ein Gigabyte", assets=ids)
    asset = press.api("GET", f"/api/v1/assets/{original[1]}")
    root = folder / "root"
    root.mkdir()
    os.link(original[0], root / "original.pdf")
    kit = release["url"] + "/photos.zip"
    subprocess.run(["curl", "-sS", "-o", root / "kit.zip", press.base + kit], check=True)
    press.stop()
    return asset["original"]["url"], kit, root


def compare(folder, root, original, kit, tls):
    scheme = "https" if tls else "http"
    press, nginx = Pressroom(folder, tls), Nginx(folder, root, tls)
    good = True
    try:
        kits = [("1 GB kit", kit, "/kit.zip", "--http1.1")] + [("the same, h2", kit, "/kit.zip", "--http2")] * tls
        for what, ours, theirs, protocol in [("12 MB original", original, "/original.pdf", None), *kits]:
            runs = {"nginx": [], "pressroom": []}
            for _ in range(ROUNDS):
                runs["nginx"].append(measure(nginx, nginx.base + theirs, protocol))
                runs["pressroom"].append(measure(press, press.base + ours, protocol))
            middle = {name: {key: median([run[key] for run in each]) for key in each[0]} for name, each in runs.items()}
            for name, values in middle.items():
                print(f"{scheme:5} {what:14} {name:9} {values['speed']:7.0f} MB/s, {values['cpu']:.3f} s CPU per GB, "
                      f"memory {values['memory']:.0f} MB")
            # Of neighbouring rounds: machines change their speed.
            ratios = {key: sorted(own[key] / peer[key] for own, peer in zip(runs["pressroom"], runs["nginx"]))
                      for key in ("speed", "cpu")}
            cpu, speed = median(ratios["cpu"]), ratios["speed"]
            goal = f" (goal: at most {TLS_GOAL})" if tls else " (nginx: sendfile)"
            print(f"{scheme:5} {what:14} ratio     {median(speed):.2f} of nginx's throughput ({speed[0]:.2f} to {speed[-1]:.2f}; "
                  f"goal: 1), {cpu:.2f} of its CPU{goal}", flush=True)
            good &= not tls or cpu <= TLS_GOAL
    finally:
        press.stop()
        nginx.stop()
    return good


def main():
    need(nginx="nginx", wrk="wrk", openssl="openssl", curl="curl")
    folder = work_folder()
    certificate(folder)
    original, kit, root = prepare(folder)
    results = [compare(folder, root, original, kit, tls) for tls in (False, True)]
    subprocess.run(["rm", "-r", folder], check=True)
    sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
