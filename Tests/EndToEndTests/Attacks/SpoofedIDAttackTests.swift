import Foundation
import TestKit
import Testing

@testable import WhatsAppEmulator

/// Attempts to be taken for somebody else: a number that changed hands, ids and names that look like others', webhooks
/// that are not the network's.
@Suite(.timeLimit(.minutes(3))) struct SpoofedIDAttackTests {
    private static let denied = "You don't have permission to use this command."
    /// How many webhooks are forged or changed below.
    private static let forgeries = 13
    private static let (owner, thief) = ("US.13491208655302741918", "US.13491208655302741919")

    private func settings(_ more: [String: String] = [:]) -> [String: String] {
        ["OWNER_PHONE_NUMBERS": CloudBot.user].merging(more) { $1 }
    }

    @Test func `whoever gets a trusted number gets none of its rights`() async throws {
        let home = try TemporaryFolder()
        try await CloudBot.running(settings(), over: home) { (bot: CloudBot) async throws in
            await bot.emulator.setWindow(.off)
            await bot.emulator.setStatuses(GraphEmulator.StatusReports.none)
            var count = 0
            /// - Returns: the newest of what the bot said.
            func say(_ text: String, from phone: String? = CloudBot.user, as user: String?) async throws -> String {
                count += 1
                #expect(try await bot.deliver(text, id: "wamid.\(count)", from: phone, userID: user) == 200)
                #expect(await bot.emulator.waitForSent(count, within: .patience), "\(text)")
                return await bot.texts.last ?? ""
            }
            #expect(try await say("!role list", as: Self.owner).contains("owner: "))
            for command in [
                "!role list", "!audit last", "!admin-login", "!config show", "!allow 15550000009",
                "!role confirm \(CloudBot.user)", "!role assign \(Self.thief) owner",
            ] {
                #expect(try await say(command, as: Self.thief) == Self.denied, "\(command)")
            }
            // By the id alone, and by an id that is made of the owner's number.
            #expect(try await say("!role list", from: nil, as: Self.thief) == Self.denied)
            #expect(try await say("!role list", from: nil, as: "US.\(CloudBot.user)") == Self.denied)
            #expect(try await say("!role list", from: "15550000199", as: "US.13491208655302741920") == Self.denied)
        }
        let audit = try await ExportedAudit(home)
        #expect(audit.denials("RBAC_DENIED", "permission") == 10)
        #expect(audit.acts("RBAC_ROLE_CHANGE") == 0 && audit.acts("ADMIN_SESSION_CREATED") == 0)
        #expect(!audit.text.contains(CloudBot.user) && !audit.text.contains(Self.thief.dropFirst(3)))
    }

    @Test func `nobody is kept out by a name under which they are greater`() async throws {
        let home = try TemporaryFolder()
        let (admin, helper) = ("15550000102", "15550000103")
        let people = settings(["OPERATOR_PHONE_NUMBERS": helper, "ADMIN_PHONE_NUMBERS": "US.100002"])
        try await CloudBot.running(people, over: home) { (bot: CloudBot) async throws in
            await bot.emulator.setWindow(.off)
            await bot.emulator.setStatuses(GraphEmulator.StatusReports.none)
            var count = 0
            func say(_ text: String, from phone: String, as user: String) async throws -> String {
                count += 1
                #expect(try await bot.deliver(text, id: "wamid.\(count)", from: phone, userID: user) == 200)
                #expect(await bot.emulator.waitForSent(count, within: .patience), "\(text)")
                return await bot.texts.last ?? ""
            }
            func order(_ text: String) async throws -> String { try await say(text, from: helper, as: "US.100003") }
            _ = try await say("hello", from: CloudBot.user, as: Self.owner)
            _ = try await say("hello", from: admin, as: "US.100002")
            let names = [
                CloudBot.user, Self.owner, try await bot.member(CloudBot.user), admin, "US.100002",
                try await bot.member(admin),
            ]
            let above = "That person has as much to say here as you, or more."
            for verb in ["!block", "!deny", "!allow", "!unblock"] {
                for name in names {
                    #expect(try await order("\(verb) \(name)") == above, "\(verb) \(name)")
                }
                for name in ["US.100009", "100000000000009@lid", "cloud/u999"] {
                    #expect(try await order("\(verb) \(name)").hasPrefix("Nobody has written to me under that id"))
                }
            }
            #expect(
                try await say("!block US.100009", from: CloudBot.user, as: Self.owner).hasPrefix("From now on I ignore")
            )
            _ = try await say("hello", from: "15550000104", as: "US.100004")
            #expect(try await order("!block US.100004").hasPrefix("From now on I ignore"))
            #expect(try await say("!role list", from: admin, as: "US.100002").contains("operator"))
        }
        let audit = try await ExportedAudit(home)
        #expect(audit.denials("RBAC_DENIED", "permission") == 24 && audit.denials("RBAC_DENIED", "unknown_id") == 12)
    }

    @Test func `a role ends with the number, and letting somebody in does not bring it back`() async throws {
        let home = try TemporaryFolder()
        let helper = "15550000103"
        let people = settings(["OPERATOR_PHONE_NUMBERS": helper, "ACCESS_POLICY": "pairing", "ALERT_CHAT": "false"])
        try await CloudBot.running(people, over: home) { (bot: CloudBot) async throws in
            await bot.emulator.setWindow(.off)
            await bot.emulator.setStatuses(GraphEmulator.StatusReports.none)
            var (count, said) = (0, 0)
            /// - Returns: what the bot says to it.
            func say(_ text: String, from phone: String = CloudBot.user, as user: String? = nil, answers: Int = 1)
                async throws -> String
            {
                (count, said) = (count + 1, said + answers)
                #expect(try await bot.deliver(text, id: "wamid.\(count)", from: phone, userID: user) == 200)
                #expect(await bot.emulator.waitForSent(said, within: .patience), "\(text)")
                return await bot.texts.suffix(answers).joined(separator: "\n")
            }
            func code(_ said: String) throws -> String { String(try #require(said.firstMatch(of: /[A-Z2-9]{8}/)).0) }
            let (old, new, id) = ("15551110001", "15551119999", "US.200")
            _ = try await say("hello")
            let first = try code(try await say("hello", from: old, as: id))
            _ = try await say("!approve \(first)", from: helper, answers: 2)
            let name = try await bot.member(old)
            let login = try await say("!admin-login")
            let token = String(try #require(login.firstMatch(of: /--session (\S+)/)).1)
            _ = try await say("!role assign \(name) admin --session \(token)")
            #expect(try await say("!role list", from: old, as: id).contains("admin: \(name)"))
            let second = try code(try await say("!role list", from: new, as: id))
            #expect(try await say("!role list").contains("admin: \(name) (their number has changed since"))
            #expect(try await say("!allow \(name)", from: helper).hasPrefix("That person has as much to say"))
            let approved = try await say("!approve \(second)", from: helper, answers: 2)
            #expect(approved.contains("Their number has changed since they became admin"))
            #expect(try await say("!role list", from: new, as: id) == Self.denied)
            #expect(try await say("!role list").contains(name) == false)
            #expect(try await say("hello", from: new, as: id) == "echo: hello")
        }
        let changes = try await ExportedAudit(home).entries.filter { $0.action == "RBAC_ROLE_CHANGE" }
        #expect(changes.map { $0.details["to"] } == ["admin", "user"])
    }

    @Test func `a webhook that is forged, changed or sent once more does nothing`() async throws {
        let home = try TemporaryFolder()
        try await CloudBot.running(settings(), over: home) { bot in
            await bot.emulator.setWindow(.off)
            let number = bot.emulator.configuration.numbers[0]
            func body(_ text: String, id: String) -> [UInt8] {
                Array(
                    """
                    {"object":"whatsapp_business_account","entry":[{"id":"\(number.accountID)","changes":[{"field":\
                    "messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":\
                    "\(number.displayNumber)","phone_number_id":"\(number.phoneNumberID)"},"contacts":[{"wa_id":\
                    "\(CloudBot.user)"}],"messages":[{"from":"\(CloudBot.user)","id":"\(id)","timestamp":\
                    "\(Int(Date().timeIntervalSince1970))","type":"text","text":{"body":"\(text)"}}]}}]}]}
                    """.utf8)
            }
            let command = body("!admin-login", id: "wamid.forged")
            let signature = bot.signature(of: command)
            let empty = String(repeating: "0", count: 64)
            let forged = [
                nil, "", "sha256=", "sha256=\(empty)", empty, "sha1=\(signature.dropFirst(7))",
                String(signature.dropFirst(7)), String(signature.dropLast()), signature + "00",
                "\(signature),\(signature)x",
                bot.signature(of: body("!admin-login", id: "wamid.other")), bot.signature(of: []),
            ]
            #expect(forged.count == Self.forgeries - 1)
            for signature in forged {
                let status = try await bot.post(command, signature: signature)
                #expect(status == 401 || status == 429, "\(signature ?? "none")")
            }
            // Changed by one byte after it was signed.
            var changed = command
            changed[changed.count - 3] ^= 1
            #expect([401, 429].contains(try await bot.post(changed, signature: signature)))
            let true1 = body("hello", id: "wamid.1")
            for _ in 1...3 { #expect(try await bot.post(true1, signature: bot.signature(of: true1)) == 200) }
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            let last = body("the end", id: "wamid.2")
            #expect(try await bot.post(last, signature: bot.signature(of: last)) == 200)
            #expect(await bot.emulator.waitForSent(2, within: .patience))
            #expect(await bot.texts == ["echo: hello", "echo: the end"])
        }
        // The first at once and the others together, at the latest when the bot stops.
        let audit = try await ExportedAudit(home)
        #expect(audit.entries.count == audit.denials("WEBHOOK_REFUSED") && (1...2).contains(audit.entries.count))
        #expect(audit.entries.compactMap { $0.details["requests"].flatMap(Int.init) }.reduce(0, +) == Self.forgeries)
        #expect(audit.entries.allSatisfy { $0.actor == "unknown" && $0.details["path"] == "/webhook/cloud" })
        #expect(!audit.text.contains(CloudBot.user) && !audit.text.contains("127.0.0.1"))
    }
}
