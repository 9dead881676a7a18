import Testing
import WhatsAppWire

@testable import WhatsAppWeb

struct PendingAnswersTests {
    private let answers = PendingAnswers()
    private let soon = ContinuousClock.now + .seconds(60)

    @Test func `an answer that comes before anybody waits is not lost`() async throws {
        answers.open()
        try answers.expect(.request("1"), until: soon)
        #expect(answers.resolve(.request("1"), with: Node("iq")))
        #expect(!answers.resolve(.request("1"), with: Node("late")))
        #expect(try await answers.answer(to: .request("1")) == Node("iq"))
        #expect(!answers.resolve(.request("1"), with: Node("late")))
    }

    @Test func `an answer reaches who waits`() async throws {
        answers.open()
        try answers.expect(.message("1"), until: soon)
        async let answer = answers.answer(to: .message("1"))
        answers.resolve(.message("1"), with: Node("ack"))
        #expect(try await answer == Node("ack"))
    }

    @Test func `without a connection nothing is expected, and its end ends all waits`() async throws {
        #expect(throws: WebError.self) { try answers.expect(.request("1"), until: soon) }
        answers.open()
        try answers.expect(.request("1"), until: soon)
        answers.close()
        let error = await #expect(throws: WebError.self) { try await answers.answer(to: .request("1")) }
        #expect(error?.code == .disconnected)
    }

    @Test func `an id is used once at a time`() throws {
        answers.open()
        try answers.expect(.request("1"), until: soon)
        #expect(throws: WebError.self) { try answers.expect(.request("1"), until: soon) }
        answers.abandon(.request("1"))
        try answers.expect(.request("1"), until: soon)
    }

    @Test func `waits end when they last too long or are cancelled`() async throws {
        answers.open()
        try answers.expect(.request("1"), until: soon)
        answers.expire(at: soon)
        let error = await #expect(throws: WebError.self) { try await answers.answer(to: .request("1")) }
        #expect(error?.code == .timedOut)
        try answers.expect(.request("2"), until: soon)
        await withTaskGroup(of: Bool.self) { group in
            group.addTask {
                do { _ = try await answers.answer(to: .request("2")) } catch { return error is CancellationError }
                return false
            }
            group.cancelAll()
            #expect(await group.next() == true)
        }
        try answers.expect(.request("2"), until: soon)
    }
}
