@testable import WhatsAppWire

/// Makes stanzas of every form.
struct RandomNodes {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    mutating func node(depth: Int = 4) -> Node {
        var node = Node(text(notEmpty: true))
        for index in 0..<Int.random(in: 0...5, using: &random) {
            node.attributes["\(text(notEmpty: true))\(index)"] =
                Bool.random(using: &random) ? .text(text(notEmpty: true)) : .jid(jid())
        }
        switch Int.random(in: 0..<5, using: &random) {
        case 0: node.content = .empty
        case 1: node.content = .text(text(notEmpty: false))
        case 2: node.content = .bytes(random.bytes(Int.random(in: 0...300, using: &random)))
        case 3 where depth > 0:
            node.content = .nodes((0..<Int.random(in: 0...4, using: &random)).map { _ in self.node(depth: depth - 1) })
        default: node.content = .bytes([])
        }
        return node
    }

    mutating func text(notEmpty: Bool) -> String {
        let count = Int.random(in: (notEmpty ? 1 : 0)...140, using: &random)
        switch Int.random(in: 0..<6, using: &random) {
        case 0: return TokenTable.single[Int.random(in: 1..<236, using: &random)]
        case 1: return TokenTable.double[Int.random(in: 0..<1024, using: &random)]
        case 2: return letters("0123456789-.", count)
        case 3: return letters("0123456789ABCDEF", count)
        case 4: return letters("abcdefghijklmnopqrstuvwxyz _", count)
        default: return letters("שלום ☃ 🎈 é", count)
        }
    }

    private mutating func letters(_ alphabet: String, _ count: Int) -> String {
        let all = Array(alphabet)
        return String((0..<count).map { _ in all[Int.random(in: 0..<all.count, using: &random)] })
    }

    mutating func jid() -> JID {
        let user = String(UInt64.random(in: 1...999_999_999_999_999, using: &random))
        let device = UInt16.random(in: 0...99, using: &random)
        switch Int.random(in: 0..<10, using: &random) {
        case 0: return .phoneNumber(user)
        case 1: return .phoneNumber(user, device: device)
        case 2: return .lid(user, device: device)
        case 3: return .group("\(user)-1")
        case 4: return .status
        case 5: return JID(user, .hosted, device: device)
        case 6: return JID(user, .hostedLID, device: device)
        case 7: return JID(user, .messenger, device: device * 600)
        case 8: return JID(user, .interop, device: device, integrator: 7)
        default: return .whatsApp
        }
    }
}
