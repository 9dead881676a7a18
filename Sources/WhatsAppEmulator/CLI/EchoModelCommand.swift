import ArgumentParser
import Foundation

/// `whatsapp-emulator echo-model`: a model for demos.
struct EchoModelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo-model", abstract: "A model server that needs no key and says what it was told.",
        discussion: """
            Speaks the OpenAI chat completions API. When it serves, it prints one line of JSON on standard output, \
            with ready, port, base_url and model.

            EXAMPLES
              whatsapp-emulator echo-model --port 8085
              OPENAI_BASE_URL=http://127.0.0.1:8085/v1 \\
                OPENAI_GPT_MODEL=echo martlet chat
            """)

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 takes a free one.")
    var port = 0

    func run() async throws {
        let model = EchoModel(host: host, port: port)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await model.run() }
                let port = try await model.start()
                let line: EmulatorJSON = [
                    "ready": true, "port": .integer(port), "base_url": .string("http://\(host):\(port)/v1"),
                    "model": .string(EchoModel.name),
                ]
                print(line.description)
                fflush(nil)
                try await group.next()
            }
        } catch {
            let text = "cannot serve on \(host):\(port): \(error). Leave --port out to take a free one.\n"
            try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
            throw ExitCode(1)
        }
    }
}
