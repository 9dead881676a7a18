/// The rules of template messages (Meta, Cloud API, Message templates).
enum TemplateRules {
    /// Checks the `template` object of a message and says which template it names.
    static func check(
        _ rules: FieldRules, _ message: inout OutgoingMessage
    ) throws(EmulatedError) -> OutgoingMessage.TemplateUse {
        let name = try rules.text("name", 1...512)
        let language = try rules.object("language").text("code", 2...16)
        var bodyParameters = 0
        if rules.json["components"] != nil {
            for component in try rules.objects("components", count: 0...20) {
                let type = try component.text("type", 1...32).lowercased()
                guard ["header", "body", "button", "carousel", "limited_time_offer", "order_details"].contains(type)
                else {
                    throw EmulatedError(code: 132012, details: "\(component.path)['type'] is not a component")
                }
                if type == "button" { try component.text("sub_type", 1...32) }
                let count = try checkParameters(of: component, &message)
                if type == "body" { bodyParameters = count }
            }
        }
        return OutgoingMessage.TemplateUse(name: name, language: language, bodyParameters: bodyParameters)
    }

    private static func checkParameters(
        of component: FieldRules, _ message: inout OutgoingMessage
    ) throws(EmulatedError) -> Int {
        guard component.json["parameters"] != nil else { return 0 }
        let parameters = try component.objects("parameters", count: 0...100)
        for parameter in parameters {
            switch try parameter.text("type", 1...32) {
            case "text": try parameter.text("text", 1...32_768)
            case "image": try MessageRules.checkMedia(try parameter.object("image"), kind: "image", &message)
            case "video": try MessageRules.checkMedia(try parameter.object("video"), kind: "video", &message)
            case "document": try MessageRules.checkMedia(try parameter.object("document"), kind: "document", &message)
            case "currency": _ = try parameter.object("currency")
            case "date_time": _ = try parameter.object("date_time")
            case "location": _ = try parameter.object("location")
            case "payload", "coupon_code", "action", "product", "limited_time_offer", "tap_target_configuration",
                "order_status",
                "order_details":
                continue
            default:
                throw EmulatedError(code: 132012, details: "\(parameter.path)['type'] is not a kind of parameter")
            }
        }
        return parameters.count
    }
}

/// A message template of one account in one language.
struct MessageTemplate: Sendable {
    let id: String
    let name: String
    let language: String
    var category: String
    /// Meta's status word: `APPROVED`, `PAUSED`, `DISABLED`, `PENDING`, `REJECTED`.
    var status: String
    let components: EmulatorJSON

    /// Reads a template as it is created: `name` and `language`, the rest has defaults.
    init(_ json: EmulatorJSON) throws(EmulatedError) {
        let rules = try FieldRules(json, path: "template")
        let name = try rules.text("name", 1...512)
        guard name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5F }) else {
            throw .invalidParameter("Param name must be lower-case letters, digits and underscores.")
        }
        self.name = name
        language = try rules.text("language", 2...16)
        id = json["id"]?.identifier ?? Identifiers.numeric()
        category = json["category"]?.text?.uppercased() ?? "UTILITY"
        status = json["status"]?.text?.uppercased() ?? "APPROVED"
        components = json["components"] ?? (json["body"]?.text).map { [["type": "BODY", "text": .string($0)]] } ?? []
    }

    /// The different `{{…}}` places in the body; `nil` when the body's text is not known.
    var bodyParameters: Int? {
        let body = components.items?.first { $0["type"]?.text?.uppercased() == "BODY" }
        guard let text = body?["text"]?.text else { return nil }
        var places: Set<Substring> = []
        var rest = text[...]
        while let open = rest.firstRange(of: "{{"), let close = rest[open.upperBound...].firstRange(of: "}}") {
            places.insert(rest[open.upperBound..<close.lowerBound])
            rest = rest[close.upperBound...]
        }
        return places.count
    }

    var json: EmulatorJSON {
        [
            "name": .string(name), "language": .string(language), "status": .string(status),
            "category": .string(category), "id": .string(id), "components": components,
        ]
    }

    /// Refuses `use` as Meta does when the template is not ready or its parameters do not match.
    func check(_ use: OutgoingMessage.TemplateUse) throws(EmulatedError) {
        switch status {
        case "APPROVED": break
        case "PAUSED": throw EmulatedError(code: 132015, details: "Template is paused due to low quality")
        case "DISABLED": throw EmulatedError(code: 132016, details: "Template is disabled due to low quality")
        default: throw EmulatedError(code: 132001, details: "The template is not approved in \(language)")
        }
        if let expected = bodyParameters, expected != use.bodyParameters {
            throw EmulatedError(
                code: 132000,
                details: "body: number of localizable_params (\(use.bodyParameters)) does not match the expected "
                    + "number of params (\(expected))")
        }
    }
}
