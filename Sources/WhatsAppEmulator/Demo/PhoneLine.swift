/// What a phone's screen shows of a message that came.
enum PhoneLine {
    /// The words for an entry of `/phone/inbox`; nil when a phone shows nothing for it.
    static func text(of entry: EmulatorJSON) -> String? {
        shown(entry).map { text in
            // What the other side writes does not steer this terminal.
            let scalars = text.unicodeScalars.filter { $0 == "\n" || $0.properties.generalCategory != .control }
            return String(String.UnicodeScalarView(scalars))
        }
    }

    private static func shown(_ message: EmulatorJSON) -> String? {
        let text = message["text"]?.text ?? ""
        switch message["type"]?.text {
        case "text": return text
        case "reaction": return text.isEmpty ? "[took a reaction back]" : "[reacted \(text)]"
        case "edit": return message["message"].flatMap(shown)
        case "protocol":
            if let edited = message["edited"] { return shown(edited).map { "[edited] \($0)" } }
            return message["protocol_type"]?.whole == 0 ? "[deleted a message]" : nil
        case "image":
            let caption = message["caption"]?.text ?? ""
            return caption.isEmpty ? "[image]" : "[image] \(caption)"
        case "poll":
            let options = (message["options"]?.items ?? []).compactMap(\.text).enumerated()
            return ([text] + options.map { "  \($0.offset + 1)) \($0.element)" }).joined(separator: "\n")
        case "device_sent", nil: return nil
        case let other?: return "[\(other)]"
        }
    }
}
