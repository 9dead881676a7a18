public import BotKit

/// What the bot makes of the events of one commit.
public struct WebDelivery: Sendable {
    /// Messages that become turns.
    public var messages: [InboundMessage] = []
    /// What else is stored by the same transaction.
    public var writes: [SQL] = []
    /// News of what was sent, handed over after the transaction.
    public var reports: [DeliveryReport] = []

    public init(messages: [InboundMessage] = [], writes: [SQL] = [], reports: [DeliveryReport] = []) {
        self.messages = messages
        self.writes = writes
        self.reports = reports
    }
}
