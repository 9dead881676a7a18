import BotKit
import Foundation
import Logging
public import ServiceLifecycle

/// Looks now and then at what nobody reports: accounts out of reach, space on the disk, and what models cost.
public struct ConditionWatch: Service {
    /// What the product knows and the core does not.
    public struct World: Sendable {
        /// The part of the disk that is free, in percent; `nil` when it cannot be measured.
        let freePercent: @Sendable () -> Double?

        public init(freePercent: @escaping @Sendable () -> Double?) { self.freePercent = freePercent }
    }

    private static let longestPause = Duration.seconds(15)
    private static let costPause = Duration.seconds(300)

    let directory: ProviderDirectory
    let alerts: OperatorAlerts
    let settings: AlertSettings
    let cost: CostWatch?
    let world: World
    let time: any TimeSource
    let logger: Logger

    /// What was seen so far.
    struct Memory: Sendable {
        struct Account: Sendable {
            /// Since when it is out of reach, as far as is known; `nil` while it is not.
            var downSince: Date?
            var isTold = false
        }
        var accounts: [AccountID: Account] = [:]
        /// `nil` before the first look.
        var isDiskLow: Bool?
        var costLook = Date.distantPast
    }

    /// Looks until shutdown.
    public func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var memory = Memory()
            while true {
                await look(&memory)
                try await time.sleep(for: pause)
            }
        }
    }

    /// Short where the operator wants to know soon.
    private var pause: Duration {
        let down = settings.providerDown
        guard down > .zero else { return Self.longestPause }
        return min(Self.longestPause, max(down / 4, .seconds(1)))
    }

    /// One look at everything that is due.
    func look(_ memory: inout Memory) async {
        if settings.providerDown > .zero {
            for provider in directory.all {
                note(await provider.isConnected, of: provider.account, in: &memory)
            }
        }
        if settings.diskFree > 0 { lookAtDisk(&memory) }
        if let cost, isDue(memory.costLook, after: Self.costPause) {
            memory.costLook = time.now
            do { try await cost.look(at: time.now) } catch {
                logger.warning("what models cost could not be read", metadata: ["error": "\(error.safeDescription)"])
            }
        }
    }

    /// A clock that was set back puts nothing off.
    private func isDue(_ last: Date, after pause: Duration) -> Bool {
        last > time.now || last.adding(pause) <= time.now
    }

    private func note(_ isConnected: Bool, of account: AccountID, in memory: inout Memory) {
        let now = time.now
        let known = memory.accounts[account]
        guard !isConnected else {
            // At the first look too: it may have been told of before the start.
            if known == nil || known?.isTold == true {
                if known?.isTold == true {
                    logger.notice("an account is connected again", metadata: ["account": .own(account.rawValue)])
                }
                alerts.end("provider_down", about: account.rawValue)
            }
            memory.accounts[account] = .init()
            return
        }
        var state = known ?? .init()
        let since = state.downSince.map { min($0, now) } ?? now
        state.downSince = since
        if !state.isTold, since.adding(settings.providerDown) <= now {
            state.isTold = true
            let minutes = Int((now.timeIntervalSince(since) / 60).rounded(.up))
            alerts.raise(
                "provider_down", "an account cannot be reached",
                [
                    "account": .own(account.rawValue), "network": "\(account.provider.rawValue)",
                    "minutes": "\(max(1, minutes))",
                ])
        }
        memory.accounts[account] = state
    }

    private func lookAtDisk(_ memory: inout Memory) {
        guard let free = world.freePercent() else { return }
        let limit = Double(settings.diskFree)
        if free < limit, memory.isDiskLow != true {
            memory.isDiskLow = true
            alerts.raise("disk_low", "the disk is nearly full", ["percent": "\(Int(free.rounded(.down)))"])
        } else if free >= limit + 1 || (free >= limit && memory.isDiskLow == nil), memory.isDiskLow != false {
            // A little more than the limit, so that it does not come and go.
            memory.isDiskLow = false
            alerts.end("disk_low")
        }
    }
}
