import Foundation
import WhatsAppWire

/// What the end of a connection means for the next one.
enum ConnectionVerdict: Sendable, Hashable {
    /// Connect again at once, because the server asked for it; after a while when it asks again and again.
    case reconnect
    /// Connect again after a while, longer each time; the reason is for the operator.
    case retry(String)
    /// The account is no longer linked: forget its keys, and stop.
    case unlinked(UnlinkReason)
    /// Fetch the server's current revision and try once more; when that is refused before a login, it is the end.
    case outdated
    case ended(EndReason)
}

extension ConnectionVerdict {
    /// What `<failure>`, the server's answer to a login that it refuses, means.
    /// - Parameter now: the time, which the end of a ban is counted from.
    init(failure node: Node, at now: Date) {
        let status = node.text("reason").flatMap { Int($0) } ?? 0
        switch status {
        case 401: self = .unlinked(.removed)
        case 403: self = .unlinked(.accountLocked)
        case 406: self = .unlinked(.banned)
        case 402:
            let seconds = node.text("expire").flatMap { Double($0) }
            self = .ended(
                .bannedUntil(
                    seconds.map { now.addingTimeInterval(min(max(0, $0), 31_536_000)) },
                    code: node.text("code").flatMap { Int($0) }))
        case 405: self = .outdated
        case 409, 413, 414: self = .ended(.refused(status: status))
        default: self = .retry("the server refused the login with status \(status)")
        }
    }

    /// What `<stream:error>` means.
    init(streamError node: Node) {
        switch (node.text("code"), node.child("conflict")?.text("type")) {
        case ("515", _): self = .reconnect
        case (_, "replaced"?): self = .ended(.replaced)
        case (_, "device_removed"?), ("401", _): self = .unlinked(.removed)
        case ("503", _): self = .retry("the server restarts")
        case (let code, _): self = .retry("the server ended the connection with code \(code ?? "none")")
        }
    }
}

extension EndReason {
    /// What happened and what to do, for the operator.
    public var message: String {
        switch self {
        case .unlinked(let reason): reason.message
        case .notScanned: "Nobody scanned the QR codes in time. Start again to get new ones."
        case .replaced:
            "Another process connected with the same linked device. Stop one of the two: a device may connect once."
        case .bannedUntil(let date, let code):
            "WhatsApp has banned the number for a while\(date.map { ", until \($0.formatted(.iso8601))" } ?? "")"
                + "\(code.map { " (code \($0))" } ?? ""). Do not link before; write less, and not to strangers."
        case .outdated: "WhatsApp wants a newer client. Update Martlet."
        case .untrustedServer:
            "The server could not prove that it is WhatsApp's. If a proxy or emulator stands between, set its root key."
        case .refused(let status): "WhatsApp refuses this client (status \(status)). Update Martlet, or link again."
        }
    }
}

extension UnlinkReason {
    /// What happened and what to do, for the operator.
    public var message: String {
        switch self {
        case .removed: "The device was unlinked. Link it again: martlet link."
        case .accountLocked: "WhatsApp has locked the account, or its phone is gone. See the phone, then link again."
        case .banned: "WhatsApp has banned this number. Linking again needs another number."
        }
    }
}
