import BotKit
import Foundation
import Logging
import Synchronization
import Testing
import TestKit

@testable import App

@Suite(.timeLimit(.minutes(1))) struct MemoryReturnTests {
    private let time = ManualTime(Date(timeIntervalSince1970: 1_772_000_000))
    private let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// Takes 64 MB in small pieces and frees all but some between, as a busy time does.
    private func makeHoles() -> [UnsafeMutableRawPointer] {
        let pieces = (0..<65_536).compactMap { _ in calloc(1, 1_000) }
        for piece in pieces { memset(piece, 1, 1_000) }
        for (index, piece) in pieces.enumerated() where index % 64 != 0 { free(piece) }
        return pieces.enumerated().filter { $0.offset % 64 == 0 }.map(\.element)
    }

    @Test(.disabled(if: ProcessInfo.processInfo.environment["MARTLET_SANITIZER"] != nil, "it has its own allocator"))
    func `what was freed between pieces in use goes back to the system`() {
        let kept = makeHoles()
        defer { for piece in kept { free(piece) } }
        let before = MemoryReturn.residentBytes
        let after = MemoryReturn(time: time, logger: logger) { true }.giveBack()
        #expect(before - after > 24 << 20)
    }

    @Test func `it looks now and then, and waits while the bot works`() async throws {
        let questions = Atomic(0)
        let part = MemoryReturn(time: time, logger: logger) {
            questions.wrappingAdd(1, ordering: .relaxed)
            return false
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await part.run() }
            for round in 1...3 {
                #expect(await eventually { !time.wakeTimes.isEmpty })
                #expect(questions.load(ordering: .relaxed) == round - 1)
                time.advance(by: MemoryReturn.interval)
                #expect(await eventually { questions.load(ordering: .relaxed) == round })
            }
            #expect(questions.load(ordering: .relaxed) == 3)
            group.cancelAll()
        }
    }
}
