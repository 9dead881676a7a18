public import BotKit

/// What the bot makes of the events of one commit.
public struct WebDelivery: Sendable {
    /// Messages that become turns.
    public var messages: [InboundMessage] = []
    /// Messages that are stored and never answered.
    public var history: [InboundMessage] = []
    /// What else is stored by the same transaction.
    public var writes: [SQL] = []
    /// News of what was sent, handed over after the transaction.
    public var reports: [DeliveryReport] = []
    /// Called after each report that was handed over.
    var whenReported: @Sendable (DeliveryReport) -> Void = { _ in }

    public init(
        messages: [InboundMessage] = [], history: [InboundMessage] = [], writes: [SQL] = [],
        reports: [DeliveryReport] = []
    ) {
        self.messages = messages
        self.history = history
        self.writes = writes
        self.reports = reports
    }
}
