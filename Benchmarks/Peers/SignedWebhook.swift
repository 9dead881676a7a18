import Crypto
import Foundation

/// A webhook with texts, as Meta sends them (Meta, Cloud API reference, Webhooks), with its signature.
struct SignedWebhook: Sendable {
    /// One text of a user.
    struct Message: Sendable {
        /// Digits only.
        var from: String
        var id: String
        var text: String
        /// The file of which the text is the caption, an image; nil for a text alone.
        var image: String?
        /// Seconds since 1970.
        var sentAt: Int

        /// - Parameter text: needs no escaping in JSON.
        init(
            from: String, id: String, text: String, image: String? = nil,
            sentAt: Int = Int(Date().timeIntervalSince1970)
        ) {
            self.from = from
            self.id = id
            self.text = text
            self.image = image
            self.sentAt = sentAt
        }

        fileprivate var content: String {
            guard let image else { return #""type":"text","text":{"body":"\#(text)"}"# }
            return #""type":"image","image":{"id":"\#(image)","mime_type":"\#(DotPicture.mimeType)","#
                + #""caption":"\#(text)"}"#
        }
    }

    /// One of the business's numbers.
    struct BusinessNumber: Sendable {
        let phoneNumberID: String
        let displayNumber: String
    }

    static let number = BusinessNumber(phoneNumberID: "106540352242922", displayNumber: "15550000001")
    /// For loads that spread over several numbers.
    static let secondNumber = BusinessNumber(phoneNumberID: "106540352242923", displayNumber: "15550000002")
    static let accountID = "102290129340398"
    static let accessToken = "benchmarks-access-token"
    static let appSecret = "benchmarks-app-secret"
    private static let key = SymmetricKey(data: Data(appSecret.utf8))

    let body: [UInt8]
    /// The value of `X-Hub-Signature-256`.
    let signature: String

    /// - Parameter number: the one that all messages were written to.
    init(_ messages: [Message], to number: BusinessNumber = number) {
        let users = Set(messages.map(\.from)).sorted()
        let contacts = users.map { #"{"profile":{"name":"Dana"},"wa_id":"\#($0)"}"# }
        let texts = messages.map { message in
            #"{"from":"\#(message.from)","id":"\#(message.id)","timestamp":"\#(message.sentAt)","#
                + #"\#(message.content)}"#
        }
        body = Array(
            (#"{"object":"whatsapp_business_account","entry":[{"id":"\#(Self.accountID)","#
                + #""changes":[{"field":"messages","value":{"messaging_product":"whatsapp","#
                + #""metadata":{"display_phone_number":"\#(number.displayNumber)","#
                + #""phone_number_id":"\#(number.phoneNumberID)"},"contacts":[\#(contacts.joined(separator: ","))],"#
                + #""messages":[\#(texts.joined(separator: ","))]}}]}]}"#).utf8)
        let code = HMAC<SHA256>.authenticationCode(for: body, using: Self.key)
        signature =
            "sha256="
            + code.reduce(into: "") { text, byte in
                text += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
            }
    }
}
