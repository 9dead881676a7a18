import BotKit
import Foundation

/// The state of one account's way out: its pace and its limits, who waits for it, and whether the network asked us to
/// hold.
struct AccountGate: Sendable {
    private static let hour: TimeInterval = 3_600

    /// How many replies may go out in any hour, and how many of them to those who never wrote; `Int.max` is no limit.
    private let perHour: Int
    private let strangersPerHour: Int
    private var sent = SlidingLog()
    private var sentToStrangers = SlidingLog()
    /// When somebody waited last because the hour was full.
    private var lastFull: Date = .distantPast
    /// How much longer each reply waits with each level.
    private let slowdownStep: TimeInterval
    var throttle = SendThrottle()
    /// The level as it is stored.
    var storedLevel = 0
    /// Under which lease this process sends; `nil` when another may, or nothing is counted.
    private(set) var lease: String?
    /// Until when another process that took the account is left undisturbed.
    private(set) var takeAgainAt: Date = .distantPast
    /// How long it took to count anew, in seconds.
    private var takeSpan: TimeInterval = 0
    /// Whether it was lost before.
    private var wasLost = false

    private var meter = PaceMeter<AccountID>()
    private(set) var heldUntil: Date = .distantPast
    /// What the network said when it stopped the account; `nil` once a reply went out again.
    var stop: AccountStop?
    /// The last place that was given to somebody who waits.
    private var lastPlace: Date = .distantPast
    /// Stretches the interval after the network complained, and shrinks back with each success.
    private var slowdown = 1.0
    /// Whether something went out since the pace was last lowered. Until then a complaint is not about the new pace.
    private var wentOut = true

    init(perHour: Int = .max, strangersPerHour: Int = .max, slowdownStep: Duration = .zero) {
        self.perHour = perHour
        self.strangersPerHour = strangersPerHour
        self.slowdownStep = slowdownStep.seconds
    }

    /// When the account may send.
    func earliest(for account: AccountID, by pace: Pace?, at now: Date) -> Date {
        let free = pace.map { meter.earliest(for: account, by: $0, at: now, slowdown: slowdown) } ?? now
        return max(free, heldUntil, sent.earliest(under: perHour, in: Self.hour, at: now))
    }

    /// When it may send to somebody who never wrote, as far as that alone matters.
    func earliestToStranger(at now: Date) -> Date {
        sentToStrangers.earliest(under: strangersPerHour, in: Self.hour, at: now)
    }

    /// When somebody may go who comes now: at once, or at a place of their own behind all who wait. Without places of
    /// their own a crowd would wake for each message, and chance would choose among them.
    mutating func place(for account: AccountID, by pace: Pace?, at now: Date) -> Date {
        throttle.look(at: now)
        let earliest = earliest(for: account, by: pace, at: now)
        let delay = slowdownStep * Double(throttle.level)
        let spacing = max(
            (pace?.interval.seconds ?? 0) * slowdown, isFull(at: now) ? Self.hour / Double(perHour) : 0, delay)
        guard spacing > 0 else { return earliest }
        if delay == 0 && earliest <= now && lastPlace <= now.addingTimeInterval(0.0005) { return now }
        let behind = lastPlace.addingTimeInterval(spacing)
        lastPlace = max(earliest, lastPlace > now ? behind : now.addingTimeInterval(delay))
        return Date(milliseconds: lastPlace.milliseconds)
    }

    // MARK: - The hour

    /// Notes that a reply goes out.
    mutating func noteSending(toStranger: Bool, at time: Date) {
        if perHour < .max { sent.note(time, keeping: perHour) }
        if toStranger, strangersPerHour < .max { sentToStrangers.note(time, keeping: strangersPerHour) }
    }

    private func isFull(at now: Date) -> Bool { sent.earliest(under: perHour, in: Self.hour, at: now) > now }

    /// Whether the hour is full, and that is news: nobody had to wait for it in the hour before.
    mutating func isFullAnew(at now: Date) -> Bool {
        guard isFull(at: now) else { return false }
        defer { lastFull = now }
        return now.timeIntervalSince(lastFull) > Self.hour
    }

    // MARK: - Which process sends

    /// The account is ours under `lease`; what went out follows, and is counted anew.
    /// - Parameter start: when the taking began.
    mutating func take(under lease: String, since start: Date, at now: Date) {
        self.lease = lease
        takeSpan = max(0, now.timeIntervalSince(start))
        (sent, sentToStrangers) = (SlidingLog(), SlidingLog())
    }

    /// Another process holds the account. It is left undisturbed for longer than counting takes, or none would send;
    /// for a minute at most, whatever the clock said meanwhile.
    /// - Returns: whether that is news.
    mutating func lose(_ lost: String, at now: Date) -> Bool {
        guard lease == lost else { return false }
        lease = nil
        takeAgainAt = now.addingTimeInterval(min(60, max(1, 4 * takeSpan)))
        defer { wasLost = true }
        return !wasLost
    }

    /// The store could not be asked.
    mutating func failToTake(at now: Date) { takeAgainAt = now.addingTimeInterval(2) }

    // MARK: - What is spent

    mutating func spend(_ account: AccountID, by pace: Pace?, at now: Date) {
        guard let pace else { return }
        meter.spend(account, by: pace, at: now, slowdown: slowdown)
    }

    /// The network wants nothing until `time`, and less from then on. The complaints about what was under way together
    /// count as one.
    mutating func hold(until time: Date, at now: Date) {
        if wentOut && heldUntil <= now {
            slowdown = min(16, slowdown * 2)
            wentOut = false
        }
        rest(until: time)
    }

    /// Nothing goes out until `time`, for a reason that is not the pace.
    mutating func rest(until time: Date) { heldUntil = max(heldUntil, time) }

    mutating func noteSuccess() {
        slowdown = max(1, slowdown * 0.99)
        wentOut = true
    }

    /// Moves all waits with the clock.
    mutating func move(by step: TimeInterval) {
        meter.move(by: step)
        heldUntil += step
        takeAgainAt += step
        lastPlace += step
        lastFull += step
        sent.move(by: step)
        sentToStrangers.move(by: step)
        throttle.move(by: step)
        stop?.move(by: step)
    }
}
