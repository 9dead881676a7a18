import BotKit
import WhatsAppCloud

/// Which business account each of our numbers belongs to, as Meta told last.
struct CloudNumberTable: Sendable {
    let database: any Database

    /// The statement that stores whose a number is.
    static func note(_ account: AccountID, of business: BusinessAccountID) -> SQL {
        """
        INSERT INTO cloud_number (account, business) VALUES (\(account), \(business.rawValue))
        ON CONFLICT (account) DO UPDATE SET business = excluded.business
        WHERE cloud_number.business <> excluded.business
        """
    }

    /// The business account of each number that it is known of.
    func owners() async throws -> [AccountID: String] {
        try await database.rows("SELECT account, business FROM cloud_number").reduce(into: [:]) {
            $0[try $1.id("account")] = try $1.text("business")
        }
    }
}
