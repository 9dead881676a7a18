import AsyncHTTPClient
import BotKit
import Foundation
import NIOCore

/// Whether the system's clock shows the time that network services go by.
struct ClockCheck: Sendable {
    /// A service that the bot uses: its address, and the client to ask it with.
    struct Service: Sendable {
        let address: String
        let http: HTTPClient
    }

    /// How far it may be off, in seconds.
    static let tolerance: TimeInterval = 120

    let time: any TimeSource

    /// Compares with the first of `services` that tells its time; each is given five seconds.
    func run(against services: [Service]) async -> Finding {
        let now = time.now
        // No message can be older than the program itself.
        let year = Calendar(identifier: .gregorian).component(.year, from: now)
        guard (2025...2100).contains(year) else {
            return .problem("shows the year \(year)", remedy: "Set the system's clock, for example with NTP.")
        }
        for service in services {
            guard let offset = await offset(from: service) else { continue }
            let host = URL(string: service.address)?.host() ?? "a network service"
            guard abs(offset) > Self.tolerance else {
                return .ok("\(now.formatted(.iso8601)), as \(host) says too")
            }
            return .problem(
                "is \(Int(abs(offset))) seconds \(offset > 0 ? "ahead of" : "behind") \(host)",
                remedy: "Set the system's clock, for example with NTP.")
        }
        return .ok("\(now.formatted(.iso8601)); no network service told its time, so only the year is checked")
    }

    /// How far our clock is ahead of the service's, in seconds; `nil` when that does not tell the time.
    private func offset(from service: Service) async -> TimeInterval? {
        // Without a key: a refusal has a date as well.
        let request = HTTPClientRequest(url: service.address)
        let start = ContinuousClock.now
        guard let response = try? await service.http.execute(request, timeout: .seconds(5)) else { return nil }
        let took = ContinuousClock.now - start
        let now = time.now
        guard let text = response.headers.first(where: { $0.name.lowercased() == "date" })?.value,
            let theirs = HTTPDate.parse(text)
        else { return nil }
        // It was written somewhere between question and answer, in whole seconds.
        return now.timeIntervalSince(theirs) - took / .seconds(2)
    }
}
