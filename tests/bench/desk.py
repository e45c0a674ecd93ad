#!/usr/bin/env python3
"""How long the desk's pages and the public ones take in a large newsroom: 10,000 releases, 50,000 photos.

    tests/bench/desk.py [--postgres URL] [--keep FOLDER] [--only TEXT] [--requests N]

Prints for each page the median and the 95th percentile of a warm request, the server's CPU per request and, with
PostgreSQL, the database's. Asserts nothing. PRESSROOM_BENCH_BINARY is the program; with URL, an empty database.
A folder that is kept is filled once and used again.
"""

import argparse
import http.client
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
import urllib.parse
import uuid
from pathlib import Path

from common import BINARY, ROOT, TICKS, Pressroom, median, work_folder

RELEASES, PHOTOS = 10_000, 50_000
EMAIL, PASSWORD = "last@messe.example", "Wohlfeil-Kranich-27"
YEAR = 365 * 86_400 * 1_000_000
ARTICLES = ("der", "die", "das", "ein", "eine")
STEMS = """Halle Messe Kran Werk Turm Hafen Licht Strom Wasser Wald Stadt Brücke Linie Zug Rad Tor Markt Garten Feld Haus
Platz Ring Ufer Tag Nacht Jahr Plan Bau Dach Netz Park Weg Stein Glas Holz Stahl Papier Farbe Ton Bild""".split()
TAILS = """bau plan tag weg preis raum gang netz werk feld kreis haus stand rat amt lauf zeit mass schau form probe
gruppe reihe karte folge stelle arbeit leitung führung öffnung rechnung wendung""".split()
VERBS = "öffnet zeigt baut plant feiert liefert prüft erweitert senkt steigert beginnt beendet verlegt ehrt sucht".split()


def words(rng, count):
    return " ".join(rng.choice(STEMS) + rng.choice(("", rng.choice(TAILS))) for _ in range(count))


def sentence(rng):
    return f"{rng.choice(ARTICLES).capitalize()} {words(rng, 2)} {rng.choice(VERBS)} {words(rng, rng.randint(3, 9))}."


def stamp(micros):
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(micros // 1_000_000)) + f".{micros % 1_000_000:06}Z"


def new_id(rng, micros):
    bits = (micros // 1000 << 80) | (7 << 76) | (rng.getrandbits(12) << 64) | (2 << 62) | rng.getrandbits(62)
    return str(uuid.UUID(int=bits))


class Seed:
    """Writes what the program itself would have written, from one record of each kind that it has made."""

    def __init__(self, data, samples):
        self.rng, self.samples = random.Random(20), samples
        self.base = sqlite3.connect(data / "pressroom.db")
        self.now = time.time_ns() // 1000
        self.rows = {"record": [], "slug": [], "link": [], "audit_log": [], "change_log": []}
        self.seq = self.base.execute("SELECT value FROM sequence WHERE name = 'change_log'").fetchone()[0]

    def put(self, kind, doc, links, title, sort_key, state, form="", language="", public_from=None, until=None,
            digest=None, edits=1):
        identifier, created = doc["id"], doc.pop("_at")
        doc.update(created_at=stamp(created), updated_at=stamp(created))
        text = json.dumps(doc, ensure_ascii=False)
        self.rows["record"].append((identifier, kind, doc["slug"], state, form, language, title, sort_key, public_from,
                                    until, digest, 1, created, created, text))
        self.rows["slug"].append((kind, doc["slug"], identifier))
        position, seen = 0, set()
        for rel, target in links:
            if (rel, target) not in seen:
                seen.add((rel, target))
                self.rows["link"].append((identifier, rel, target, position))
                position += 1
        self.seq += 1
        self.rows["change_log"].append((self.seq, created, kind, identifier, "created"))
        for edit in range(edits):
            at = created + edit * 60_000_000
            self.rows["audit_log"].append((new_id(self.rng, at), at, "Rita Redaktion <rita@messe.example>",
                                           "edit" if edit else "create", kind, identifier, text if edit else None, text))
        if len(self.rows["record"]) >= 2000:
            self.flush()

    def flush(self):
        for table, rows in self.rows.items():
            if rows:
                marks = ", ".join("?" * len(rows[0]))
                self.base.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)
                rows.clear()
        self.base.execute("UPDATE sequence SET value = ? WHERE name = 'change_log'", (self.seq,))
        self.base.commit()

    def photo(self, number, at):
        rng, doc = self.rng, json.loads(self.samples["asset"])
        title = words(rng, 3)
        width, height = rng.choice([(6000, 4000), (4000, 6000), (3600, 2400), (3000, 3000), (1920, 1080)])
        year, persons = time.gmtime(at // 1_000_000).tm_year, []
        if rng.random() < 0.3:
            persons = [f"{rng.choice(STEMS)} Muster-{rng.randint(1, 30)}"]
        doc.update(id=new_id(rng, at), slug=f"foto-{number}", file_name=f"DSC_{number:05}.jpg", width=width, height=height,
                   version=1, _at=at)
        doc["description"].update(
            title=title, caption=sentence(rng), alt_text=sentence(rng) if rng.random() < 0.9 else "",
            credit="Messe / Ada Muster", usage_terms="Honorarfrei für redaktionelle Zwecke.", persons=persons,
            keywords=words(rng, 4).split(), date_created=str(year))
        state = "failed" if number % 5000 == 17 else "ready"
        doc["state"] = state
        links = [("year", str(year)), ("stands", "landscape" if width > height * 1.02 else
                                       "portrait" if height > width * 1.02 else "square")]
        links += [("fills", name) for name, edge in (("a6", 1748), ("a5", 2480), ("a4", 3508), ("a3", 4961))
                  if max(width, height) >= edge]
        links += [("shows", name) for name in persons]
        until = self.now + YEAR * rng.choice((-1, 1, 3)) if rng.random() < 0.1 else None
        if until:
            doc["rights_until"] = stamp(until)
        self.put("asset", doc, links, title, at, state, form="photo", until=until, digest=doc["original"]["sha256"], edits=2)
        return doc["id"]

    def fill(self):
        rng = self.rng
        topics, contacts, releases, photos = [], [], [], []
        for number in range(24):
            doc = {**json.loads(self.samples["topic"]), "id": new_id(rng, self.now), "slug": f"thema-{number}",
                   "name": {"de": f"Thema {STEMS[number]}", "en": f"Topic {STEMS[number]}"}, "_at": self.now - 10 * YEAR}
            topics.append(doc["slug"])
            self.put("topic", doc, [], doc["name"]["de"], number, "published", public_from=self.now - 10 * YEAR)
        for number in range(40):
            doc = {**json.loads(self.samples["contact"]), "id": new_id(rng, self.now), "slug": f"kontakt-{number}",
                   "name": f"{STEMS[number]} Muster", "_at": self.now - 10 * YEAR}
            contacts.append(doc["id"])
            self.put("contact", doc, [], doc["name"], number, "published", public_from=self.now - 10 * YEAR)
        every = PHOTOS // RELEASES
        for number in range(RELEASES):
            at = self.now - 10 * YEAR + number * (10 * YEAR // RELEASES)
            mine = [self.photo(number * every + each, at) for each in range(every)]
            photos += mine
            doc = json.loads(self.samples["release"])
            headline = f"{words(rng, 2)} {rng.choice(VERBS)} {words(rng, 3)}"
            source = releases[-1] if number % 10 == 9 else None
            language = "en" if source else "de"
            state = ("draft" if number % 50 == 7 else "withdrawn" if number % 100 == 3 else
                     "embargoed" if number % 400 == 11 else "published")
            public = None if state in ("draft", "withdrawn") else at
            if state == "embargoed":
                public = self.now + YEAR // 12 + number * 1_000_000
                doc["embargo_until"] = {"local": stamp(public)[:19], "zone": "Europe/Berlin", "utc": stamp(public)}
            if state == "withdrawn":
                doc.update(withdrawn_at=stamp(at + 1_000_000), withdrawn_reason="Ein Irrtum")
            mine_topics, mine_contacts = rng.sample(topics, 2), rng.sample(contacts, 2)
            related = [releases[rng.randrange(len(releases))]] if releases and number % 3 == 0 else []
            doc.update(
                id=new_id(rng, at), slug=f"meldung-{number}", language=language, state=state, version=1, headline=headline,
                sub_headlines=[words(rng, 5), words(rng, 4)], dateline_place="Musterstadt", assets=mine, topics=mine_topics,
                contacts=mine_contacts, related=related, translation_of=source, _at=at,
                published_at=stamp(public) if public else None,
                body="\n\n".join([" ".join(sentence(rng) for _ in range(5)) for _ in range(6)] + ["## " + words(rng, 3)]))
            releases.append(doc["id"])
            links = [("asset", each) for each in mine] + [("contact", each) for each in mine_contacts]
            links += [("related", each) for each in related] + [("topic", each) for each in mine_topics]
            links += [("translation_of", source)] if source else []
            self.put("release", doc, links, headline, public or at, state, language=language, public_from=public, edits=4)
        for number in range(60):
            doc = {**json.loads(self.samples["album"]), "id": new_id(rng, self.now), "slug": f"album-{number}",
                   "title": {"de": f"Album {number}"}, "assets": rng.sample(photos, 60), "_at": self.now - YEAR,
                   "state": "published", "published_at": stamp(self.now - YEAR)}
            self.put("album", doc, [("asset", each) for each in doc["assets"]], doc["title"]["de"], number, "published",
                     public_from=self.now - YEAR)
        for number in range(300):
            at = self.now + (number - 250) * YEAR // 60
            doc = {**json.loads(self.samples["event"]), "id": new_id(rng, self.now), "slug": f"termin-{number}",
                   "title": {"de": f"Termin {number}"}, "_at": self.now - YEAR, "state": "published",
                   "published_at": stamp(self.now - YEAR),
                   "starts_at": {"local": stamp(at)[:19], "zone": "Europe/Berlin", "utc": stamp(at)}}
            self.put("event", doc, [], doc["title"]["de"], at, "published", public_from=self.now - YEAR)
        self.flush()
        counts = {}
        for day in range(365):
            name = stamp(self.now - day * 86_400_000_000)[:10]
            for _ in range(150):
                kind, one, form = rng.choice((("asset", rng.choice(photos), "original.jpg"),
                                              ("asset", rng.choice(photos), "in-kit"),
                                              ("release", rng.choice(releases), "kit-print"),
                                              ("release", rng.choice(releases), "kit-web")))
                counts[name, one, form] = (kind, rng.randint(1, 40))
        self.base.executemany("INSERT INTO download_count VALUES (?, ?, ?, ?, ?)",
                              [(day, kind, one, form, count) for (day, one, form), (kind, count) in counts.items()])
        misses = {(stamp(self.now - day * 86_400_000_000)[:10], words(rng, 2).lower()): rng.randint(1, 9)
                  for day in range(365) for _ in range(40)}
        self.base.executemany("INSERT INTO search_miss VALUES (?, ?, ?)", [(*key, n) for key, n in misses.items()])
        self.base.executemany(
            "INSERT INTO message VALUES (?, ?, ?, ?, ?, ?, ?, 'de', ?, ?)",
            [(new_id(rng, at), rng.choice(contacts), f"form-{n}", "Mara Muster", "mara@blatt.example", "Das Blatt", sentence(rng),
              at, at if n % 9 else None) for n in range(3000) for at in [self.now - n * 3_600_000_000]])
        # What the program derives from its records.
        derived = (ROOT / "src/store/migrations/0013_large_newsrooms.sql").read_text()
        for statement in derived.split(";"):
            begin = statement.find("INSERT INTO")
            if begin >= 0:
                self.base.execute(f"DELETE FROM {statement[begin:].split()[2]}")
                self.base.execute(statement[begin:])
        self.base.commit()
        self.base.close()


def fill(folder):
    """A newsroom of the size, in a data folder."""
    press = Pressroom(folder)
    try:
        photo = folder / "sample.jpg"
        subprocess.run(["convert", "-size", "2400x1600", "plasma:fractal", photo], check=True)
        asset = press.upload(photo)
        press.wait_processed([asset["id"]])
        press.api("POST", "/api/v1/topics", {"name": {"de": "Muster"}})
        press.api("POST", "/api/v1/contacts", {"name": "Ada Muster", "email": "ada@messe.example",
                                               "phones": [{"type": "work", "number": "+49 30 1234567"}]})
        press.api("POST", "/api/v1/albums", {"title": {"de": "Muster"}})
        press.api("POST", "/api/v1/events", {"title": {"de": "Muster"}, "starts_at": "2026-12-03T10:00:00Z"})
        press.publish("Muster", "Der erste Satz.")
    finally:
        press.stop()
    account = ["account", "add", "--email", EMAIL, "--name", "Lara Last", "--role", "admin", "--password-stdin"]
    subprocess.run([BINARY, *account, "--data", press.data], input=PASSWORD, text=True, check=True, capture_output=True)
    base = sqlite3.connect(press.data / "pressroom.db")
    samples = dict(base.execute("SELECT kind, doc FROM record GROUP BY kind"))
    base.close()
    Seed(press.data, samples).fill()
    subprocess.run([BINARY, "index", "rebuild", "--data", press.data], check=True, capture_output=True)


def pages(press):
    """Name and addresses of each page; where there are many of a kind, as many as there are requests."""
    base = sqlite3.connect(press.data / "pressroom.db")

    def some(kind, state="published", count=40):
        return base.execute("SELECT id, slug FROM record WHERE kind = ? AND state = ? AND language <> 'en' ORDER BY slug LIMIT ?",
                            (kind, state, count)).fetchall()

    releases, photos = some("release"), some("asset", "ready")
    drafts, albums, events = some("release", "draft"), some("album"), some("event")
    topics, contacts = some("topic"), some("contact")
    base.close()
    rng = random.Random(3)
    looked_for = [words(rng, 1) for _ in range(40)]
    quoted = [urllib.parse.quote(word) for word in looked_for]
    deep = [1 + 5 * n for n in range(40)]
    deeper = [1 + 17 * n for n in range(40)]
    ids = ",".join(one for one, _ in photos)

    def each(rows, path):
        return [path.format(id=one, slug=slug) for one, slug in rows]

    return [
        ("desk overview", ["/admin"]),
        ("desk releases", ["/admin/releases"]),
        ("desk releases, pages", [f"/admin/releases?page={n}" for n in deep]),
        *[(f"desk releases, {state}", [f"/admin/releases?state={state}&page={n}" for n in (1, 2, 3)])
          for state in ("draft", "scheduled", "embargoed", "published", "withdrawn")],
        ("desk releases, found", [f"/admin/releases?q={word}" for word in quoted]),
        ("desk release, new", ["/admin/releases/new"]),
        ("desk release", each(releases, "/admin/releases/{id}")),
        ("desk draft", each(drafts, "/admin/releases/{id}")),
        ("desk release, history", each(releases, "/admin/releases/{id}/history")),
        ("desk release, photos", each(releases, "/admin/releases/{id}/photos")),
        ("desk release, preview", each(drafts, "/admin/releases/{id}/preview")),
        ("desk photos", ["/admin/photos"]),
        ("desk photos, pages", [f"/admin/photos?page={n}" for n in deeper]),
        *[(f"desk photos, {state}", [f"/admin/photos?state={state}"]) for state in ("processing", "ready", "failed")],
        ("desk photos, by kind", ["/admin/photos?kind=photo", "/admin/photos?kind=logo"]),
        ("desk photos, found", [f"/admin/photos?q={word}" for word in quoted]),
        ("desk photo", each(photos, "/admin/photos/{id}")),
        ("desk photo, history", each(photos, "/admin/photos/{id}/history")),
        ("desk sheet of 40", [f"/admin/photos/sheet?ids={ids}"]),
        ("desk states of 40", [f"/admin/photos/states?ids={ids}"]),
        *[(f"desk {kind}", [f"/admin/{kind}", f"/admin/{kind}?page=2"]) for kind in ("contacts", "albums", "events", "topics")],
        *[(f"desk {kind}, new", [f"/admin/{kind}/new"]) for kind in ("contacts", "albums", "events", "topics")],
        ("desk contact", each(contacts, "/admin/contacts/{id}")),
        ("desk album", each(albums, "/admin/albums/{id}")),
        ("desk event", each(events, "/admin/events/{id}")),
        ("desk topic", each(topics, "/admin/topics/{id}")),
        *[(f"desk statistics, {days} days", [f"/admin/statistics?days={days}"]) for days in (7, 30, 90, 365)],
        ("desk messages", ["/admin/messages", "/admin/messages?page=9"]),
        *[(f"desk {name}", [f"/admin/{name}"]) for name in ("settings", "accounts", "account", "tokens", "uploads")],
        ("home", ["/"]),
        ("archive", [f"/releases?page={n}" for n in deep]),
        ("archive, topic", [f"/releases?topic={slug}" for _, slug in topics]),
        ("archive, year", [f"/releases?year={year}" for year in range(2017, 2027)]),
        ("release", each(releases, "/releases/{slug}")),
        ("gallery", ["/photos"]),
        ("gallery, pages", [f"/photos?page={n}" for n in deeper]),
        ("gallery, topic", [f"/photos?topic={slug}" for _, slug in topics]),
        ("gallery, year, size", [f"/photos?year={year}&fills=a4" for year in range(2017, 2027)]),
        ("photo", each(photos, "/photos/{slug}")),
        ("album", each(albums, "/albums/{slug}")),
        ("contacts", ["/contacts"]),
        ("contact", each(contacts, "/contacts/{slug}")),
        ("events", ["/events"]),
        ("search", [f"/search?q={word}" for word in quoted]),
        ("search, photos", [f"/search?q={word}&kind=photo" for word in quoted]),
        ("feed", ["/feed.atom", "/feed.rss", "/feed.json"]),
        ("sitemap", ["/sitemap.xml"]),
    ]


class Reader:
    def __init__(self, press, postgres):
        self.press, self.postgres = press, postgres
        self.line = http.client.HTTPConnection(urllib.parse.urlsplit(press.base).netloc, timeout=120)
        body = urllib.parse.urlencode({"email": EMAIL, "password": PASSWORD})
        self.line.request("POST", "/admin/sign-in", body, {"Content-Type": "application/x-www-form-urlencoded"})
        answer = self.line.getresponse()
        answer.read()
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]

    def get(self, path):
        headers = {"Cookie": self.cookie} if path.startswith("/admin") else {}
        began = time.perf_counter()
        self.line.request("GET", path, headers=headers)
        answer = self.line.getresponse()
        body = answer.read()
        return (time.perf_counter() - began) * 1000, answer.status, len(body)

    def database_cpu(self):
        if not self.postgres:
            return 0
        asked = ["psql", self.postgres, "-Atc", "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"]
        total = 0
        for pid in subprocess.run(asked, check=True, capture_output=True, text=True).stdout.split():
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            except OSError:
                continue
            total += int(fields[11]) + int(fields[12])
        return total / TICKS

    def measure(self, name, addresses, requests):
        for address in addresses[:3]:
            self.get(address)
        before, database = self.press.cpu(), self.database_cpu()
        times, states, size = [], set(), 0
        for number in range(requests):
            taken, status, size = self.get(addresses[number % len(addresses)])
            times.append(taken)
            states.add(status)
        cpu, database = (self.press.cpu() - before) / requests, (self.database_cpu() - database) / requests
        p95 = sorted(times)[int(len(times) * 0.95) - 1]
        said = "" if states == {200} else f"  {sorted(states)}"
        data = f"{database * 1000:8.1f}" if self.postgres else ""
        print(f"{name:<28}{median(times):8.1f}{p95:8.1f}{cpu * 1000:8.1f}{data}{size / 1024:8.0f}{said}", flush=True)
        return p95


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--postgres")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--only", default="")
    parser.add_argument("--requests", type=int, default=40)
    asked = parser.parse_args()
    folder = (asked.keep or work_folder()).resolve()
    folder.mkdir(exist_ok=True, parents=True)
    if not (folder / "filled").exists():
        began = time.monotonic()
        fill(folder)
        (folder / "filled").touch()
        print(f"filled in {time.monotonic() - began:.0f} s", file=sys.stderr)
    settings = {}
    if asked.postgres:
        # By way of a backup, into a database that is empty.
        moved = folder / "moved"
        if not moved.exists():
            subprocess.run([BINARY, "backup", folder / "backup.zip", "--data", folder / "data"], check=True)
            environment = {**os.environ, "PRESSROOM_DATABASE_URL": asked.postgres}
            (moved / "data").mkdir(parents=True)
            subprocess.run([BINARY, "restore", folder / "backup.zip", "--data", moved / "data"], check=True, env=environment)
            subprocess.run(["psql", asked.postgres, "-qc", "VACUUM ANALYZE"], check=True)
        settings["database_url"] = asked.postgres
    samples = Pressroom.__new__(Pressroom)
    samples.data = folder / "data"
    chosen = [page for page in pages(samples) if asked.only in page[0]]
    slow = []
    print(f"{'ms':<28}{'p50':>8}{'p95':>8}{'CPU':>8}{'     SQL' if asked.postgres else ''}{'KiB':>8}")
    # The desk as it is; the public pages as if each were the first of its kind.
    for is_desk, cache in ((True, {}), (False, {"page_cache_bytes": 1})):
        press = Pressroom(folder / "moved" if asked.postgres else folder, **settings, **cache)
        try:
            reader = Reader(press, asked.postgres)
            for name, addresses in chosen:
                if name.startswith("desk") == is_desk and reader.measure(name, addresses, asked.requests) > 50:
                    slow.append(name)
        finally:
            press.stop()
    print(f"{len(chosen)} pages, {len(slow)} of them over 50 ms at the 95th percentile: {', '.join(slow) or 'none'}")


if __name__ == "__main__":
    main()
