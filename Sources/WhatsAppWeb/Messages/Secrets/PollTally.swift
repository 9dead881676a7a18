public import Foundation
public import WhatsAppWire

/// Counts the votes of one poll: each member's newest vote stands for all they chose.
public struct PollTally: Sendable, Hashable {
    /// One option and who chose it.
    public struct Row: Sendable, Hashable {
        public var option: String
        /// In no order.
        public var voters: Set<JID>
    }

    private struct Ballot: Sendable, Hashable {
        var options: [Int]
        var at: Date
    }

    public let poll: Poll
    private let indexes: [[UInt8]: Int]
    private var ballots: [JID: Ballot] = [:]

    public init(_ poll: Poll) {
        self.poll = poll
        var indexes: [[UInt8]: Int] = [:]
        for (index, option) in poll.options.enumerated() { indexes[PollVote.hash(option)] = index }
        self.indexes = indexes
    }

    /// Takes a vote.
    ///
    /// An older vote of the same member than the one that counts changes nothing, nor does one that chooses more than
    /// the poll allows or that came after its end. Options that the poll has not are left out.
    /// - Parameter voter: one and the same address for each member.
    /// - Returns: whether the vote counts now.
    @discardableResult
    public mutating func count(_ vote: PollVote, by voter: JID, at time: Date) -> Bool {
        let voter = voter.withoutDevice
        if let before = ballots[voter], before.at > time { return false }
        if let end = poll.endsAt, time > end { return false }
        var chosen: [Int] = []
        for hash in vote.options {
            if let index = indexes[hash], !chosen.contains(index) { chosen.append(index) }
        }
        if let most = poll.maximumChoices, chosen.count > most { return false }
        ballots[voter] = Ballot(options: chosen, at: time)
        return true
    }

    /// The options in the poll's order, with their voters.
    public var rows: [Row] {
        var rows = poll.options.map { Row(option: $0, voters: []) }
        for (voter, ballot) in ballots {
            for index in ballot.options { rows[index].voters.insert(voter) }
        }
        return rows
    }

    /// What a member chooses now, in the order of their vote; empty if nothing.
    public func choices(of voter: JID) -> [String] {
        ballots[voter.withoutDevice]?.options.map { poll.options[$0] } ?? []
    }
}
