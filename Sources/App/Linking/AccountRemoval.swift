import BotKit
import Foundation
import Providers
import WhatsAppWeb

/// Takes a linked device from its account's list.
struct AccountRemoval: Sendable {
    /// How long the server is given.
    private static let patience = Duration.seconds(20)

    let desk: LinkDesk
    let time: any TimeSource

    /// Logs the account out at the server, as far as it can be reached.
    /// - Returns: whether the device is known to be gone from the phone's list.
    func logOut(_ account: WebAccount) async -> Bool {
        guard account.state == .linked else { return false }
        // Keys that cannot be opened any more cannot log out either; they go all the same.
        guard let client = try? await desk.network.open(account: account.id).client else { return false }
        return await withTaskGroup(of: Bool?.self) { group in
            group.addTask {
                guard case .unlinked? = try? await client.run() else { return false }
                return true
            }
            group.addTask {
                for await notice in client.notices {
                    if case .connection(.online) = notice { try? await client.logOut() }
                }
                // The client's own end is what counts.
                return nil
            }
            group.addTask {
                try? await time.sleep(for: Self.patience)
                return false
            }
            defer { group.cancelAll() }
            for await case let isGone? in group { return isGone }
            return false
        }
    }
}
