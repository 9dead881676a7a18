import Foundation
import WhatsAppWire

/// The values of a control call, of its query and of its body.
struct ControlArguments {
    private let query: [String: String]
    private let body: EmulatorJSON

    init(_ call: EmulatorCall) throws {
        query = call.query
        do {
            body = try call.json()
        } catch {
            throw WebWorld.WrongCall(error.message)
        }
    }

    var names: Set<String> { Set(query.keys).union((body.members ?? []).map(\.name)) }

    func json(_ name: String) -> EmulatorJSON? { body[name] ?? query[name].map(EmulatorJSON.string) }

    /// A text, also of a number; nil if there is none.
    func optional(_ name: String) -> String? { json(name)?.identifier }

    func text(_ name: String) throws -> String {
        guard let text = optional(name) else { throw WebWorld.WrongCall("\(name) is missing") }
        return text
    }

    /// A whole number from `range`; nil if there is none.
    func whole(_ name: String, in range: ClosedRange<Int> = 0...1_000_000_000) throws -> Int? {
        guard let value = json(name) else { return nil }
        guard let number = value.whole, range.contains(number) else {
            throw WebWorld.WrongCall("\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A telephone number, its digits.
    func phoneNumber(_ name: String) throws -> String {
        let text = try text(name)
        guard let digits = EmulatedAccount.digits(of: text) else {
            throw WebWorld.WrongCall("\(name) must be a telephone number of 1 to 15 digits")
        }
        return digits
    }

    func flag(_ name: String) -> Bool {
        json(name)?.flag ?? (optional(name).map { $0 == "true" || $0 == "1" } ?? false)
    }

    /// How many, 1 unless it is said.
    func count() throws -> Int { try whole("count") ?? 1 }

    func bytes(base64 name: String) throws -> [UInt8]? {
        guard let text = optional(name) else { return nil }
        guard let data = Data(base64Encoded: text) else { throw WebWorld.WrongCall("\(name) is no base64") }
        return [UInt8](data)
    }

    /// An address; digits alone are a user by number.
    func jid(_ name: String) throws -> JID {
        let text = try text(name)
        let full = text.contains("@") ? text : text.filter { $0 != "+" } + "@s.whatsapp.net"
        guard let jid = JID(full) else { throw WebWorld.WrongCall("\(name) is no address") }
        return jid
    }

    func device(in world: isolated WebWorld) throws -> EmulatedDevice {
        let jid = try jid("jid")
        if let account = world.resolve(jid), jid.device == 0 { return world.phone(of: account).device }
        guard let device = world.device(jid) else { throw WebWorld.WrongCall("there is no device \(jid)") }
        return device
    }
}

extension Node {
    /// A stanza as tests write it: `{"tag":…,"attrs":{…},"content":[…] or "text" or {"hex":…} or {"base64":…}}`.
    ///
    /// Attributes with an `@`, and `from` and `to` of the server, become addresses.
    init(json: EmulatorJSON) throws {
        guard let tag = json["tag"]?.text else { throw WebWorld.WrongCall("a stanza has no tag") }
        var attributes = Node.Attributes()
        for member in json["attrs"]?.members ?? [] {
            let text = member.value.identifier ?? ""
            let isServer = ["from", "to"].contains(member.name) && text == JID.whatsApp.description
            attributes[member.name] = (text.contains("@") || isServer ? JID(text).map { .jid($0) } : nil) ?? .text(text)
        }
        let content: Node.Content
        switch json["content"] {
        case .array(let items): content = .nodes(try items.map { try Node(json: $0) })
        case .string(let text): content = .bytes(Array(text.utf8))
        case let other?:
            let hex = other["hex"]?.text.flatMap(HexadecimalText.bytes)
            let base64 = other["base64"]?.text.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) }
            guard let bytes = hex ?? base64 else {
                throw WebWorld.WrongCall("the content of \(tag) is no hex or base64")
            }
            content = .bytes(bytes)
        case nil: content = .empty
        }
        self.init(tag, attributes, content: content)
    }
}
