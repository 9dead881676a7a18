import Foundation
import WhatsAppProto

/// What somebody chose from a menu of a business.
public struct Choice: Sendable, Hashable {
    /// What kind of menu it was.
    public enum Kind: String, Sendable, Hashable { case button, list, templateButton, form }

    public var kind: Kind
    /// The id that the menu gave the option; empty if it gave none.
    public var id: String
    /// What the person saw.
    public var title: String?
    /// The filled-in form as JSON, of kind `form` only.
    public var json: String?

    public init(kind: Kind, id: String, title: String? = nil, json: String? = nil) {
        self.kind = kind
        self.id = id
        self.title = title
        self.json = json
    }

    init(_ message: WAButtonsResponseMessage) {
        self.init(kind: .button, id: message.selectedButtonID, title: message.selectedDisplayText.ifNotEmpty)
    }

    init(_ message: WATemplateButtonReplyMessage) {
        self.init(kind: .templateButton, id: message.selectedID, title: message.selectedDisplayText.ifNotEmpty)
    }

    init(_ message: WAListResponseMessage) {
        self.init(kind: .list, id: message.singleSelectReply.selectedRowID, title: message.title.ifNotEmpty)
    }

    /// The most JSON that is searched for an id, in bytes.
    private static let longestJSON = 1 << 16

    init(_ message: WAInteractiveResponseMessage) {
        struct Parameters: Decodable { var id: String? }
        let json = message.nativeFlowResponse.paramsJson
        let isReadable = json.utf8.count <= Self.longestJSON
        // A form need not have an id, and may be anything.
        let parameters = isReadable ? try? JSONDecoder().decode(Parameters.self, from: Data(json.utf8)) : nil
        self.init(
            kind: .form, id: parameters?.id ?? "", title: message.body.text.ifNotEmpty, json: json.ifNotEmpty)
    }
}
