import BotKit
import Foundation
import Providers

/// What of the machine itself concerns files and processes.
struct MachineCheck {
    let home: Home
    let process: ProcessSettings

    /// Whose process it is.
    static var user: Finding {
        geteuid() == 0
            ? .advice(
                "runs as root, which can do everything on this machine",
                remedy: "Give it a user of its own, as docs/operations.md shows (As a service).")
            : .ok("runs as user \(geteuid())")
    }

    /// Folders above the data folder in which any user could put another one in its place.
    var parents: [Finding] {
        home.privateFolder.changeableParents.map { path in
            .problem(
                "any user may change \(path), and so put another folder in the place of yours",
                remedy: "Run: chmod o-w \(path.shellQuoted)")
        }
    }

    /// The folder for files under way.
    var temporaryFiles: Finding {
        guard let root = process.temporaryRoot else { return .ok("in the data folder") }
        guard FileManager.default.fileExists(atPath: root.path) else {
            return .ok("\(root.path) is not made yet; the first start makes it")
        }
        do {
            try PrivateFolder(root, named: ProcessSettings.temporaryRoot.name).check()
            return .ok("\(root.path) is yours alone")
        } catch {
            return Finding(error, remedy: "Set MARTLET_TEMP to another folder.")
        }
    }

    /// The program that converts files.
    var converter: Finding {
        let searchPath = ProcessInfo.processInfo.environment["PATH"] ?? ""
        return MediaConverter(searchPath: searchPath).path.map { .ok($0) }
            ?? .ok("not found, so files go out as they are; it needs ffmpeg and prlimit (util-linux) on the PATH")
    }
}
