/// Checks of the members of a message body, worded as Meta words its refusals.
struct FieldRules {
    let json: EmulatorJSON
    /// The path for messages, such as `interactive['body']`.
    let path: String

    init(_ json: EmulatorJSON, path: String) throws(EmulatedError) {
        guard json.members != nil else { throw .invalidParameter("Param \(path) must be a JSON object.") }
        self.json = json
        self.path = path
    }

    private func name(_ member: String) -> String { "\(path)['\(member)']" }

    /// Refuses members that are not in `names`.
    func allowOnly(_ names: String...) throws(EmulatedError) {
        for member in json.members ?? [] where member.value != .null && !names.contains(member.name) {
            throw .invalidParameter("Unexpected key \"\(member.name.prefix(64))\" on param \"\(path)\".")
        }
    }

    /// The object in `member`.
    func object(_ member: String) throws(EmulatedError) -> FieldRules {
        guard let value = json[member] else { throw .missing("Parameter '\(name(member))' is mandatory") }
        return try FieldRules(value, path: name(member))
    }

    /// The object in `member`, or `nil` when it is absent.
    func optionalObject(_ member: String) throws(EmulatedError) -> FieldRules? {
        guard let value = json[member] else { return nil }
        return try FieldRules(value, path: name(member))
    }

    /// The objects of the array in `member`.
    func objects(_ member: String, count: ClosedRange<Int>) throws(EmulatedError) -> [FieldRules] {
        guard let value = json[member] else { throw .missing("Parameter '\(name(member))' is mandatory") }
        guard let items = value.items else { throw .invalidParameter("Param \(name(member)) must be an array.") }
        guard count.contains(items.count) else {
            throw .invalidValue(
                "Invalid \(member) count. Min allowed \(member): \(count.lowerBound), "
                    + "Max allowed \(member): \(count.upperBound)")
        }
        var rules: [FieldRules] = []
        for (index, item) in items.enumerated() {
            rules.append(try FieldRules(item, path: "\(name(member))[\(index)]"))
        }
        return rules
    }

    /// The text in `member`, of `length` characters (Unicode scalars).
    @discardableResult
    func text(_ member: String, _ length: ClosedRange<Int>) throws(EmulatedError) -> String {
        guard let value = json[member] else { throw .missing("Parameter '\(name(member))' is mandatory") }
        guard let text = value.identifier else { throw .invalidParameter("Param \(name(member)) must be a string.") }
        guard length.contains(text.unicodeScalars.count) else {
            throw .invalidValue(
                "\(name(member)) length invalid. Min length: \(length.lowerBound), Max length: \(length.upperBound)")
        }
        return text
    }

    /// The text in `member`, or `nil` when it is absent.
    @discardableResult
    func optionalText(_ member: String, _ length: ClosedRange<Int>) throws(EmulatedError) -> String? {
        json[member] == nil ? nil : try text(member, length)
    }

    /// The number in `member`, within `range`.
    @discardableResult
    func number(_ member: String, _ range: ClosedRange<Double>) throws(EmulatedError) -> Double {
        guard let value = json[member] else { throw .missing("Parameter '\(name(member))' is mandatory") }
        guard let number = value.decimal, range.contains(number) else {
            throw .invalidParameter(
                "Param \(name(member)) must be a number in \(range.lowerBound)...\(range.upperBound).")
        }
        return number
    }

    /// Refuses `member` unless it is absent, `true` or `false`.
    func optionalFlag(_ member: String) throws(EmulatedError) {
        guard let value = json[member] else { return }
        guard value.flag != nil || value.text == "true" || value.text == "false" else {
            throw .invalidParameter("Param \(name(member)) must be a boolean.")
        }
    }

    /// Refuses `member` unless it is one of `choices`.
    @discardableResult
    func choice(_ member: String, _ choices: [String]) throws(EmulatedError) -> String {
        guard let value = json[member] else { throw .missing("Parameter '\(name(member))' is mandatory") }
        guard let text = value.text, choices.contains(text) else {
            throw .invalidParameter("Param \(name(member)) must be one of {\(choices.joined(separator: ", "))}.")
        }
        return text
    }

    /// The `http` or `https` address in `member`.
    func address(_ member: String) throws(EmulatedError) {
        let text = try text(member, 1...2000)
        guard text.hasPrefix("https://") || text.hasPrefix("http://"), !text.contains(" "),
            text.drop(while: { $0 != "/" }).dropFirst(2).prefix(while: { $0 != "/" }).isEmpty == false
        else { throw .invalidParameter("Param \(name(member)) is not a valid URI.") }
    }
}
