import WhatsAppWire

extension Node {
    /// Two addresses of one user.
    typealias AddressPair = (one: JID, other: JID)

    /// The attributes that name a user, and those that name the same one by the other address.
    private static let pairedAttributes: [(name: String, others: [String])] = [
        ("from", ["sender_pn", "sender_lid"]),
        ("participant", ["participant_pn", "participant_lid"]),
        ("recipient", ["peer_recipient_pn", "peer_recipient_lid", "recipient_pn", "recipient_lid"]),
        ("creator", ["creator_pn", "creator_lid"]),
        ("s_o", ["s_o_pn", "s_o_lid"]),
        ("jid", ["phone_number", "phone_number_jid", "lid", "pn_jid"]),
    ]
    /// As deep as stanzas name users, and some more.
    private static let deepest = 8

    /// What a stanza that came by itself says of who is who.
    ///
    /// Of messages only what the server has written: what is in them is passed on as their senders made it.
    var addressPairs: [AddressPair] {
        guard tag == "notification" else { return ownAddressPairs }
        return addressPairsInside + pairs(of: "from", with: ["lid"])
    }

    /// What an answer of the server, or an element, and all in it say of who is who.
    var addressPairsInside: [AddressPair] { addressPairs(depth: 0) }

    private func addressPairs(depth: Int) -> [AddressPair] {
        guard depth < Self.deepest else { return [] }
        var found = ownAddressPairs
        // usync has it in an element of its own.
        if tag == "user", let one = jids("jid").first, let other = child("lid")?.jids("val").first {
            found.append((one, other))
        }
        for child in children { found += child.addressPairs(depth: depth + 1) }
        return found
    }

    private var ownAddressPairs: [AddressPair] {
        Self.pairedAttributes.flatMap { pairs(of: $0.name, with: $0.others) }
    }

    private func pairs(of name: String, with others: [String]) -> [AddressPair] {
        guard attributes[name] != nil, let one = jids(name).first, one.isUser else { return [] }
        return others.flatMap { jids($0) }.filter { $0.isUser && $0.isLID != one.isLID }.map { (one, $0) }
    }
}
