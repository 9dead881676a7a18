"""One whatsmeow client, as neonize compiles it: commands on standard input, events on standard output, JSON lines.

Usage: whatsmeow_peer.py DATABASE [--echo]. A command is {"do": NAME, "n": NUMBER, …}; its answer is
{"event": "done", "n": …} with a result or an error. The end of standard input ends the process. With --echo each text is
sent back to its chat, and nothing is told of messages and receipts, so that the library's own work is what costs.
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
from neonize.proto.Neonize_pb2 import ReturnFunctionWithError  # noqa: E402
from neonize.utils import build_jid  # noqa: E402
from neonize.proto.waE2E.WAWebProtobufsE2E_pb2 import (  # noqa: E402
    AudioMessage, ContextInfo, ExtendedTextMessage, ImageMessage, Message,
)
from neonize.utils.enum import (  # noqa: E402
    ChatPresence, ChatPresenceMedia, MediaType, ParticipantChange, Presence, ReceiptType, VoteType,
)
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


def opened_vote(client, event):
    """What the library's decrypt_poll_vote means to do; it forgets to take the bytes out of their box."""
    data = event.SerializeToString()
    answer = client._NewClient__client.DecryptPollVote(client.uuid, data, len(data))
    return ReturnFunctionWithError.FromString(answer.contents.get_bytes()).PollVoteMessage


def details(client, event):
    """What is particular to a kind of message, for whoever compares."""
    message = event.Message
    if message.HasField("reactionMessage"):
        return {"target": message.reactionMessage.key.ID, "emoji": message.reactionMessage.text}
    if message.HasField("protocolMessage"):
        inner = message.protocolMessage
        return {"target": inner.key.ID, "edited": extract_text(inner.editedMessage)}
    if message.HasField("pollUpdateMessage"):
        vote = opened_vote(client, event)
        return {
            "target": message.pollUpdateMessage.pollCreationMessageKey.ID,
            "options": [base64.b64encode(option).decode() for option in vote.selectedOptions]}
    for field, value in message.ListFields():
        if field.name.startswith("pollCreationMessage"):
            return {"question": value.name, "options": [option.optionName for option in value.options]}
    quote = message.extendedTextMessage.contextInfo
    if quote.stanzaID:
        return {"quoted": quote.stanzaID, "quoted_text": extract_text(quote.quotedMessage)}
    if message.HasField("audioMessage"):
        return {"voice": message.audioMessage.PTT, "waveform": len(message.audioMessage.waveform)}
    return {}


def on_message(client, event):
    source = event.Info.MessageSource
    received[event.Info.ID] = event
    try:
        more = details(client, event)
    except Exception as error:  # The other side sees what it waits for in vain.
        more = {"error": f"{type(error).__name__}: {error}"}
    tell(
        "message", id=event.Info.ID, chat=written(source.Chat), sender=written(source.Sender), own=source.IsFromMe,
        text=extract_text(event.Message), fields=[field.name for field, _ in event.Message.ListFields()], **more,
    )


def echo(client, event):
    """Sends a text back, with as little work of Python as can be."""
    text = event.Message.conversation
    if text and not event.Info.MessageSource.IsFromMe:
        client.send_message(event.Info.MessageSource.Chat, Message(conversation=text))


def picture(client, data):
    """The same for a picture."""
    upload = client.upload(data, MediaType.MediaImage)
    return Message(imageMessage=ImageMessage(
        URL=upload.url, directPath=upload.DirectPath, fileEncSHA256=upload.FileEncSHA256, mimetype="image/png",
        fileLength=upload.FileLength, fileSHA256=upload.FileSHA256, mediaKey=upload.MediaKey))


def voice_note(client, data):
    """A voice note with the bytes as they are; the library's own way wants ffmpeg."""
    upload = client.upload(data, MediaType.MediaAudio)
    return Message(audioMessage=AudioMessage(
        URL=upload.url, directPath=upload.DirectPath, fileEncSHA256=upload.FileEncSHA256, seconds=2,
        fileLength=upload.FileLength, fileSHA256=upload.FileSHA256, mediaKey=upload.MediaKey,
        mimetype="audio/ogg; codecs=opus", PTT=True, waveform=bytes(range(64))))


def mention(text, jid):
    """A text that names somebody."""
    return Message(extendedTextMessage=ExtendedTextMessage(text=text, contextInfo=ContextInfo(mentionedJID=[jid])))


def on_unreadable(_, event):
    """A message that the library could not decrypt, which it asks for again, or that only the phone is given."""
    source = event.Info.MessageSource
    tell("unreadable", id=event.Info.ID, chat=written(source.Chat), sender=written(source.Sender))


def on_history(_, event):
    """The texts in the chunk of history that came."""
    held = [item.message.message for chat in event.Data.conversations for item in chat.messages]
    tell("history", texts=[text for text in map(extract_text, held) if text])


def on_receipt(_, event):
    name = kinds.ReceiptEv.ReceiptType.Name(event.Type).lower()
    tell("receipt", ids=list(event.MessageIDs), type=name, sender=written(event.MessageSource.Sender))


def main():
    client = NewClient(sys.argv[1])
    client.qr(lambda _, text: tell("qr", text=text.decode()))
    if "--echo" in sys.argv[2:]:
        client.event(kinds.MessageEv)(echo)
    else:
        client.event(kinds.MessageEv)(on_message)
        client.event(kinds.ReceiptEv)(on_receipt)
        client.event(kinds.HistorySyncEv)(on_history)
    client.event(kinds.UndecryptableMessageEv)(on_unreadable)
    for kind, name in (
        (kinds.PairStatusEv, "paired"), (kinds.ConnectedEv, "online"), (kinds.DisconnectedEv, "offline"),
        (kinds.LoggedOutEv, "unlinked"), (kinds.JoinedGroupEv, "joined"), (kinds.GroupInfoEv, "group"),
        (kinds.PresenceEv, "presence"), (kinds.ChatPresenceEv, "typing"),
        (kinds.OfflineSyncCompletedEv, "caught-up"),
    ):
        client.event(kind)(lambda _, event, name=name: tell(name))

    commands = {
        "text": lambda to, text: client.send_message(address(to), text).ID,
        "image": lambda to, base64_data: client.send_message(
            address(to), picture(client, base64.b64decode(base64_data))).ID,
        "voice": lambda to, base64_data: client.send_message(
            address(to), voice_note(client, base64.b64decode(base64_data))).ID,
        "fetch": lambda id: base64.b64encode(client.download_any(received[id].Message)).decode(),
        "reply": lambda id, text: client.reply_message(text, received[id]).ID,
        "edit": lambda chat, id, text: client.edit_message(address(chat), id, Message(conversation=text)).ID,
        "poll": lambda to, question, options: client.send_message(
            address(to), client.build_poll_vote_creation(question, options, VoteType.SINGLE)).ID,
        "vote": lambda id, options: client.send_message(
            received[id].Info.MessageSource.Chat, client.build_poll_vote(received[id].Info, options)).ID,
        "add": lambda group, member: str(client.update_group_participants(
            address(group), [address(member)], ParticipantChange.ADD)),
        "remove": lambda group, member: str(client.update_group_participants(
            address(group), [address(member)], ParticipantChange.REMOVE)),
        "mention": lambda to, text, jid: client.send_message(address(to), mention(text, jid)).ID,
        "react": lambda chat, sender, id, emoji: client.send_message(
            address(chat), client.build_reaction(address(chat), address(sender), id, emoji)).ID,
        "revoke": lambda chat, sender, id: client.revoke_message(address(chat), address(sender), id).ID,
        "read": lambda chat, sender, id: client.mark_read(
            id, chat=address(chat), sender=address(sender), receipt=ReceiptType.READ),
        "group": lambda name, members: written(client.create_group(name, [address(m) for m in members]).JID),
        "name": lambda name: client.set_profile_name(name),
        "code": lambda number: client.PairPhone(number, True),
        "known": lambda numbers: " ".join(
            "yes" if found.IsIn else "no" for found in client.is_on_whatsapp(*numbers)),
        "user": lambda jid: str(client.get_user_info(address(jid))),
        "watch": lambda jid: client.subscribe_presence(address(jid)),
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
