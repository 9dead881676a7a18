@testable import WhatsAppCloud

/// Bodies as Meta sends them, with fictitious people.
enum Sample {
    static let danaContact =
        #"{"profile":{"name":"Dana","username":"dana.k"},"wa_id":"15550000001","user_id":"US.13491208655302741918"}"#

    /// A whole body around the members of one `messages` value.
    static func body(_ members: String, contacts: [String] = [danaContact], field: String = "messages") -> String {
        #"{"object":"whatsapp_business_account","entry":[\#(entry(members, contacts: contacts, field: field))]}"#
    }

    static func entry(_ members: String, contacts: [String] = [danaContact], field: String = "messages") -> String {
        #"{"id":"102290129340398","changes":[\#(change(members, contacts: contacts, field: field))]}"#
    }

    static func change(_ members: String, contacts: [String] = [danaContact], field: String = "messages") -> String {
        let list = contacts.isEmpty ? "" : #""contacts":[\#(contacts.joined(separator: ","))],"#
        return """
            {"field":"\(field)","value":{"messaging_product":"whatsapp","metadata":\
            {"display_phone_number":"15550000000","phone_number_id":"106540352242922"},\(list)\(members)}}
            """
    }

    /// A message of Dana's; `members` are those of its kind.
    static func message(_ type: String, _ members: String, id: String = "wamid.HBgLA=") -> String {
        let more = members.isEmpty ? "" : ",\(members)"
        return #"{"from":"15550000001","id":"\#(id)","timestamp":"1760000000","type":"\#(type)"\#(more)}"#
    }

    static func text(_ text: String, id: String = "wamid.HBgLA=") -> String {
        message("text", #""text":{"body":"\#(text)"}"#, id: id)
    }

    static func account(_ field: String, _ value: String) -> String {
        #"""
        {"object":"whatsapp_business_account","entry":[{"id":"102","time":1760000000,\#
        "changes":[{"field":"\#(field)","value":\#(value)}]}]}
        """#
    }

    static func decode(_ body: String) throws -> [WebhookUpdate] {
        try WebhookDecoder().decode(Array(body.utf8))
    }

    /// The only update of a body that holds one message.
    static func decodeMessage(_ message: String, contacts: [String] = [danaContact]) throws -> IncomingMessage? {
        guard
            case .message(let read)? = try decode(body(#""messages":[\#(message)]"#, contacts: contacts)).first?.payload
        else { return nil }
        return read
    }

    static func decodeStatus(_ status: String, contacts: [String] = []) throws -> StatusUpdate? {
        guard case .status(let read)? = try decode(body(#""statuses":[\#(status)]"#, contacts: contacts)).first?.payload
        else { return nil }
        return read
    }

    static func decodeAccount(_ field: String, _ value: String) throws -> AccountUpdate? {
        guard case .account(let read)? = try decode(account(field, value)).first?.payload else { return nil }
        return read
    }
}
