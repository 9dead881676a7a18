public import BotKit

/// Who may talk with the bot and who may do what: `role`, `allow`, `deny`, `block`, `unblock`, `approve`,
/// `admin-login`, `admin-logout`.
public struct AccessFeature: Feature {
    public static let name = "access"
    public let responders: [any Responder]
    public let jobs: [any JobHandler]
    /// What lets people in, for other forms of it.
    public let admission: any PeopleAdmission

    /// - Parameters:
    ///   - networks: the accounts whose networks can shut people out themselves.
    ///   - providers: all networks that people are known on.
    public init(
        book: any AccessBook, sessions: any AdminSessions, networks: @escaping @Sendable () -> [any ContactBlocking],
        providers: @escaping @Sendable () -> Set<ProviderID>
    ) {
        let known = KnownNames(networks: networks)
        jobs = [WelcomeAdmittedHandler(), BlockAtNetworkHandler(networks: networks)]
        responders =
            [
                ListRolesCommand(book: book), ChangeRoleCommand(book: book, known: known, providers: providers),
                AdmitGroupCommand(book: book), ApproveCommand(book: book), AdminLoginCommand(sessions: sessions),
                AdminLogoutCommand(sessions: sessions),
            ]
            + AdmitPersonCommand.Verb.allCases.map {
                AdmitPersonCommand(verb: $0, book: book, known: known, providers: providers)
            }
        admission = AdmitPersonCommand(verb: .allow, book: book, known: known, providers: providers)
    }

    /// What tells somebody that they were let in.
    public static func welcome(_ request: PairingRequest) -> some Job {
        WelcomeAdmitted(chat: request.chat, language: request.language)
    }
}
