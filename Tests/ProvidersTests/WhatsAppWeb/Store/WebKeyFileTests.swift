import BotKit
import Foundation
import Providers
import TestKit
import Testing
import WhatsAppWeb

@Suite struct WebKeyFileTests {
    private let file = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID().uuidString)")

    private func refusal() -> String {
        do {
            _ = try WebKeyFile.loadOrMake(at: file)
            return ""
        } catch {
            return "\(error)"
        }
    }

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

    @Test func `one that others can read is refused with the remedy`() throws {
        defer { try? FileManager.default.removeItem(at: file) }
        _ = try WebKeyFile.loadOrMake(at: file)
        for mode in [0o640, 0o604, 0o660] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
            #expect(refusal().contains("chmod 600"))
        }
    }

    @Test func `what is no key is refused`() throws {
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(repeating: 1, count: 31).write(to: file)
        #expect(refusal().contains("not the 32 bytes"))
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "/dev/zero")
        #expect(refusal().contains("cannot be read"))
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        #expect(refusal().contains("not the 32 bytes"))
    }

    @Test func `all that make it at once have the same`() async throws {
        defer { try? FileManager.default.removeItem(at: file) }
        let file = file
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 { group.addTask { (try? WebKeyFile.loadOrMake(at: file)) != nil } }
            for await isMade in group { #expect(isMade) }
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path)
        #expect(left.filter { $0.hasPrefix(file.lastPathComponent) } == [file.lastPathComponent])
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
