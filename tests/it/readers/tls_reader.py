"""A reader over TLS by the standard library: asks in whole, in pieces, many at once, takes little at a time, says
goodbye. Prints what came of it as JSON. Arguments: port, certificate, path of a long page."""

import hashlib
import json
import socket
import ssl
import sys
import time

port, certificate, path = int(sys.argv[1]), sys.argv[2], sys.argv[3]
context = ssl.create_default_context(cafile=certificate)


def connect(room=None):
    raw = socket.socket()
    if room:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, room)
    raw.settimeout(60)
    raw.connect(("127.0.0.1", port))
    return context.wrap_socket(raw, server_hostname="127.0.0.1")


def head_of(page, *lines):
    return "".join(f"{line}\r\n" for line in (f"GET {page} HTTP/1.1", "host: x", *lines, "")).encode()


def answer(line):
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        piece = line.recv(1)
        if not piece:
            raise EOFError(head)
        head += piece
    status, *fields = head.decode().split("\r\n")
    fields = dict(field.split(": ", 1) for field in fields if field)
    length, body = int(fields.get("content-length", 0)), b""
    while len(body) < length:
        piece = line.recv(min(65536, length - len(body)))
        if not piece:
            raise EOFError(f"{len(body)} of {length} bytes")
        body += piece
    return int(status.split()[1]), fields, body


def told(line):
    status, _, body = answer(line)
    return [status, len(body), hashlib.sha256(body).hexdigest()]


result = {}
# Nobody has seen the page: it is made.
line = connect()
line.sendall(head_of(path, "connection: close"))
status, fields, body = answer(line)
result["made"] = [status, len(body), hashlib.sha256(body).hexdigest()]

# Now it lies ready; this reader is slow, then in a hurry, then asks for something else.
line = connect(room=4096)
line.sendall(head_of(path))
time.sleep(1)
result["slow"] = told(line)
line.sendall(head_of(path, f"if-none-match: {fields['etag']}"))
result["known"] = told(line)[0]
for piece in (head_of(path)[:20], head_of(path)[20:]):
    line.sendall(piece)
    time.sleep(0.1)
result["in pieces"] = told(line)

line = connect()
line.sendall(head_of(path) * 3)
result["at once"] = [told(line) for _ in range(3)]
line.sendall(head_of("/api/v1/releases"))
result["something else"] = told(line)[0]
line.sendall(head_of(path))
result["after it"] = told(line)

# Waits for the other side's close_notify, and fails without it.
line = connect()
line.sendall(head_of(path))
result["goodbye"] = told(line)
line.unwrap().close()
print(json.dumps(result))
