import ArgumentParser
import Testing

@testable import WhatsAppEmulator

/// What a person reads in a terminal of 80 columns, and in one of 60.
@Suite struct HelpTests {
    private static let commands: [any ParsableCommand.Type] = [
        GraphCommand.self, WebCommand.self, PhoneCommand.self, EchoModelCommand.self,
    ]

    @Test(arguments: [60, 80])
    func `no example is broken`(columns: Int) {
        for command in Self.commands {
            let help = WhatsAppEmulatorCommand.helpMessage(for: command, columns: columns)
            let lines = help.split(separator: "\n", omittingEmptySubsequences: false)
            // Prose may be wrapped; what is indented has its lines for a reason.
            for line in command.configuration.discussion.split(separator: "\n") where line.hasPrefix(" ") {
                #expect(lines.contains(line), "\(command) breaks: \(line)")
            }
        }
    }

    @Test func `the guides to the control APIs fit into 80 columns`() {
        for line in (ControlGuide.text + WebControlGuide.text).split(separator: "\n") {
            #expect(line.count < 80, "\(line)")
        }
    }

    @Test func `the help of a server leads to its guide`() throws {
        for command in [GraphCommand.self, WebCommand.self] as [any ParsableCommand.Type] {
            #expect(command.configuration.discussion.contains(" --guide"))
        }
        #expect(try GraphCommand.parse(["--guide"]).guide)
        #expect(try WebCommand.parse(["--guide"]).guide)
    }
}
