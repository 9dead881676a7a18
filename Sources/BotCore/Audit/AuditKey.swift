import BotKit
import Crypto
public import Foundation

/// What signs the audit's seals, and the file that they are copied to.
///
/// In `MARTLET_HOME`: `audit.key` signs and stays secret, `audit.pub` verifies and may be given away (64 hexadecimal
/// digits), and `audit.seals` has a line for each seal. Who has the database alone can change no past unnoticed.
public struct AuditKey: Sendable {
    let key: Curve25519.Signing.PrivateKey
    /// The file with a line for each seal; nothing ever removes one.
    let seals: URL
    /// Whether it was made just now.
    let isNew: Bool

    init(_ key: Curve25519.Signing.PrivateKey, seals: URL, isNew: Bool = false) {
        self.key = key
        self.seals = seals
        self.isNew = isNew
    }

    private static let remedy =
        "Give audit.key to the user that runs Martlet with mode 0600, or bring it back from a backup. Without it "
        + "earlier entries of the audit cannot be told from forged ones."

    /// Makes the key in a folder that never had one.
    /// - Throws: `Misconfiguration` when the files cannot be made or read, or are open to others, or when the key of
    ///   an audit is gone: with another one, what was sealed so far would look forged, or nobody would notice.
    public init(home: URL) throws {
        let shared = home.appending(path: "audit.pub")
        let seals = home.appending(path: "audit.seals")
        // Before the key is looked for: of many who make it at once, another may be ahead.
        let hadKey = [shared, seals].contains { FileManager.default.fileExists(atPath: $0.path) }
        let place = home.appending(path: "audit.key")
        let isNew = !FileManager.default.fileExists(atPath: place.path)
        let file = KeyFile(place, remedy: Self.remedy)
        guard let bytes = hadKey ? try file.load() : try file.loadOrMake() else {
            throw Misconfiguration(
                "audit.key", "is gone (\(home.path))",
                remedy: "Bring it back from a backup. If there is none, put audit.pub and audit.seals away, outside of "
                    + "the data folder: a new key is made, and martlet audit verify names the first entry that the "
                    + "old one sealed.")
        }
        // Any 32 bytes are a key.
        self.init(try Curve25519.Signing.PrivateKey(rawRepresentation: bytes), seals: seals, isNew: isNew)
        let text = Data("\(publicText)\n".utf8)
        // A key that was brought back has another half than the file may say.
        guard FileManager.default.contents(atPath: shared.path) != text else { return }
        do { try text.write(to: shared, options: .atomic) } catch {
            throw Misconfiguration(
                "audit.pub", "cannot be written (\(shared.path))",
                remedy: "Make MARTLET_HOME writable for the user that runs Martlet.")
        }
    }

    /// The key that is there, for who only looks: nothing is made or written.
    /// - Throws: `Misconfiguration` when there is none, or when it cannot be read or is open to others.
    public init(lookingAt home: URL) throws {
        guard let bytes = try KeyFile(home.appending(path: "audit.key"), remedy: Self.remedy).load() else {
            throw Misconfiguration("audit.key", "is not there (\(home.path))", remedy: Self.remedy)
        }
        self.init(
            try Curve25519.Signing.PrivateKey(rawRepresentation: bytes), seals: home.appending(path: "audit.seals"))
    }

    /// The public half that lies in a data folder.
    /// - Throws: `Misconfiguration` when there is none.
    public static func publicText(in home: URL) throws -> String {
        let text = (try? String(contentsOf: home.appending(path: "audit.pub"), encoding: .utf8)) ?? ""
        let key = text.trimmingCharacters(in: .whitespacesAndNewlines)
        guard key.utf8.count == 64 else {
            throw Misconfiguration(
                "audit.pub", "holds no key (\(home.path))",
                remedy: "Name the data folder that the export is from (MARTLET_HOME), or give the key with --key.")
        }
        return key
    }

    /// The public half, 64 hexadecimal digits.
    public var publicText: String { Hexadecimal.text(key.publicKey.rawRepresentation) }

    /// Appends a line, whole or not at all as far as the disk allows.
    /// - Throws: `Outage` when the disk does not take it.
    func append(_ seal: AuditSeal) throws {
        let descriptor = open(seals.path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw Outage("disk", "audit.seals cannot be opened") }
        defer { close(descriptor) }
        // The start of a line that a loss of power or a full disk has cut must not spoil the next one.
        if let whole = try Self.lengthOfWholeLines(descriptor), ftruncate(descriptor, whole) != 0 {
            throw Outage("disk", "audit.seals ends within a line, which cannot be removed")
        }
        let line = Array("\(seal.json)\n".utf8)
        guard write(descriptor, line, line.count) == line.count else {
            throw Outage("disk", "audit.seals cannot be written")
        }
    }

    /// - Returns: where the last whole line ends, when there is something behind it.
    private static func lengthOfWholeLines(_ descriptor: CInt) throws -> off_t? {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Outage("disk", "audit.seals cannot be read") }
        var tail = [UInt8](repeating: 0, count: 1_024)
        let start = max(0, status.st_size - off_t(tail.count))
        let count = pread(descriptor, &tail, tail.count, start)
        guard count >= 0 else { throw Outage("disk", "audit.seals cannot be read") }
        guard count > 0, tail[count - 1] != UInt8(ascii: "\n") else { return nil }
        guard let end = tail[..<count].lastIndex(of: UInt8(ascii: "\n")) else { return start == 0 ? 0 : nil }
        return start + off_t(end) + 1
    }

    /// The lines of the seals' file; a last line that a loss of power has cut is left out.
    var storedSeals: [String] { Self.seals(in: seals) ?? [] }

    /// The lines of a file of seals, without a last one that was cut; `nil` when it is not there or cannot be read.
    static func seals(in file: URL) -> [String]? {
        guard let data = FileManager.default.contents(atPath: file.path) else { return nil }
        var lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true)
        if data.last != UInt8(ascii: "\n"), !lines.isEmpty { lines.removeLast() }
        return lines.map { String(decoding: $0, as: UTF8.self) }
    }
}
