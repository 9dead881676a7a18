import Logging
import WhatsAppWire

extension WebClient {
    /// The server says that something has changed while we were away.
    func takeDirty(_ node: Node) {
        guard let type = node.text("type") else { return }
        switch type {
        case "account_sync": devices.forget(ownAddresses)
        case "groups": groups = GroupTable()
        case "syncd_app_state": addChore?.yield { try await $0.syncAppState(AppStateCollection.allCases) }
        default: logger.debug("Something unknown has changed", metadata: ["type": "\(type)"])
        }
        let clean = Node("clean", ["type": .text(type), "timestamp": .text(ifPresent: node.text("timestamp"))])
        addChore?.yield {
            _ = try await $0.request(
                Node("iq", ["xmlns": "urn:xmpp:whatsapp:dirty", "type": "set", "to": .jid(.whatsApp)], [clean]))
            return nil
        }
    }
}
