import ArgumentParser
import Foundation

/// Where the programs are that a linked account talks to.
struct WebPeerOptions: ParsableArguments {
    @Option(help: "The emulated WhatsApp; by default the whatsapp-emulator beside this program.")
    var emulator: String?
    @Option(help: "A Python with neonize, for a real whatsmeow client; without it there is none.")
    var python: String?
    @Option(help: "The folder with the scripts of that client.")
    var interop = "Tests/Interop"

    func validate() throws {
        guard FileManager.default.isExecutableFile(atPath: emulatorPath) else {
            throw ValidationError("--emulator names no program: \(emulatorPath)")
        }
        guard let python, !python.isEmpty else { return }
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw ValidationError("--python names no program: \(python)")
        }
        guard FileManager.default.fileExists(atPath: interop + "/whatsmeow_peer.py") else {
            throw ValidationError("--interop names no folder with whatsmeow_peer.py: \(interop)")
        }
    }

    var emulatorPath: String {
        let own = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        return URL(filePath: emulator ?? own.appending(path: "whatsapp-emulator").path).standardizedFileURL.path
    }

    var whatsmeow: WhatsmeowProcess.Source? {
        guard let python, !python.isEmpty else { return nil }
        // Not resolved: a virtual environment's Python is a link.
        return WhatsmeowProcess.Source(
            python: URL(filePath: python).path, scripts: URL(filePath: interop).standardizedFileURL.path)
    }
}
