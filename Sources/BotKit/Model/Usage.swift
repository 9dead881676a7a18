/// What one call to a paid service used.
public struct Usage: Sendable, Hashable, Codable {
    /// The kind of work: `chat`, later `image`, `speech` …
    public var operation: String
    /// The model's name as the server gave it.
    public var model: String
    /// The server's host.
    public var host: String
    /// All tokens read, cached ones included.
    public var inputTokens: Int
    public var cachedTokens: Int
    /// All tokens written, reasoning included.
    public var outputTokens: Int
    public var reasoningTokens: Int
    /// Whether the server said nothing and the numbers are our own count.
    public var isEstimate: Bool
    /// The price in 1e-9 USD; `nil` when the model's price is not known.
    public var costNanoUSD: Int64?

    public init(
        operation: String, model: String, host: String, inputTokens: Int, cachedTokens: Int = 0, outputTokens: Int,
        reasoningTokens: Int = 0, isEstimate: Bool = false, costNanoUSD: Int64? = nil
    ) {
        self.operation = operation
        self.model = model
        self.host = host
        self.inputTokens = inputTokens
        self.cachedTokens = cachedTokens
        self.outputTokens = outputTokens
        self.reasoningTokens = reasoningTokens
        self.isEstimate = isEstimate
        self.costNanoUSD = costNanoUSD
    }
}
