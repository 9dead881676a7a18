import Foundation
import GRDB

/// Another program that uses the same file.
struct Rival {
    private let queue: DatabaseQueue

    init(_ file: URL, foreignKeys: Bool = true) throws {
        var configuration = Configuration()
        configuration.foreignKeysEnabled = foreignKeys
        configuration.allowsUnsafeTransactions = true
        queue = try DatabaseQueue(path: file.path, configuration: configuration)
    }

    func execute(_ text: String) throws { try queue.unsafeReentrantWrite { try $0.execute(sql: text) } }
    func close() throws { try queue.close() }
}

/// The settings that a connection runs with, by the names of their pragmas.
func pragmas(_ names: [String], of queue: DatabaseQueue) throws -> [String] {
    try queue.unsafeReentrantRead { connection in
        try names.map { try String.fetchOne(connection, sql: "PRAGMA \($0)") ?? "" }
    }
}
