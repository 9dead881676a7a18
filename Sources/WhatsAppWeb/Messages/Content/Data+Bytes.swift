import Foundation

extension Data {
    /// The bytes as an array.
    var byteArray: [UInt8] { [UInt8](self) }

    /// The bytes as an array; nil if there are none.
    var byteArrayIfAny: [UInt8]? { isEmpty ? nil : [UInt8](self) }
}

extension String {
    /// The text; nil if it is empty.
    var ifNotEmpty: String? { isEmpty ? nil : self }
}

extension UInt32 {
    /// The number; nil if it is 0, which stands for unknown in messages.
    var ifNotZero: Int? { self == 0 ? nil : Int(self) }
}

extension Date {
    /// A time in whole seconds since 1970; nil for 0 and before, which stand for unknown in messages, and for the year
    /// 10000 and later.
    init?(messageSeconds seconds: Int64) {
        guard (1...253_402_300_799).contains(seconds) else { return nil }
        self.init(timeIntervalSince1970: Double(seconds))
    }

    /// A time in milliseconds since 1970; nil as for seconds.
    init?(messageMilliseconds milliseconds: Int64) {
        guard (1...253_402_300_799_999).contains(milliseconds) else { return nil }
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }

    /// Milliseconds since 1970; 0 for what no message can hold.
    var messageMilliseconds: Int64 { Int64(exactly: (timeIntervalSince1970 * 1000).rounded(.down)) ?? 0 }

    /// Seconds since 1970; 0 for what no message can hold.
    var messageSeconds: Int64 { Int64(exactly: timeIntervalSince1970.rounded(.down)) ?? 0 }
}
