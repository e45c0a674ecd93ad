#!/usr/bin/env python3
"""Publishes a release while 64 connections read the home page as fast as they can: no request may fail, and the new
release is on the page within a second."""

import subprocess
import sys
import threading
import time

from common import Pressroom, fetch, need, work_folder, wrk

GOAL = 1.0


def main():
    need(wrk="wrk")
    press = Pressroom(work_folder())
    try:
        for number in range(30):
            press.publish(f"Meldung {number}", "Ein Absatz.\n\n" * 20)
        load = {}
        reading = threading.Thread(target=lambda: load.update(wrk(press.base + "/", 8, 64)))
        reading.start()
        waits = []
        for number in range(3):
            time.sleep(1.5)
            release = press.api("POST", "/api/v1/releases", {"language": "de", "headline": f"Soeben {number}", "body": "Neu."})
            began = time.monotonic()
            press.api("POST", f"/api/v1/releases/{release['id']}/publish", {})
            while release["slug"].encode() not in fetch(press.base + "/")[2]:
                time.sleep(0.005)
            waits.append(time.monotonic() - began)
        reading.join()
        print(f"{load['requests'] / load['seconds']:.0f} requests/s, {load['errors']} errors; the new release was on the page "
              f"{', '.join(f'{wait * 1000:.0f} ms' for wait in waits)} after publishing began (goal: {GOAL * 1000:.0f} ms)")
        sys.exit(0 if load["errors"] == 0 and max(waits) <= GOAL else 1)
    finally:
        press.stop()


if __name__ == "__main__":
    main()
