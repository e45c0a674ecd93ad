"""Builds the inputs, runs all sides in turn, and prints what each cost and how its pictures look."""
import argparse
import json
import statistics
import subprocess
import sys
from pathlib import Path

import numpy
import pyvips
from PIL import Image

Image.MAX_IMAGE_PIXELS = None
SIZES = {"large": 2560, "medium": 1600, "small": 800, "thumb": 400, "mini": 200}
INPUTS = {"24mp": (6000, 4000, "4:4:4"), "45mp": (8256, 5504, "4:2:0")}
PASS_RECIPES = {
    "webp": {name: ["jpeg-quick-2", "webp-4"] for name in SIZES},
    "avif": {
        "large": ["jpeg-quick-2", "avif-420-4"],
        "medium": ["jpeg-quick-2", "avif-420-4"],
        "small": ["jpeg-quick-2", "avif-444-1"],
        "thumb": ["jpeg-quick-2", "avif-444-1"],
        "mini": ["jpeg-quick-2", "avif-444-1"],
    },
}


def build(photo: Path, path: Path, width: int, height: int, subsampling: str) -> None:
    """A camera's picture: enlarged, a little sharpened, with sensor noise that is correlated over neighbours."""
    picture = Image.open(photo).convert("RGB")
    cut = min(picture.width, picture.height * 3 // 2)
    left = (picture.width - cut) // 2
    picture = picture.crop((left, 0, left + cut, cut * 2 // 3)).resize((width, height), Image.LANCZOS)
    random = numpy.random.default_rng(2560)
    pixels = numpy.asarray(picture, dtype=numpy.float32)
    for top in range(0, height, 500):
        rows = pixels[top : top + 500]
        noise = random.normal(0, 1, rows.shape).astype(numpy.float32)
        noise = (noise + numpy.roll(noise, 1, 0) + numpy.roll(noise, 1, 1)) / 1.73
        pixels[top : top + 500] = rows + noise * numpy.sqrt(1.5 + rows / 40)
    Image.fromarray(pixels.clip(0, 255).astype(numpy.uint8)).save(path, quality=93, subsampling=subsampling)


def measure(command: list[str], stdin: bytes = b"", environment: dict[str, str] | None = None) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds and peak MiB of a process with all its threads."""
    # Through `time`: what a process forked from this one is told to have used at most includes this one's memory.
    timed = ["/usr/bin/time", "--format=%e %U %S %M", "--output=cost", *command]
    done = subprocess.run(timed, input=stdin, capture_output=True, env=environment)
    if done.returncode != 0:
        sys.exit(f"{command}: {done.stderr.decode()}{done.stdout.decode()[:2000]}")
    wall, user, system, peak = map(float, Path("cost").read_text().split())
    return wall, user + system, peak / 1024


def ours(arguments, source: Path, out: Path, modern: str):
    make = [{"name": name, "recipe": r} for name, list_ in PASS_RECIPES[modern].items() for r in list_]
    make.append({"name": "social", "recipe": "jpeg-quick-2"})
    request = {
        "input": str(source.absolute()), "media_type": "image/jpeg", "focal_point": {"x": 0.5, "y": 0.5},
        "description": None, "make": make, "describe": [], "describe_original": False, "keep_camera_data": False,
        "out_dir": str(out.absolute()),
    }
    seeing = {"memory_bytes": 4 << 30, "secs": 300, "secs_per_100_mp": 0}
    task = {"seeing": seeing, "cpu_secs": 300, "file_bytes": 1 << 30, "niceness": "work", "request": request}
    # As the server starts it: without its own environment.
    environment = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
    cost = measure([arguments.program, "render-worker"], json.dumps(task).encode(), environment)
    for file in out.iterdir():
        name, _, _ = file.stem.partition("-")
        file.rename(out / (name + file.suffix))
    return cost


def deep_tiff(arguments, base: Path) -> None:
    """A scan of 100 megapixels with 16 bits per channel, compressed in strips: what its ladder costs."""
    source = base / "100mp.tif"
    if not source.exists():
        picture = pyvips.Image.new_from_file(str(base / "24mp.jpg"))
        picture = picture.resize(12_248 / picture.width, vscale=8165 / picture.height)
        deep = (picture.cast("ushort") * 257).cast("ushort").copy(interpretation="rgb16")
        deep.tiffsave(str(source), compression="lzw", predictor="horizontal")
    make = [{"name": name, "recipe": r} for name, list_ in PASS_RECIPES["webp"].items() for r in list_]
    out = base / "100mp-pressroom"
    out.mkdir(exist_ok=True)
    request = {
        "input": str(source.absolute()), "media_type": "image/tiff", "focal_point": {"x": 0.5, "y": 0.5},
        "description": None, "make": make, "describe": [], "describe_original": False, "keep_camera_data": False,
        "out_dir": str(out.absolute()),
    }
    seeing = {"memory_bytes": 4 << 30, "secs": 300, "secs_per_100_mp": 0}
    task = {"seeing": seeing, "cpu_secs": 300, "file_bytes": 1 << 30, "niceness": "work", "request": request}
    environment = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
    wall, cpu, peak = measure([arguments.program, "render-worker"], json.dumps(task).encode(), environment)
    size = source.stat().st_size / 1e6
    print(f"\n100 megapixels, TIFF of 16 bits in strips, {size:.0f} MB: {wall:.2f} s wall, {cpu:.2f} s CPU, {peak:.0f} MiB peak")


def sharp(arguments, source: Path, out: Path, modern: str):
    return measure(["node", "node/sharp.mjs", str(source), str(out), modern])


def vips(arguments, source: Path, out: Path, modern: str):
    return measure([sys.executable, f"{arguments.here}/vips.py", str(source), str(out), modern])


SIDES = {"pressroom": ours, "sharp": sharp, "libvips": vips}


def scores(arguments, source: Path, folders: dict[str, Path], modern: str) -> dict[str, dict[str, float]]:
    """SSIMULACRA2 of every file, against the original reduced at full precision."""
    whole = Image.open(source).convert("RGB")
    pairs, keys = [], []
    for name, edge in SIZES.items():
        for side, folder in folders.items():
            for suffix in (".jpg", f".{modern}"):
                file = folder / (name + suffix)
                picture = Image.open(file).convert("RGB")
                reference = folder.parent / f"{source.stem}-{picture.width}x{picture.height}.png"
                if not reference.exists():
                    whole.resize(picture.size, Image.LANCZOS).save(reference, compress_level=1)
                picture.save(f"{file}.png", compress_level=1)
                pairs += [str(reference), f"{file}.png"]
                keys.append((side, name + suffix))
    lines = subprocess.run([arguments.score, *pairs], check=True, capture_output=True, text=True).stdout.split()
    found: dict[str, dict[str, float]] = {}
    for (side, file), line in zip(keys, lines, strict=True):
        found.setdefault(side, {})[file] = float(line)
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("photo", "program", "here", "score", "out"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    base = Path(arguments.out)
    for label, (width, height, subsampling) in INPUTS.items():
        source = base / f"{label}.jpg"
        if not source.exists():
            build(Path(arguments.photo), source, width, height, subsampling)
        size = source.stat().st_size / 1e6
        print(f"\n{label}: {width} x {height}, {subsampling}, {size:.1f} MB; median of {arguments.rounds} rounds")
        for modern in ("webp", "avif"):
            costs: dict[str, list] = {side: [] for side in SIDES}
            folders = {side: base / f"{label}-{modern}-{side}" for side in SIDES}
            for _ in range(arguments.rounds):
                for side, run in SIDES.items():
                    folders[side].mkdir(exist_ok=True)
                    for old in folders[side].iterdir():
                        old.unlink()
                    costs[side].append(run(arguments, source, folders[side], modern))
            quality = scores(arguments, source, folders, modern)
            report(label, modern, costs, folders, quality)
    deep_tiff(arguments, base)


def report(label: str, modern: str, costs, folders, quality) -> None:
    middle = {
        side: [statistics.median(values) for values in zip(*runs, strict=True)] for side, runs in costs.items()
    }
    total = {
        side: sum((folder / (n + s)).stat().st_size for n in SIZES for s in (".jpg", f".{modern}"))
        for side, folder in folders.items()
    }
    print(f"\n  JPEG + {modern.upper()}      wall s   CPU s  peak MiB   bytes   | of pressroom to it: wall  CPU  bytes")
    mine = middle["pressroom"]
    for side, (wall, cpu, peak) in middle.items():
        ratios = "" if side == "pressroom" else (
            f"{mine[0] / wall:20.2f} {mine[1] / cpu:5.2f} {total['pressroom'] / total[side]:6.3f}"
        )
        print(f"  {side:14} {wall:8.2f} {cpu:7.2f} {peak:9.0f} {total[side] / 1000:7.0f} K |{ratios}")
    files = [name + suffix for name in SIZES for suffix in (".jpg", f".{modern}")]
    print("  SSIMULACRA2 / KB " + "".join(f"{file:>16}" for file in files))
    for side in SIDES:
        cells = (
            f"{quality[side][file]:8.2f} {(folders[side] / file).stat().st_size / 1000:7.0f}" for file in files
        )
        print(f"  {side:17}" + "".join(cells))


main()
