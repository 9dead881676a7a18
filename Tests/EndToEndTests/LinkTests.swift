import BotKit
import Foundation
import StoreSQLite
import Testing
import TestKit

@testable import WhatsAppEmulator

/// `martlet link` and `martlet accounts` against the emulated servers and phones.
@Suite struct LinkTests {
    private let model = ["OPENAI_API_KEY": "sk-test-0000", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"]

    /// Links an account as a script does.
    private func link(_ home: TemporaryFolder, to phones: EmulatedPhones, _ more: [String] = []) async throws {
        let link = try MartletProcess(["link", "--plain"] + more, home: home, environment: phones.environment)
        try await phones.scan(try await link.code())
        #expect(try await link.exitStatus() == 0, "\(link.errors)")
    }

    @Test func `a script scans, lists and unlinks, and nothing of the account stays`() async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        let link = try MartletProcess(["link", "--plain"], home: home, environment: phones.environment)
        let code = try await link.code()
        #expect(code.hasPrefix("https://wa.me/settings/linked_devices#2@"))
        try await phones.scan(code)
        #expect(try await link.exitStatus() == 0, "\(link.errors)")
        #expect(link.lines == [code])
        #expect(link.errors.contains("it may ban the number") && link.errors.contains("main is +15550000000"))
        #expect(link.errors.contains("WHATSAPP_WEB_ROOT is set"))

        let list = try await finish(["accounts"], home: home, environment: phones.environment)
        #expect(list.output.contains("ACCOUNT  NUMBER"), "\(list)")
        #expect(list.output.contains("main     +15550000000  linked"), "\(list)")
        let json = try await finish(["accounts", "--json"], home: home, environment: phones.environment)
        #expect(json.output.contains(#""account":"main""#) && json.output.contains(#""number":"15550000000""#))
        #expect(json.output.contains(#""state":"linked""#))

        // Once more only looks whether it still holds.
        let again = try await finish(["link", "--plain"], home: home, environment: phones.environment)
        #expect(again.status == 0 && again.output.isEmpty, "\(again)")
        #expect(try await phones.deviceCount == 1)

        let asked = try await finish(["accounts", "unlink", "main"], home: home, environment: phones.environment)
        #expect(asked.status == 64 && asked.errors.contains("--yes"))
        let gone = try await finish(
            ["accounts", "unlink", "main", "--yes"], home: home, environment: phones.environment)
        #expect(gone.status == 0 && gone.output == "unlinked main (+15550000000)" && gone.errors.isEmpty, "\(gone)")
        #expect(try await phones.deviceCount == 0)
        #expect(
            try await finish(["accounts"], home: home, environment: phones.environment).output
                == "none; link one with martlet link")
        let database = try SQLiteDatabase.open(home.data.appending(path: "martlet.sqlite"))
        let rows = try await database.rows(
            "SELECT (SELECT COUNT(*) FROM web_entry) + (SELECT COUNT(*) FROM web_account) AS count")
        #expect(try rows[0].int("count") == 0)
        let acts = try await database.rows("SELECT details FROM audit_entry WHERE action = 'ACCOUNT_CHANGE'")
        #expect(
            try acts.map { try $0.text("details") } == [
                #"{"account":"main","command":"link"}"#, #"{"account":"main","command":"link"}"#,
                #"{"account":"main","command":"unlink"}"#,
            ])
        try await database.close()
        let missing = try await finish(
            ["accounts", "unlink", "main", "--yes"], home: home, environment: phones.environment)
        #expect(missing.status == 78 && missing.errors.contains("martlet accounts"))
    }

    @Test func `a number is not linked twice under two names`() async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        try await link(home, to: phones)
        let second = try MartletProcess(
            ["link", "--plain", "--account", "second"], home: home, environment: phones.environment)
        try await phones.scan(try await second.code())
        #expect(try await second.exitStatus() == 78)
        #expect(second.errors.contains("its number is linked as account main"), "\(second.errors)")
        #expect(try await phones.deviceCount == 1)
        let list = try await finish(["accounts"], home: home, environment: phones.environment)
        #expect(list.output.contains("main") && !list.output.contains("second"))
    }

    @Test func `a code to type links too, and the bot answers what came while it was away`() async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        let link = try MartletProcess(
            ["link", "--plain", "--code", "+1 555 000 0000"], home: home, environment: phones.environment)
        let code = try await link.code()
        #expect(code.wholeMatch(of: /[1-9A-Z]{4}-[1-9A-Z]{4}/) != nil)
        try await phones.post("/link-code", ["code": .string(code), "account": .string(EmulatedPhones.bot)])
        #expect(try await link.exitStatus() == 0, "\(link.errors)")
        try await phones.write("hello")
        try await ModelStub.serving { _, environment in
            let bot = try MartletProcess(
                ["run"], home: home, environment: phones.environment.merging(environment) { $1 })
            try await phones.shows("echo: hello")
            try await phones.write("again")
            try await phones.shows("echo: again")
            bot.signal(SIGTERM)
            #expect(try await bot.exitStatus() == 0)
        }
    }

    @Test func `a person scans the picture in the terminal, and reads how in Hebrew`() async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        let environment = phones.environment.merging(["DEFAULT_LANGUAGE": "he"]) { $1 }
        let link = try TerminalProcess(["link"], home: home, environment: environment)
        try await link.shows("עלול להיחסם")
        try await link.shows("מכשירים מקושרים")
        try await phones.scan(try await link.scannedCode())
        try await link.shows("מקושר: החשבון")
        #expect(try await link.exitStatus() == 0)

        let unlink = try TerminalProcess(["accounts", "unlink", "main"], home: home, environment: environment)
        try await unlink.answer("Unlink main (+15550000000)", "")
        try await unlink.shows("nothing was changed")
        #expect(try await unlink.exitStatus() == 0)
        let sure = try TerminalProcess(["accounts", "unlink", "main"], home: home, environment: environment)
        try await sure.answer("Type yes", "yes")
        try await sure.shows("unlinked main")
        #expect(try await sure.exitStatus() == 0)
        #expect(try await phones.deviceCount == 0)
    }

    @Test func `a window that is too small says so instead of a picture that nobody can scan`() async throws {
        let phones = try await EmulatedPhones.start()
        let link = try TerminalProcess(
            ["link"], home: TemporaryFolder(), environment: phones.environment, window: (columns: 60, lines: 24))
        try await link.shows("too small for the QR code")
        try await link.shows("martlet link --code NUMBER")
        #expect(!link.screen.contains("█"))
        link.type("\u{03}")
        #expect(try await link.exitStatus() == -SIGINT)
    }

    @Test func `an answer that a stranger forged is refused, and the next code links`() async throws {
        let phones = try await EmulatedPhones.start()
        let link = try MartletProcess(["link", "--plain"], home: TemporaryFolder(), environment: phones.environment)
        try await phones.scan(try await link.code(), wrongly: true)
        let next = try await link.code(after: 1)
        #expect(link.errors.contains("It did not work: the phone's answer at linking was refused (hmac-mismatch)"))
        try await phones.scan(next)
        #expect(try await link.exitStatus() == 0, "\(link.errors)")
    }

    @Test func `each end has its words, its remedy and its status`() async throws {
        let phones = try await EmulatedPhones.start()
        func end(_ more: [String: String], _ arguments: [String] = []) async throws -> (Int32, String) {
            let result = try await finish(
                ["link", "--plain"] + arguments, home: try TemporaryFolder(),
                environment: phones.environment.merging(more) { $1 })
            return (result.status, result.errors)
        }
        let stranger = try await end(["WHATSAPP_WEB_ROOT": String(repeating: "ab", count: 32)])
        #expect(stranger.0 == 78 && stranger.1.contains("WHATSAPP_WEB_ROOT does not fit"), "\(stranger)")
        let nobody = try await end(["WHATSAPP_WEB_URL": "ws://127.0.0.1:1/ws/chat"])
        #expect(nobody.0 == 1 && nobody.1.contains("Check the network"), "\(nobody)")
        let off = try await end(["WHATSAPP_WEB": "off"])
        #expect(off.0 == 78 && off.1.contains("WHATSAPP_WEB is off"), "\(off)")
        for wrong in [["--account", "Main"], ["--account", ""], ["--code", "banana"], ["--code", "0123456789"]] {
            #expect(try await end([:], wrong).0 == 64)
        }

        // A number that is banned for a while, found out at the first login.
        try await phones.post(
            "/refuse",
            ["account": .string(EmulatedPhones.bot), "reason": "402", "code": "101", "expire": "3600"])
        let banned = try MartletProcess(["link", "--plain"], home: TemporaryFolder(), environment: phones.environment)
        try await phones.scan(try await banned.code())
        #expect(try await banned.exitStatus() == 1)
        #expect(banned.errors.contains("has banned the number for a while, until"), "\(banned.errors)")
    }

    @Test func `beside a running bot a second account is linked, and the first is left alone`() async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        try await link(home, to: phones)
        let bot = try MartletProcess(["run"], home: home, environment: phones.environment.merging(model) { $1 })
        _ = try await eventually("the bot is online") {
            try await phones.get("/devices").items?.first?["active"]?.flag == true ? true : nil
        }
        let same = try await finish(["link", "--plain"], home: home, environment: phones.environment)
        #expect(same.status == 78 && same.errors.contains("a bot is running with it"), "\(same)")
        let unlink = try await finish(
            ["accounts", "unlink", "main", "--yes"], home: home, environment: phones.environment)
        #expect(unlink.status == 78 && unlink.errors.contains("Stop the bot first"), "\(unlink)")

        let second = try MartletProcess(
            ["link", "--plain", "--account", "work"], home: home, environment: phones.environment)
        try await phones.scan(try await second.code(), as: "15550000009")
        #expect(try await second.exitStatus() == 0, "\(second.errors)")
        #expect(second.errors.contains("restart it to connect this account"))
        let list = try await finish(["accounts"], home: home, environment: phones.environment)
        #expect(list.output.contains("work     +15550000009  linked"), "\(list)")
        #expect(try await phones.get("/devices").items?.first?["active"]?.flag == true)
        bot.signal(SIGTERM)
        #expect(try await bot.exitStatus() == 0)
    }

    @Test func `an account that its phone has unlinked meanwhile is linked anew`() async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        try await link(home, to: phones)
        let device = try #require(try await phones.get("/devices").items?.first?["jid"]?.text)
        try await phones.post("/unlink", ["jid": .string(device)])
        let again = try MartletProcess(["link", "--plain"], home: home, environment: phones.environment)
        try await phones.scan(try await again.code())
        #expect(try await again.exitStatus() == 0, "\(again.errors)")
        #expect(again.errors.contains("had unlinked this account"))
        #expect(try await phones.deviceCount == 1)
    }

    @Test func `keys that cannot be opened any more can still be thrown away`() async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        try await link(home, to: phones)
        try FileManager.default.removeItem(at: home.data.appending(path: "web.key"))
        let refused = try await finish(["link", "--plain"], home: home, environment: phones.environment)
        #expect(refused.status == 78 && refused.errors.contains("martlet accounts unlink main"), "\(refused)")
        let gone = try await finish(
            ["accounts", "unlink", "main", "--yes"], home: home, environment: phones.environment)
        #expect(gone.status == 0 && gone.errors.contains("remove the device on the phone"), "\(gone)")
        try await link(home, to: phones)
    }
}
