import Foundation
import WhatsAppWire

/// Everything behind the emulated servers: accounts, devices, connections, groups, media, and the phones.
///
/// It takes one input after the other, so that a run with the same inputs does the same.
actor WebWorld {
    var options: WebOptions
    let authority: NoiseAuthority
    var log: StanzaLog
    /// By number.
    var accounts: [String: EmulatedAccount] = [:]
    /// By the user part of the LID.
    var accountsByLID: [String: EmulatedAccount] = [:]
    /// By number of the connection.
    var links: [Int: WebLink] = [:]
    /// By number of the account.
    var phones: [String: EmulatedPhone] = [:]
    /// By id.
    var groups: [String: WebGroup] = [:]
    /// Sender and id of messages that came.
    var seen = SeenMessages()
    /// Which counters senders have used.
    var counters = CounterWatch()
    /// What the phones read.
    var reading = ReadingLog()
    /// The codes that the next message of an account is refused with, by number.
    var refusedMessages: [String: Int] = [:]
    /// Files by path.
    var media: [String: [UInt8]] = [:]
    /// The tokens that uploads may carry.
    var mediaTokens: Set<String> = []
    /// How many downloads are spoilt.
    var mediaFaults = 0
    /// Whether they are cut, and not changed.
    var mediaFaultTruncates = false
    /// By issuer and holder.
    var privacyTokens: [String: [UInt8]] = [:]
    private var pairingCount = 0
    /// What is to be done when the answer to the present request has gone.
    var afterAnswer: [Afterwards] = []

    /// Something that waits for an answer to go first.
    enum Afterwards {
        case activate(WebLink)
        case unlink(EmulatedDevice)
        case offer(Pairing, EmulatedAccount, secret: [UInt8])
    }

    init(_ options: WebOptions, authority: NoiseAuthority, log: StanzaLog) {
        self.options = options
        self.authority = authority
        self.log = log
    }

    /// The server's time, seconds since 1970.
    var now: Int { Int(Date().timeIntervalSince1970) + options.clockOffset }

    func take(_ input: WorldInput) {
        switch input {
        case .arrived(let arrival): admit(arrival)
        case .stanza(let number, let node):
            guard let link = links[number] else { return }
            if !options.isLean { log.note("<- \(link.name) \(xml(node))") }
            if !link.isClosing { dispatch(node, from: link) }
        case .gone(let number):
            if let link = links.removeValue(forKey: number) { leave(link) }
        case .call(let call, .network, let answer): answer(serve(call))
        case .call(let call, .control, let answer): answer(control(call))
        case .note(let text): log.note(text)
        }
    }

    private func leave(_ link: WebLink) {
        if let device = link.device, device.link === link {
            device.link = nil
            device.lastSeen = now
            log.note("\(link.name) disconnected, \(device.pending.count) stanzas pending")
        }
        link.pairing = nil
    }

    // MARK: - Connections

    func send(_ node: Node, to link: WebLink, after milliseconds: Int = 0) {
        guard !link.isClosing else { return }
        if !options.isLean { log.note("-> \(link.name) \(xml(node))") }
        let stanza = OutgoingStanza(node: node, compressAbove: options.compressAbove)
        link.outlet.send(stanza, after: milliseconds)
    }

    /// Sends the last stanza, if there is one, and closes: with one after a while, so that the client handles it first.
    func end(_ link: WebLink, with last: Node? = nil) {
        if let last { send(last, to: link) }
        link.isClosing = true
        link.outlet.close(after: last == nil ? 0 : 3000)
    }

    func xml(_ node: Node) -> String { StanzaText(limit: options.logLimit).xml(node) }

    func nextPairingNumber() -> Int {
        pairingCount += 1
        return pairingCount
    }

    // MARK: - Accounts

    /// The account of a number, made if there is none; a name that is not empty is set.
    @discardableResult
    func account(_ number: String, name: String = "") -> EmulatedAccount {
        let digits = number.filter { $0.isASCII && $0.isNumber }
        if let known = accounts[digits] {
            if !name.isEmpty { known.name = name }
            return known
        }
        let account = EmulatedAccount(number: digits, name: name)
        accounts[digits] = account
        accountsByLID[account.lidUser] = account
        // Every account has a phone from the start: it is device 0 in the lists that others are given.
        _ = phone(of: account)
        return account
    }

    /// The account that a user's address belongs to; nil if there is none.
    func resolve(_ jid: JID?) -> EmulatedAccount? {
        switch jid?.server {
        case .lid?: accountsByLID[jid?.user ?? ""]
        case .phoneNumber?, .legacy?: accounts[jid?.user ?? ""]
        default: nil
        }
    }

    /// The device of an address; nil if there is none.
    func device(_ jid: JID?) -> EmulatedDevice? { jid.flatMap { resolve($0)?.devices[$0.device] } }

    /// Every other account: everybody is in everybody's address book.
    func contacts(of account: EmulatedAccount) -> [EmulatedAccount] {
        accounts.values.filter { $0 !== account }.sorted { $0.number < $1.number }
    }
}
