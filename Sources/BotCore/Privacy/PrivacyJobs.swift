import BotKit
import Foundation

/// The jobs of privacy: retention, export and erasure, all over what the tables declare.
struct PrivacyJobs: Sendable {
    /// The least that the inbox is kept where messages of any age are answered.
    private static let longFloor = Duration.seconds(30 * 86_400)

    let handlers: [any JobHandler]

    init(
        database: any Database, personalData: [PersonalData], directory: ProviderDirectory, settings: BotCore.Settings,
        audit: AuditLog, admitted: AdmittedMembers, phrasebook: Phrasebook, ids: RowIDs, files: URL?,
        maintenance: (any DatabaseMaintenance)?
    ) {
        let finder = PersonFinder(database: database, personalData: personalData, directory: directory)
        let erasure = Erasure(database: database, personalData: personalData, files: files)
        var handlers: [any JobHandler] = [
            PruneExpiredHandler(
                database: database, personalData: personalData, settings: settings.privacy,
                directory: directory, inboxFloor: Self.inboxFloor(settings.pipeline)),
            WipePersonalDataHandler(
                database: database, finder: finder, erasure: erasure, audit: audit, phrasebook: phrasebook, ids: ids),
            FinishWipeHandler(
                database: database, finder: finder, erasure: erasure, directory: directory, admitted: admitted,
                maintenance: maintenance, ids: ids),
        ]
        if let maintenance { handlers.append(CompactStoreHandler(maintenance: maintenance)) }
        if let files {
            let export = DataExport(
                database: database, personalData: personalData, folder: files, phrasebook: phrasebook)
            handlers.append(MakeExportHandler(database: database, finder: finder, export: export, ids: ids))
            handlers.append(RemoveExportHandler(database: database, export: export))
        }
        self.handlers = handlers
    }

    /// The longest age at which a message that comes again would be answered again; clocks may differ by an hour.
    static func inboxFloor(_ settings: PipelineSettings) -> Duration {
        let ages = [settings.maxAgeDirect, settings.maxAgeGroup]
        if ages.contains(.zero) { return longFloor }
        return (ages.max() ?? .zero) + .seconds(3_600)
    }
}
