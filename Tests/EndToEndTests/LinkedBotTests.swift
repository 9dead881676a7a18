import Foundation
import Testing
import TestKit

@testable import WhatsAppEmulator

/// The assembled program with linked accounts.
@Suite struct LinkedBotTests {
    private static let work = "15550000009"

    private func link(
        _ home: TemporaryFolder, _ phones: EmulatedPhones, as number: String = EmulatedPhones.bot,
        _ more: [String] = []
    ) async throws {
        let link = try MartletProcess(["link", "--plain"] + more, home: home, environment: phones.environment)
        try await phones.scan(try await link.code(), as: number)
        #expect(try await link.exitStatus() == 0, "\(link.errors)")
    }

    @Test func `two accounts in one process each answer what was written to them`() async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        try await link(home, phones)
        try await link(home, phones, as: Self.work, ["--account", "work"])
        try await ModelStub.serving { model, environment in
            let bot = try MartletProcess(
                ["run"], home: home, environment: phones.environment.merging(environment) { $1 })
            try await phones.write("to main")
            try await phones.write("to work", to: Self.work)
            try await phones.shows("echo: to main")
            try await phones.shows("echo: to work")
            try await phones.write("main again")
            try await phones.shows("echo: main again")
            let accounts = try await phones.get("/accounts").items ?? []
            func lid(_ number: String) throws -> String {
                let account = accounts.first { $0["jid"]?.text?.hasPrefix(number) == true }
                return String(try #require(account?["lid"]?.text).prefix { $0 != "@" })
            }
            let inbox = try await phones.get("/phone/inbox?account=\(EmulatedPhones.dana)").items ?? []
            let said = try inbox.map { entry in
                (String(try #require(entry["sender"]?.text).prefix { $0 != "@" && $0 != ":" }), entry["text"]?.text)
            }
            let (main, work) = (try lid(EmulatedPhones.bot), try lid(Self.work))
            #expect(said.filter { $0.0 == main }.map(\.1) == ["echo: to main", "echo: main again"])
            #expect(said.filter { $0.0 == work }.map(\.1) == ["echo: to work"])
            // What was said to one account is no part of the conversation with the other.
            let asked = try #require(model.questions.last).map(\.text)
            #expect(asked.contains("to main") && !asked.contains { $0.contains("to work") })
            bot.signal(SIGTERM)
            #expect(try await bot.exitStatus() == 0)
            #expect(bot.lines.contains { $0.contains("foreign key") }, "a foreign root is told at every start")
        }
    }

    @Test func `an image that the process died over is fetched again when the connection is there, and not before`()
        async throws
    {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        try await link(home, phones)
        try await ModelStub.serving { model, settings in
            // One failure would be the end of it.
            let environment = phones.environment.merging(settings) { $1 }.merging(["QUEUE_ATTEMPTS": "1"]) { $1 }
            let first = try MartletProcess(["run"], home: home, environment: environment)
            try await phones.post("/account", ["number": .string(EmulatedPhones.dana), "name": "Dana"])
            let image = Data("a picture".utf8)
            try await phones.post(
                "/phone/send",
                [
                    "account": .string(EmulatedPhones.dana), "to": .string(EmulatedPhones.bot),
                    "image_base64": .string(image.base64EncodedString()), "caption": "wait 2000",
                ])
            _ = try await eventually("the model looks at the image") { model.images.isEmpty ? nil : true }
            first.signal(SIGKILL)
            _ = try await first.exitStatus()
            try await phones.post("/refuse", ["account": .string(EmulatedPhones.bot), "reason": "503"])
            let second = try MartletProcess(["run"], home: home, environment: environment)
            _ = try await eventually("a login is refused") {
                try await phones.control.log("<failure").isEmpty ? nil : true
            }
            try await phones.post("/refuse", ["account": .string(EmulatedPhones.bot)])
            _ = try await eventually("a second text") {
                try await phones.control.texts(of: EmulatedPhones.dana).count > 1 ? true : nil
            }
            second.signal(SIGTERM)
            #expect(try await second.exitStatus() == 0)
            let texts = try await phones.control.texts(of: EmulatedPhones.dana)
            #expect(texts == ["Processing… I'll write to you when it's ready.", "echo: wait 2000 [image_url]"])
            #expect(model.images == [image, image])
        }
    }

    /// When linking is killed: before the scan, and so many milliseconds after it.
    @Test(arguments: [nil, 0, 60, 600, 2_000])
    func `linking that was killed is done, or done again, and the account works`(_ moment: Int?) async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        let killed = try MartletProcess(["link", "--plain"], home: home, environment: phones.environment)
        let first = try await killed.code()
        if let moment {
            try await phones.scan(first)
            try await ContinuousClock().sleep(for: .milliseconds(moment))
        }
        killed.signal(SIGKILL)
        _ = try await killed.exitStatus()

        let again = try MartletProcess(["link", "--plain"], home: home, environment: phones.environment)
        _ = try await eventually("a code, or the end") {
            !again.lines.isEmpty || !again.isRunning ? true : nil
        }
        if let code = again.lines.first { try await phones.scan(code) }
        #expect(try await again.exitStatus() == 0, "\(again.errors)")
        let list = try await finish(["accounts"], home: home, environment: phones.environment)
        #expect(list.output.contains("main     +15550000000  linked"), "\(list)")
        try await ModelStub.serving { _, environment in
            let bot = try MartletProcess(
                ["run"], home: home, environment: phones.environment.merging(environment) { $1 })
            try await phones.write("hello")
            try await phones.shows("echo: hello")
            bot.signal(SIGTERM)
            #expect(try await bot.exitStatus() == 0)
        }
    }

    @Test func `the doctor has a line for each account, and a remedy for what is wrong`() async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        #expect(
            try await finish(["doctor"], home: home, environment: phones.environment).output.contains(
                "ok       whatsapp web: no account is linked"))
        try await link(home, phones)
        try await link(home, phones, as: Self.work, ["--account", "work"])
        let well = try await finish(["doctor"], home: home, environment: phones.environment).output
        for name in ["main", "work"] {
            #expect(well.contains("ok       whatsapp web \(name): linked; its keys can be read"), "\(well)")
        }
        let key = home.data.appending(path: "web.key")
        let kept = home.url.appending(path: "web.key")
        try FileManager.default.moveItem(at: key, to: kept)
        let lost = try await finish(["doctor"], home: home, environment: phones.environment)
        #expect(lost.status == 1 && lost.output.contains("problem  whatsapp web work: key file"), "\(lost)")
        #expect(lost.output.contains("martlet accounts unlink work"), "\(lost)")
        try FileManager.default.moveItem(at: kept, to: key)
        // As after a move that left it behind.
        try FileManager.default.removeItem(at: home.data.appending(path: "web-main.witness"))
        let old = try await finish(["doctor"], home: home, environment: phones.environment).output
        #expect(old.contains("problem  whatsapp web main: main has a database that is older"), "\(old)")
        #expect(old.contains("ok       whatsapp web work"), "\(old)")
        let off = try MartletProcess(
            ["doctor"], home: home, environment: phones.environment.merging(["WHATSAPP_WEB": "off"]) { $1 })
        off.closeInput()
        _ = try await off.exitStatus()
        #expect(off.lines.contains("ok       whatsapp web: switched off"), "\(off.lines)")
    }
}
