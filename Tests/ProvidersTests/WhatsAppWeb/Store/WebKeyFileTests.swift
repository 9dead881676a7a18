import BotKit
import Foundation
import Providers
import TestKit
import Testing
import WhatsAppWeb

@Suite struct WebKeyFileTests {
    private let file = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID().uuidString)")

    @Test func `is made once, for its owner alone, and prints no key`() throws {
        defer { try? FileManager.default.removeItem(at: file) }
        let made = try WebKeyFile.loadOrMake(at: file)
        let bytes = try Data(contentsOf: file)
        #expect(bytes.count == 32)
        #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)
        _ = try WebKeyFile.loadOrMake(at: file)
        #expect(try Data(contentsOf: file) == bytes)
        #expect("\(made)" == file.path)
    }

    @Test func `a lost key file is told apart, and the old one helps`() async throws {
        let bench = try await StoreBench()
        let store = try await bench.open()
        try await store.commit([.put(.credentials, try await StoreBench.credentials())], events: [])
        store.close()
        let away = bench.folder.appending(path: "away")
        try FileManager.default.moveItem(at: bench.keyFile, to: away)
        do {
            _ = try await bench.open()
            Issue.record("another key was taken")
        } catch let error as Misconfiguration {
            #expect(error.remedy.contains("martlet accounts unlink main"))
        }
        try await bench.open(keyFile: away).close()
    }
}
