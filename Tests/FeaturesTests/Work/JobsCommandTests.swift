import BotKit
import Foundation
import TestKit
import Testing

@Suite struct JobsCommandTests {
    private func turn(_ text: String, language: Language = .english) -> Turn {
        .sample(text, role: .operator, language: language, at: .monday.addingTimeInterval(90))
    }

    private static let work = WorkInQueue(
        pieces: [
            .init(reference: "A1", isRunning: true, askedAt: .monday, failures: 0),
            .init(
                reference: "B2", isRunning: false, askedAt: .monday.addingTimeInterval(30),
                failures: 2),
        ], running: 1, waiting: 4, members: 2)

    @Test func `lists what runs and waits`() async throws {
        let features = try await FeaturesUnderTest()
        #expect(try await features.say(turn("!jobs")) == "No heavy work waits or runs.")
        features.work.set(Self.work)
        let said = try #require(try await features.say(turn("!jobs")))
        #expect(
            said.split(separator: "\n") == [
                "Running: 1, waiting: 4, members: 2", "1. A1: running (90 s since it was asked)",
                "2. B2: waiting to be tried again (60 s since it was asked, failures: 2)", "…and 3 more.",
            ])
        #expect(try await features.say(turn("!משימות", language: .hebrew))?.hasPrefix("בביצוע: ") == true)
    }

    @Test func `takes one out, and records that`() async throws {
        let features = try await FeaturesUnderTest()
        features.work.set(Self.work)
        let responder = try #require(features.responder(for: turn("!jobs cancel b2")))
        #expect(responder.needs == .manageWork)
        let answer = try await responder.answer(turn("!jobs cancel b2"))
        #expect(answer.audit == [AuditEntry(.workCancelled, details: ["work": "B2"])])
        #expect(answer.writes.count == 1)
        let stop = try #require(features.responder(for: turn("!stop")))
        #expect(try await stop.answer(turn("!stop")).writes.count == 1)
        #expect(try await features.refusal(turn("!jobs cancel C3"))?.contains("C3") == true)
    }

    @Test(arguments: ["cancel", "cancel A1 B2", "drop", "all of them"])
    func `says how it is used`(rest: String) async throws {
        let features = try await FeaturesUnderTest()
        #expect(try await features.refusal(turn("!jobs \(rest)"))?.hasPrefix("!jobs") == true)
    }
}
