/// Hears how the endpoints of a language model do, so that the operator learns at once what only they can mend.
public protocol ModelReports: Sendable {
    /// An endpoint refused a request for a reason that stays until somebody acts. It is told each time.
    func refused(_ fault: ModelFault, at place: ModelPlace)
    /// An endpoint answered.
    func answered(at place: ModelPlace)
}

/// Where a language model was asked: an endpoint, and one of its keys by its place in the settings.
public struct ModelPlace: Sendable, Hashable {
    /// From 0, in the order in which endpoints are asked.
    public var endpoint: Int
    /// Its host, which may be shown.
    public var host: String
    /// From 0.
    public var key: Int
    /// 1 or more.
    public var keys: Int

    public init(endpoint: Int, host: String, key: Int, of keys: Int) {
        self.endpoint = endpoint
        self.host = host
        self.key = key
        self.keys = keys
    }
}
