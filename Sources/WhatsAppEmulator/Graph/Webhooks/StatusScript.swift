import Foundation

/// The statuses that follow one accepted message.
struct StatusScript: Sendable {
    let number: BusinessNumber
    let messageID: String
    let user: SimulatedUser?
    let groupID: String?
    let callbackData: String?
    /// The pricing category: `service`, or the template's.
    let category: String
    /// The clock's offset, so that timestamps follow the emulated time.
    let clockOffset: TimeInterval

    /// The updates that `reports` asks for, each `delay` after the one before.
    func delivery(_ reports: GraphEmulator.StatusReports, delay: Duration) -> WebhookSender.Delivery? {
        let names: [String] =
            switch reports {
            case .none: []
            case .sent: ["sent"]
            case .delivered: ["sent", "delivered"]
            case .all: groupID == nil ? ["sent", "delivered", "read"] : ["sent", "delivered"]
            }
        guard !names.isEmpty else { return nil }
        return WebhookSender.Delivery(user: key, steps: names.map { (update($0), delay) })
    }

    /// A `failed` status with error `code`.
    func failure(_ code: Int, delay: Duration) -> WebhookSender.Delivery {
        WebhookSender.Delivery(user: key, steps: [(update("failed", errorCode: code), delay)])
    }

    private var key: String { groupID ?? user?.phone ?? user?.scopedID ?? "" }

    /// One status of the message.
    func update(_ status: String, errorCode: Int? = nil) -> WebhookUpdate {
        let time = Int(Date().timeIntervalSince1970 + clockOffset)
        let isPriced = status == "sent" || status == "delivered"
        let json = EmulatorJSON.object([
            "id": .string(messageID), "status": .string(status), "timestamp": .string(String(time)),
            "recipient_id": groupID.map(EmulatorJSON.string) ?? user?.visiblePhone.map(EmulatorJSON.string),
            "recipient_type": groupID == nil ? nil : "group",
            "recipient_user_id": groupID == nil ? user.map { .string($0.scopedID) } : nil,
            "recipient_parent_user_id": user?.parentID.map(EmulatorJSON.string),
            "biz_opaque_callback_data": callbackData.map(EmulatorJSON.string),
            "pricing": isPriced
                ? ["billable": true, "pricing_model": "PMP", "category": .string(category), "type": "regular"] : nil,
            "errors": errorCode.map { [EmulatedError.statusEntry(code: $0)] },
        ])
        // Meta leaves the contacts out of a failed status.
        return WebhookUpdate(
            number: number, content: .status(json), contact: errorCode == nil ? user?.contact : nil, user: key)
    }
}
