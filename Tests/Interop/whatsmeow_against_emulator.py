"""Two real whatsmeow clients hold a conversation over `whatsapp-emulator web`.

Usage: whatsmeow_against_emulator.py PORT CONTROL_PORT ROOT_HEX CA_PEM
"""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

from whatsmeow_patch import patched

PORT, CONTROL, ROOT, CA = sys.argv[1:5]
DANA, OMER, NOA = "15550000001", "15550000002", "15550000003"


def control(path, **values):
    data = json.dumps(values).encode() if values else None
    request = urllib.request.Request(f"http://127.0.0.1:{CONTROL}{path}", data)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


class Client:
    def __init__(self, name, folder):
        self.name, self.seen, self.number = name, [], 0
        self.news = threading.Condition()
        environment = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
        environment |= {"PYTHONPATH": str(folder), "SSL_CERT_FILE": CA}
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
        deadline = time.monotonic() + 40
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

    def stop(self):
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            self.process.kill()


def eventually(what, condition):
    deadline = time.monotonic() + 40
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.05)


def inbox(number):
    return control(f"/phone/inbox?account={number}")


def conversation(folder, clients):
    for number, name in ((DANA, "Dana"), (OMER, "Omer"), (NOA, "Noa")):
        control("/account", number=number, name=name)
    dana, omer = Client("dana", folder), Client("omer", folder)
    clients += [dana, omer]
    for client, number in ((dana, DANA), (omer, OMER)):
        control("/qr/scan", qr=client.wait("qr")["text"], account=number)
        client.wait("online")

    sent = dana.do("text", to=OMER, text="hello")
    got = omer.wait("message", id=sent, text="hello")
    omer.do("read", chat=got["chat"], sender=got["sender"], id=sent)
    dana.wait("receipt", ids=[sent], type="read")
    for turn in range(4):
        one, other, to = ((dana, omer, OMER), (omer, dana, DANA))[turn % 2]
        other.wait("message", id=one.do("text", to=to, text=f"turn {turn}"), text=f"turn {turn}")
    assert "hello" in [entry.get("text") for entry in inbox(OMER)]

    omer.do("react", chat=got["chat"], sender=got["sender"], id=sent, emoji="👍")
    dana.wait("message", fields=["reactionMessage"])
    dana.do("revoke", chat=OMER, sender=DANA, id=sent)
    eventually("the revocation", lambda: any("protocolMessage" in e.get("fields", []) for e in omer.seen))

    picture = os.urandom(5000)
    png = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==") + picture
    sent = control("/phone/send", account=DANA, to=OMER, image_base64=base64.b64encode(png).decode())["id"]
    omer.wait("message", id=sent)
    assert base64.b64decode(omer.do("fetch", id=sent)) == png

    group = dana.do("group", name="Lab", members=[OMER, NOA])
    omer.wait("joined")
    omer.wait("message", id=dana.do("text", to=group, text="to all"), text="to all")
    dana.wait("message", id=omer.do("text", to=group, text="from omer"), text="from omer")
    sent = control("/phone/send", account=NOA, to=group, text="from noa's phone")["id"]
    for client in (dana, omer):
        client.wait("message", id=sent, text="from noa's phone")

    for jid, receiver, sender, to in ((OMER, omer, dana, OMER), (DANA, dana, omer, DANA)):
        control("/corrupt", jid=f"{jid}:1@s.whatsapp.net", count=2)
        receiver.wait("message", id=sender.do("text", to=to, text="damaged"), text="damaged")
    omer.wait("unreadable")
    sent = control("/phone/send", account=NOA, to=OMER, text="fine")["id"]
    omer.wait("message", id=sent)

    omer.stop()
    eventually("omer to go", lambda: not any(
        d["connected"] for d in control("/devices") if d["jid"].startswith(OMER)))
    waiting = [dana.do("text", to=OMER, text=f"offline {n}") for n in range(3)]
    omer = Client("omer", folder)
    clients.append(omer)
    for number, one in enumerate(waiting):
        omer.wait("message", id=one, text=f"offline {number}")
    start = len(omer.seen)
    control("/drop", jid=f"{OMER}:1@s.whatsapp.net", code="503")
    omer.wait("online", since=start)

    second = Client("dana2", folder)
    clients.append(second)
    second.wait("qr")
    control("/link-code", account=DANA, code=second.do("code", number=DANA))
    second.wait("online")
    second.wait("history")
    omer.do("text", to=DANA, text="to an old list")
    sent = omer.do("text", to=DANA, text="to both")
    for client in (dana, second):
        client.wait("message", id=sent, text="to both")
    control("/unlink", jid=f"{DANA}:2@s.whatsapp.net")
    second.wait("unlinked")

    eventually("all to be acknowledged", lambda: not any(
        d["pending"] for d in control("/devices") if d["connected"]))
    for sign in ("could%20NOT", "UNHANDLED", "REFUSED", "KEY%20REUSED"):
        assert not (found := control(f"/log?match={sign}")), found
    dana.do("logout")
    eventually("dana to be gone", lambda: not any(d["jid"].startswith(DANA) for d in control("/devices")))


def main():
    fast = "/dev/shm" if os.path.isdir("/dev/shm") else None  # 812 prekeys take long on a slow disk.
    with tempfile.TemporaryDirectory(prefix="whatsmeow-", dir=fast) as name:
        folder, clients = pathlib.Path(name), []
        patched(folder, PORT, ROOT)
        try:
            conversation(folder, clients)
        finally:
            for client in clients:
                client.stop()
    print("all passed")


main()
