import BotKit
import Configuration
import Foundation
import ServiceLifecycle
import StoreSQLite

/// The storage backends: a line each.
enum Stores {
    /// A store, with what the operator's commands need of it.
    typealias Store = any Database & DatabaseMaintenance & Service

    /// Opens the store that the settings name; there is one so far, a SQLite file in the data folder.
    /// - Parameter isOnlyInstance: whether to hold the folder against other processes. Commands that only look do not.
    static func open(_ home: Home, isOnlyInstance: Bool = true) throws -> Store {
        var options = SQLiteDatabase.Options()
        options.isOnlyInstance = isOnlyInstance
        return try SQLiteDatabase.open(home.file("martlet.sqlite"), options)
    }
}
