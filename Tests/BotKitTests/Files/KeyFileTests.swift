import BotKit
import Foundation
import Testing

struct KeyFileTests {
    private let file = FileManager.default.temporaryDirectory.appending(path: "key-\(UUID().uuidString)")
    private var key: KeyFile { KeyFile(file, remedy: "Bring it back.") }

    private func refusal() -> String {
        do {
            _ = try key.loadOrMake()
            return ""
        } catch {
            return "\(error)"
        }
    }

    @Test func `is made once, for its owner alone`() throws {
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(try key.load() == nil)
        let bytes = try key.loadOrMake()
        #expect(bytes.count == 32)
        #expect(try [UInt8](Data(contentsOf: file)) == bytes)
        #expect(try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? Int == 0o600)
        #expect(try key.loadOrMake() == bytes)
    }

    @Test func `one that others can read is refused with the remedy`() throws {
        defer { try? FileManager.default.removeItem(at: file) }
        _ = try key.loadOrMake()
        for mode in [0o640, 0o604, 0o660] {
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
            #expect(refusal().contains("can be read by other users"))
        }
    }

    @Test func `what is no key is refused`() throws {
        defer { try? FileManager.default.removeItem(at: file) }
        #expect(
            FileManager.default.createFile(
                atPath: file.path, contents: Data(count: 31), attributes: [.posixPermissions: 0o600]))
        #expect(refusal().contains("does not hold the 32 bytes"))
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createSymbolicLink(atPath: file.path, withDestinationPath: "/dev/zero")
        #expect(refusal().contains("cannot be opened"))
        try FileManager.default.removeItem(at: file)
        try FileManager.default.createDirectory(at: file, withIntermediateDirectories: false)
        #expect(refusal().contains("is no file"))
    }

    @Test func `all that make it at once have the same`() async throws {
        defer { try? FileManager.default.removeItem(at: file) }
        let key = key
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<16 { group.addTask { (try? key.loadOrMake()) != nil } }
            for await isMade in group { #expect(isMade) }
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: file.deletingLastPathComponent().path)
        #expect(left.filter { $0.hasPrefix(file.lastPathComponent) } == [file.lastPathComponent])
    }
}
