extension Duration {
    /// Clocks of two instances, and of one machine before and after it is set right, differ by less.
    static let clockTolerance = Duration.seconds(5)
}
