/// A path at which a network calls us. A provider implements it, the control plane serves it.
///
/// The control plane has read the whole body, within `maximumBodyBytes` and its own time limit, before it asks; it
/// answers too large, too slow and too frequent requests itself.
public protocol WebhookEndpoint: Sendable {
    /// The exact path without a query, such as `/webhook/cloud`.
    var path: String { get }
    /// The largest body that is read; a larger one is answered with 413.
    var maximumBodyBytes: Int { get }
    /// Answers a GET, with which a network checks that the address is ours.
    /// - Parameter query: percent-decoded; of a repeated name the first value.
    func verify(_ query: [String: String]) async -> WebhookResponse
    /// Whether a POST with these headers can be the network's. It is asked before the body is read: what carries no
    /// well-formed signature is answered with 401 and costs nothing more. By default everything can.
    /// - Parameter header: gives the value of a header by its name in any case.
    func mightBeGenuine(_ header: (String) -> String?) -> Bool
    /// Answers a POST. 2xx means that what came in is durable; 401 or 403 that the sender did not prove itself.
    func deliver(_ delivery: WebhookDelivery) async -> WebhookResponse
}

extension WebhookEndpoint {
    public func mightBeGenuine(_ header: (String) -> String?) -> Bool { true }
}

/// One POST to a webhook.
public struct WebhookDelivery: Sendable {
    /// The body exactly as it was received; signatures are made over these bytes.
    public let body: [UInt8]
    private let find: @Sendable (String) -> String?

    /// - Parameter header: gives the value of a header by its name in any case.
    public init(body: [UInt8], header: @escaping @Sendable (String) -> String?) {
        self.body = body
        find = header
    }

    /// The value of the header called `name`, in any case; values of a repeated header are joined with commas.
    public func header(_ name: String) -> String? { find(name) }
}

/// What a webhook answers.
public struct WebhookResponse: Sendable, Hashable {
    /// The HTTP status, 200...599.
    public var status: Int
    public var contentType: String
    public var body: String
    /// When the sender may come again, for 429 and 503.
    public var retryAfter: Duration?

    public init(
        status: Int, contentType: String = "text/plain; charset=utf-8", body: String = "", retryAfter: Duration? = nil
    ) {
        self.status = status
        self.contentType = contentType
        self.body = body
        self.retryAfter = retryAfter
    }

    /// 200 without a body: everything is durable.
    public static let accepted = WebhookResponse(status: 200)
    /// 401: the signature is absent or wrong.
    public static let unauthorized = WebhookResponse(status: 401)
    /// 403: the token of the check is wrong.
    public static let forbidden = WebhookResponse(status: 403)
    /// 503: it cannot be stored now and shall be sent again.
    public static let unavailable = WebhookResponse(status: 503, retryAfter: .seconds(5))
}
