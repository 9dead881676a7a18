import Foundation
import Synchronization
import TestKit
import Testing
import WhatsAppWeb

@testable import WhatsAppEmulator

/// How long codes are good, with all times of the client shortened alike.
@Suite(.timeLimit(.minutes(15))) struct WebLinkingTimeTests {
    private static let factor = 15

    private static func time() -> WebTime {
        let start = ContinuousClock.now
        return WebTime(
            now: { Date() }, instant: { start + (ContinuousClock.now - start) * factor },
            sleep: { try await Task.sleep(for: $0 / factor) })
    }

    /// What a client shows until nobody has linked it in time.
    /// - Returns: how many codes, on how many connections, and for how long altogether.
    private static func show(
        _ stage: WebStage, code: String? = nil
    ) async throws -> (codes: Int, connections: Int, lasted: Duration) {
        let seen = Mutex((codes: 0, connections: 0))
        let start = ContinuousClock.now
        let client = try WebBadLuckTests.client(stage, code: code, time: time())
        let end = try await WebBadLuckTests.run(client) { notice in
            seen.withLock { seen in
                switch notice {
                case .qr, .pairingCode: seen.codes += 1
                case .connection(.linking): seen.connections += 1
                default: break
                }
            }
            return false
        }
        #expect(end == .notScanned)
        let result = seen.withLock { $0 }
        return (result.codes, result.connections, (ContinuousClock.now - start) * factor)
    }

    @Test func `six QR codes are shown for 60 and 20 seconds each on one connection`() async throws {
        try await WebStage.open { stage in
            let shown = try await Self.show(stage)
            #expect(shown.codes == 6 && shown.connections == 1 && shown.lasted >= .seconds(160), "\(shown)")
            #expect(try await stage.log("w:p").count >= 5)
        }
    }

    @Test func `a code to type is good for three minutes on one connection`() async throws {
        try await WebStage.open { stage in
            let shown = try await Self.show(stage, code: WebPeer.dana)
            #expect(shown.codes == 1 && shown.connections == 1 && shown.lasted >= .seconds(180), "\(shown)")
        }
    }
}
