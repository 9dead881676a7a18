import BotKit
import Foundation
import Testing
import WhatsAppWire

@testable import Providers

/// Who is who on linked accounts.
@Suite struct WebResolutionTests {
    private let now = Date(timeIntervalSince1970: 1_760_000_000)
    private let account = AccountID(provider: "web", name: "main")

    private func step(_ rows: [WebUser] = []) -> WebResolution {
        WebResolution(
            rows: rows, now: now,
            move: IdentityMove(
                personalData: [PersonalData("inbox", member: "member", chat: "chat", keeping: .untilErased)],
                except: "web_user"),
            accounts: [account])
    }

    private func sighting(lid: String? = nil, phone: String? = nil, name: String? = nil) throws -> WebUser.Sighting {
        try #require(WebUser.Sighting([lid.map { .lid($0) }, phone.map { .phoneNumber($0) }], name: name))
    }

    @Test func `a new person is called by the hidden id, and by the number when there is no other`() throws {
        var step = step()
        let dana = step.resolve(try sighting(lid: "100", phone: "15550000001", name: "Dana"))
        #expect(dana.member == "web/100@lid" && dana.phone == "15550000001" && dana.name == "Dana")
        #expect(dana.chat(of: account) == "web:main/100@lid")
        #expect(step.resolve(try sighting(phone: "15550000002")).member == "web/15550000002@s.whatsapp.net")
    }

    @Test func `whoever is known needs no write`() throws {
        let dana = WebUser(address: .lid("100"), phone: "15550000001", name: "Dana", seenAt: now)
        var step = step([dana])
        #expect(step.resolve(try sighting(lid: "100", name: "Dana")) == dana)
        #expect(step.resolve(try sighting(phone: "15550000001")) == dana)
        #expect(step.writes.isEmpty && step.changed.isEmpty)
    }

    @Test func `a number that gets a hidden id takes its history along`() throws {
        let old = WebUser(address: .phoneNumber("15550000001"), phone: "15550000001", name: "Dana", seenAt: now)
        var step = step([old])
        let dana = step.resolve(try sighting(lid: "100", phone: "15550000001"))
        #expect(dana.member == "web/100@lid" && dana.name == "Dana")
        let texts = step.writes.map { $0.rendered(for: .sqlite) }
        let values = texts.flatMap(\.values)
        #expect(texts.contains { $0.text.contains("UPDATE OR IGNORE inbox SET member") })
        #expect(values.contains(.text("web:main/15550000001@s.whatsapp.net")))
        #expect(values.contains(.text("web:main/100@lid")))
        #expect(step.resolve(try sighting(phone: "15550000001")).member == "web/100@lid")
    }

    @Test func `a number passes on to whom it is shown with`() throws {
        let dana = WebUser(address: .lid("100"), phone: "15550000001", name: "Dana", seenAt: now)
        var step = step([dana])
        #expect(step.resolve(try sighting(lid: "200", phone: "15550000001", name: "Omer")).member == "web/200@lid")
        #expect(step.resolve(try sighting(lid: "100")).phone == nil)
    }

    @Test func `an address that is nobody's shows nobody`() {
        #expect(WebUser.Sighting([.group("1"), nil], name: "x") == nil)
        #expect(MemberID(rawValue: "web/x@g.us").address == nil)
        #expect(ChatID(rawValue: "web:main/1@g.us").address == .group("1"))
    }
}
