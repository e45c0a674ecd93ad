#!/usr/bin/env python3
"""A million releases beside SQLite FTS5 and PostgreSQL's full text: processor time per query, slowest queries, time to
index, size of the index, memory.

    cargo build --release --bench search
    tests/bench/search/speed.py target/release/deps/search-… [DOCUMENTS] [--postgres]

The corpus is recombined, always in the same way, from sentences of Debian's package descriptions, half German and half
English, with made-up people; about 1.1 kB a document. All engines get the same documents and the same queries, which
ask for words that stand together in some document. The peers answer with the ten best that have every word; pressroom
does its whole work (stems, parts of compounds, recency, relaxation), with ten hits and as a whole page with a filter,
counts, facets and highlights.
"""

import json
import lzma
import os
import pathlib
import random
import re
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parents[3]
QUERIES = 600
GOALS = {"one": 10.0, "two": 3.5, "three": 3.5, "phrase": 3.5}
LANGUAGES = {"de": "german", "en": "english"}
FIRST = "Ada Bela Cem Dora Emil Fenja Gero Hilde Ivo Jana Kuno Leyla Milo Nele Odo Paula Quirin Ronja Sven Tilda".split()
LAST = ("Auenland Birkstein Castrup Dornfeld Eschbach Falkental Grünwald Hainbuch Immergrün Jungholz Kaltwasser Lindenau "
        "Moorfeld Nussdorf Oberthal Pappelau Quellental Rosenbusch Steinach Tannhof").split()
TOPICS = [f"topic-{n}" for n in range(20)]


def sentences(folder):
    """Sentences and short titles by language, from descriptions that apt fetches."""
    lists = folder / "lists"
    (lists / "partial").mkdir(parents=True)
    subprocess.run(["apt-get", "update", "-q", "-o", "Acquire::Languages=de,en", "-o", f"Dir::State::lists={lists}"],
                   check=True, stdout=subprocess.DEVNULL)
    found = {}
    for language in LANGUAGES:
        texts, titles = {}, {}
        for path in sorted(lists.glob(f"*Translation-{language}*")):
            data = subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", path], capture_output=True, text=True, check=True).stdout
            for title, body in re.findall(rf"^Description-{language}: (.+)\n((?: .*\n?)+)", data, re.M):
                titles[title.strip()] = None
                for sentence in re.split(r"(?<=[.!?]) +", re.sub(r"\s+", " ", body.replace("\n .\n", "\n"))):
                    if 40 <= len(sentence) <= 300:
                        texts[sentence.strip()] = None
        found[language] = (list(texts), list(titles))
        print(f"{language}: {len(texts)} sentences, {len(titles)} titles")
    return found


def write_corpus(path, count, pool):
    chance = random.Random(11)
    text_bytes = 0
    with path.open("w") as out:
        for n in range(count):
            language = "de" if n % 2 else "en"
            texts, titles = pool[language]
            body, size = [], 0
            while size < 950:
                # The more common a sentence's place in the list, the more often it is taken: words keep a long tail.
                body.append(texts[int(len(texts) * chance.random() ** 2)])
                size += len(body[-1])
            person = f"{chance.choice(FIRST)} {chance.choice(LAST)}"
            row = {"id": str(n), "lang": language, "title": f"{chance.choice(titles)} {n}", "body": " ".join(body),
                   "side": [person], "persons": [person], "topics": chance.sample(TOPICS, 2),
                   "date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(1_420_000_000 + chance.randrange(347_000_000)))}
            text_bytes += len((row["title"] + row["body"] + person).encode())
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    return text_bytes


def write_queries(path, corpus, count):
    """Words of some document: so many at once, in a row, begun, or with a slip of the finger."""
    chance = random.Random(12)
    wanted = set(chance.sample(range(count), min(count, 6 * QUERIES)))
    with corpus.open() as lines:
        sources = [json.loads(line) for n, line in enumerate(lines) if n in wanted]
    chance.shuffle(sources)
    queries = []
    for at, source in enumerate(sources):
        language = source["lang"]
        words = [word for word in re.findall(r"\w+", source["body"]) if len(word) > 3 and word.isalpha()]
        if len(words) < 8:
            continue
        kind = ["one", "two", "three", "phrase", "autocomplete", "misspelt"][at % 6]
        start = chance.randrange(len(words) - 3)
        if kind == "phrase":
            match = re.findall(r"\w+ \w+ \w+", source["body"])
            text = f'"{chance.choice(match)}"'
        elif kind == "autocomplete":
            text = words[start][:chance.randrange(2, 7)].lower()
        elif kind == "misspelt":
            word = max(words[start:start + 3], key=len)
            place = chance.randrange(1, len(word) - 1)
            text = word[:place] + word[place + 1:]
        else:
            text = " ".join(chance.sample(words, {"one": 1, "two": 2, "three": 3}[kind]))
        queries.append({"class": kind, "id": str(at), "lang": language, "text": text})
    queries.sort(key=lambda query: query["class"])
    path.write_text("".join(json.dumps(query, ensure_ascii=False) + "\n" for query in queries))
    return queries


def spread(took, cpu_ms):
    took = sorted(took)
    at = lambda share: took[round((len(took) - 1) * share)]
    return {"p50_ms": at(.5), "p99_ms": at(.99), "max_ms": took[-1], "cpu_ms": cpu_ms}


def show(engine, kind, mode, figures):
    print(f"{engine:10} {kind:12} {mode:10} CPU {figures['cpu_ms']:8.2f} ms  p50 {figures['p50_ms']:8.2f}  "
          f"p99 {figures['p99_ms']:8.2f}  max {figures['max_ms']:8.2f} ms", flush=True)


def ask_fts5(folder, corpus, queries):
    path = folder / "fts5.db"
    database = sqlite3.connect(path)
    database.execute("pragma journal_mode = off")
    database.execute("pragma synchronous = off")
    database.execute("pragma cache_size = -200000")
    database.execute("create virtual table t using fts5(title, body, side, tokenize = 'unicode61 remove_diacritics 2')")
    began, cpu = time.monotonic(), time.process_time()
    with corpus.open() as lines:
        rows = (json.loads(line) for line in lines)
        database.executemany("insert into t values (?, ?, ?)", ((row["title"], row["body"], row["side"][0]) for row in rows))
    database.commit()
    print(f"fts5       indexed in {time.monotonic() - began:.0f} s, {time.process_time() - cpu:.0f} CPU s, {path.stat().st_size / 1e6:.0f} MB")
    figures = {}
    for kind in GOALS:
        asked = [query["text"] for query in queries if query["class"] == kind]
        matches = [text if kind == "phrase" else " AND ".join(f'"{word}"' for word in text.split()) for text in asked]
        ask = lambda match: database.execute("select title from t where t match ? order by rank limit 10", (match,)).fetchall()
        for match in matches:
            ask(match)
        took, cpu = [], time.process_time()
        for match in matches:
            began = time.perf_counter()
            ask(match)
            took.append((time.perf_counter() - began) * 1e3)
        figures[kind] = spread(took, (time.process_time() - cpu) * 1e3 / len(matches))
        show("fts5", kind, "ten", figures[kind])
    return figures


def install_client(folder):
    """Before anything is measured: what is missing should show at once."""
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--target", folder, "psycopg[binary]"], check=True)
    sys.path.insert(0, str(folder))


def ask_postgres(folder, corpus, queries):
    import psycopg
    port = 54_931
    subprocess.run([ROOT / "tests/tools/postgres", "start", folder / "pg", str(port)], check=True)
    figures = {}
    try:
        with psycopg.connect(f"postgres://postgres@127.0.0.1:{port}/postgres", autocommit=True) as link:
            link.execute("create unlogged table t (lang regconfig, title text, body text, v tsvector)")
            began = time.monotonic()
            with corpus.open() as lines, link.cursor().copy("copy t (lang, title, body) from stdin") as copy:
                for row in map(json.loads, lines):
                    copy.write_row((LANGUAGES[row["lang"]], row["title"], row["body"] + " " + row["side"][0]))
            link.execute("update t set v = setweight(to_tsvector(lang, title), 'A') || to_tsvector(lang, body)")
            link.execute("create index on t using gin (v)")
            link.execute("vacuum analyze t")
            size = link.execute("select pg_total_relation_size('t')").fetchone()[0]
            print(f"postgres   indexed in {time.monotonic() - began:.0f} s, {size / 1e6:.0f} MB")
            pid = link.info.backend_pid
            used = lambda: sum(map(int, pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[11:13])) * 10
            link.execute("set max_parallel_workers_per_gather = 0")
            for kind in GOALS:
                make = "phraseto_tsquery" if kind == "phrase" else "plainto_tsquery"
                asked = [(LANGUAGES[query["lang"]], query["text"].strip('"')) for query in queries if query["class"] == kind][:200]
                statement = (f"select title from t, {make}(%s::regconfig, %s) q where v @@ q "
                             "order by ts_rank(v, q) desc limit 10")
                took, cpu = [], used()
                for one in asked:
                    began = time.perf_counter()
                    link.execute(statement, one).fetchall()
                    took.append((time.perf_counter() - began) * 1e3)
                figures[kind] = spread(took, (used() - cpu) / len(asked))
                show("postgres", kind, "ten", figures[kind])
    finally:
        subprocess.run([ROOT / "tests/tools/postgres", "stop", folder / "pg"], check=False)
    return figures


def main():
    options = [argument for argument in sys.argv[2:] if argument.startswith("--")]
    numbers = [int(argument) for argument in sys.argv[2:] if argument not in options]
    binary, count = sys.argv[1], numbers[0] if numbers else 1_000_000
    folder = pathlib.Path(tempfile.mkdtemp(prefix="pressroom-bench."))
    # PostgreSQL runs as somebody else.
    folder.chmod(0o755)
    try:
        if "--postgres" in options:
            install_client(folder / "python")
        corpus, asked = folder / "corpus", folder / "queries"
        text_bytes = write_corpus(corpus, count, sentences(folder))
        queries = write_queries(asked, corpus, count)
        print(f"{count} documents, {text_bytes / 1e6:.0f} MB of text, {len(queries)} queries", flush=True)
        run = lambda *command: [json.loads(line) for line in subprocess.run(
            [binary, *map(str, command)], check=True, capture_output=True, text=True).stdout.splitlines()]
        (built,) = run("index", folder / "index", corpus)
        print(f"pressroom  indexed in {built['wall_s']:.0f} s, {built['cpu_s']:.0f} CPU s: "
              f"{count / built['cpu_s']:.0f} documents per CPU second (goal: 2500); index {built['bytes'] / text_bytes:.2f} of the "
              f"text (goal: 1.3); at most {built['peak_resident_mb']:.0f} MB resident", flush=True)
        ours = {}
        for row in run("ask", folder / "index", asked):
            if "class" in row:
                ours[row["class"], row["mode"]] = row
                show("pressroom", row["class"], row["mode"], row)
            else:
                print(f"pressroom  memory: {row['resident_mb']:.0f} MB resident with mapped files, {row['anonymous_mb']:.0f} MB its own")
        peers = {"fts5": ask_fts5(folder, corpus, queries)}
        if "--postgres" in options:
            peers["postgres"] = ask_postgres(folder, corpus, queries)
        for name, figures in peers.items():
            for kind, goal in GOALS.items():
                ratio = figures[kind]["cpu_ms"] / ours[kind, "ten"]["cpu_ms"]
                print(f"{name} needs {ratio:.1f} times our CPU for {kind}" + (f" (goal: {goal})" if name == "fts5" else "")
                      + f", {figures[kind]['p99_ms'] / ours[kind, 'ten']['p99_ms']:.1f} times our p99")
        pages = [row for (_, mode), row in ours.items() if mode == "page"]
        print(f"whole page: CPU {sum(row['cpu_ms'] for row in pages) / len(pages):.1f} ms (goal: 6), "
              f"worst p99 {max(row['p99_ms'] for row in pages):.1f} ms (goal: 40)")
        print(f"autocomplete p99 {ours['autocomplete', 'suggest']['p99_ms']:.1f} ms (goal: 8), "
              f"did you mean p99 {ours['misspelt', 'correction']['p99_ms']:.1f} ms (goal: 20)")
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
