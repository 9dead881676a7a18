import BotKit
import Crypto
import Foundation

/// What is wrong with an audit, by the first entry that shows it.
public enum AuditFault: Sendable, Hashable, CustomStringConvertible {
    case changed(entry: Int64)
    case missing(entry: Int64)
    case outOfOrder(entry: Int64)
    case unlinked(entry: Int64)
    /// The entry is sound in itself, and is not the one that was sealed.
    case rewritten(entry: Int64)
    case cutOff(after: Int64, sealed: Int64)
    case forgedSeal(entry: Int64)
    case notSealed(after: Int64)
    /// Entries at the end that a seal should cover by now.
    case endNotSealed(from: Int64, to: Int64)
    /// The file of the seals is gone or empty.
    case noSeals
    case unreadable(line: Int)

    public var description: String {
        switch self {
        case .changed(let entry): "entry \(entry) was changed"
        case .missing(let entry): "entry \(entry) is missing"
        case .outOfOrder(let entry): "entry \(entry) does not stand where it was written"
        case .unlinked(let entry): "entry \(entry) does not follow the one before it: one of the two was replaced"
        case .rewritten(let entry): "entry \(entry) is not the one that was sealed: the audit was written anew up to it"
        case .cutOff(let last, let sealed):
            "it ends with entry \(last), but entry \(sealed) was sealed: its end was cut off, or an older database "
                + "was put in its place"
        case .forgedSeal(let entry): "the seal of entry \(entry) was not made with the key of this installation"
        case .notSealed(let last): "it does not end with a seal of its last entry (\(last))"
        case .endNotSealed(let first, let last):
            "no seal covers the entries from \(first) to \(last), though one is made every AUDIT_SEAL_EVERY entries: "
                + "seals were removed, and the audit may have been written anew"
        case .noSeals:
            "audit.seals is gone or holds no seal: an end that was cut off cannot be told without a copy of it "
                + "(martlet audit verify --seals FILE)"
        case .unreadable(let line): "line \(line) is neither an entry nor a seal"
        }
    }
}

/// What a look at a whole audit has found.
public struct AuditVerdict: Sendable, Hashable {
    /// How many entries were sound, from the first one.
    public var entries: Int64
    /// The last entry that a seal covers.
    public var sealed: Int64
    public var fault: AuditFault?
}

/// A sealed entry that an earlier look found sound.
struct AuditAnchor: Sendable, Hashable {
    /// Under which name the daily look remembers it.
    static let mark = "audit"

    let sequence: Int64
    /// `nil` when the look was that of an earlier version.
    let hash: String?

    init(sequence: Int64, hash: String?) {
        self.sequence = sequence
        self.hash = hash
    }

    /// - Returns: `nil` for a text that `text` does not make.
    init?(_ text: String) {
        let words = text.split(separator: " ")
        guard let sequence = words.first.flatMap({ Int64($0) }), sequence > 0 else { return nil }
        self.init(sequence: sequence, hash: words.dropFirst().first.map(String.init))
    }

    /// How it is stored.
    var text: String { hash.map { "\(sequence) \($0)" } ?? "\(sequence)" }
}

/// Checks a chain entry by entry, and against the seals that were made of it.
struct AuditVerifier {
    private var previous = AuditLine.genesis
    private var last: Int64 = 0
    /// The entry whose predecessor was not looked at; 0 when all are.
    private var beginsAt: Int64 = 0
    private var seals: [Int64: String] = [:]
    private var sealed: Int64 = 0
    /// The first thing that is wrong, and ends the look.
    private(set) var fault: AuditFault?

    /// - Parameters:
    ///   - seals: from every place where they are kept; those that `key` did not sign are a fault.
    init(seals: [AuditSeal], key: Curve25519.Signing.PublicKey) {
        for seal in seals.sorted(by: { $0.sequence < $1.sequence }) {
            let isKnown = self.seals[seal.sequence] == seal.hash
            guard isKnown || (self.seals[seal.sequence] == nil && seal.isSigned(by: key)) else {
                fault = fault ?? .forgedSeal(entry: seal.sequence)
                continue
            }
            self.seals[seal.sequence] = seal.hash
            sealed = max(sealed, seal.sequence)
        }
    }

    /// Takes the chain before `anchor` to be sound; the entry itself is checked, and what follows it.
    mutating func begin(with anchor: AuditAnchor) {
        last = anchor.sequence - 1
        beginsAt = anchor.sequence
        expect(anchor)
    }

    /// Holds the chain against what an earlier look found, wherever it begins.
    mutating func expect(_ anchor: AuditAnchor) {
        sealed = max(sealed, anchor.sequence)
        guard let hash = anchor.hash else { return }
        if seals[anchor.sequence, default: hash] != hash { fault = fault ?? .rewritten(entry: anchor.sequence) }
        seals[anchor.sequence] = hash
    }

    /// Checks the next entry: its canonical JSON as it stands, and the hash beside it.
    mutating func take(_ bytes: some DataProtocol, sequence: Int64, previous named: String, hash: String) {
        guard fault == nil else { return }
        let expected = last + 1
        guard AuditLine.hash(of: bytes) == hash else { return fault = .changed(entry: max(expected, 1)) }
        guard sequence == expected else {
            return fault = sequence > expected ? .missing(entry: expected) : .outOfOrder(entry: sequence)
        }
        guard named == previous || sequence == beginsAt else { return fault = .unlinked(entry: sequence) }
        if let sealedHash = seals[sequence], sealedHash != hash { return fault = .rewritten(entry: sequence) }
        previous = hash
        last = sequence
    }

    /// An entry with values that none is written with.
    mutating func takeDamaged() { fault = fault ?? .changed(entry: last + 1) }

    /// Something that is no entry.
    mutating func takeUnreadable(line: Int) { fault = fault ?? .unreadable(line: line) }

    /// Says what was found, once all entries were taken.
    func verdict() -> AuditVerdict {
        var fault = fault
        if fault == nil, sealed > last { fault = .cutOff(after: last, sealed: sealed) }
        return AuditVerdict(entries: last, sealed: min(sealed, last), fault: fault)
    }
}
