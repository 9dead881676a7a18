public import ArgumentParser
import Foundation

extension GraphEmulator.StatusReports: ExpressibleByArgument {}
extension GraphEmulator.WindowRule: ExpressibleByArgument {}

/// `whatsapp-emulator graph`: the Graph API (Cloud API) with webhooks, media host and control API.
struct GraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Emulates Meta's Graph API for WhatsApp: messages, media, webhooks, and a control API.",
        discussion: """
            EXAMPLES
              whatsapp-emulator graph \\
                --webhook-url http://127.0.0.1:3000/webhook/cloud
              whatsapp-emulator graph --port 0 --statuses none --lean
              whatsapp-emulator graph \\
                --number 106540352242922:102290129340398:15550000001 \\
                --number 106540352242923:102290129340398:15550000002
              curl -X POST localhost:8080/control/messages \\
                -d '{"from":"15550000101","text":"hello"}'
              curl 'localhost:8080/control/wait?user=15550000101'
              whatsapp-emulator graph --guide

            When it serves, it prints one line of JSON on standard output: {"ready":true,"port":8080}

            Users and Meta are played, and faults set, over the control API, which --guide prints.
            """)

    @Option(help: "The address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "The port to listen on; 0 takes a free one.")
    var port = 8080

    @Option(help: "The id of the business phone number.")
    var phoneID = BusinessNumber().phoneNumberID

    @Option(help: "The id of the WhatsApp Business Account.")
    var accountID = BusinessNumber().accountID

    @Option(help: "The business phone number, digits.")
    var displayNumber = BusinessNumber().displayNumber

    @Option(help: "ID:ACCOUNT:DIGITS of a number; repeat it for several, instead of the three options above.")
    var number: [String] = []

    @Option(help: "The access token that calls must carry.")
    var token = GraphEmulator.Configuration().token

    @Option(help: "The app's id.")
    var appID = GraphEmulator.Configuration().appID

    @Option(help: "The app secret, which signs webhooks.")
    var appSecret = GraphEmulator.Configuration().appSecret

    @Option(help: "The token of the webhook's GET handshake.")
    var verifyToken = GraphEmulator.Configuration().verifyToken

    @Option(help: "Where webhooks go; it can also be set later, by the bot or by the control API.")
    var webhookURL: String?

    @Option(help: "The statuses that follow an accepted message.")
    var statuses = GraphEmulator.StatusReports.all

    @Option(help: "Outside the 24-hour window: no rule, refuse with 131047, or accept and fail by webhook.")
    var window = GraphEmulator.WindowRule.refuse

    @Option(name: .customLong("latency-ms"), help: "The time before each answer, milliseconds.")
    var latencyMilliseconds = 0

    @Option(name: .customLong("batch"), help: "The most updates in one webhook, 1 to 1000.")
    var batch = 1

    @Option(help: "The most received sends that are kept with their bodies.")
    var keep = 10_000

    @Flag(help: "Keep only counts of the received sends, for load.")
    var lean = false

    @Flag(help: "Accept templates that nobody registered.")
    var anyTemplate = false

    @Flag(help: "Enforce Meta's limits: 80 messages a second, one in 6 seconds to one user after a burst of 45.")
    var rates = false

    func validate() throws {
        guard (0...65_535).contains(port) else { throw ValidationError("--port must be 0 to 65535, is \(port)") }
        guard (1...1000).contains(batch) else { throw ValidationError("--batch must be 1 to 1000, is \(batch)") }
        guard keep >= 0, latencyMilliseconds >= 0 else {
            throw ValidationError("--keep and --latency-ms must not be negative")
        }
        if let webhookURL, !webhookURL.hasPrefix("http://"), !webhookURL.hasPrefix("https://") {
            throw ValidationError("--webhook-url must start with http:// or https://")
        }
        _ = try numbers()
    }

    @Flag(help: "Print what the control API can do, and end.")
    var guide = false

    func run() async throws {
        if guide { return print(ControlGuide.text) }
        var settings = GraphEmulator.Configuration()
        settings.host = host
        settings.port = port
        settings.numbers = try numbers()
        settings.token = token
        settings.appID = appID
        settings.appSecret = appSecret
        settings.verifyToken = verifyToken
        settings.webhookURL = webhookURL
        settings.statuses = statuses
        settings.window = window
        settings.latency = .milliseconds(latencyMilliseconds)
        settings.webhookBatch = batch
        settings.logCapacity = keep
        settings.isLean = lean
        settings.acceptsAnyTemplate = anyTemplate
        settings.enforcesRates = rates
        let emulator = GraphEmulator(settings)
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await emulator.run() }
                announce(try await emulator.start(), settings)
                try await group.next()
            }
        } catch {
            say("cannot serve on \(host):\(port): \(error). Is the port taken? Try --port 0.")
            throw ExitCode(1)
        }
    }

    private func numbers() throws -> [BusinessNumber] {
        guard !number.isEmpty else {
            return [BusinessNumber(phoneNumberID: phoneID, accountID: accountID, displayNumber: displayNumber)]
        }
        return try number.map { text in
            let parts = text.split(separator: ":").map(String.init)
            guard parts.count == 3, parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else {
                throw ValidationError(
                    "--number must be ID:ACCOUNT:DIGITS, such as 106540352242922:102290129340398:15550000001")
            }
            return BusinessNumber(phoneNumberID: parts[0], accountID: parts[1], displayNumber: parts[2])
        }
    }

    private func announce(_ port: Int, _ settings: GraphEmulator.Configuration) {
        let first = settings.numbers[0]
        say(
            """
            Emulated Graph API. Point a bot to it with:
              base URL         http://\(host):\(port)   (with or without a version, such as /v26.0)
              phone number id  \(first.phoneNumberID)
              account id       \(first.accountID)
              access token     \(settings.token)
              app secret       \(settings.appSecret)
              verify token     \(settings.verifyToken)
              webhooks go to   \(settings.webhookURL ?? "nowhere yet: --webhook-url, or PUT /control/webhook")
            Write to the bot:  curl -X POST http://\(host):\(port)/control/messages \
            -d '{"from":"15550000101","text":"hello"}'
            Everything else:   curl http://\(host):\(port)/control
            """)
        print(EmulatorJSON.object(["ready": true, "port": .integer(port)]).description)
        fflush(nil)
    }

    /// Writes to standard error, so that standard output has only the line for scripts.
    private func say(_ text: String) {
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }
}
