import WhatsAppWire

/// The questions and orders about the app state, as the server takes them.
enum AppStateRequest {
    /// - Parameter version: 0 asks for everything, as a snapshot.
    static func fetch(_ collection: AppStateCollection, after version: UInt64) -> Node {
        var attributes: Node.Attributes = ["name": .text(collection.rawValue)]
        if version > 0 { attributes["version"] = .number(version) }
        attributes["return_snapshot"] = version == 0 ? "true" : "false"
        return sync(Node("collection", attributes))
    }

    static func upload(_ patch: [UInt8], to collection: AppStateCollection, after version: UInt64) -> Node {
        sync(
            Node(
                "collection",
                ["name": .text(collection.rawValue), "version": .number(version), "return_snapshot": "false"],
                [Node("patch", bytes: patch)]))
    }

    private static func sync(_ collection: Node) -> Node {
        Node(
            "iq", ["xmlns": "w:sync:app:state", "type": "set", "to": .jid(.whatsApp)],
            [Node("sync", [:], [collection])])
    }

    /// The collections that a `<notification type="server_sync">` names.
    static func collections(in notification: Node) -> [AppStateCollection] {
        let named = notification.children("collection").compactMap { $0.text("name") }
        return AppStateCollection.allCases.filter { named.contains($0.rawValue) }
    }
}
