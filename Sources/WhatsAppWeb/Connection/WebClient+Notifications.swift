import Foundation
import WhatsAppSignal
import WhatsAppWire

extension WebClient {
    /// Notes what follows from a notification.
    func handle(notification stanza: Node, _ type: String, _ result: inout IntakeResult) {
        switch type {
        case "link_code_companion_reg":
            result.chores.append { try await $0.finishLinkCode(stanza) }
        case "encrypt" where stanza.child("count") != nil:
            result.chores.append {
                try await $0.ensurePrekeys()
                return nil
            }
        case "encrypt" where stanza.child("identity") != nil:
            if let user = Self.changedIdentity(in: stanza) { takeIdentityChange(of: user, &result) }
        case "server_sync":
            let collections = AppStateRequest.collections(in: stanza)
            result.chores.append { try await $0.syncAppState(collections) }
        case "devices", "account_sync":
            devices.forget(stanza.jids("from", "lid"))
            if type == "account_sync" { devices.forget(ownAddresses) }
        case "w:gp2":
            takeGroupNews(stanza, &result)
        case "mediaretry":
            if let id = stanza.text("id") { answers.resolve(.media(id), with: stanza) }
        case "privacy_token":
            takePrivacyToken(stanza, &result)
        default:
            result.events.append(.unknown(stanza))
        }
    }

    private func takeGroupNews(_ stanza: Node, _ result: inout IntakeResult) {
        for news in GroupNews.all(in: stanza, at: serverNow) {
            if news.endsOwnKey { result.changes.append(.delete(Self.ownKeyName(in: news.event.group))) }
            result.events.append(.group(news.event))
            result.groups.append(news)
        }
    }

    /// Does in memory what has become durable. The lanes of the groups must be taken.
    func follow(_ result: IntakeResult) {
        for news in result.groups {
            if news.endsOwnKey { sessions.drop(ownKey: news.event.group.description) }
            groups.apply(news, own: ownAddresses)
        }
    }
}

extension Node {
    /// Whether it tells of a change of a group.
    var isGroupNotification: Bool { tag == "notification" && text("type") == "w:gp2" }
}
