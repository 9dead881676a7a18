extension String {
    /// The text as one word of a shell, whatever stands in it: for commands that an operator is told to run.
    public var shellQuoted: String { "'\(replacing("'", with: #"'\''"#))'" }
}
