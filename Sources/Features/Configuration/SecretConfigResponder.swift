import BotKit
import Foundation

/// `!config gpt apiKey` and the like: refused, and taken out of the stored message. Up to a day that the operator may
/// name, the model's key is still taken, with a warning, until the next start.
struct SecretConfigResponder: Responder {
    let needs: Permission
    let isWatched = true
    /// Whether this is the one for the time in which they are taken.
    let takesSecrets: Bool
    let grammar: ConfigGrammar
    let settings: ConfigurationSettings
    let keys: any ReplaceableKeys

    func accepts(_ turn: Turn) -> Bool {
        guard case .secret(let secret, let value) = grammar.read(turn) else { return false }
        return takesSecrets == (mayBeTaken(secret, value, in: turn) && turn.session != nil)
    }

    private func mayBeTaken(_ secret: SecretSetting, _ value: String, in turn: Turn) -> Bool {
        secret.isModelKey && !value.isEmpty && turn.member.role >= Permission.configure.role
            && settings.takesSecrets(at: turn.receivedAt)
    }

    func answer(_ turn: Turn) async throws -> Answer {
        guard case .secret(let secret, let value) = grammar.read(turn) else { return [] }
        if takesSecrets { return try take(value, of: secret, in: turn) }
        let denial = AuditEntry(
            .configurationUpdate, .denied, details: ["setting": secret.name, "reason": "secret"])
        let forgetting = try turn.forgetting(as: "!config ***")
        if mayBeTaken(secret, value, in: turn) {
            return Answer([.lines([.loginFirst, .secretWasSaid])], writes: forgetting, audit: [denial])
        }
        let allowed = grammar.settings.map { "\($0.target) \($0.key)" }.joined(separator: ", ")
        return Answer(
            [
                .lines([
                    .noSecretsInChats.with(["variable": secret.variable ?? "NAME"]), .secretWasSaid,
                    .allowedSettings.with(["names": allowed]),
                    .restrictedSettings.with(["names": "apiKey, awsAccessKeyId, awsSecretAccessKey"]), .seeMigration,
                ])
            ], writes: forgetting, audit: [denial])
    }

    private func take(_ value: String, of secret: SecretSetting, in turn: Turn) throws -> Answer {
        let pool = value.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        guard !pool.isEmpty, pool.count <= 100, pool.allSatisfy(\.isKey) else {
            throw Refusal(grammar.usage, reason: "bad_arguments")
        }
        keys.replaceKeys(pool)
        let day = (settings.secretsUntil ?? turn.receivedAt).formatted(.iso8601.year().month().day())
        return Answer(
            [.lines([.keyIsUsed, .secretsEnd.with(["day": day, "variable": "OPENAI_API_KEY"]), .seeMigration])],
            writes: try turn.forgetting(as: "!config ***"),
            audit: [
                AuditEntry(
                    .configurationUpdate, details: ["setting": secret.name, "scope": "process", "legacy": "true"])
            ])
    }
}

extension String {
    /// Whether it can be a key that goes into a header.
    fileprivate var isKey: Bool {
        (8...512).contains(utf8.count) && utf8.allSatisfy { (0x21...0x7E).contains($0) }
    }
}
