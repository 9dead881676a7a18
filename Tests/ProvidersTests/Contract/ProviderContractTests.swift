import TestKit
import Testing

/// Both networks keep the same contract.
@Suite(.timeLimit(.minutes(15))) struct ProviderContractTests {
    @Test(arguments: ProviderContract.cases) func `the Cloud API keeps it`(_ rule: ProviderContractCase) async throws {
        try await CloudUnderTest.staged { try await rule.check($0) }
    }

    @Test(arguments: ProviderContract.cases) func `a linked account keeps it`(
        _ rule: ProviderContractCase
    ) async throws {
        try await WebUnderTest.staged { try await rule.check($0) }
    }
}
