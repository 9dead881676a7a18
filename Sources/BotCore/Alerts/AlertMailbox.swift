public import BotKit
import Foundation
import ServiceLifecycle
import Synchronization

/// Where alerts are laid down, by whoever raises one and without a wait, for the `AlertDesk` to take up.
public final class AlertMailbox: AlertSink {
    /// How many wait at most; the log has all of them.
    static let limit = 500

    private let time: any TimeSource
    private let waiting = Mutex<[AlertNews]>([])
    /// Raised when something was laid down.
    private let signal = Signal()

    public init(time: any TimeSource) { self.time = time }

    @discardableResult
    public func raise(_ kind: String, about subject: String?) -> String {
        raise(kind, about: subject, values: [:])
    }

    public func end(_ kind: String, about subject: String?) {
        add(AlertNews(kind: kind, subject: subject ?? "", reference: reference, at: time.now, isEnd: true))
    }

    @discardableResult
    func raise(_ kind: String, about subject: String?, values: [String: String]) -> String {
        let news = AlertNews(
            kind: kind, subject: subject ?? "", values: values, reference: reference, at: time.now)
        add(news)
        return news.reference
    }

    /// That of the turn that raises it, so that the apology and the alert have one.
    private var reference: String { TurnReference.current ?? TurnReference.random() }

    /// Lays down what was raised in another process.
    func put(_ news: [AlertNews]) {
        for one in news { add(one) }
    }

    private func add(_ news: AlertNews) {
        waiting.withLock { waiting in
            if let index = waiting.lastIndex(where: { $0.isSame(as: news) }), waiting[index].isEnd == news.isEnd {
                waiting[index].count += news.count
            } else if waiting.count < Self.limit {
                waiting.append(news)
            }
        }
        signal.raise()
    }

    /// Has `tell` take up what is laid down until shutdown, and what was laid down during that at its end.
    /// - Parameter tell: gives back when it is to look again, if not before.
    func attend(_ time: any TimeSource, _ tell: @escaping @Sendable () async -> Date?) async {
        await withGracefulShutdownHandler {
            while !signal.isClosed && !Task.isCancelled {
                let wake = await tell()
                await signal.wait(until: wake, time: time)
            }
            if !Task.isCancelled { _ = await tell() }
        } onGracefulShutdown: {
            self.signal.close()
        }
    }

    /// What was laid down, oldest first.
    func take() -> [AlertNews] {
        waiting.withLock { waiting in
            defer { waiting = [] }
            return waiting
        }
    }
}
