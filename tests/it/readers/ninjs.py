"""Validates a ninjs document: ninjs.py FILE. Prints each thing that is wrong.

What IPTC ninjs 3.1 allows, in short: its properties and their types, for the parts that a newsroom can fill.
"""

import json
import sys

from jsonschema import Draft202012Validator, FormatChecker


def words(*names, **others):
    return {"type": "object", "additionalProperties": False,
            "properties": {**{name: {"type": "string"} for name in names}, **others}}


def each(schema, *required):
    return {"type": "array", "items": {**schema, "required": list(required)}}


def one_of(*values):
    return {"type": "string", "enum": list(values)}


WHOLE, URI, TIME = {"type": "integer"}, {"type": "string", "format": "uri"}, {"type": "string", "format": "date-time"}
TEXT = words("role", "contentType", "value")
BODY = words("role", "contentType", "value", charCount=WHOLE, wordCount=WHOLE)
REACH = {"contactInfo": each(words("type", "role", "lang", "name", "value"), "value")}
RENDITION = words("name", "contentType", "title", "format", "aspectRatio", "bitrate", href=URI, width=WHOLE, height=WHOLE,
                  sizeInBytes=WHOLE, duration={"type": "number"})
SCORE = {"type": "integer", "minimum": 0, "maximum": 100}
ITEM = words(
    "profile", "version", "copyrightHolder", "copyrightNotice", "usageTerms", "edNote", "language", "title", "by", "slugline", "located",
    uri=URI, type=one_of("text", "audio", "video", "picture", "graphic", "composite", "component", "event", "planning"),
    representationType=one_of("full", "partial"), pubStatus=one_of("usable", "withheld", "canceled"),
    firstCreated=TIME, versionCreated=TIME, contentCreated=TIME, embargoedUntil=TIME, expires=TIME,
    urgency={"type": "integer", "minimum": 1, "maximum": 9},
    headlines=each(TEXT, "value"), descriptions=each(TEXT, "value"), bodies=each(BODY, "value"),
    people=each(words("name", "rel", "literal", uri=URI, **REACH)),
    organisations=each(words("name", "rel", "literal", uri=URI, **REACH)),
    places=each(words("name", "rel", "literal", uri=URI, **REACH)),
    subjects=each(words("name", "rel", "literal", "creator", uri=URI, relevance=SCORE, confidence=SCORE)),
    infoSources=each(words("name", "role", "literal", uri=URI, **REACH)),
    genres=each(words("name", "uri", "literal")), altIds=each(words("role", "value")), renditions=each(RENDITION, "name"),
    standard=words("name", "version", schema=URI), digitalSourceType=words("name", "literal", uri=URI),
    rightsInfo={**words("encodedRights", langId=URI, linkedRights=URI),
                "oneOf": [{"required": ["linkedRights"]}, {"required": ["encodedRights"]}]},
)
ASSOCIATED = {**ITEM, "properties": {**ITEM["properties"], "name": {"type": "string"}, "rel": {"type": "string"}}}
SCHEMA = {**ITEM, "required": ["uri"],
          "properties": {**ITEM["properties"], "associations": each(ASSOCIATED, "name", "uri")}}

document = json.load(open(sys.argv[1], encoding="utf-8"))
for error in Draft202012Validator(SCHEMA, format_checker=FormatChecker()).iter_errors(document):
    print(f"{error.json_path}: {error.message}")
