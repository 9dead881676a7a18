"""What the scenario of two whatsmeow clients is written with: the clients, and the emulator's control API."""

import json
import os
import pathlib
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request

PATIENCE = 40


class Emulator:
    """The control API of a running `whatsapp-emulator web`."""

    def __init__(self, port):
        self.port = port

    def __call__(self, path, **values):
        data = json.dumps(values).encode() if values else None
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data)
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def log(self, match):
        """The lines of the log that contain `match`."""
        return [entry["text"] for entry in self("/log?match=" + urllib.parse.quote(match))]

    def inbox(self, number):
        return self(f"/phone/inbox?account={number}")

    def devices(self, number):
        return [device for device in self("/devices") if device["jid"].startswith(number)]


class Client:
    """A whatsmeow client in a process of its own; see whatsmeow_peer.py."""

    def __init__(self, name, folder, certificates):
        self.name, self.seen, self.number = name, [], 0
        self.news = threading.Condition()
        environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        environment |= {"PYTHONPATH": str(folder), "SSL_CERT_FILE": certificates}
        script = str(pathlib.Path(__file__).with_name("whatsmeow_peer.py"))
        self.process = subprocess.Popen(
            [sys.executable, script, str(folder / f"{name}.sqlite3")], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=(folder / f"{name}.log").open("a"), text=True, env=environment)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            with self.news:
                self.seen.append(json.loads(line))
                self.news.notify_all()

    def wait(self, event, since=0, **values):
        """The first event of a kind with these values, which may have come long ago."""
        deadline = time.monotonic() + PATIENCE
        with self.news:
            while True:
                for one in self.seen[since:]:
                    if one["event"] == event and all(one.get(k) == v for k, v in values.items()):
                        return one
                if time.monotonic() > deadline:
                    raise TimeoutError(f"{self.name}: no {event} {values} in {self.seen[since:]}")
                self.news.wait(0.5)

    def do(self, what, **values):
        self.number += 1
        self.process.stdin.write(json.dumps({"do": what, "n": self.number, **values}) + "\n")
        self.process.stdin.flush()
        answer = self.wait("done", n=self.number)
        if "error" in answer:
            raise RuntimeError(f"{self.name} {what}: {answer['error']}")
        return answer["result"]

    def unreadable(self):
        """The ids of the messages that it could not decrypt."""
        return [event["id"] for event in self.seen if event["event"] == "unreadable"]

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()


def eventually(what, condition):
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.05)
