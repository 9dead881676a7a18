import Foundation
import Testing
import TestKit

@testable import WhatsAppEmulator

/// The notice that an answer takes time, which becomes the answer, over the emulated servers and phones.
@Suite struct EditTests {
    /// What the member's phone was sent: texts, and new words for one of them.
    private func shown(_ phones: EmulatedPhones) async throws -> [String] {
        let inbox = try await phones.get("/phone/inbox?account=\(EmulatedPhones.dana)").items ?? []
        return inbox.compactMap { entry in
            guard entry["type"]?.text == "edit" else { return entry["text"]?.text }
            return PhoneLine.text(of: entry)
        }
    }

    private func linked(_ phones: EmulatedPhones) async throws -> TemporaryFolder {
        let home = try TemporaryFolder()
        let link = try MartletProcess(["link", "--plain"], home: home, environment: phones.environment)
        try await phones.scan(try await link.code())
        #expect(try await link.exitStatus() == 0, "\(link.errors)")
        return home
    }

    @Test(arguments: [false, true])
    func `a slow answer takes the place of the notice, also over a kill`(_ isKilled: Bool) async throws {
        let phones = try await EmulatedPhones.start()
        let home = try await linked(phones)
        try await ModelStub.serving { model, settings in
            let environment = phones.environment.merging(settings) { $1 }
                .merging(["STILL_WORKING_SECONDS": "1"]) { $1 }
            var bot = try MartletProcess(["run"], home: home, environment: environment)
            try await phones.write("wait 3000")
            try await phones.shows("Still working on it…")
            if isKilled {
                bot.signal(SIGKILL)
                _ = try await bot.exitStatus()
                bot = try MartletProcess(["run"], home: home, environment: environment)
            }
            let last = "[edited] echo: wait 3000"
            _ = try await eventually("the edit") { () -> Bool? in
                try await shown(phones).contains(last) ? true : nil
            }
            // What is said next is answered as ever, and nothing came in between.
            try await phones.write("and now")
            try await phones.shows("echo: and now")
            #expect(try await shown(phones) == ["Still working on it…", last, "echo: and now"])
            bot.signal(SIGTERM)
            #expect(try await bot.exitStatus() == 0)
        }
    }
}
