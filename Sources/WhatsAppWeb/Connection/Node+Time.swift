import Foundation
import WhatsAppWire

extension Node {
    /// The time in an attribute that holds whole seconds since 1970; `nil` for what is no time before the year 10000.
    func date(_ name: String) -> Date? {
        guard let seconds = text(name).flatMap({ Int64($0) }), (1...253_402_300_799).contains(seconds) else {
            return nil
        }
        return Date(timeIntervalSince1970: Double(seconds))
    }
}
