import AsyncHTTPClient
import BotKit
import Foundation
import Providers

extension Wizard {
    /// Step 1: a number that is linked on the spot, one of the Cloud API, or this terminal.
    func askNetwork() async throws -> Answers {
        let choice = try answered(
            terminal.choose(
                "Step 1 of 3: where shall the bot talk?",
                [
                    "On a WhatsApp number: scan a QR code with its phone",
                    "WhatsApp Business number through Meta's Cloud API", "This terminal only (try it out)",
                ]))
        switch choice {
        case 0: return try await linkAccount()
        case 1: return try await askBusinessNumber()
        default: return [("MARTLET_TERMINAL", "true")]
        }
    }

    /// A number of the Cloud API, tried out with calls that change nothing.
    private func askBusinessNumber() async throws -> Answers {
        terminal.say(
            """
            From your app at developers.facebook.com, page "WhatsApp > API Setup". Meta's terms restrict general-purpose
            AI assistants on this network; docs/cloud-api.md says what that means for you.
            """)
        let verifyToken = (0..<24).map { _ in String(format: "%02x", UInt8.random(in: 0...255)) }.joined()
        while true {
            let answers = try askCloud(verifyToken: verifyToken)
            terminal.say("Asking Meta about this number…")
            if let problem = try await problem(with: answers) {
                terminal.say("That does not work: \(problem.description)")
                let next = try answered(
                    terminal.choose("What now?", ["Type the values again", "Go on with them; I mend it later"]))
                guard next == 1 else { continue }
            } else {
                terminal.say("The number answers.")
            }
            terminal.say("Verify token for the webhook page at Meta, made for you: \(verifyToken)")
            return answers
        }
    }

    private func askCloud(verifyToken: String) throws -> Answers {
        [
            ("CLOUD_PHONE_NUMBER_ID", try answered(askDigits("Phone number ID"))),
            ("CLOUD_ACCESS_TOKEN", try answered(askNonempty { terminal.askSecretly("Access token (not shown)") })),
            ("CLOUD_APP_SECRET", try answered(askNonempty { terminal.askSecretly("App secret (not shown)") })),
            ("CLOUD_VERIFY_TOKEN", verifyToken),
        ]
    }

    private func askDigits(_ question: String) -> String? {
        while let text = terminal.ask(question) {
            if (5...20).contains(text.count), text.allSatisfy({ ("0"..."9").contains($0) }) { return text }
            terminal.say("That is a number of 5 to 20 digits, not the telephone number itself.")
        }
        return nil
    }

    private func problem(with answers: Answers) async throws -> Misconfiguration? {
        let settings: WhatsAppCloudSettings
        do {
            settings = try WhatsAppCloudSettings(try sources.reader(answers: answers))
            try settings.check()
        } catch let problem as Misconfiguration {
            return problem
        }
        let http = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: WhatsAppCloudNetwork.httpClientConfiguration)
        return try await with(http) { await WhatsAppCloudCheck(settings, http: http).run() }
    }
}
