import StoreSQLite
import TestKit
import Testing

@Suite struct StoreContractTests {
    @Test(arguments: StoreContract.cases) func `keeps the contract`(_ rule: StoreContractCase) async throws {
        let folder = try TestFolder()
        let database = try folder.open()
        let store = StoreUnderTest(database) {
            try await database.close()
            return try folder.open()
        }
        try await rule.check(store)
        try await database.close()
    }

    @Test(arguments: StoreContract.cases.prefix(12)) func `keeps it in a temporary database`(
        _ rule: StoreContractCase
    ) async throws {
        let database = try SQLiteDatabase.temporary()
        try await rule.check(StoreUnderTest(database) { database })
        try await database.close()
    }
}
