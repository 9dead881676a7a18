/// A disturbance of the calls of `/messages`.
public struct SendFault: Sendable {
    /// What the bot meets.
    public enum Effect: Sendable {
        /// An error answer of this code; `nil` takes the code's usual HTTP status. The message is not recorded.
        case error(code: Int, httpStatus: Int?, details: String?)
        /// HTTP 429 with `Retry-After` and error 130429.
        case tooManyRequests(retryAfterSeconds: Int)
        /// No answer for `hold`, then the connection closes; the message is recorded and reported, or not.
        case timeOut(isRecorded: Bool, hold: Duration)
        /// The connection closes without an answer; the message is recorded and reported, or not.
        case cut(isRecorded: Bool)
        /// The answer comes late.
        case slow(Duration)
        /// A page instead of JSON, as a gateway writes it.
        case page(httpStatus: Int = 500)
        /// The message is accepted, then reported as failed with this code.
        case failedStatus(code: Int)
    }

    /// What the bot meets.
    public var effect: Effect
    /// How many calls are hit; `nil` means all until the faults are cleared.
    public var times: Int?
    /// How many matching calls pass before the first is hit.
    public var skip: Int
    /// Only calls to this number.
    public var phoneNumberID: String?
    /// Only messages to this user.
    public var user: String?
    /// Only messages of this kind, or `read` and `typing`; `nil` means all messages, not read and typing.
    public var kind: String?

    /// Makes a fault that hits the next `times` matching messages.
    public init(
        _ effect: Effect, times: Int? = 1, skip: Int = 0, phoneNumberID: String? = nil, user: String? = nil,
        kind: String? = nil
    ) {
        self.effect = effect
        self.times = times
        self.skip = skip
        self.phoneNumberID = phoneNumberID
        self.user = user
        self.kind = kind
    }

    /// The name of the effect in the control API.
    var name: String {
        switch effect {
        case .error: "error"
        case .tooManyRequests: "too_many_requests"
        case .timeOut: "time_out"
        case .cut: "cut"
        case .slow: "slow"
        case .page: "page"
        case .failedStatus: "failed_status"
        }
    }
}

/// The faults that are armed.
struct FaultList {
    private var faults: [SendFault] = []

    mutating func add(_ fault: SendFault) { faults.append(fault) }

    mutating func removeAll() { faults.removeAll() }

    /// Takes one use of the first fault that means this call.
    mutating func take(phoneNumberID: String, users: [String], kind: String) -> SendFault? {
        guard !faults.isEmpty else { return nil }
        for index in faults.indices where means(faults[index], phoneNumberID, users, kind) {
            if faults[index].skip > 0 {
                faults[index].skip -= 1
                continue
            }
            let fault = faults[index]
            if let times = fault.times {
                if times <= 1 { faults.remove(at: index) } else { faults[index].times = times - 1 }
            }
            return fault
        }
        return nil
    }

    private func means(_ fault: SendFault, _ phoneNumberID: String, _ users: [String], _ kind: String) -> Bool {
        let isReceipt = kind == "read" || kind == "typing"
        return (fault.phoneNumberID == nil || fault.phoneNumberID == phoneNumberID)
            && (fault.user.map(users.contains) ?? true) && (fault.kind.map { $0 == kind } ?? !isReceipt)
    }

    /// The armed faults in the shape of the control API.
    var json: EmulatorJSON {
        .array(
            faults.map { fault in
                .object([
                    "effect": .string(fault.name), "times": fault.times.map(EmulatorJSON.integer),
                    "skip": fault.skip > 0 ? .integer(fault.skip) : nil,
                    "phone_number_id": fault.phoneNumberID.map(EmulatorJSON.string),
                    "user": fault.user.map(EmulatorJSON.string), "kind": fault.kind.map(EmulatorJSON.string),
                ])
            })
    }
}
