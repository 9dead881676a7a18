import BotKit
import CoreMetrics
public import Logging

/// What stands at a moment: how much waits, and which accounts are connected. Brought up to date when it is looked at.
public struct CoreGauges: Sendable {
    private let core: BotCore
    private let directory: ProviderDirectory
    private let logger: Logger
    private let inbox = Meter(label: "inbox_depth")
    private let outbox = ["queued", "parked"].map { state in
        (state: state, meter: Meter(label: "outbox_depth", dimensions: [("state", state)]))
    }
    private let accounts: [(provider: any MessageProvider, connected: Meter, level: Meter)]

    /// - Parameter directory: all accounts are in it.
    public init(_ core: BotCore, directory: ProviderDirectory, logger: Logger) {
        self.core = core
        self.directory = directory
        self.logger = logger
        accounts = directory.all.map { provider in
            // The name is one of the operator's own settings, such as Meta's id of a phone number.
            let labels = [("account", provider.account.rawValue)]
            return (
                provider, Meter(label: "provider_connected", dimensions: labels),
                Meter(label: "send_slowdown_level", dimensions: labels)
            )
        }
    }

    /// Looks, and sets the gauges. What cannot be read stays as it was.
    public func update() async {
        for account in accounts {
            account.connected.set(await account.provider.isConnected ? 1 : 0)
            account.level.set(await core.outbox.slowdownLevel(of: account.provider.account))
        }
        inbox.set(await core.lanes.depth)
        do {
            let waiting = try await core.outbox.store.depths()
            for (state, meter) in outbox { meter.set(waiting[state] ?? 0) }
        } catch {
            logger.warning("the outbox could not be counted", metadata: ["error": "\(error.safeDescription)"])
        }
    }
}
