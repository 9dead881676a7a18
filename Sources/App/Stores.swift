import BotCore
import BotKit
import Configuration
import Foundation
import ServiceLifecycle
import StoreSQLite

/// The storage backends: a line each.
enum Stores {
    /// A store, with what the operator's commands need of it.
    typealias Store = any Database & DatabaseMaintenance & Service

    /// Whether there is a store.
    static func exists(in home: Home) -> Bool {
        FileManager.default.fileExists(atPath: home.file("martlet.sqlite").path)
    }

    /// Opens the store that the settings name; there is one so far, a SQLite file in the data folder.
    /// - Parameter isOnlyInstance: whether to hold the folder against other processes. Commands that only look do not.
    static func open(_ home: Home, isOnlyInstance: Bool = true) throws -> Store {
        var options = SQLiteDatabase.Options()
        options.isOnlyInstance = isOnlyInstance
        return try SQLiteDatabase.open(home.file("martlet.sqlite"), options)
    }

    /// Opens the store beside a running bot, if there is one.
    /// - Throws: `Misconfiguration` when it does not exist yet.
    static func openExisting(_ home: Home) throws -> Store {
        guard exists(in: home) else {
            throw Misconfiguration(
                Home.setting.name, "holds no database yet (\(home.file("martlet.sqlite").path))",
                remedy: "Start the bot once with martlet run, or set MARTLET_HOME to its data folder.")
        }
        return try open(home, isOnlyInstance: false)
    }

    /// Opens the store beside a running bot, for a command whose tables may not be there yet.
    /// - Throws: `Misconfiguration` when they are not, or when there is no store.
    static func using<Value>(_ home: Home, _ body: (Store) async throws -> Value) async throws -> Value {
        let store = try openExisting(home)
        let result: Result<Value, any Error>
        do { result = .success(try await body(store)) } catch { result = .failure(error) }
        var pending: [Migration] = []
        if case .failure(is DatabaseError) = result {
            let migrator = Migrator(store, ProductSchema.whole.migrations, time: SystemTime())
            pending = (try? await migrator.pending()) ?? []
        }
        do { try await store.close() } catch { _ = try result.get(); throw error }
        guard pending.isEmpty else {
            throw Misconfiguration(
                "database", "lacks \(pending.count) steps of the schema, which this command needs",
                remedy: "Run martlet migrate, or just start the bot.")
        }
        return try result.get()
    }

    /// Opens the store, and makes it when it is missing: held against others when no bot runs, otherwise beside it.
    static func openBesideOrAlone(_ home: Home) throws -> (store: Store, isAlone: Bool) {
        do {
            return (try open(home), true)
        } catch let problem as Misconfiguration {
            // Only a running bot leaves a store that can be opened beside it.
            guard let store = try? openExisting(home) else { throw problem }
            return (store, false)
        }
    }
}
