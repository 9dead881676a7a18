/// The rules of interactive messages (Meta, Cloud API, Interactive messages).
enum InteractiveRules {
    /// Checks the `interactive` object of `message`.
    static func check(_ rules: FieldRules, _ message: inout OutgoingMessage) throws(EmulatedError) {
        let type = try rules.text("type", 1...64)
        guard let shape = shapes[type] else {
            throw .invalidParameter(
                "Param interactive['type'] must be one of {\(shapes.keys.sorted().joined(separator: ", "))}.")
        }
        try rules.allowOnly("type", "header", "body", "footer", "action")
        if shape.needsBody || rules.json["body"] != nil {
            try rules.object("body").text("text", 1...shape.bodyLimit)
        }
        if let footer = try rules.optionalObject("footer") {
            guard shape.allowsFooter else {
                throw .invalidParameter("Unexpected key \"footer\" on param \"interactive\".")
            }
            try footer.text("text", 1...60)
        }
        if let header = try rules.optionalObject("header") { try check(header: header, of: shape, &message) }
        try checkAction(of: type, try rules.object("action"), &message)
    }

    /// What surrounds the action of one type.
    private struct Shape {
        var bodyLimit = 1024
        var needsBody = true
        var allowsFooter = true
        var headers: Set<String> = ["text", "image", "video", "document"]
    }

    private static let shapes: [String: Shape] = [
        "button": Shape(), "cta_url": Shape(), "flow": Shape(),
        "list": Shape(bodyLimit: 4096, headers: ["text"]),
        "location_request_message": Shape(headers: []),
        "contact_request": Shape(headers: []), "request_contact_info": Shape(headers: []),
        "carousel": Shape(allowsFooter: false, headers: []),
        "voice_call": Shape(headers: []), "call_permission_request": Shape(needsBody: false, headers: []),
        "address_message": Shape(), "catalog_message": Shape(headers: []),
        "product": Shape(needsBody: false, headers: []), "product_list": Shape(headers: ["text"]),
    ]

    private static func check(
        header: FieldRules, of shape: Shape, _ message: inout OutgoingMessage
    ) throws(EmulatedError) {
        let type = try header.text("type", 1...16)
        guard shape.headers.contains(type) else {
            throw .invalidParameter("Param \(header.path)['type'] is not allowed for this interactive type.")
        }
        if type == "text" {
            try header.text("text", 1...60)
        } else {
            try MessageRules.checkMedia(try header.object(type), kind: type, &message)
        }
    }

    private static func checkAction(
        of type: String, _ action: FieldRules, _ message: inout OutgoingMessage
    ) throws(EmulatedError) {
        switch type {
        case "button": try checkButtons(action)
        case "list": try checkList(action)
        case "cta_url": try checkLink(action)
        case "location_request_message": try action.choice("name", ["send_location"])
        case "contact_request", "request_contact_info": try action.choice("name", ["request_contact_info"])
        case "flow": try checkFlow(action)
        case "carousel": try checkCarousel(action, &message)
        case "voice_call": try action.choice("name", ["voice_call"])
        case "call_permission_request": try action.choice("name", ["call_permission_request"])
        case "address_message": try action.choice("name", ["address_message"])
        case "catalog_message": try action.choice("name", ["catalog_message"])
        case "product", "product_list": try checkProducts(of: type, action)
        default: return
        }
    }

    private static func checkButtons(_ action: FieldRules) throws(EmulatedError) {
        var ids: Set<String> = []
        var titles: Set<String> = []
        for button in try action.objects("buttons", count: 1...3) {
            try button.choice("type", ["reply"])
            let reply = try button.object("reply")
            guard ids.insert(try reply.text("id", 1...256)).inserted else {
                throw .invalidValue("Duplicated button id in interactive['action']['buttons']")
            }
            guard titles.insert(try reply.text("title", 1...20)).inserted else {
                throw .invalidValue("Duplicated button title in interactive['action']['buttons']")
            }
        }
    }

    private static func checkList(_ action: FieldRules) throws(EmulatedError) {
        try action.text("button", 1...20)
        let sections = try action.objects("sections", count: 1...10)
        var ids: Set<String> = []
        for section in sections {
            if sections.count > 1 {
                try section.text("title", 1...24)
            } else {
                try section.optionalText("title", 0...24)
            }
            for row in try section.objects("rows", count: 1...10) {
                guard ids.insert(try row.text("id", 1...200)).inserted else {
                    throw .invalidValue("Duplicated row id in interactive['action']['sections']")
                }
                try row.text("title", 1...24)
                try row.optionalText("description", 0...72)
            }
        }
        guard ids.count <= 10 else { throw .invalidValue("Total row count exceed max allowed count: 10") }
    }

    private static func checkLink(_ action: FieldRules) throws(EmulatedError) {
        try action.choice("name", ["cta_url"])
        let parameters = try action.object("parameters")
        try parameters.text("display_text", 1...20)
        try parameters.address("url")
    }

    private static func checkFlow(_ action: FieldRules) throws(EmulatedError) {
        try action.choice("name", ["flow"])
        let parameters = try action.object("parameters")
        try parameters.text("flow_message_version", 1...8)
        guard (parameters.json["flow_id"] == nil) != (parameters.json["flow_name"] == nil) else {
            throw .invalidParameter("Param \(parameters.path) must have exactly one of 'flow_id' and 'flow_name'.")
        }
        try parameters.text("flow_cta", 1...20)
    }

    private static func checkCarousel(_ action: FieldRules, _ message: inout OutgoingMessage) throws(EmulatedError) {
        for card in try action.objects("cards", count: 2...10) {
            if let header = try card.optionalObject("header") {
                let type = try header.choice("type", ["image", "video"])
                try MessageRules.checkMedia(try header.object(type), kind: type, &message)
            }
            if let body = try card.optionalObject("body") {
                let text = try body.text("text", 1...160)
                guard text.count(where: \.isNewline) <= 2 else {
                    throw .invalidValue("\(body.path)['text'] must have at most 2 line breaks")
                }
            }
            _ = try card.object("action")
        }
    }

    private static func checkProducts(of type: String, _ action: FieldRules) throws(EmulatedError) {
        try action.text("catalog_id", 1...128)
        if type == "product" {
            try action.text("product_retailer_id", 1...256)
            return
        }
        var count = 0
        for section in try action.objects("sections", count: 1...10) {
            let items = try section.objects("product_items", count: 1...30)
            for item in items { try item.text("product_retailer_id", 1...256) }
            count += items.count
        }
        guard count <= 30 else { throw .invalidValue("Total product count exceed max allowed count: 30") }
    }
}
