#!/usr/bin/env python3
"""A kit of 10 GB with 2,000 entries: how soon it begins, whether a broken download joins, whether every reader takes
it; then a single file of 5 GB in a kit.

The entries share twenty contents, which the blob store keeps once each.
"""

import os
import subprocess
import sys
import time

from common import Pressroom, need, work_folder

ENTRIES, CONTENTS, SIZE = 2_000, 20, 5_000_000
BIG = 5 * 2**30


def run(*command, **options):
    return subprocess.run([str(part) for part in command], **options)


def first_byte(url):
    text = run("curl", "-sS", "-o", "/dev/null", "-r", "0-99999", "-w", "%{time_starttransfer}", url,
               check=True, capture_output=True, text=True)
    return float(text.stdout) * 1000


def sha256_of_download(url):
    curl = subprocess.Popen(["curl", "-sS", url], stdout=subprocess.PIPE)
    digest = run("sha256sum", stdin=curl.stdout, capture_output=True, text=True, check=True).stdout.split()[0]
    return digest


def readers(path):
    """Each reader tests every entry's checksum."""
    yield "unzip -t", ["unzip", "-tqq", path]
    yield "Python zipfile", [sys.executable, "-c", "import sys, zipfile; sys.exit(zipfile.ZipFile(sys.argv[1]).testzip() is not None)", path]
    yield "7z t", ["7zz", "t", "-bd", path]
    yield "bsdtar", ["bsdtar", "-xOf", path]


def check_readers(path):
    good = True
    for name, command in readers(path):
        began = time.monotonic()
        done = run(*command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        print(f"  {name:15} {'ok' if done.returncode == 0 else 'FAILS ' + done.stderr.decode()[:300]} "
              f"({time.monotonic() - began:.0f} s)", flush=True)
        good &= done.returncode == 0
    return good


def join_after_kill(url, path):
    curl = subprocess.Popen(["curl", "-sS", "-o", path, url])
    while not path.exists() or path.stat().st_size < 3_000_000_000:
        time.sleep(0.01)
    curl.kill()
    curl.wait()
    cut = path.stat().st_size
    run("curl", "-sS", "-C", "-", "-o", path, url, check=True)
    return cut


def upload_entries(press, folder):
    ids = []
    for content in range(CONTENTS):
        path = folder / f"inhalt-{content}.pdf"
        path.write_bytes(b"%PDF-1.7\n" + os.urandom(SIZE - 9))
        for copy in range(ENTRIES // CONTENTS):
            ids.append(press.upload(path, f"datei-{content}-{copy}.pdf")["id"])
    press.wait_processed(ids)
    return ids


def main():
    need(unzip="unzip", curl="curl", libarchive_tools="bsdtar", **{"7zip": "7zz"})
    folder = work_folder()
    press = Pressroom(folder, max_upload_bytes=8 * 2**30)
    good = True
    try:
        page = press.base + press.publish("Zehn Gigabyte", assets=upload_entries(press, folder))["url"]
        url = page + "/photos.zip"
        # Once the news has settled, a visitor reads the page first; who asks for what nobody has asked for yet waits.
        time.sleep(2)
        run("curl", "-sS", "-o", "/dev/null", page, check=True)
        time.sleep(1)
        first, cold = first_byte(url), first_byte(url + "?size=web")
        print(f"first byte of {ENTRIES} entries: {first:.1f} ms for who comes from its page (goal: 50), "
              f"{cold:.0f} ms where nothing is laid out yet")
        good &= first <= 50
        memory = press.memory()
        path = folder / "kit.zip"
        cut = join_after_kill(url, path)
        joined = run("sha256sum", path, capture_output=True, text=True, check=True).stdout.split()[0]
        whole = sha256_of_download(url)
        print(f"{path.stat().st_size} bytes, killed at {cut}, joined: {'the same' if joined == whole else 'ANOTHER'} SHA-256")
        print(f"memory before {memory / 1e6:.0f} MB, after {press.memory() / 1e6:.0f} MB", flush=True)
        good &= joined == whole
        good &= check_readers(path)
        path.unlink()

        film = folder / "film.pdf"
        with film.open("wb") as file:
            file.write(b"%PDF-1.7\n")
            file.truncate(BIG)
        asset = press.upload(film)
        film.unlink()
        press.wait_processed([asset["id"]])
        url = press.base + press.publish("Fünf Gigabyte", assets=[asset["id"]])["url"] + "/photos.zip"
        run("curl", "-sS", "-o", path, url, check=True)
        print(f"one file of {BIG} bytes in a kit of {path.stat().st_size}:")
        good &= check_readers(path)
    finally:
        press.stop()
        run("rm", "-rf", folder)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    main()
