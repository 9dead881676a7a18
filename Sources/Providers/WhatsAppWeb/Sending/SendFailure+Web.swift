import BotKit
import WhatsAppWeb

extension SendFailure {
    /// What the outbox shall do about a send that failed.
    ///
    /// We choose the ids, so a message that may have gone out is simply sent again: the server knows it by its id.
    /// - Parameters:
    ///   - isSent: whether the message itself may have left; `false` while its file is brought up.
    ///   - holds: how long what fails for now is held.
    init(web error: any Error, isSent: Bool = true, holds: WebHolds) {
        guard let error = error as? WebError else {
            let remedy: Remedy = isSent ? .uncertain : .retry(after: nil)
            self.init(remedy, code: "interrupted", "the send was interrupted (\(type(of: error)))")
            return
        }
        let code = error.status.map { "\($0)" } ?? error.code.description
        self.init(Self.remedy(error, isSent: isSent, holds), code: code, error.description)
    }

    private static func remedy(_ error: WebError, isSent: Bool, _ holds: WebHolds) -> Remedy {
        switch error.code {
        case .disconnected: holdAccount(holds.disconnected)
        case .timedOut: isSent ? .uncertain : .retry(after: nil)
        case .store, .malformed: .retry(after: nil)
        case .notLinked, .untrustedServer: .stopAccount
        case .unknownUser, .tooLarge, .file, .invalid: .giveUp
        case .refused where isSent: refusal(error.status ?? 0, holds)
        // What else can fail is a file on its way up, which another attempt may mend.
        default: .retry(after: nil)
        }
    }

    /// The numbers are the server's (`error` of an acknowledgement, or of the answer about a group).
    private static func refusal(_ status: Int, _ holds: WebHolds) -> Remedy {
        switch status {
        // 403 and 404: the group is not there, or we are not in it (any more), or only its admins may write. 463: the
        // account may not begin conversations, or lacks the member's token; insisting makes it worse.
        case 400, 401, 403, 404, 405, 406, 410, 463: .giveUp
        case 429: holdAccount(holds.rate)
        // The devices or the group were out of date: the client has forgotten them, and asks for them the next time.
        case 420, 421, 479: .retry(after: holds.devices > .zero ? holds.devices : nil)
        default: .retry(after: nil)
        }
    }

    private static func holdAccount(_ hold: Duration) -> Remedy {
        hold > .zero ? .holdAccount(hold) : .retry(after: nil)
    }
}
