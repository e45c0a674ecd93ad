#!/usr/bin/env python3
"""Makes files that nobody wrote by accident: hostile.py GOOD_FOLDER OUT_FOLDER

GOOD_FOLDER holds honest pictures (good.jpg, good.png, good.webp, good.gif, good.tif); OUT_FOLDER gets some
two hundred files that lie about their size, blow up, lead in circles, are two things at once, or end early.
A name that begins with `no-` is a file of which no picture can be made; what becomes of the others is free, as
long as it is soon over and costs little. The same run makes the same bytes."""

import base64
import pathlib
import random
import struct
import sys
import zlib

good_folder, out = map(pathlib.Path, sys.argv[1:3])
out.mkdir(parents=True, exist_ok=True)


def put(name, data):
    (out / name).write_bytes(data)


good = {path.suffix[1:]: path.read_bytes() for path in sorted(good_folder.iterdir())}


def deflated(data, flush):
    pack = zlib.compressobj(9, zlib.DEFLATED, -15)
    return pack.compress(data) + pack.flush(flush)


MEBIBYTE = deflated(bytes(1 << 20), zlib.Z_FULL_FLUSH)


def zeros(count):
    """So many zeros, compressed without being there: after a full flush the same bytes mean the same again."""
    checksum = (count % 65521) << 16 | 1
    rest = deflated(bytes(count & ((1 << 20) - 1)), zlib.Z_FINISH)
    return b"\x78\xda" + MEBIBYTE * (count >> 20) + rest + struct.pack(">I", checksum)


# ---------------------------------------------------------------- PNG
def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width, height, depth, colour, idat, before=(), interlace=0):
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, interlace)
    return b"".join([b"\x89PNG\r\n\x1a\n", chunk(b"IHDR", header), *before, chunk(b"IDAT", idat), chunk(b"IEND")])


def png_zeros(width, height, depth, colour, channels, **more):
    return png(width, height, depth, colour, zeros(height * (1 + (width * depth * channels + 7) // 8)), **more)


put("no-png-900-megapixels.png", png_zeros(30000, 30000, 1, 0, 1))
put("no-png-all-ones.png", png(0xFFFFFFFF, 0xFFFFFFFF, 8, 2, zeros(1000)))
put("no-png-no-width.png", png(0, 100, 8, 2, zeros(1000)))
put("no-png-nothing-inside.png", png(10000, 10000, 8, 2, b""))
put("png-rgba16-120-megapixels.png", png_zeros(10900, 10900, 16, 6, 4))
put("png-grey1-120-megapixels.png", png_zeros(10900, 10900, 1, 0, 1))
put("png-rgb8-120-megapixels.png", png_zeros(10900, 10900, 8, 2, 3))
put("png-rgba8-120-megapixels.png", png_zeros(10900, 10900, 8, 6, 4))
put("png-interlaced-100-megapixels.png", png_zeros(10000, 10000, 8, 0, 1, interlace=1))
put("png-palette-30000-wide.png", png_zeros(30000, 4000, 8, 3, 1, before=[chunk(b"PLTE", b"\0\0\0")]))
put("png-icc-bomb.png", png_zeros(50, 50, 8, 2, 3, before=[chunk(b"iCCP", b"p\0\0" + zeros(1 << 30))]))
xmp_key = b"XML:com.adobe.xmp\0"
put("png-xmp-bomb.png", png_zeros(50, 50, 8, 2, 3, before=[chunk(b"iTXt", xmp_key + b"\1\0\0\0" + zeros(1 << 30))]))
put("png-text-bomb.png", png_zeros(50, 50, 8, 2, 3, before=[chunk(b"zTXt", b"Title\0\0" + zeros(1 << 30))]))
flood = zlib.compress(b"<x " + b" ".join(b'a%d=""' % n for n in range(1_500_000)) + b"/>")
put("png-attribute-flood.png", png_zeros(50, 50, 8, 2, 3, before=[chunk(b"iTXt", xmp_key + b"\1\0\0\0" + flood)]))
deep = zlib.compress(b"<a>" * 3_000_000)
put("png-xml-depth.png", png_zeros(50, 50, 8, 2, 3, before=[chunk(b"iTXt", xmp_key + b"\1\0\0\0" + deep)]))
put("png-200000-chunks.png", png_zeros(50, 50, 8, 2, 3, before=[chunk(b"tEXt", b"Title\0x")] * 200_000))
packet = b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="%s">' % (b"x" * (1 << 20))
for inside, name in [(b"<r:Description>" + b"<a:b/>" * 100_000 + b"</r:Description>", "elements"), (b"<r:Description/>" * 100_000, "descriptions")]:
    text = zlib.compress(packet + inside + b"</r:RDF>")
    put(f"png-xmp-namespace-of-a-megabyte-{name}.png", png_zeros(50, 50, 8, 2, 3, before=[chunk(b"iTXt", xmp_key + b"\1\0\0\0" + text)]))
# Each is unpacked to its end before its wrong checksum is seen.
broken = chunk(b"iTXt", xmp_key + b"\1\0\0\0" + zeros(15 << 20)[:-4] + b"oops")
put("png-broken-packets.png", png_zeros(50, 50, 8, 2, 3, before=[broken] * 2000))
put("png-5-million-chunks.png", png_zeros(50, 50, 8, 2, 3, before=[chunk(b"prVt")] * 5_000_000))
table_bytes = 48 + 3 * 256 + 100**3 * 3 + 3 * 256
table = b"mft1\0\0\0\0\3\3\x64\0" + struct.pack(">9i", *[1 << 16 if n % 4 == 0 else 0 for n in range(9)]) + bytes(table_bytes - 48)
count = 100_000
profile = b"".join(b"A2B0" + struct.pack(">II", 132 + 12 * count, table_bytes) for _ in range(count))
profile = struct.pack(">I4sI4s4s4s", 132 + len(profile) + len(table), b"lcms", 0x04300000, b"mntr", b"RGB ", b"XYZ ") + bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", 63190, 65536, 54061) + bytes(48) + struct.pack(">I", count) + profile + table
put("png-icc-100000-times-one-table.png", png_zeros(50, 50, 8, 2, 3, before=[chunk(b"iCCP", b"p\0\0" + zlib.compress(profile))]))
frames = b"".join(chunk(b"fcTL", struct.pack(">IIIIIHHBB", n, 50, 50, 0, 0, 1, 1, 0, 0)) for n in range(50_000))
put("png-50000-frames.png", png_zeros(50, 50, 8, 2, 3, before=[chunk(b"acTL", struct.pack(">II", 2**31, 0)), frames]))

# ---------------------------------------------------------------- EXIF and TIFF
def entry(order, tag, kind, count, value):
    if isinstance(value, int):
        value = struct.pack(order + ("HH" if kind == 3 else "I"), *([value, 0] if kind == 3 else [value]))
    return struct.pack(order + "HHI", tag, kind, count) + value


def directory(order, entries, following=0):
    body = b"".join(entry(order, *each) for each in sorted(entries))
    return struct.pack(order + "H", len(entries)) + body + struct.pack(order + "I", following)


def tiff(entries, data=b"", following=0, order="<"):
    mark = b"II*\0" if order == "<" else b"MM\0*"
    start = 8 + len(data)
    return mark + struct.pack(order + "I", start) + data + directory(order, entries, following)


def picture(width, height, compression=8, channels=3, depth=8, strip=(8, 1000), rows=None):
    return [
        (256, 4, 1, width), (257, 4, 1, height), (258, 3, 1, depth), (259, 3, 1, compression),
        (262, 3, 1, 2 if channels == 3 else 1), (273, 4, 1, strip[0]), (277, 3, 1, channels),
        (278, 4, 1, height if rows is None else rows), (279, 4, 1, strip[1]),
    ]


def packed(width, height, count, **more):
    data = zeros(count)
    return tiff(picture(width, height, strip=(8, len(data)), **more), data)


put("tiff-deflate-100-megapixels.tif", packed(10000, 10000, 300_000_000))
put("tiff-deflate-strip-outgrows-picture.tif", packed(10, 10, 1 << 30))
put("tiff-deflate-16-bit-120-megapixels.tif", packed(10900, 10900, 713_000_000, depth=16))
put("no-tiff-65535.tif", packed(0xFFFF, 0xFFFF, 1000))
put("no-tiff-all-ones.tif", packed(0xFFFFFFFF, 0xFFFFFFFF, 1000))
put("no-tiff-strip-outside.tif", tiff(picture(100, 100, 1, strip=(0x7FFFFFFF, 30000))))
put("no-tiff-strip-longer-than-file.tif", tiff(picture(100, 100, 1, strip=(8, 0xFFFFFFFF)), bytes(100)))
put("no-tiff-rows-0.tif", tiff(picture(100, 100, 1, rows=0), bytes(30000)))
put("tiff-channels-65535.tif", tiff(picture(100, 100, 1, channels=0xFFFF), bytes(30000)))
put("tiff-depth-65535.tif", tiff(picture(100, 100, 1, depth=0xFFFF), bytes(30000)))
put("no-tiff-nothing.tif", b"II*\0" + bytes(4))
put("no-tiff-directory-outside.tif", b"II*\0\xff\xff\xff\x7f")
put("no-tiff-65535-entries.tif", b"II*\0\x08\0\0\0" + b"\xff\xff" + bytes(12 * 0xFFFF))
loop = tiff(picture(2, 2, 1, strip=(8, 12)) + [(330, 4, 1, 20), (34665, 4, 1, 20), (34853, 4, 1, 20)], bytes(12), 20)
put("tiff-loops.tif", loop)
put("tiff-icc-2-gigabytes.tif", tiff(picture(2, 2, 1, strip=(8, 12)) + [(34675, 7, 0x7FFFFFFF, 8)], bytes(12)))
put("tiff-xmp-4-gigabytes.tif", tiff(picture(2, 2, 1, strip=(8, 12)) + [(700, 1, 0xFFFFFFFF, 8)], bytes(12)))
strips = [(tag, kind, 1_000_000 if tag in (273, 279) else 1, 8 if tag in (273, 279) else value)
          for tag, kind, _, value in picture(30000, 4000, rows=1)]
put("tiff-a-million-strips.tif", tiff(strips, bytes(4_000_000)))
previews = struct.pack("<I", 8) * 500_000
put("tiff-500000-previews.tif", tiff(picture(2, 2, 1, strip=(8, 12)) + [(330, 4, 500_000, 8)], previews))
tiles = [(256, 4, 1, 100), (257, 4, 1, 100), (258, 3, 1, 8), (259, 3, 1, 8), (262, 3, 1, 1), (277, 3, 1, 1),
         (322, 4, 1, 0x7FFFFFF0), (323, 4, 1, 0x7FFFFFF0), (324, 4, 1, 8), (325, 4, 1, 100)]
put("tiff-absurd-tiles.tif", tiff(tiles, bytes(100)))
put("tiff-lzw-garbage.tif", tiff(picture(5000, 5000, 5, strip=(8, 60000)), b"\x80\0\x40" * 20000))
big = b"II+\0\x08\0\0\0" + struct.pack("<QQ", 16, 2**63) + bytes(200)
put("no-bigtiff-2-to-the-63-entries.tif", big)
pages = b"".join(directory("<", picture(2, 2, 1, strip=(8, 12)), 20 + 114 * (n + 1)) for n in range(20_000))
put("tiff-20000-pages.tif", b"II*\0\x14\0\0\0" + bytes(12) + pages + directory("<", picture(2, 2, 1, strip=(8, 12))))

# Bytes that are as good a directory at any offset: 4096 records, 4096 of the type 4096 each.
overlapping = struct.pack("<10000I", *[40_400 + 2 * n for n in range(10_000)])
head = tiff(picture(2, 2, 1, strip=(8, 12)) + [(330, 4, 10_000, 20 + 200)], bytes(212) + overlapping)
put("tiff-overlapping-directories.tif", head + b"\0\x10" * 40_000)


def pages(count, more, data):
    """So many pages that say the same, with the same data in front of them."""
    entries = picture(2, 2, 1, strip=(8, 12)) + more
    start, size = 8 + len(data), 2 + 12 * len(entries) + 4
    following = [start + size * (n + 1) for n in range(count - 1)] + [0]
    return b"II*\0" + struct.pack("<I", start) + data + b"".join(directory("<", entries, at) for at in following)


put("tiff-pages-of-the-same-strips.tif", pages(5000, [(513, 4, 1_000_000, 8), (514, 4, 1_000_000, 8)], bytes(4_000_000)))
packet = b'<x><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description>%s</r:Description></r:RDF></x>' % (b"<b/>" * 200_000)
put("tiff-pages-of-the-same-packet.tif", pages(5000, [(700, 1, len(packet), 8)], packet))
put("tiff-60-million-previews.tif", tiff(picture(2, 2, 1, strip=(8, 12)) + [(330, 1, 60_000_000, 8)], bytes(60_000_000)))

# ---------------------------------------------------------------- JPEG
def segment(marker, data):
    return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data


def behind_start(data):
    return good["jpg"][:2] + data + good["jpg"][2:]


tables = segment(0xDB, b"\0" + b"\1" * 64) + segment(0xC4, b"\0\1" + bytes(15) + b"\0")
tables += segment(0xC4, b"\x10\1" + bytes(15) + b"\0")


def jpeg(sof, width, height, components=3, scans=1, data=b"\0\0", sampling=0x11):
    parts = b"".join(bytes([n + 1, sampling, 0]) for n in range(components))
    frame = segment(sof, struct.pack(">BHHB", 8, height, width, components) + parts)
    body = b"".join(bytes([n + 1, 0]) for n in range(components))
    spectrum = b"\0\0\0" if sof == 0xC2 else b"\0\x3f\0"
    scan = segment(0xDA, bytes([components]) + body + spectrum) + data
    return b"\xff\xd8" + tables + frame + scan * scans + b"\xff\xd9"


put("no-jpeg-65500.jpg", jpeg(0xC0, 65500, 65500))
put("no-jpeg-no-height.jpg", jpeg(0xC0, 100, 0))
put("jpeg-65535-wide.jpg", jpeg(0xC0, 65535, 1))
put("jpeg-1000-scans.jpg", jpeg(0xC2, 8000, 8000, scans=1000))
put("jpeg-90-scans-115-megapixels.jpg", jpeg(0xC2, 30000, 3800, scans=90))
again = segment(0xC4, b"\x10\1" + bytes(15) + b"\xe0") + segment(0xDA, b"\1\1\0\1\x3f\x10") + bytes(400)
put("no-jpeg-30-passes-119-megapixels.jpg", jpeg(0xC2, 10900, 10900, 1)[:-2] + again * 30 + b"\xff\xd9")
# Each of 63 coefficients of each block in two bits, the most work that a byte can make.
dense = segment(0xC4, b"\x10\1" + bytes(15) + b"\1") + segment(0xDA, b"\1\1\0\1\x3f\x01")
for passes, name in [(3, "jpeg"), (5, "no-jpeg")]:
    # The same passes, the tables in front of each.
    body = dense + b"\x11\x45\x50" * (1363 * 1363 * 63 // 12 + 3)
    put(f"{name}-{passes}-dense-passes-119-megapixels.jpg", jpeg(0xC2, 10900, 10900, 1)[:-2] + body * passes + b"\xff\xd9")
put("no-jpeg-400-megabytes-behind.jpg", good["jpg"] + bytes(400 << 20))
put("jpeg-progressive-119-megapixels.jpg", jpeg(0xC2, 10900, 10900))
put("jpeg-progressive-cmyk-119-megapixels.jpg", jpeg(0xC2, 10900, 10900, components=4))
put("jpeg-baseline-119-megapixels.jpg", jpeg(0xC0, 10900, 10900, data=bytes(2_000_000)))
put("jpeg-arithmetic-100-megapixels.jpg", jpeg(0xC9, 10000, 10000, data=bytes(100_000)))
put("jpeg-lossless.jpg", jpeg(0xC3, 1000, 1000))
put("jpeg-255-components.jpg", jpeg(0xC0, 100, 100, components=255))
put("jpeg-sampling-4x4.jpg", jpeg(0xC0, 10000, 10000, sampling=0x44, data=bytes(100_000)))
put("jpeg-50-megabytes-of-filling.jpg", behind_start(b"\xff" * 50_000_000))
put("jpeg-50000-segments.jpg", behind_start(segment(0xE1, b"Exif\0\0") * 50_000))
put("jpeg-icc-parts.jpg", behind_start(b"".join(segment(0xE2, b"ICC_PROFILE\0" + bytes([n % 256, 255]) + bytes(60000)) for n in range(600))))
put("no-jpeg-15-million-segments.jpg", behind_start(b"\xff\xe0\0\2" * 15_000_000))
# Two of the entries are the table itself once more.
overlapping = [(0x8769, 4, 1, 8), (0xA005, 4, 1, 8)] + [(0xC800 + n, 7, 60_000, 8) for n in range(4094)]
block = b"II*\0\x08\0\0\0" + directory("<", overlapping) + bytes(16_000)
put("jpeg-exif-overlapping-values.jpg", behind_start(segment(0xE1, b"Exif\0\0" + block)))
text = b"Gr\xf6\xdfe \x84x\x93 " * 1_300_000
resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(text) + 9) + b"\x1c\x02\x78\x80\x04" + struct.pack(">I", len(text)) + text
put("jpeg-iim-16-megabytes.jpg", behind_start(b"".join(segment(0xED, b"Photoshop 3.0\0" + resource[n:n + 65_000]) for n in range(0, len(resource), 65_000))))
extended = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32
note = b'http://ns.adobe.com/xap/1.0/\0<x><r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description '
note += b'xmlns:n="http://ns.adobe.com/xmp/note/" n:HasExtendedXMP="' + b"A" * 32 + b'"/></r:RDF></x>'
parts = b"".join(segment(0xE1, extended + struct.pack(">II", 16_000_000, 16_000_000 - n)) for n in range(2000))
put("jpeg-extended-xmp-parts.jpg", behind_start(segment(0xE1, note) + parts))
parts = b"".join(segment(0xE1, extended + struct.pack(">II", 1 if n % 2 else 16 << 20, 0) + b"x") for n in range(12_000))
put("jpeg-extended-xmp-of-two-lengths.jpg", behind_start(segment(0xE1, note) + parts))
put("jpeg-extended-xmp-4-gigabytes.jpg", behind_start(segment(0xE1, note) + segment(0xE1, extended + b"\xff" * 8)))
laughs = b"<!DOCTYPE x [" + b"".join(b'<!ENTITY a%d "%s">' % (n, b"&a%d;" % (n - 1) * 10 if n else b"ha") for n in range(20)) + b"]>"
put("jpeg-xmp-laughs.jpg", behind_start(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + laughs + b"<x>&a19;</x>")))
circle = tiff([(34665, 4, 1, 8), (34853, 4, 1, 8), (330, 4, 1, 8), (0x927C, 7, 0xFFFFFFFF, 8)], b"", 8)
put("jpeg-exif-loop.jpg", behind_start(segment(0xE1, b"Exif\0\0" + circle)))
put("jpeg-exif-outside.jpg", behind_start(segment(0xE1, b"Exif\0\0" + tiff([(0x010E, 2, 0xFFFFFFF0, 0x7FFFFFFF)]))))
put("jpeg-photoshop-lengths.jpg", behind_start(segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\xff\xff\xff\xff")))
put("jpeg-iim-lengths.jpg", behind_start(segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\0\0\0\x09\x1c\x02\x78\x80\x04\xff\xff\xff\xff")))
put("png-exif-loop.png", good["png"][:33] + chunk(b"eXIf", circle) + good["png"][33:])

# ---------------------------------------------------------------- WebP
def riff(*chunks):
    body = b"WEBP" + b"".join(kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2) for kind, data in chunks)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def one_colour(width, height):
    """A lossless picture in which every pixel takes no bits at all."""
    bits, value = 0, 0
    for number, size in [(0x2F, 8), (width - 1, 14), (height - 1, 14), (1, 1), (0, 3), (0, 1), (0, 1), (0, 1)]:
        value |= number << bits
        bits += size
    for _ in range(5):  # a simple code of one symbol, 0
        value |= 1 << bits
        bits += 4
    return value.to_bytes((bits + 7) // 8 + 8, "little")


def extended_webp(flags, width, height, *chunks):
    header = bytes([flags, 0, 0, 0]) + struct.pack("<I", width - 1)[:3] + struct.pack("<I", height - 1)[:3]
    return riff((b"VP8X", header), *chunks)


put("webp-one-colour-119-megapixels.webp", riff((b"VP8L", one_colour(10900, 10900))))
put("no-webp-one-colour-268-megapixels.webp", riff((b"VP8L", one_colour(16384, 16384))))
put("no-webp-canvas-16-million.webp", extended_webp(0, 1 << 24, 1 << 24, (b"VP8L", one_colour(8, 8))))
frame = b"\0" * 6 + b"\x07\0\0\x07\0\0" + b"\x01\0\0\0" + b"VP8L" + struct.pack("<I", len(one_colour(8, 8))) + one_colour(8, 8)
put("webp-20000-frames.webp", extended_webp(2, 8, 8, (b"ANIM", bytes(6)), *[(b"ANMF", frame)] * 20_000))
put("webp-animated-119-megapixels.webp", extended_webp(2, 10900, 10900, (b"ANIM", bytes(6)), *[(b"ANMF", frame)] * 500))
put("no-webp-lossy-lie.webp", riff((b"VP8 ", b"\x10\0\0\x9d\x01\x2a\xff\x3f\xff\x3f" + bytes(50))))
put("webp-exif-loop.webp", extended_webp(8, 8, 8, (b"VP8L", one_colour(8, 8)), (b"EXIF", circle)))
put("no-webp-nothing.webp", riff())
packet = b'<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><r:Description>%s</r:Description></r:RDF>' % (b"<b/>" * 90_000)
put("webp-100-packets.webp", extended_webp(4, 8, 8, (b"VP8L", one_colour(8, 8)), *[(b"XMP ", packet)] * 100))
put("webp-7-million-chunks.webp", extended_webp(0, 8, 8, (b"VP8L", one_colour(8, 8)), *[(b"prVt", b"")] * 7_000_000))

# ---------------------------------------------------------------- GIF
def lzw_zeros(codes):
    """So many codes of a table that never stops growing runs of colour 0, in sub-blocks."""
    bits, value, out_bytes, size, following = 0, 0, bytearray(), 3, 6
    sequence = [4, 0] + list(range(6, 4096))
    stream = bytearray()
    for index in range(codes):
        code = sequence[index % len(sequence)]
        if index % len(sequence) == 0:
            size, following = (3 if index == 0 else 12), 5
        value |= code << bits
        bits += size
        if code == 4:
            size = 3
        elif index % len(sequence) > 1:
            following += 1
            if following == 1 << size and size < 12:
                size += 1
        while bits >= 8:
            stream.append(value & 255)
            value >>= 8
            bits -= 8
    stream.append(value & 255)
    return b"".join(bytes([len(stream[n:n + 255])]) + stream[n:n + 255] for n in range(0, len(stream), 255)) + b"\0"


def gif(width, height, *blocks):
    return b"GIF89a" + struct.pack("<HHBBB", width, height, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff" + b"".join(blocks) + b";"


def gif_frame(width, height, data):
    return b"\x2c" + struct.pack("<HHHHB", 0, 0, width, height, 0) + b"\2" + data


dot = gif_frame(1, 1, b"\2\x44\1\0")
put("no-gif-without-colours.gif", b"GIF89a" + struct.pack("<HHBBB", 9, 9, 0, 0, 0) + dot + b";")
put("no-gif-65535.gif", gif(65535, 65535, dot))
put("gif-119-megapixels.gif", gif(10900, 10900, gif_frame(10900, 10900, lzw_zeros(70_000))))
put("gif-dot-on-119-megapixels.gif", gif(10900, 10900, dot))
put("gif-100000-frames.gif", gif(3000, 3000, dot * 100_000))
put("gif-frame-outside.gif", gif(10, 10, gif_frame(65535, 65535, b"\2\x44\1\0")))
put("gif-50-megabytes-of-comment.gif", gif(10, 10, b"\x21\xfe" + (b"\xff" + b"x" * 255) * 200_000 + b"\0", dot))

# ---------------------------------------------------------------- AVIF and its relatives
def box(kind, data=b"", size=None):
    return struct.pack(">I", len(data) + 8 if size is None else size) + kind + data


start = box(b"ftyp", b"avif\0\0\0\0avifmif1miaf")
nested = b""
for _ in range(5000):
    nested = box(b"meta", b"\0\0\0\0" + nested)
put("no-avif-nested.avif", start + nested)
put("no-avif-sizes-0.avif", start + box(b"meta", b"\0\0\0\0", 0))
put("no-avif-size-1.avif", start + box(b"meta", b"\xff" * 8, 1))
put("no-avif-lengths.avif", start + box(b"meta", b"\0\0\0\0", 0xFFFFFFFF))
extents = box(b"iloc", b"\1\0\0\0\x88\x80" + b"\xff\xff" + b"\0\1\0\0\0\0\xff\xff" + b"\xff" * 64)
properties = box(b"iprp", box(b"ipco", box(b"ispe", b"\0\0\0\0" + b"\xff" * 8) * 1000) + box(b"ipma", b"\0\0\0\0\xff\xff\xff\xff"))
put("no-avif-absurd.avif", start + box(b"meta", b"\0\0\0\0" + box(b"pitm", b"\0\0\0\0\0\1") + extents + properties) + box(b"mdat", bytes(100)))
put("no-avif-only-its-name.avif", start)


def full_box(kind, data, version=0, flags=0):
    return box(kind, struct.pack(">I", version << 24 | flags) + data)


def avif(width, height, items, references=b""):
    """Items are kind and data, numbered from 1; the first one is the picture."""
    entries = b"".join(full_box(b"infe", struct.pack(">HH", n, 0) + kind + b"\0", 2) for n, (kind, _) in enumerate(items, 1))
    sizes = box(b"iprp", box(b"ipco", full_box(b"ispe", struct.pack(">II", width, height))) + full_box(b"ipma", struct.pack(">IHBB", 1, 1, 1, 1)))
    at, places = 0, b""
    for n, (_, data) in enumerate(items, 1):
        places += struct.pack(">HHHHII", n, 1, 0, 1, at, len(data))
        at += len(data)
    parts = [full_box(b"pitm", struct.pack(">H", 1)), full_box(b"iinf", struct.pack(">H", len(items)) + entries)]
    parts += [full_box(b"iloc", b"\x44\0" + struct.pack(">H", len(items)) + places, 1), references, sizes]
    return start + full_box(b"meta", b"".join(parts) + box(b"idat", b"".join(data for _, data in items)))


def grid(columns, rows, width, height, tile):
    layout = struct.pack(">BBBBHH", 0, 0, rows - 1, columns - 1, width, height)
    tiles = full_box(b"iref", box(b"dimg", struct.pack(">HH", 1, rows * columns) + b"\0\2" * (rows * columns)))
    return avif(width, height, [(b"grid", layout), (b"av01", tile)], tiles)


# One shade of grey by libaom, 3000 and 64 pixels in square.
vast = base64.b64decode(
    "EgAKChwu7t7t+GAhoNQyhgIT/D/8UPTOEKaULqyBMXu0Vo64WrLLDGwL3PRfeCEPNiZhH109IK/6rp1r6tS9EXsUEOpJIuW2aniMZcSoU+NiDTjlHfyNcXXy"
    "KyfrEfIb6EZ4NUxhE6U5NxiPumnGVDPFFDJD8iUNCx0z1xhGbo3zHfKeirdNtbe0Ce8bUzIgvnTu4VdA86E3ZCi4vXrKytuZjsmO+wxjozH30nwhlI2g/Fl2"
    "i0I4mpEy5/hK6SdtagIMC9ZgA2KUFC/v1daPz8CDd4Rn+vZcNThYf67BIzB7Pb/pMn+uB6oi48NhAp577IEf2iPa/RR+ZQonH28+sxjj5XjtNFN+q7S9ZAoK"
    "nJrWU4rDqcmA"
)
small = base64.b64decode("EgAKCRgVf/2GAhoNQDIKH/D/8QC2GPKd3g==")
put("no-avif-65280-tiles-outside.avif", grid(256, 255, 1, 1, vast))
put("avif-6000-times-one-tile.avif", grid(100, 60, 6400, 3840, small))
put("no-avif-1000-frames.avif", avif(3000, 3000, [(b"av01", vast * 1000)]))
put("no-avif-grows-on-the-way.avif", avif(64, 64, [(b"av01", small + vast)]))
lists = full_box(b"pitm", b"\0\1") + full_box(b"iinf", b"\0\0") + full_box(b"iloc", struct.pack(">HH", 0, 4096) + b"\0\1\0\0\xff\xff" * 4096)
put("no-avif-extents-of-no-length.avif", start + full_box(b"meta", lists))
put("no-heic-only-its-name.heic", box(b"ftyp", b"heic\0\0\0\0mif1heic"))
put("no-jxl-only-its-name.jxl", b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(100))
put("no-jxl-codestream.jxl", b"\xff\x0a" + b"\xff" * 1000)

# ---------------------------------------------------------------- SVG and PDF
svg = b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="100">'
put("svg-laughs.svg", laughs + svg + b"<text>&a19;</text></svg>")
put("svg-outside.svg", b'<!DOCTYPE svg [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + svg + b'<text>&e;</text><image href="file:///etc/passwd"/>'
    b'<image href="http://127.0.0.1:1/"/><use xlink:href="http://127.0.0.1:1/#a"/><script>alert(1)</script></svg>')
put("svg-depth.svg", svg + b"<g>" * 300_000)
put("svg-size.svg", b'<svg xmlns="http://www.w3.org/2000/svg" width="1e9" height="1e9"><rect width="1e9" height="1e9"/></svg>')
poster = base64.b64encode(png_zeros(10900, 10900, 1, 0, 1))
put("no-svg-embedded-119-megapixels.svg", svg + b'<image width="9" height="9" href="data:image/png;base64,' + poster + b'"/></svg>')
use = b"".join(b'<g id="g%d">%s</g>' % (n, b'<use xlink:href="#g%d"/>' % (n - 1) * 10 if n else b'<rect width="9" height="9"/>') for n in range(12))
put("svg-use.svg", svg + b"<defs>" + use + b'</defs><use xlink:href="#g11"/></svg>')
put("svg-filter.svg", svg + b'<filter id="f" x="-1e6" y="-1e6" width="1e7" height="1e7">' + b'<feGaussianBlur stdDeviation="1e6"/>' * 100
    + b'<feTurbulence baseFrequency="1e-9" numOctaves="100000"/></filter><rect filter="url(#f)" width="100" height="100"/></svg>')
pattern = b'<pattern id="p" width="1" height="1"><rect fill="url(#p)" width="9" height="9"/></pattern>'
put("svg-pattern.svg", svg + pattern + b'<rect fill="url(#p)" width="100" height="100"/></svg>')
layers = b'<g opacity="0.9">' * 60 + b'<rect width="100" height="100"/>' + b"</g>" * 60
put("svg-60-layers.svg", svg + layers + b"</svg>")
put("svg-layer-beyond-the-picture.svg", svg + b'<g opacity="0.5"><rect x="-1e4" y="-1e4" width="1e5" height="1e5"/></g></svg>')
put("svg-paths.svg", svg + b'<path d="M0 0' + b"l1 1 -1 0" * 500_000 + b'" stroke="red" stroke-dasharray="0.001"/></svg>')


def pdf(*objects, root=1):
    body, offsets = b"%PDF-1.7\n", []
    for number, text in enumerate(objects, 1):
        offsets.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % at for at in offsets)
    return body + table + b"trailer <</Root %d 0 R /Size %d>>\nstartxref\n%d\n%%%%EOF\n" % (root, len(objects) + 1, len(body))


catalog = b"<</Type/Catalog/Pages 2 0 R>>"
page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %b %b]/Contents 4 0 R>>"
bomb = zeros(1 << 30)
stream = b"<</Length %d/Filter/FlateDecode>>\nstream\n%s\nendstream" % (len(bomb), bomb)
put("pdf-stream-bomb.pdf", pdf(catalog, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page % (b"100", b"100"), stream))
put("pdf-page-of-a-billion.pdf", pdf(catalog, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", page % (b"1e9", b"1e9"), b"<</Length 0>>\nstream\n\nendstream"))
put("pdf-tree-in-circles.pdf", pdf(catalog, b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 1000000000>>"))
form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>/Length 12>>\nstream\n/X Do /X Do \nendstream"
put("pdf-form-in-circles.pdf", pdf(catalog, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</X 4 0 R>>>>/Contents 4 0 R>>", form))
shown = b"<</Length 18>>\nstream\n9 0 0 9 0 0 cm /X Do\nendstream"
bomb = zeros(30_000 * 30_000)
bomb = b"<</Type/XObject/Subtype/Image/Width 30000/Height 30000/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(bomb), bomb)
put("pdf-image-of-900-million-pixels.pdf", pdf(catalog, b"<</Type/Pages/Kids[3 0 R]/Count 1>>", b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>/Contents 4 0 R>>", shown, bomb))
put("pdf-only-its-name.pdf", b"%PDF-1.7\n")

# ---------------------------------------------------------------- two things at once
archive = b"PK\x03\x04" + bytes(26) + b"PK\x05\x06" + bytes(18)
put("jpeg-and-zip.jpg", good["jpg"] + archive)
put("no-zip-as-jpeg.jpg", archive)
put("gif-and-script.gif", b"GIF89a/*" + good["gif"][8:] + b"*/=1;alert(1)//")
put("png-and-html.png", good["png"][:33] + chunk(b"tEXt", b"Title\0<script>alert(1)</script>") + good["png"][33:] + b"<html><script>alert(1)</script>")
put("pdf-and-jpeg.pdf", b"%PDF-1.4\n" + good["jpg"])
put("jpeg-and-pdf.jpg", behind_start(segment(0xFE, b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj")))
put("no-html-as-jpeg.jpg", b"<html><body onload=alert(1)>\xff\xd8\xff")
put("no-jpeg-in-riff.webp", b"RIFF\xff\xff\xff\xffWEBP" + good["jpg"])
put("tiff-and-jpeg.tif", b"II*\0" + struct.pack("<I", 8 + len(good["jpg"])) + good["jpg"] + directory("<", picture(2, 2, 1, strip=(8, 12))))

# ---------------------------------------------------------------- too short, and a little broken
put("no-empty.jpg", b"")
for extension, data in good.items():
    put(f"no-one-byte.{extension}", data[:1])
    put(f"no-beginning.{extension}", data[:12])
    for part in (40, 200, len(data) // 8, len(data) // 2, len(data) - 3):
        put(f"cut-{part}.{extension}", data[:part])
    shake = random.Random(extension)
    for number in range(10):
        broken = bytearray(data)
        for _ in range(1 + number * 3):
            broken[shake.randrange(len(broken) if number % 2 else min(600, len(broken)))] = shake.randrange(256)
        put(f"shaken-{number}.{extension}", bytes(broken))
