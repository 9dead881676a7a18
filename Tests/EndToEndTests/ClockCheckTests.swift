import AsyncHTTPClient
import BotKit
import Foundation
import Testing

@testable import App

/// The doctor's look at the clock, against a real server.
@Suite struct ClockCheckTests {
    @Test(arguments: [(0, nil), (90, nil), (-3_600, "behind"), (3_600, "ahead of")] as [(Int, String?)])
    func `a clock is compared with the time that a service tells`(_ shift: Int, _ problem: String?) async throws {
        try await ModelStub.serving { _, environment in
            let address = environment["OPENAI_BASE_URL"] ?? ""
            let time = ManualTime(Date().addingTimeInterval(TimeInterval(shift)))
            let nobody = ClockCheck.Service(address: "http://127.0.0.1:9", http: .shared)
            let finding = await ClockCheck(time: time).run(
                against: [nobody, .init(address: address, http: .shared)])
            let line = finding.line("clock")
            #expect(finding.isProblem == (problem != nil), "\(line)")
            #expect(line.contains("127.0.0.1"))
            if let problem { #expect(line.contains(problem) && line.contains("NTP")) }
        }
    }

    @Test func `what could not be compared is said`() async {
        let nobody = ClockCheck.Service(address: "http://127.0.0.1:9", http: .shared)
        let line = await ClockCheck(time: ManualTime(Date())).run(against: [nobody]).line("clock")
        #expect(line.hasPrefix("ok ") && line.contains("no network service told its time"))
        let past = ManualTime(Date(timeIntervalSince1970: 0))
        #expect(await ClockCheck(time: past).run(against: [nobody]).isProblem)
    }
}
