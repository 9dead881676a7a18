import ArgumentParser
import Foundation

/// `whatsapp-emulator web`: WhatsApp's servers and phones, for clients of WhatsApp Web.
struct WebCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "web",
        abstract: "Emulates WhatsApp's servers and the primary phones, for clients of WhatsApp Web.",
        discussion: """
            EXAMPLES
              whatsapp-emulator web
              whatsapp-emulator web --state folder --tls-port 8443
              curl -X POST localhost:8444/qr/scan \\
                -d '{"qr":"2@…","account":"15550000001"}'
              whatsapp-emulator web --guide

            Without a folder, keys live in memory. When it serves, it prints one line of JSON on standard output, with \
            ready, port, control_port and root.

            The phones are played over the control API, which --guide prints.
            """)

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(
        name: [.customLong("port"), .customLong("plain-port")], help: "ws and media without TLS; 0 takes a free port.")
    var port = 0

    @Option(help: "wss and media with TLS; 0 takes a free port. Without it there is no TLS.")
    var tlsPort: Int?

    @Option(help: "The control API; 0 takes a free port.")
    var controlPort = 0

    @Option(help: "The folder for noise-root.pub, ca.pem and their private keys; without it they live in memory.")
    var state: String?

    @Option(help: "Where clients are sent for media, HOST or HOST:PORT.")
    var mediaHost: String?

    @Option(help: "A file for the log of stanzas.")
    var log: String?

    @Option(help: "Frames larger than this are compressed; 0 for never.")
    var compressOver = 4096

    @Option(help: "So many queued stanzas are sent before the client has to ask for more; 0 sends all.")
    var offlinePrimer = 0

    @Flag(help: "Phones send no keys, settings and history to new companions.")
    var noWelcome = false

    @Flag(help: "Log no stanzas, for load.")
    var lean = false

    @Flag(help: "Print what the control API can do, and end.")
    var guide = false

    func run() async throws {
        if guide { return print(WebControlGuide.text) }
        var settings = WebEmulator.Configuration()
        settings.host = host
        settings.port = port
        settings.tlsPort = tlsPort
        settings.controlPort = controlPort
        settings.folder = state.map { URL(filePath: $0) }
        settings.mediaHost = mediaHost
        settings.logFile = log.map { URL(filePath: $0) }
        settings.compressAbove = compressOver
        settings.offlinePrimer = offlinePrimer
        settings.welcomes = !noWelcome
        settings.isLean = lean
        do {
            let emulator = try WebEmulator(settings)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await emulator.run() }
                announce(try await emulator.start(), root: HexadecimalText.text(emulator.rootKey))
                try await group.next()
            }
        } catch {
            say("cannot serve on \(host): \(error). Is a port taken? Leave it out to take a free one.")
            throw ExitCode(1)
        }
    }

    private func announce(_ ports: WebEmulator.Ports, root: String) {
        say(
            """
            Emulated WhatsApp Web. Point a client to it with:
              server     ws://\(host):\(ports.plain)/ws/chat
              root key   \(root)
            The phones:  curl http://\(host):\(ports.control)/
            """)
        let line = EmulatorJSON.object([
            "ready": true, "port": .integer(ports.plain), "tls_port": ports.tls.map(EmulatorJSON.integer),
            "control_port": .integer(ports.control), "root": .string(root),
        ])
        print(line.description)
        fflush(nil)
    }

    /// Writes to standard error, so that standard output has only the line for scripts.
    private func say(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }
}
