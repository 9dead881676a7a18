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

    @Test func `an answer that is being made when number and id turn out to be one belongs to the joined conversation`()
        async throws
    {
        try await CloudBot.running { bot in
            await bot.emulator.setWindow(.off)
            let id = "US.13491208655302741918"
            try await bot.deliver("one", id: "wamid.1")
            #expect(await bot.emulator.waitForSent(1, within: .patience))
            try await bot.deliver("wait 1500", id: "wamid.2", from: nil, userID: id)
            _ = try await eventually("the model is asked") { bot.model.questions.count == 2 ? true : nil }
            try await bot.deliver("three", id: "wamid.3", userID: id)
            #expect(await bot.emulator.waitForSent(3, within: .patience))
            try await bot.deliver("four", id: "wamid.4", from: nil, userID: id)
            #expect(await bot.emulator.waitForSent(4, within: .patience))
            let known = bot.model.questions.last?.map(\.text) ?? []
            for text in ["one", "wait 1500", "echo: wait 1500", "three", "four"] {
                #expect(known.contains(text), "\(known)")
            }
        }
    }
}
