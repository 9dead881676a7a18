import BotKit
import Foundation
import Logging
import Providers

extension Home {
    /// The folder for this process's files under way. What dead processes left is removed.
    /// - Throws: `Misconfiguration` when the folder that they share is open to others.
    func temporaryFiles(_ settings: ProcessSettings, _ logger: Logger) throws -> ProcessFolder {
        let root = settings.temporaryRoot ?? folder.appending(path: "media", directoryHint: .isDirectory)
        let name = settings.temporaryRoot == nil ? Self.setting.name : ProcessSettings.temporaryRoot.name
        let files: ProcessFolder
        do {
            files = try ProcessFolder(in: root, named: name, quota: settings.temporaryQuota)
        } catch let problem as Outage {
            // Never worth a start that fails: the machine's own folder does as well.
            logger.warning(
                "the folder for files under way cannot be made; the machine's own is used",
                metadata: ["error": "\(problem.description)"])
            let other = FileManager.default.temporaryDirectory.appending(path: "martlet-files-\(geteuid())")
            files = try ProcessFolder(in: other, named: "TMPDIR", quota: settings.temporaryQuota)
        }
        if files.sweptCount > 0 {
            logger.info("files of an earlier run were removed", metadata: ["folders": "\(files.sweptCount)"])
        }
        return files
    }
}
