public import BotKit
import Crypto
public import Foundation

/// The names of chats and members in logs: keyed hashes that lead nowhere without the installation's key.
public struct Pseudonyms: Sendable {
    private let key: SymmetricKey

    /// - Parameter key: 32 random bytes.
    public init(key: [UInt8]) { self.key = SymmetricKey(data: key) }

    /// Takes the key from the file `log.key` in `home`, and makes that file (mode 0600) when there is none.
    /// - Throws: `Misconfiguration` when the file cannot be made or read, is open to others, or has another size.
    public init(home: URL) throws {
        let file = KeyFile(
            home.appending(path: "log.key"),
            remedy: "Make MARTLET_HOME writable, give log.key to the user that runs Martlet with mode 0600, or remove "
                + "log.key: a new one is made, and the hashes in later logs then differ from earlier ones.")
        self.init(key: try file.loadOrMake())
    }

    /// Twelve hexadecimal digits that stand for the chat, the same at every start.
    public func of(_ chat: ChatID) -> String { digest("chat", chat.rawValue) }

    /// Twelve hexadecimal digits that stand for the member, the same at every start.
    public func of(_ member: MemberID) -> String { digest("member", member.rawValue) }

    /// Twelve hexadecimal digits that stand for the number, the same at every start.
    public func of(_ number: PhoneNumber) -> String { digest("number", number.digits) }

    /// Twelve hexadecimal digits that stand for the network's id, the same at every start.
    public func of(_ id: NetworkID) -> String { digest("id", id.text) }

    private func digest(_ kind: String, _ value: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(kind)\u{0}\(value)".utf8), using: key)
        return Hexadecimal.text(code.prefix(6))
    }
}
