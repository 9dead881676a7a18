"""What the pywa scripts share: a pywa client that talks to a local server instead of graph.facebook.com."""

import logging
import warnings

import httpx
from pywa import WhatsApp
from pywa.utils import Version

warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)  # the scripts say themselves what went wrong

PHONE_ID = "106540352242922"
ACCOUNT_ID = "102290129340398"
TOKEN = "EMULATOR-TOKEN"
APP_SECRET = "emulator-app-secret"
VERIFY_TOKEN = "emulator-verify-token"


def client(base_url: str, **options) -> WhatsApp:
    """A pywa client whose calls go to `base_url` (no version); pywa itself has no setting for that."""
    session = httpx.Client(timeout=20)
    options.setdefault("phone_id", PHONE_ID)
    options.setdefault("token", TOKEN)
    options.setdefault("app_secret", APP_SECRET)
    options.setdefault("verify_token", VERIFY_TOKEN)
    whatsapp = WhatsApp(session=session, waba_id=ACCOUNT_ID, **options)
    session.base_url = f"{base_url.rstrip('/')}/v{float(str(Version.GRAPH_API))}"
    return whatsapp


def perform(whatsapp: WhatsApp, send: dict):
    """Makes pywa's own call for a send that is described as JSON: {"send": kind, "to": …, …}.

    Members by kind: text (text, preview_url), image/video/document/audio/voice/sticker (media: id or link, caption,
    filename), location (latitude, longitude, name, address), contact (name, first_name, phone), reaction (message_id,
    emoji), remove_reaction (message_id), buttons (text, header, footer, buttons [[id, title]]), image_buttons (media, text,
    buttons), list (text, button, sections [[title, [[id, title, description]]]]), url_button (text, title, url),
    request_location (text), request_contact (text), flow (text, title, flow_id, flow_token), carousel (text, cards
    [[image link, body, title, url]]), product (catalog_id, sku, text), products (catalog_id, title, text, sections [[title,
    [sku]]]), catalog (text), call_button (text, title), template (name, language, parameters [text]), read (message_id),
    typing (message_id). Each may have reply_to and tracker.
    """
    from pywa import types
    from pywa.types.templates import BodyText, TemplateLanguage

    kind = send["send"]
    if kind == "read":
        return whatsapp.mark_message_as_read(send["message_id"])
    if kind == "typing":
        return whatsapp.indicate_typing(send["message_id"])
    to, common = send["to"], {}
    if "reply_to" in send:
        common["reply_to_message_id"] = send["reply_to"]
    if "tracker" in send:
        common["tracker"] = send["tracker"]

    def buttons():
        return [types.Button(title=title, callback_data=id) for id, title in send["buttons"]]

    match kind:
        case "text":
            return whatsapp.send_message(to, send["text"], preview_url=send.get("preview_url", False), **common)
        case "image" | "video":
            method = whatsapp.send_image if kind == "image" else whatsapp.send_video
            return method(to, send["media"], caption=send.get("caption"), **common)
        case "document":
            return whatsapp.send_document(
                to, send["media"], filename=send.get("filename"), caption=send.get("caption"), **common)
        case "audio":
            return whatsapp.send_audio(to, send["media"], **common)
        case "voice":
            return whatsapp.send_voice(to, send["media"], **common)
        case "sticker":
            return whatsapp.send_sticker(to, send["media"], **common)
        case "location":
            return whatsapp.send_location(
                to, send["latitude"], send["longitude"], send.get("name"), send.get("address"), **common)
        case "contact":
            name = types.Contact.Name(formatted_name=send["name"], first_name=send["first_name"])
            phones = [types.Contact.Phone(phone=send["phone"], type="CELL")]
            return whatsapp.send_contact(to, types.Contact(name=name, phones=phones), **common)
        case "reaction":
            return whatsapp.send_reaction(to, send["emoji"], send["message_id"], tracker=send.get("tracker"))
        case "remove_reaction":
            return whatsapp.remove_reaction(to, send["message_id"], tracker=send.get("tracker"))
        case "buttons":
            return whatsapp.send_message(
                to, send["text"], header=send.get("header"), footer=send.get("footer"), buttons=buttons(), **common)
        case "image_buttons":
            return whatsapp.send_image(to, send["media"], caption=send["text"], buttons=buttons(), **common)
        case "list":
            sections = [
                types.Section(title, [types.SectionRow(row[1], row[0], row[2] if len(row) > 2 else None) for row in rows])
                for title, rows in send["sections"]
            ]
            return whatsapp.send_message(
                to, send["text"], header=send.get("header"), footer=send.get("footer"),
                buttons=types.SectionList(send["button"], sections), **common)
        case "url_button":
            return whatsapp.send_message(
                to, send["text"], buttons=types.URLButton(send["title"], send["url"]), **common)
        case "request_location":
            return whatsapp.request_location(to, send["text"], **common)
        case "request_contact":
            return whatsapp.request_contact_info(to, send["text"], **common)
        case "flow":
            button = types.FlowButton(
                send["title"], flow_id=send["flow_id"], flow_token=send["flow_token"],
                flow_action_type=types.FlowActionType.NAVIGATE, flow_action_screen="START")
            return whatsapp.send_message(to, send["text"], buttons=button, **common)
        case "carousel":
            cards = [
                types.ImageCarouselCard(image=image, body=body, buttons=types.URLButton(title, url))
                for image, body, title, url in send["cards"]
            ]
            return whatsapp.send_carousel(to, body=send["text"], cards=cards, **common)
        case "product":
            return whatsapp.send_product(to, send["catalog_id"], send["sku"], send.get("text"), **common)
        case "products":
            sections = [types.ProductsSection(title, skus) for title, skus in send["sections"]]
            return whatsapp.send_products(
                to, send["catalog_id"], sections, send["title"], send["text"], **common)
        case "catalog":
            return whatsapp.send_catalog(to, send["text"], **common)
        case "call_button":
            return whatsapp.send_message(to, send["text"], buttons=types.VoiceCallButton(send["title"]), **common)
        case "template":
            parameters = send.get("parameters")
            return whatsapp.send_template(
                to, send["name"], TemplateLanguage(send["language"]),
                [BodyText.params(*parameters)] if parameters else [], **common)
    raise ValueError(f"unknown kind of send: {kind}")
