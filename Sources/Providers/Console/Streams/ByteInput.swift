/// Where the bytes of the user come from.
protocol ByteInput: Sendable {
    /// The next bytes, as soon as there are any; `nil` at the end or after `stop`.
    func next() async -> [UInt8]?
    /// Ends the waiting, now and from now on.
    func stop()
}
