@testable import AIServices
import BotKit
import Foundation
import Logging
import TestKit
import Testing

/// Prices follow their file while the product runs.
@Suite final class PriceBookTests {
    private let folder: URL
    private let file: URL
    private let log = LogBook()
    private let start = Date(timeIntervalSince1970: 1_795_219_200)

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "martlet-book-\(UUID().uuidString)")
        file = folder.appending(path: "prices.json")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    private func write(_ text: String) throws { try Data(text.utf8).write(to: file, options: .atomic) }
    private func write(dollars: String) throws { try write(#"[{"match":"m","input":"\#(dollars)"}]"#) }

    private func book(mayBeMissing: Bool = false) throws -> PriceBook {
        try PriceBook(file, named: "PRICE_FILE", mayBeMissing: mayBeMissing, at: start, logger: log.logger)
    }

    /// What a million tokens cost, in dollars, so many seconds after the start.
    private func dollars(_ book: PriceBook, _ seconds: Double) -> Int64? {
        let now = start.addingTimeInterval(seconds)
        let usage = Usage(
            operation: "chat", model: "m", host: "api.example.com", inputTokens: 1_000_000, outputTokens: 0)
        return book.prices(at: now).cost(of: usage, at: now).map { $0 / 1_000_000_000 }
    }

    @Test func `a changed file holds within a minute, and is not looked at more often`() throws {
        try write(dollars: "1")
        let book = try book()
        #expect(dollars(book, 0) == 1)
        try write(dollars: "2")
        #expect(dollars(book, 59) == 1)
        #expect(dollars(book, 60) == 2)
        try write(dollars: "3")
        #expect(dollars(book, 61) == 2)
        #expect(dollars(book, 119) == 2)
        #expect(dollars(book, 120) == 3)
        #expect(log.entries.map(\.level) == [.info, .info])
    }

    @Test func `a file that was written over in place with the same size is seen by its time`() throws {
        try write(dollars: "1")
        let book = try book()
        try Data(#"[{"match":"m","input":"7"}]"#.utf8).write(to: file)
        try FileManager.default.setAttributes([.modificationDate: start.addingTimeInterval(1)], ofItemAtPath: file.path)
        #expect(dollars(book, 60) == 7)
    }

    @Test func `a broken new file keeps the old prices and warns once`() throws {
        try write(dollars: "1")
        let book = try book()
        try write(#"[{"match":"m","input":"#)
        for minute in 1...5 { #expect(dollars(book, Double(minute) * 60) == 1) }
        #expect(log.entries.map(\.level) == [.warning])
        #expect(
            log.entries.first?.metadata["problem"].map { "\($0)" }?.contains("PRICE_FILE has a wrong entry") == true)
        try write(dollars: "2")
        #expect(dollars(book, 360) == 2)
        #expect(log.entries.map(\.level) == [.warning, .info])
    }

    @Test func `a named file that goes away keeps the old prices and warns once`() throws {
        try write(dollars: "1")
        let book = try book()
        try FileManager.default.removeItem(at: file)
        for minute in 1...3 { #expect(dollars(book, Double(minute) * 60) == 1) }
        #expect(log.entries.map(\.level) == [.warning])
    }

    @Test func `the file in the data folder may come and go`() throws {
        let book = try book(mayBeMissing: true)
        #expect(dollars(book, 0) == nil)
        try write(dollars: "4")
        #expect(dollars(book, 60) == 4)
        try FileManager.default.removeItem(at: file)
        #expect(dollars(book, 120) == nil)
        #expect(log.entries.map(\.level) == [.info, .info])
    }

    @Test func `a clock that is set back does not stop the looking`() throws {
        try write(dollars: "1")
        let book = try book()
        try write(dollars: "2")
        #expect(dollars(book, -86_400) == 2)
    }

    @Test func `a broken file stops the start`() throws {
        try write("{}")
        #expect(throws: Misconfiguration.self) { try book() }
        #expect(throws: Misconfiguration.self) { try book(mayBeMissing: true) }
        try FileManager.default.removeItem(at: file)
        #expect(throws: Misconfiguration.self) { try book() }
    }

    @Test func `an answer costs what the file says when it comes`() async throws {
        try write(#"[{"match":"*","provider":"127.0.0.1","input":"1000000"}]"#)
        let time = HastyTime(start)
        let book = try book()
        try await ScriptedServer.run { _, _ in
            .chat("yes", usage: #"{"prompt_tokens":1,"completion_tokens":0,"total_tokens":1}"#)
        } test: { server in
            try await Client.with(["OPENAI_BASE_URL": server.base], time: time, prices: book) { model in
                #expect(try await model.reply(to: .hello).usage.costNanoUSD == 1_000_000_000)
                try write(#"[{"match":"*","provider":"127.0.0.1","input":"2000000"}]"#)
                #expect(try await model.reply(to: .hello).usage.costNanoUSD == 1_000_000_000)
                try await time.sleep(for: .seconds(60))
                #expect(try await model.reply(to: .hello).usage.costNanoUSD == 2_000_000_000)
            }
        }
    }
}
