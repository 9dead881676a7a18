import BotKit
import Crypto
public import Foundation

/// The key that the accounts' own keys are encrypted with, in a file of its own: who has only the database, or a backup
/// of it, can read no conversation.
public struct WebKeyFile: Sendable, CustomStringConvertible {
    let key: SymmetricKey
    public let description: String

    /// The key in `file`; when there is none it is made, readable for its owner alone, and flushed to the disk.
    /// - Throws: `Misconfiguration` when others can read it, when it is no key, or when it cannot be read or made.
    public static func loadOrMake(at file: URL) throws -> WebKeyFile {
        let bytes = try KeyFile(
            file,
            remedy: "Put the file from your backup there, owned by the user that runs Martlet: chmod 600 '\(file.path)'"
        ).loadOrMake()
        return WebKeyFile(key: SymmetricKey(data: bytes), description: file.path)
    }
}
