public import Foundation

extension Date {
    /// Monday, 5 January 2026, 09:00 UTC: when tests take place.
    public static let monday = Date(timeIntervalSince1970: 1_767_603_600)
}
