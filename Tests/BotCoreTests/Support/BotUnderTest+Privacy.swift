import BotKit

@testable import BotCore

extension BotUnderTest {
    /// What chats decided about what is kept of them.
    func privacy(_ settings: [String: String] = [:]) throws -> PrivacyLedger {
        try PrivacyLedger(
            database: database, ids: ids,
            settings: Self.settings(settings).privacy,
            personalData: CoreSchema.personalData, directory: directory)
    }

    /// What is erased by whom, over the tables of this bot.
    var erasure: Erasure { Erasure(database: database, personalData: CoreSchema.personalData, files: nil) }
    var finder: PersonFinder {
        PersonFinder(database: database, personalData: CoreSchema.personalData, directory: directory)
    }
}

extension PruneExpiredHandler {
    /// What removes what was kept long enough from the tables of the core.
    /// - Parameter runningHours: 0 for retention alone.
    static func sample(
        over database: any Database, runningHours: Int = 0, directory: ProviderDirectory = ProviderDirectory()
    ) throws -> PruneExpiredHandler {
        let settings = try BotUnderTest.settings(["PRIVACY_RUNNING_HOURS": "\(runningHours)"])
        return PruneExpiredHandler(
            database: database, personalData: CoreSchema.personalData, settings: settings.privacy,
            directory: directory, inboxFloor: PrivacyJobs.inboxFloor(settings.pipeline))
    }
}
