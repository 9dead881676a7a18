"""Two real whatsmeow clients hold a conversation over `whatsapp-emulator web`.

Usage: whatsmeow_against_emulator.py PORT CONTROL_PORT ROOT_HEX CA_PEM
"""

import base64
import os
import pathlib
import re
import sys
import tempfile

from whatsmeow_client import Client, Emulator, eventually
from whatsmeow_patch import patched

PORT, CONTROL, ROOT, CA = sys.argv[1:5]
DANA, OMER, NOA = "15550000001", "15550000002", "15550000003"
PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


class Scenario:
    """Dana's and Omer's clients, and what they do. Each step is one of what real clients must be able to do."""

    def __init__(self, folder):
        self.folder, self.clients = folder, []
        self.control = Emulator(CONTROL)
        # The ids of the messages that were damaged on purpose; nothing else may be unreadable.
        self.damaged = set()

    def client(self, name):
        client = Client(name, self.folder, CA)
        self.clients.append(client)
        return client

    def run(self):
        for number, name in ((DANA, "Dana"), (OMER, "Omer")):
            self.control("/account", number=number, name=name)
        self.dana, self.omer = self.client("dana"), self.client("omer")
        for client, number in ((self.dana, DANA), (self.omer, OMER)):
            self.control("/qr/scan", qr=client.wait("qr")["text"], account=number)
            client.wait("paired")
            client.wait("online")
        self.direct()
        self.group()
        self.media()
        self.phone()
        self.retries()
        self.settings()
        self.changes()
        self.groups()
        self.all_acknowledged()
        self.second_device()
        self.offline()
        self.all_acknowledged()
        self.nothing_lost()
        self.removal()

    def direct(self):
        dana, omer = self.dana, self.omer
        sent = dana.do("text", to=OMER, text="hello")
        got = omer.wait("message", id=sent, text="hello")
        for kind in ("delivered", "inactive"):  # Of Omer's phone, and of his client, which is not "available".
            dana.wait("receipt", ids=[sent], type=kind)
        omer.do("read", chat=got["chat"], sender=got["sender"], id=sent)
        dana.wait("receipt", ids=[sent], type="read")
        dana.wait("message", id=omer.do("text", to=got["chat"], text="and back"), text="and back")
        for turn in range(5):
            one, other, to = ((omer, dana, DANA), (dana, omer, OMER))[turn % 2]
            sent = one.do("text", to=to, text=f"turn {turn}")
            other.wait("message", id=sent, text=f"turn {turn}")
        # Both sides have heard of one another by now: the last needs no prekeys.
        last, = [line for line in self.control.log(f'id="{sent}"') if line.startswith(f"-> {DANA}:1@") and "<enc" in line]
        assert 'type="msg"' in last and "pkmsg" not in last, last

    def group(self):
        dana, omer = self.dana, self.omer
        group = dana.do("group", name="Lab", members=[OMER])
        omer.wait("joined")
        omer.wait("message", id=dana.do("text", to=group, text="to the group"), text="to the group")
        dana.wait("message", id=omer.do("text", to=group, text="from omer"), text="from omer")

    def media(self):
        picture = PNG + os.urandom(5000)
        encoded = base64.b64encode(picture).decode()
        sent = self.dana.do("image", to=OMER, base64_data=encoded)
        self.omer.wait("message", id=sent)
        assert base64.b64decode(self.omer.do("fetch", id=sent)) == picture
        sent = self.control("/phone/send", account=DANA, to=OMER, image_base64=encoded)["id"]
        self.omer.wait("message", id=sent)
        assert base64.b64decode(self.omer.do("fetch", id=sent)) == picture

    def phone(self):
        texts = [entry.get("text") for entry in self.control.inbox(OMER)]
        assert "hello" in texts and "to the group" in texts, texts
        sent = self.control("/phone/send", account=DANA, to=OMER, text="typed on the phone")["id"]
        self.omer.wait("message", id=sent, text="typed on the phone")
        self.dana.wait("message", id=sent, text="typed on the phone", own=True)

    def damage(self, jid, count, sent, receiver=None):
        """Damages the next messages to a device; `sent` sends one, which must come nevertheless."""
        self.control("/corrupt", jid=f"{jid}@s.whatsapp.net", count=count)
        id = sent()
        self.damaged.add(id)
        if receiver:
            receiver.wait("unreadable", id=id)
            receiver.wait("message", id=id, text="damaged")
        return id

    def retries(self):
        dana, omer = self.dana, self.omer
        for jid, receiver, sender, to in ((OMER, omer, dana, OMER), (DANA, dana, omer, DANA)):
            self.damage(f"{jid}:1", 1, lambda: sender.do("text", to=to, text="damaged"), receiver)
        # The second request carries new keys.
        self.damage(f"{OMER}:1", 2, lambda: dana.do("text", to=OMER, text="damaged"), omer)
        self.damage(f"{OMER}:1", 2, lambda: self.control(
            "/phone/send", account=DANA, to=OMER, text="damaged")["id"], omer)
        sent = self.damage(OMER, 1, lambda: dana.do("text", to=OMER, text="for the phone"))
        eventually("omer's phone to read it", lambda: any(e["id"] == sent for e in self.control.inbox(OMER)))
        assert len(self.control.log(f"phone {OMER} could NOT decrypt")) == 1

    def settings(self):
        dana, omer = self.dana, self.omer
        dana.do("name", name="Dana the Second")

        def is_applied():
            state = self.control(f"/phone/app-state?account={DANA}")["critical_block"]
            return b"Dana the Second".hex() in state["actions"].get('["setting_pushName"]', "")

        eventually("dana's phone to take the name", is_applied)
        assert dana.do("known", numbers=[OMER, "15559999999"]) == "yes no"
        assert omer.do("user", jid=DANA)
        omer.do("available")
        omer.do("watch", jid=DANA)
        dana.do("available")
        omer.wait("presence")
        dana.do("typing", to=OMER)
        omer.wait("typing")

    def changes(self):
        dana, omer = self.dana, self.omer
        sent = dana.do("text", to=OMER, text="to be changed")
        got = omer.wait("message", id=sent)
        dana.do("edit", chat=OMER, id=sent, text="changed")
        omer.wait("message", target=sent, edited="changed")
        omer.do("react", chat=got["chat"], sender=got["sender"], id=sent, emoji="👍")
        dana.wait("message", target=sent, emoji="👍")
        dana.do("revoke", chat=OMER, sender=DANA, id=sent)
        omer.wait("message", target=sent, edited="")

    def groups(self):
        dana, omer = self.dana, self.omer
        self.control("/account", number=NOA, name="Noa")
        group = dana.do("group", name="Three", members=[OMER])
        start = len(omer.seen)
        dana.do("add", group=group, member=NOA)
        omer.wait("group", since=start)
        sent = self.control("/phone/send", account=NOA, to=group, text="from noa's phone")["id"]
        for client in (dana, omer):
            client.wait("message", id=sent, text="from noa's phone")
        self.damage(f"{OMER}:1", 1, lambda: dana.do("text", to=group, text="damaged"), omer)
        self.control("/options", default_addressing="pn")
        group = dana.do("group", name="By number", members=[OMER])
        got = omer.wait("message", id=dana.do("text", to=group, text="numbers"), text="numbers")
        assert got["sender"] == f"{DANA}:1@s.whatsapp.net", got
        dana.wait("message", id=omer.do("text", to=group, text="numbers too"), text="numbers too")
        self.control("/options", default_addressing="lid")

    def second_device(self):
        dana, omer, second = self.dana, self.omer, self.client("dana2")
        second.wait("qr")
        self.control("/link-code", account=DANA, code=second.do("code", number=DANA))
        second.wait("paired")
        second.wait("online")
        known = []
        eventually("the history", lambda: known.extend(
            text for event in list(second.seen) if event["event"] == "history" for text in event["texts"]
        ) or {"hello", "to the group"} <= set(known))
        # A client that knows the user by hidden id only does not heed the news of a device: its first message goes to
        # the old ones, the server's hash tells it so, and the next goes to all.
        omer.do("text", to=DANA, text="to an old list")
        sent = omer.do("text", to=DANA, text="to both")
        for client in (dana, second):
            client.wait("message", id=sent, text="to both")
        sent = second.do("text", to=OMER, text="from the second")
        omer.wait("message", id=sent, text="from the second")
        dana.wait("message", id=sent, text="from the second", own=True)
        self.control("/unlink", jid=f"{DANA}:2@s.whatsapp.net")
        second.wait("unlinked")
        dana.wait("message", id=omer.do("text", to=DANA, text="to one again"), text="to one again")

    def offline(self):
        self.omer.stop()
        eventually("omer to go", lambda: not any(d["connected"] for d in self.control.devices(OMER)))
        waiting = [self.dana.do("text", to=OMER, text=f"offline {number}") for number in range(3)]
        self.omer = self.client("omer")
        self.omer.wait("online")
        for number, id in enumerate(waiting):
            self.omer.wait("message", id=id, text=f"offline {number}")
        self.omer.wait("caught-up")
        start = len(self.omer.seen)
        self.control("/drop", jid=f"{OMER}:1@s.whatsapp.net", code="503")
        self.omer.wait("offline", since=start)
        self.omer.wait("online", since=start)
        self.omer.wait("message", id=self.dana.do("text", to=OMER, text="after it"), text="after it")

    def all_acknowledged(self):
        eventually("all to be acknowledged", lambda: not any(
            device["pending"] for device in self.control("/devices") if device["connected"]))

    def nothing_lost(self):
        """Nothing was unreadable or asked for again but what was damaged, and nothing was refused."""
        unreadable = {id for client in self.clients for id in client.unreadable()}
        asked = {re.search(r' id="([^"]+)"', line)[1] for line in self.control.log('type="retry"')}
        assert unreadable <= self.damaged, unreadable - self.damaged
        assert asked == self.damaged, (asked, self.damaged)
        assert len(self.control.log("could NOT")) == 1
        for sign in ("UNHANDLED", "REFUSED", "KEY REUSED"):
            assert not (found := self.control.log(sign)), found

    def removal(self):
        self.dana.do("logout")
        eventually("dana to be gone", lambda: not self.control.devices(DANA))


def main():
    fast = "/dev/shm" if os.path.isdir("/dev/shm") else None  # 812 prekeys take long on a slow disk.
    with tempfile.TemporaryDirectory(prefix="whatsmeow-", dir=fast) as name:
        folder = pathlib.Path(name)
        patched(folder, PORT, ROOT)
        scenario = Scenario(folder)
        try:
            scenario.run()
        finally:
            for client in scenario.clients:
                client.stop()
    print("all passed")


main()
