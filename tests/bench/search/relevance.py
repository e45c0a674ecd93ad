"""Prints how well each engine answers the judged searches of tests/judged, and larger collections made of texts that the
machine carries: pressroom beside bm25s with Snowball stemming and SQLite FTS5.

    pip install bm25s PyStemmer
    cargo build --release --bench search
    python tests/bench/search/relevance.py target/release/deps/search-… [--debian]

--debian adds known-item searches over package descriptions: synopsis to description, in English, and in German where
`apt-get update -o Acquire::Languages=de,en` was run. They are no press texts; they guard the plain path of long queries.
"""

import collections
import glob
import json
import lzma
import math
import os
import pathlib
import random
import re
import sqlite3
import subprocess
import sys
import tempfile

import bm25s
import Stemmer

ROOT = pathlib.Path(__file__).parents[3]
SNOWBALL = {
    "de": "german", "en": "english", "fr": "french", "es": "spanish", "it": "italian", "nl": "dutch", "pt": "portuguese",
    "sv": "swedish", "ar": "arabic",
}
DEPTH = 100


def judged(path, known=()):
    """Documents, and queries with what is relevant to each; queries may be about known documents too."""
    documents, queries, last = list(known), [], None
    for line in path.read_text().splitlines():
        if line.startswith("= ") and " | " not in line:
            last = next(document for document in documents if document["id"] == line[2:])
        elif line.startswith("= "):
            key, title = line[2:].split(" | ", 1)
            # Keys are told apart within one file.
            key = f"fresh-{key}" if known else key
            last = {"id": key, "lang": path.stem, "title": title, "body": ""}
            documents.append(last)
        elif line.startswith("? "):
            text, *others = line[2:].split(" > ")
            grades = {last["id"]: 2}
            grades.update((other, 1) for other in (others[0].split() if others else []) if other != last["id"])
            queries.append({"id": str(len(queries)), "lang": path.stem, "text": text, "grades": grades})
        elif line.strip():
            last["body"] = line
    return documents, queries


def ndcg(hits, grades, at=10):
    def gain(grade, place):
        return (2 ** grade - 1) / math.log2(place + 2)
    got = sum(gain(grades.get(hit, 0), place) for place, hit in enumerate(hits[:at]))
    best = sum(gain(grade, place) for place, grade in enumerate(sorted(grades.values(), reverse=True)[:at]))
    return got / best if best else 0.0


def ask_pressroom(binary, documents, queries):
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for name, rows in (("documents", documents), ("queries", queries)):
            names.append(os.path.join(folder, name))
            with open(names[-1], "w") as out:
                out.writelines(json.dumps(row) + "\n" for row in rows)
        lines = subprocess.run([binary, "rank", *names], check=True, capture_output=True, text=True).stdout.splitlines()
    answers = {row["id"]: row["hits"] for row in map(json.loads, lines)}
    return [answers[query["id"]] for query in queries]


def ask_bm25s(documents, queries):
    language = documents[0]["lang"]
    stemmer = Stemmer.Stemmer(SNOWBALL[language]) if language in SNOWBALL else None
    stopwords = language if language in ("en", "de", "fr", "es", "it", "nl", "pt", "sv") else []
    quiet = {"stemmer": stemmer, "stopwords": stopwords, "show_progress": False}
    index = bm25s.BM25()
    index.index(bm25s.tokenize([f"{d['title']} {d['body']}" for d in documents], **quiet), show_progress=False)
    tokens = bm25s.tokenize([query["text"] for query in queries], **quiet)
    count = min(DEPTH, len(documents))
    found, scores = index.retrieve(tokens, k=count, show_progress=False)
    return [[documents[at]["id"] for at, score in zip(*row) if score > 0] for row in zip(found, scores)]


def ask_fts5(documents, queries):
    database = sqlite3.connect(":memory:")
    database.execute("create virtual table t using fts5(title, body, tokenize='unicode61 remove_diacritics 2')")
    database.executemany("insert into t(rowid, title, body) values (?, ?, ?)",
                         ((at, d["title"], d["body"]) for at, d in enumerate(documents)))
    answers = []
    for query in queries:
        words = [f'"{word}"' for word in re.findall(r"\w+", query["text"])]
        hits = []
        for joint in (" AND ", " OR "):
            rows = database.execute(f"select rowid from t where t match ? order by bm25(t, 2.0, 1.0) limit {DEPTH}", (joint.join(words),))
            hits += [at for (at,) in rows if at not in hits]
            if len(hits) >= 10:
                break
        answers.append([documents[at]["id"] for at in hits])
    return answers


def print_row(name, queries, answers_by_engine):
    cells = []
    for engine, answers in answers_by_engine.items():
        mean = sum(ndcg(hits, query["grades"]) for hits, query in zip(answers, queries)) / len(queries)
        passed = sum(any(query["grades"].get(hit) == 2 for hit in hits[:3]) for hits, query in zip(answers, queries))
        cells.append(f"{engine} {mean:.3f} {passed:4}/{len(queries)} {100 * passed / len(queries):5.1f} %")
    print(f"{name:12}", "   ".join(cells), flush=True)


def debian(language, most_documents, most_queries):
    """Package descriptions: the synopsis asks, every package with that synopsis is meant."""
    paths = sorted(glob.glob(f"/var/lib/apt/lists/*Translation-{language}*"))
    texts = {}
    for path in paths:
        opener = lzma.open if path.endswith(".xz") else open
        if path.endswith(".lz4"):
            data = subprocess.run(["/usr/lib/apt/apt-helper", "cat-file", path], capture_output=True, text=True).stdout
        else:
            with opener(path, "rt") as file:
                data = file.read()
        for entry in data.split("\n\n"):
            package = re.search(r"^Package: (\S+)", entry, re.M)
            found = re.search(rf"^Description-{language}: (.+)\n((?: .*\n?)+)", entry, re.M)
            if package and found:
                body = re.sub(r"\s+", " ", found[2].replace("\n .\n", "\n")).strip()
                if len(body) > 100:
                    texts.setdefault(body, (package[1], found[1]))
    entries = sorted((package, synopsis, body) for body, (package, synopsis) in texts.items())
    random.Random(7).shuffle(entries)
    entries = entries[:most_documents]
    same = collections.defaultdict(dict)
    for package, synopsis, _ in entries:
        same[synopsis][package] = 2
    documents = [{"id": package, "lang": language, "title": "", "body": body} for package, _, body in entries]
    queries = [{"id": str(at), "lang": language, "text": re.sub(r"[-():\"]", " ", synopsis), "grades": same[synopsis]}
               for at, (_, synopsis, _) in enumerate(entries[:most_queries])]
    return documents, queries


def main():
    binary = sys.argv[1]
    paths = sorted((ROOT / "tests/judged").glob("*.txt")) + sorted((ROOT / "tests/judged/fresh").glob("*.txt"))
    for path in paths:
        is_fresh = path.parent.name == "fresh"
        documents, queries = judged(path, judged(path.parents[1] / path.name)[0] if is_fresh else ())
        answers = {"pressroom": ask_pressroom(binary, documents, queries)}
        if path.stem not in ("zh", "ja"):
            answers["bm25s"] = ask_bm25s(documents, queries)
        answers["fts5"] = ask_fts5(documents, queries)
        print_row(f"{path.stem} fresh" if is_fresh else path.stem, queries, answers)
        if "--misses" in sys.argv:
            for query, hits in zip(queries, answers["pressroom"]):
                if not any(query["grades"].get(hit) == 2 for hit in hits[:3]):
                    print("    misses", query["text"], "->", max(query["grades"], key=query["grades"].get), "got", hits[:3])
    if "--debian" in sys.argv:
        for language in ("en", "de"):
            documents, queries = debian(language, 30_000, 1_500)
            if not documents:
                continue
            engines = {"pressroom": ask_pressroom(binary, documents, queries), "bm25s": ask_bm25s(documents, queries)}
            print_row(f"debian {language}", queries, engines)
            for name, fits in (("1-3 words", lambda n: n <= 3), ("4-6 words", lambda n: 4 <= n <= 6), ("7+ words", lambda n: n >= 7)):
                chosen = [at for at, query in enumerate(queries) if fits(len(query["text"].split()))]
                if chosen:
                    print_row("   " + name, [queries[at] for at in chosen],
                              {engine: [answers[at] for at in chosen] for engine, answers in engines.items()})


if __name__ == "__main__":
    main()
