public import BotKit

/// Who may talk with the bot and who may do what: `role`, `allow`, `deny`, `block`, `unblock`, `approve`,
/// `admin-login`, `admin-logout`.
public struct AccessFeature: Feature {
    public static let name = "access"
    public let responders: [any Responder]
    public let jobs: [any JobHandler] = [WelcomeAdmittedHandler()]

    public init(book: any AccessBook, sessions: any AdminSessions) {
        responders =
            [
                ListRolesCommand(book: book), ChangeRoleCommand(book: book), AdmitGroupCommand(book: book),
                ApproveCommand(book: book), AdminLoginCommand(sessions: sessions),
                AdminLogoutCommand(sessions: sessions),
            ] + AdmitPersonCommand.Verb.allCases.map { AdmitPersonCommand(verb: $0, book: book) }
    }

    /// What tells somebody that they were let in.
    public static func welcome(_ request: PairingRequest) -> some Job {
        WelcomeAdmitted(chat: request.chat, language: request.language)
    }
}
