#!/usr/bin/env python3
"""Prints the requests that pywa itself makes for the sends on standard input.

Input: one JSON object a line, as `pywa_support.perform` describes. Output, one line for each, names sorted:
{"body": {…}, "method": "POST", "path": "/v26.0/…/messages"}, or {"error": "…"} when pywa refuses the send.
pywa's own client runs against a capture server inside this script; `null` members that pywa writes are kept.
"""

import http.server
import json
import sys
import threading

import pywa_support


class Capture(http.server.BaseHTTPRequestHandler):
    """Keeps the last request and answers as the Cloud API would."""

    last: dict = {}

    def do_POST(self):
        raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = json.loads(raw)
        Capture.last = {"method": "POST", "path": self.path, "body": body}
        if "status" in body:
            answer = {"success": True}
        else:
            to = body.get("to") or body.get("recipient")
            answer = {
                "messaging_product": "whatsapp",
                "contacts": [{"input": to, "wa_id": to}],
                "messages": [{"id": "wamid.CAPTURED"}],
            }
        raw = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        pass


def main() -> int:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Capture)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    whatsapp = pywa_support.client(f"http://127.0.0.1:{server.server_port}")
    for line in sys.stdin:
        if not line.strip():
            continue
        Capture.last = {}
        try:
            pywa_support.perform(whatsapp, json.loads(line))
            result = Capture.last
        except Exception as error:  # the reader compares refusals too
            result = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(result, sort_keys=True, ensure_ascii=False), flush=True)
    server.shutdown()
    return 0


if __name__ == "__main__":
    sys.exit(main())
