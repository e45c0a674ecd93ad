"""The ladder by libvips: thumbnail once (with its scaled decoding), keep that in memory, everything else from there."""
import sys
from concurrent.futures import ThreadPoolExecutor

import pyvips

source, out, modern = sys.argv[1:]
large = pyvips.Image.thumbnail(source, 2560, height=2560, size="down", output_profile="srgb").copy_memory()
sizes = {"large": 2560, "medium": 1600, "small": 800, "thumb": 400, "mini": 200}


def sized(edge):
    return large if edge == 2560 else large.thumbnail_image(edge, height=edge, size="down")


def jpeg(name, picture):
    picture.jpegsave(f"{out}/{name}.jpg", Q=80, optimize_coding=True, subsample_mode="on", keep="none")


def newer(name, picture):
    if modern == "webp":
        picture.webpsave(f"{out}/{name}.webp", Q=80, effort=4, keep="none")
    else:
        picture.heifsave(f"{out}/{name}.avif", Q=64, effort=1, compression="av1", subsample_mode="on", keep="none")


with ThreadPoolExecutor(2) as pool:
    jobs = []
    for name, edge in sizes.items():
        jobs.append(pool.submit(lambda name=name, edge=edge: newer(name, sized(edge))))
        jobs.append(pool.submit(lambda name=name, edge=edge: jpeg(name, sized(edge))))
    jobs.append(pool.submit(lambda: jpeg("social", large.thumbnail_image(1200, height=630, crop="centre"))))
    for job in jobs:
        job.result()
