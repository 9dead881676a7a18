import WhatsAppProto

extension WebClient {
    /// The phone offers old conversations; they are fetched only if the owner wants them.
    func takeHistory(_ notification: WAHistorySyncNotification, _ result: inout IntakeResult) {
        guard settings.wantsHistory else { return }
    }
}
