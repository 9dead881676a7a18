import BotKit
import Foundation
import Testing

@testable import BotCore

@Suite struct ChatLaneTests {
    @Test func `rests longer after each failure, and no longer when the clock is set back`() {
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        var lane = ChatLane()
        #expect(lane.rest(at: now) == nil)
        lane.pause(at: now)
        #expect(lane.rest(at: now) == now.adding(.seconds(1)))
        for _ in 0..<10 { lane.pause(at: now) }
        #expect(lane.rest(at: now) == now.adding(.seconds(32)))
        #expect(lane.rest(at: now.adding(.seconds(32))) == nil)
        #expect(lane.rest(at: now.adding(.seconds(-3_600))) == nil)
    }
}
