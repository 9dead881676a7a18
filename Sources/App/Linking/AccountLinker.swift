import BotKit
import Foundation
import Providers
import WhatsAppWeb

/// Links an account with a person's help, and stays until the account can be used.
struct AccountLinker: Sendable {
    /// After so many lost connections it is given up.
    private static let tries = 3
    /// How long the phone is given after the first login: it shows an error when its new device leaves at once.
    private static let farewell = Duration.seconds(3)

    let desk: LinkDesk
    let screen: LinkScreen
    let time: any TimeSource

    /// What came first.
    private enum End {
        case linked
        case unreachable(String)
        case ended(EndReason)
        /// Nothing more will be told; the client's own end says why.
        case silent
    }

    /// Links the account `name`; one that is linked already only logs in, to see whether it still is.
    /// - Parameter code: the phone number to link by a code; `nil` for QR codes.
    /// - Throws: `Misconfiguration`, `Outage`, `DatabaseError`.
    func link(_ name: String, code: String?) async throws -> WebAccount {
        let before = try await desk.accounts.account(named: name)
        if before?.state == .linked, !desk.isAlone {
            throw Misconfiguration(
                "account \(name)", "is linked, and a bot is running with it",
                remedy: "Choose another name with --account, or stop the bot first.")
        }
        var end = try await run(name, code: code)
        if case .ended(.unlinked(.removed)) = end, before?.state == .linked {
            await screen.note(LinkTexts.wasUnlinked)
            end = try await run(name, code: code)
        }
        switch end {
        case .linked: break
        case .unreachable(let reason):
            throw Outage(
                "whatsapp",
                "\(reason). Check the network of this machine, and WHATSAPP_WEB_PROXY if it needs one; then try again")
        case .ended(let reason): throw reason.failure
        case .silent: throw Outage("whatsapp", "the connection ended without a reason. Try again")
        }
        guard let account = try await desk.accounts.account(named: name), account.state == .linked else {
            throw Defect("an account that logged in is not in the table")
        }
        try await refuseTwin(of: account)
        return account
    }

    /// Two accounts with one number would both answer each message: the later one is unlinked again.
    private func refuseTwin(of account: WebAccount) async throws {
        guard let number = account.number else { return }
        let twin = try await desk.accounts.all().first {
            $0.name != account.name && $0.state == .linked && $0.number == number
        }
        guard let twin else { return }
        _ = await AccountRemoval(desk: desk, time: time).logOut(account)
        try await desk.accounts.remove(account.name)
        throw Misconfiguration(
            "account \(account.name)",
            "was not linked: its number is linked as account \(twin.name), and each message "
                + "would be answered twice",
            remedy: "Link another number, or run martlet accounts unlink \(twin.name) first.")
    }

    private func run(_ name: String, code: String?) async throws -> End {
        let account = AccountID(provider: WebAccount.provider, name: name)
        let client = try await desk.network.open(account: account, linksByCodeTo: code).client
        return try await withThrowingTaskGroup(of: End.self) { group in
            group.addTask { .ended(try await client.run()) }
            group.addTask { try await follow(client.notices) }
            defer { group.cancelAll() }
            for try await end in group {
                if case .silent = end { continue }
                return end
            }
            return .silent
        }
    }

    private func follow(_ notices: AsyncStream<WebNotice>) async throws -> End {
        var failures = 0
        for await notice in notices {
            switch notice {
            case .qr(let text, _): try await screen.show(qr: text)
            case .pairingCode(let text): await screen.show(code: text)
            case .connection(.online):
                await screen.note(LinkTexts.finishing)
                try await time.sleep(for: Self.farewell)
                return .linked
            case .connection(.waiting(_, let reason)):
                failures += 1
                guard failures < Self.tries else { return .unreachable(reason) }
                await screen.note(LinkTexts.again.with(["reason": reason]))
            default: break
            }
        }
        return .silent
    }
}

extension EndReason {
    /// The same for the person at the terminal, by who must act on it.
    var failure: any ClassifiedError {
        switch self {
        case .notScanned: Outage("link", "nobody scanned or typed the code in time. Start again to get a new one")
        case .replaced:
            Misconfiguration(
                "account", "is used by another process", remedy: "Stop the other one: a device may connect once.")
        case .bannedUntil: Outage("whatsapp", message)
        case .outdated: Misconfiguration("WhatsApp", "wants a newer client", remedy: "Update Martlet.")
        case .untrustedServer:
            Misconfiguration(
                "WHATSAPP_WEB_ROOT", "does not fit: the server could not prove itself with that key",
                remedy: "Remove the setting to use WhatsApp's own key, or take the key that your emulator prints; "
                    + "without the setting, something stands between you and WhatsApp.")
        case .refused(let status):
            Misconfiguration(
                "WhatsApp", "refuses to link this client (status \(status))",
                remedy: "Check the number, wait some hours, and update Martlet.")
        case .unlinked(.removed): Outage("whatsapp", "the phone refused or removed the device. Link it again")
        case .unlinked(.accountLocked):
            Misconfiguration(
                "the account", "is locked, or its phone is gone", remedy: "See the phone, then link again.")
        case .unlinked(.banned):
            Misconfiguration("the number", "is banned by WhatsApp", remedy: "Link another number.")
        }
    }
}
