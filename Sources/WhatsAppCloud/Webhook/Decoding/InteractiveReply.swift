public import Foundation

/// A user's answer to an interactive message.
public enum InteractiveReply: Sendable, Equatable {
    /// A tap on one of up to three buttons.
    case button(id: String, title: String?)
    /// A choice from a list.
    case list(id: String, title: String?, description: String?)
    /// A finished form.
    case flow(FlowReply)
    /// A decision about being called.
    case callPermission(CallPermissionReply)
    /// A kind that is new to us, a broken one, or none at all (then the message has `errors`).
    case unknown(type: String?, raw: String?)

    init(_ json: JSON?) {
        let type = json?["type"]?.text
        self = json.flatMap { Self.read(type ?? "", $0) } ?? .unknown(type: type, raw: json?.raw)
    }

    private static func read(_ type: String, _ json: JSON) -> InteractiveReply? {
        switch type {
        case "button_reply":
            guard let reply = json["button_reply"], let id = reply["id"]?.identifier else { return nil }
            return .button(id: id, title: reply["title"]?.string)
        case "list_reply":
            guard let reply = json["list_reply"], let id = reply["id"]?.identifier else { return nil }
            return .list(id: id, title: reply["title"]?.string, description: reply["description"]?.text)
        case "nfm_reply":
            return FlowReply(json["nfm_reply"]).map { .flow($0) }
        case "call_permission_reply":
            return CallPermissionReply(json["call_permission_reply"]).map { .callPermission($0) }
        default:
            return nil
        }
    }
}

/// What a user filled into a form (a WhatsApp Flow, or an address form).
public struct FlowReply: Sendable, Equatable {
    /// Which kind of form, such as `flow`.
    public let name: String?
    /// The text that the user sees as sent.
    public let body: String?
    /// The answers as JSON text; not always an object.
    public let responseJSON: String

    init?(_ json: JSON?) {
        guard let json, let response = json["response_json"] else { return nil }
        name = json["name"]?.text
        body = json["body"]?.text
        responseJSON = response.string ?? response.raw
    }
}

/// Whether we may call a user.
public struct CallPermissionReply: Sendable, Equatable {
    /// Whether the user said yes.
    public let isAccepted: Bool
    /// Whether the yes has no end.
    public let isPermanent: Bool
    /// `user_action` or `automatic`.
    public let source: String?
    /// When the yes ends.
    public let expiresAt: Date?

    init?(_ json: JSON?) {
        guard let json, let response = json["response"]?.text?.lowercased() else { return nil }
        isAccepted = response == "accept"
        isPermanent = json["is_permanent"]?.bool ?? false
        source = json["response_source"]?.text
        expiresAt = Date(unixSeconds: json["expiration_timestamp"])
    }
}

/// A tap on a quick reply button of a template.
public struct TemplateButtonReply: Sendable, Equatable {
    /// What the sender of the template hid in the button.
    public let payload: String?
    /// What stood on the button.
    public let text: String?

    init?(_ json: JSON?) {
        guard let json, json.isObject else { return nil }
        payload = json["payload"]?.string
        text = json["text"]?.string
        if payload == nil && text == nil { return nil }
    }
}

/// A cart that a user sent.
public struct IncomingOrder: Sendable, Equatable {
    /// One line of the cart.
    public struct Item: Sendable, Equatable {
        /// The seller's own id of the product.
        public let productID: String
        /// How many; 0 if it was not said.
        public let quantity: Int
        /// The price of one, in units of the currency.
        public let price: Double?
        /// ISO 4217 code.
        public let currency: String?
    }

    /// The catalogue.
    public let catalogID: String?
    /// What the user wrote with it.
    public let text: String?
    /// The lines of the cart.
    public let items: [Item]

    init?(_ json: JSON?) {
        guard let json, json.isObject else { return nil }
        catalogID = json["catalog_id"]?.identifier
        text = json["text"]?.text
        items = (json["product_items"]?.elements ?? []).compactMap { item in
            guard let id = item["product_retailer_id"]?.identifier else { return nil }
            return Item(
                productID: id, quantity: item["quantity"]?.integer ?? 0, price: item["item_price"]?.number,
                currency: item["currency"]?.text)
        }
    }
}
