import Foundation
import Testing

@testable import WhatsAppCloud

@Suite struct ErrorTableTests {
    @Test(arguments: [
        ([1, 2, 131_000, 131_016, 133_004], ErrorRemedy.retryWithBackoff),
        ([4, 80_007], .slowAccount),
        ([130_429], .slowNumber),
        ([131_056], .holdPair),
        ([131_057], .maintenance),
        ([131_048, 131_064, 368, 131_031], .stopNumber),
        ([131_047], .windowClosed),
        ([131_026, 130_472, 130_497, 131_030, 131_021], .undeliverable),
        ([131_049], .waitADay),
        ([131_050], .optedOut),
        ([131_051, 131_008, 131_009, 100, 135_000, 131_062, 131_063], .badRequest),
        ([131_052], .media(.cannotDownload)),
        ([131_053], .media(.cannotUpload)),
        (
            [132_000, 132_001, 132_005, 132_007, 132_008, 132_012, 132_015, 132_016, 132_068, 132_069, 2_388_040],
            .template
        ),
        ([190], .token),
        ([0, 3, 10, 200, 250, 299, 131_005], .permission),
        ([33, 131_045, 133_000, 133_010, 133_015, 131_037, 131_042], .operatorNeeded),
        ([131_020, 131_041, 131_204, 131_207, 131_209, 131_215], .group),
        ([131_208], .groupRetryLater),
        ([131_201], .groupPartial),
        ([137_000], .identityHold),
        ([-1, 300, 999_999], .unknown),
    ])
    func `knows what every code asks for`(_ codes: [Int], _ remedy: ErrorRemedy) {
        for code in codes { #expect(ErrorTable.remedy(code: code) == remedy, "\(code)") }
    }

    @Test func `uses what else an answer says`() {
        #expect(ErrorTable.remedy(code: 999_999, isTransient: true) == .retryWithBackoff)
        #expect(ErrorTable.remedy(code: 190, isTransient: true) == .token)
        #expect(ErrorTable.remedy(code: 999_999, status: 503) == .retryWithBackoff)
        #expect(ErrorTable.remedy(code: 999_999, status: 429) == .slowNumber)
        #expect(ErrorTable.remedy(code: 999_999, status: 400) == .unknown)
        #expect(ErrorTable.remedy(code: 131_026, status: 500) == .undeliverable)
        #expect(ErrorTable.remedy(code: 100, subcode: 33) == .operatorNeeded)
    }

    @Test(arguments: [
        (401, ErrorRemedy.token), (403, .permission), (404, .badRequest), (429, .slowNumber), (502, .retryWithBackoff),
    ])
    func `judges answers without a code by their status`(_ status: Int, _ remedy: ErrorRemedy) {
        #expect(ErrorTable.remedy(status: status) == remedy)
    }
}

@Suite struct RetryAfterTests {
    private let now = Date(timeIntervalSince1970: 784_111_777)

    @Test(arguments: [
        ("120", 120), (" 0 ", 0), ("99999999999999999999", 86_400), ("Sun, 06 Nov 1994 08:51:37 GMT", 120),
    ])
    func `reads seconds and dates`(_ value: String, _ seconds: Int) {
        #expect(RetryAfter(value)?.delay(from: now) == .seconds(seconds))
    }

    @Test func `does not wait for what is past`() {
        #expect(RetryAfter("Sun, 06 Nov 1994 08:49:37 GMT")?.delay(from: now + 60) == .zero)
    }

    @Test(arguments: ["", "-1", "1.5", "soon", "Sun, 06 Xxx 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT", "١٢"])
    func `refuses everything else`(_ value: String) {
        #expect(RetryAfter(value) == nil)
    }
}
