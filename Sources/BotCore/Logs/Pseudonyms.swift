public import BotKit
import Crypto
public import Foundation

/// The names of chats and members in logs: keyed hashes that lead nowhere without the installation's key.
public struct Pseudonyms: Sendable {
    private static let keyBytes = 32
    private let key: SymmetricKey

    /// - Parameter key: 32 random bytes.
    public init(key: [UInt8]) { self.key = SymmetricKey(data: key) }

    /// Takes the key from the file `log.key` in `home`, and makes that file (mode 0600) when there is none.
    /// - Throws: `Misconfiguration` when the file cannot be made or read, is open to others, or has another size.
    public init(home: URL) throws {
        let file = home.appending(path: "log.key")
        if let bytes = try Self.read(file.path) {
            self.init(key: bytes)
            return
        }
        var random = SystemRandomNumberGenerator()
        let fresh = (0..<Self.keyBytes).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        try Self.store(fresh, at: file.path)
        // Another process may have been faster; the file that is there now is the one for both.
        guard let stored = try Self.read(file.path) else { throw Self.wrong("could not be made in MARTLET_HOME") }
        self.init(key: stored)
    }

    /// Twelve hexadecimal digits that stand for the chat, the same at every start.
    public func of(_ chat: ChatID) -> String { digest("chat", chat.rawValue) }

    /// Twelve hexadecimal digits that stand for the member, the same at every start.
    public func of(_ member: MemberID) -> String { digest("member", member.rawValue) }

    private func digest(_ kind: String, _ value: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(kind)\u{0}\(value)".utf8), using: key)
        var digits: [UInt8] = []
        for byte in code.prefix(6) {
            for nibble in [byte >> 4, byte & 0xF] {
                digits.append(nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10)
            }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// - Returns: the key, or `nil` when there is no file.
    private static func read(_ path: String) throws -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw wrong("cannot be opened (\(String(cString: strerror(errno))))")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { throw wrong("is no file") }
        guard status.st_mode & 0o077 == 0 else { throw wrong("can be read by other users") }
        var bytes = [UInt8](repeating: 0, count: keyBytes + 1)
        let count = Foundation.read(descriptor, &bytes, bytes.count)
        guard count == keyBytes else { throw wrong("does not hold \(keyBytes) bytes") }
        return Array(bytes.prefix(keyBytes))
    }

    /// Writes under another name first, so that the key's file is whole or not there.
    private static func store(_ key: [UInt8], at path: String) throws {
        let draft = "\(path).\(UUID().uuidString)"
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw wrong("cannot be made (\(String(cString: strerror(errno))))") }
        defer { unlink(draft) }
        let count = write(descriptor, key, key.count)
        let isDurable = fsync(descriptor) == 0
        close(descriptor)
        guard count == key.count, isDurable else { throw wrong("cannot be written") }
        guard link(draft, path) == 0 || errno == EEXIST else {
            throw wrong("cannot be made (\(String(cString: strerror(errno))))")
        }
    }

    private static func wrong(_ problem: String) -> Misconfiguration {
        Misconfiguration(
            "log.key", problem,
            remedy: "Make MARTLET_HOME writable, give log.key to the user that runs Martlet with mode 0600, or remove "
                + "log.key: a new one is made, and the hashes in later logs then differ from earlier ones.")
    }
}
