public import BotKit
public import Foundation
import Synchronization

/// The accounts that are connected, by name.
public final class ProviderDirectory: Sendable, MediaLibrary, PermissionCheck {
    private let providers = Mutex<[AccountID: any MessageProvider]>([:])
    /// The settings that name the accounts of each network.
    private let settings: [ProviderID: String]

    /// - Parameter settings: by which setting the accounts of a network are configured, for the operator.
    public init(settings: [ProviderID: String] = [:]) { self.settings = settings }

    /// The setting that brings an account back which is no longer configured.
    func setting(of account: AccountID) -> String { settings[account.provider] ?? account.provider.rawValue }

    /// Makes an account known. All are known before the first message comes in.
    public func add(_ provider: any MessageProvider) {
        providers.withLock { $0[provider.account] = provider }
    }

    /// All accounts that are known.
    public var all: [any MessageProvider] { providers.withLock { Array($0.values) } }

    /// The provider of a chat; `nil` when its account is no longer configured.
    func provider(of chat: ChatID) -> (any MessageProvider)? {
        providers.withLock { $0[chat.account] }
    }

    public func holds(_ permission: Permission, _ turn: Turn) async throws -> Bool {
        try await AccessPolicy.holds(permission, turn, provider(of: turn.chat.id)?.groups)
    }

    public func load(_ media: Media, from chat: ChatID, maxBytes: Int) async throws -> Data {
        guard let provider = provider(of: chat) else { throw Outage("provider", "its account is not configured") }
        return try await provider.load(media, maxBytes: maxBytes)
    }
}
