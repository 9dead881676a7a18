"""One whatsmeow client, as neonize compiles it: commands on standard input, events on standard output, JSON lines.

Usage: whatsmeow_peer.py DATABASE. A command is {"do": NAME, "n": NUMBER, …}; its answer is {"event": "done", "n": …}
with a result or an error. The end of standard input ends the process.
"""

import base64
import json
import os
import sys
import threading

events = os.fdopen(os.dup(1), "w", buffering=1)
os.dup2(2, 1)  # The library prints; only events may reach the real standard output.

from neonize import events as kinds  # noqa: E402
from neonize.client import NewClient  # noqa: E402
from neonize.utils import build_jid  # noqa: E402
from neonize.utils.enum import ChatPresence, ChatPresenceMedia, Presence, ReceiptType  # noqa: E402
from neonize.utils.message import extract_text  # noqa: E402

writing = threading.Lock()
received = {}


def tell(event, **values):
    with writing:
        events.write(json.dumps({"event": event, **values}) + "\n")


def written(jid):
    device = f":{jid.Device}" if jid.Device else ""
    return f"{jid.User}{device}@{jid.Server}"


def address(text):
    user, _, server = text.partition("@")
    return build_jid(user, server or "s.whatsapp.net")


def on_message(_, event):
    source = event.Info.MessageSource
    received[event.Info.ID] = event.Message
    tell(
        "message", id=event.Info.ID, chat=written(source.Chat), sender=written(source.Sender), own=source.IsFromMe,
        text=extract_text(event.Message), fields=[field.name for field, _ in event.Message.ListFields()],
    )


def on_receipt(_, event):
    name = kinds.ReceiptEv.ReceiptType.Name(event.Type).lower()
    tell("receipt", ids=list(event.MessageIDs), type=name, sender=written(event.MessageSource.Sender))


def main():
    client = NewClient(sys.argv[1])
    client.qr(lambda _, text: tell("qr", text=text.decode()))
    client.event(kinds.MessageEv)(on_message)
    client.event(kinds.ReceiptEv)(on_receipt)
    for kind, name in (
        (kinds.PairStatusEv, "paired"), (kinds.ConnectedEv, "online"), (kinds.DisconnectedEv, "offline"),
        (kinds.LoggedOutEv, "unlinked"), (kinds.UndecryptableMessageEv, "unreadable"),
        (kinds.JoinedGroupEv, "joined"), (kinds.HistorySyncEv, "history"), (kinds.ChatPresenceEv, "typing"),
    ):
        client.event(kind)(lambda _, event, name=name: tell(name))

    commands = {
        "text": lambda to, text: client.send_message(address(to), text).ID,
        "image": lambda to, base64_data: client.send_image(address(to), base64.b64decode(base64_data)).ID,
        "fetch": lambda id: base64.b64encode(client.download_any(received[id])).decode(),
        "react": lambda chat, sender, id, emoji: client.send_message(
            address(chat), client.build_reaction(address(chat), address(sender), id, emoji)).ID,
        "revoke": lambda chat, sender, id: client.revoke_message(address(chat), address(sender), id).ID,
        "read": lambda chat, sender, id: client.mark_read(
            id, chat=address(chat), sender=address(sender), receipt=ReceiptType.READ),
        "group": lambda name, members: written(client.create_group(name, [address(m) for m in members]).JID),
        "name": lambda name: client.set_profile_name(name),
        "code": lambda number: client.PairPhone(number, True),
        "available": lambda: client.send_presence(Presence.AVAILABLE),
        "typing": lambda to: client.send_chat_presence(
            address(to), ChatPresence.CHAT_PRESENCE_COMPOSING, ChatPresenceMedia.CHAT_PRESENCE_MEDIA_TEXT),
        "logout": lambda: client.logout(),
    }

    def obey():
        for line in sys.stdin:
            command = json.loads(line)
            name, number = command.pop("do"), command.pop("n")
            try:
                result = commands[name](**command)
                tell("done", n=number, result=result if isinstance(result, str) else None)
            except Exception as error:  # The other side decides what it means.
                tell("done", n=number, error=f"{type(error).__name__}: {error}")
        os._exit(0)

    threading.Thread(target=obey, daemon=True).start()
    client.connect()


main()
