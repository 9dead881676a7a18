import BotKit
import Foundation
import NIOCore
import Testing

@testable import ControlPlane

@Suite struct SenderTests {
    @Test(arguments: [
        ("127.0.0.1", true), ("10.1.2.3", true), ("172.16.0.1", true), ("172.32.0.1", false), ("192.168.1.1", true),
        ("100.64.0.1", true), ("169.254.1.1", true), ("203.0.113.7", false), ("::1", true), ("fd00::1", true),
        ("fe80::1", true), ("2001:db8::1", false), ("::ffff:10.0.0.1", true), ("::ffff:203.0.113.7", false),
    ])
    func `knows the networks where a proxy may stand`(address: String, isPrivate: Bool) throws {
        let peer = try SocketAddress(ipAddress: address, port: 1)
        #expect(SenderAddress.isPrivate(peer) == isPrivate)
    }

    @Test func `believes only a near proxy, and only what that wrote itself`() throws {
        let far = try SocketAddress(ipAddress: "203.0.113.7", port: 1)
        let near = try SocketAddress(ipAddress: "127.0.0.1", port: 1)
        #expect(SenderAddress(peer: far, forwarded: "198.51.100.1").text == "203.0.113.7")
        #expect(SenderAddress(peer: near, forwarded: "1.2.3.4, 198.51.100.1").text == "198.51.100.1")
        #expect(!SenderAddress(peer: near, forwarded: "198.51.100.1").isShared)
        #expect(SenderAddress(peer: near, forwarded: nil).isShared)
        #expect(SenderAddress(peer: near, forwarded: " , ").isShared)
    }

    @Test(arguments: [
        ("a=1&b=2", ["a": "1", "b": "2"]), ("", [:]), ("a", ["a": ""]), ("a=%", ["a": "%"]), ("a=%zz", ["a": "%zz"]),
        ("a=%+1", ["a": "% 1"]), ("a=1=2", ["a": "1=2"]), ("&&a=1&", ["a": "1"]), ("=1", ["": "1"]),
        ("a=%FF", ["a": "\u{FFFD}"]),
    ])
    func `reads any query`(query: String, values: [String: String]) {
        #expect(QueryString.values(query[...]) == values)
    }

    @Test func `reads only so many values`() {
        let query = (0..<1000).map { "k\($0)=v" }.joined(separator: "&")
        #expect(QueryString.values(query[...]).count == 32)
    }

    @Test func `keeps a bounded number of addresses`() {
        let time = ManualTime(Date(timeIntervalSince1970: 1_772_000_000))
        let limit = RefusalLimit(perMinute: 30, time: time)
        for number in 0..<4096 { #expect(!limit.note("address \(number)")) }
        for _ in 0..<10 { #expect(!limit.note("one more")) }
        // All that find no room share one bucket.
        #expect(limit.note("yet another"))
        time.advance(by: .seconds(60))
        #expect(!limit.note("after a while"))
    }
}
