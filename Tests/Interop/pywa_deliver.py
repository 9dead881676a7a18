#!/usr/bin/env python3
"""Delivers webhooks of every kind to a bot, signed so that pywa's own checker accepts them and its parser reads them.

Usage: pywa_deliver.py http://127.0.0.1:3000/webhook/cloud APP_SECRET USER
Prints one JSON object: {"delivered": n, "statuses": [http status, …]}. Exits with 1 when pywa refuses a body or the bot
answers with anything but 200. One webhook carries a batch of several entries; each is delivered twice.
"""

import hashlib
import hmac
import json
import sys
import time

import httpx
import pywa_support
from pywa.utils import webhook_updates_validator

ACCOUNT, PHONE, DISPLAY = pywa_support.ACCOUNT_ID, pywa_support.PHONE_ID, "15550000001"


def messages(user: str):
    """The kinds of messages, each as the element of `messages[]`."""
    now, count = int(time.time()), 0

    def message(kind: str, payload, **more):
        nonlocal count
        count += 1
        body = {
            "from": user, "from_user_id": "US.13491208655302741918", "id": f"wamid.PYWA{count:04}",
            "timestamp": str(now + count), "type": kind, kind: payload, **more,
        }
        return body

    media = {"id": "1234567890", "mime_type": "audio/ogg; codecs=opus", "sha256": "3q2+7w==", "voice": True}
    return [
        message("text", {"body": "שלום 🙂 @martlet https://example.org/a?b=c"}),
        message("text", {"body": "a reply"}, context={"from": DISPLAY, "id": "wamid.UNKNOWN"}),
        message("text", {"body": "forwarded"}, context={"forwarded": True}),
        message("image", {"id": "1", "mime_type": "image/jpeg", "sha256": "3q2+7w==", "caption": "what is it?"}),
        message("audio", media),
        message("video", {"id": "2", "mime_type": "video/mp4", "sha256": "3q2+7w=="}),
        message("document", {"id": "3", "mime_type": "application/pdf", "sha256": "3q2+7w==", "filename": "a.pdf"}),
        message("sticker", {"id": "4", "mime_type": "image/webp", "sha256": "3q2+7w==", "animated": False}),
        message("location", {"latitude": 32.1, "longitude": 34.8, "name": "Office"}),
        message("contacts", [{"name": {"formatted_name": "Dana", "first_name": "Dana"},
                              "phones": [{"phone": "+15550000002", "type": "CELL"}]}]),
        message("button", {"payload": "p1", "text": "Yes"}, context={"from": DISPLAY, "id": "wamid.X"}),
        message("interactive", {"type": "button_reply", "button_reply": {"id": "b1", "title": "Blue"}},
                context={"from": DISPLAY, "id": "wamid.X"}),
        message("interactive", {"type": "list_reply", "list_reply": {"id": "r1", "title": "Row"}},
                context={"from": DISPLAY, "id": "wamid.X"}),
        message("reaction", {"message_id": "wamid.X", "emoji": "👍"}),
        message("reaction", {"message_id": "wamid.X"}),
        message("order", {"catalog_id": "1", "product_items": [
            {"product_retailer_id": "a", "quantity": 1, "item_price": 2, "currency": "USD"}]}),
        message("unsupported", {"type": "poll"}, errors=[{"code": 131051, "title": "Message type unknown"}]),
        message("request_welcome", {}),
        message("hologram", {"depth": 3}),
        message("system", {"type": "user_changed_number", "body": "changed", "wa_id": "15550000109"}),
    ]


def envelope(value_parts):
    return {"object": "whatsapp_business_account", "entry": [
        {"id": ACCOUNT, "changes": [{"field": field, "value": value} for field, value in value_parts]}]}


def messages_value(items, user):
    return ("messages", {
        "messaging_product": "whatsapp", "metadata": {"display_phone_number": DISPLAY, "phone_number_id": PHONE},
        "contacts": [{"profile": {"name": "Dana"}, "wa_id": user, "user_id": "US.13491208655302741918"}],
        "messages": items})


def webhooks(user: str):
    kinds = messages(user)
    yield envelope([messages_value([kinds[0]], user)])
    whole = envelope([messages_value(kinds[1:9], user), messages_value(kinds[9:], user)])
    whole["entry"].append(envelope([
        ("messages", {"messaging_product": "whatsapp", "metadata": {"display_phone_number": DISPLAY, "phone_number_id": PHONE},
                      "statuses": [{"id": "wamid.X", "status": status, "timestamp": "1700000000", "recipient_id": user}
                                   for status in ("delivered", "sent", "read", "played", "warning")]}),
        ("messages", {"messaging_product": "whatsapp", "metadata": {"display_phone_number": DISPLAY, "phone_number_id": PHONE},
                      "errors": [{"code": 130429, "title": "Rate limit hit"}]}),
        ("account_update", {"event": "PARTNER_ADDED"}),
        ("phone_number_quality_update", {"event": "FLAGGED", "current_limit": "TIER_1K"}),
        ("a_field_of_tomorrow", {"x": [1, {"y": None}]}),
    ])["entry"][0])
    yield whole


def raw(update) -> bytes:
    """As Meta writes JSON: non-ASCII and slashes escaped."""
    return json.dumps(update, separators=(",", ":")).replace("/", "\\/").encode()


def main() -> int:
    url, secret, user = sys.argv[1:4]
    statuses = []
    with httpx.Client(timeout=20) as http:
        for update in webhooks(user):
            body = raw(update)
            signature = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
            if not webhook_updates_validator(app_secret=secret, request_body=body, x_hub_signature=signature):
                print("pywa does not accept the signature", file=sys.stderr)
                return 1
            for _ in range(2):
                answer = http.post(url, content=body, headers={
                    "X-Hub-Signature-256": signature, "Content-Type": "application/json"})
                statuses.append(answer.status_code)
    print(json.dumps({"delivered": len(statuses), "statuses": statuses}))
    return 0 if set(statuses) == {200} else 1


if __name__ == "__main__":
    sys.exit(main())
