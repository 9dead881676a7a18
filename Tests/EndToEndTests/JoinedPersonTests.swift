import Foundation
import TestKit
import Testing

@testable import WhatsAppEmulator

@Suite struct JoinedPersonTests {
    @Test func `what is parked for a person known by id goes out when number and id turn out to be one`() async throws {
        try await CloudBot.running { bot in
            // The emulator does not see what is delivered past it.
            await bot.emulator.setWindow(.off)
            let id = "US.13491208655302741918"
            try await bot.deliver("one", id: "wamid.1")
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            await bot.emulator.inject(SendFault(.error(code: 131_047, httpStatus: 400, details: nil)))
            try await bot.deliver("two", id: "wamid.2", from: nil, userID: id)
            let refused = try await eventually("the window is found closed") {
                await bot.emulator.counts().refused > 0 ? true : nil
            }
            #expect(refused)
            try await bot.deliver("three", id: "wamid.3", userID: id)
            #expect(await bot.emulator.waitForSent(3, within: .patience))
            #expect(Set(await bot.texts) == ["echo: one", "echo: two", "echo: three"])
        }
    }
}
