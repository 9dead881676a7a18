extension InteractiveAction {
    /// What the frame around an action may hold (Meta, Interactive messages).
    struct Rules {
        let type: String
        var bodyLimit = 1024
        var hasHeader = true
        var headerIsText = false
        var needsHeader = false
        var hasFooter = true
        var bodyIsOptional = false
    }

    var rules: Rules {
        switch self {
        case .buttons: Rules(type: "button")
        case .list: Rules(type: "list", bodyLimit: 4096, headerIsText: true)
        case .link: Rules(type: "cta_url")
        case .locationRequest: Rules(type: "location_request_message", hasHeader: false, hasFooter: false)
        case .flow: Rules(type: "flow")
        case .carousel: Rules(type: "carousel", hasHeader: false, hasFooter: false)
        case .contactRequest: Rules(type: "contact_request", hasHeader: false, hasFooter: false)
        case .voiceCall: Rules(type: "voice_call", hasHeader: false, hasFooter: false)
        case .callPermissionRequest: Rules(type: "call_permission_request", hasHeader: false, hasFooter: false)
        case .address: Rules(type: "address_message")
        case .catalog: Rules(type: "catalog_message", hasHeader: false)
        case .product: Rules(type: "product", hasHeader: false, bodyIsOptional: true)
        case .productList: Rules(type: "product_list", headerIsText: true, needsHeader: true)
        }
    }

    func payload() throws(LimitViolation) -> GraphBody {
        switch self {
        case .buttons(let buttons):
            let field = "interactive.action.buttons"
            return .members(("buttons", try ReplyButton.payload(buttons, field, type: "reply")))
        case .list(let button, let sections):
            try Limit.text("interactive.action.button", button, 1...20)
            return .members(("button", .string(button)), ("sections", try ListSection.payload(sections)))
        case .link(let label, let url):
            return try Self.link("interactive.action.parameters", label, url)
        case .locationRequest: return .members(("name", "send_location"))
        case .flow(let flow): return .members(("name", "flow"), ("parameters", try flow.payload()))
        case .carousel(let cards): return .members(("cards", try CarouselCard.payload(cards)))
        case .contactRequest: return .members(("name", "request_contact_info"))
        case .voiceCall(let label, let minutes):
            try Limit.optional("interactive.action.parameters.display_text", label, 20)
            if let minutes { try Limit.count("interactive.action.parameters.ttl_minutes", minutes, 1...43_200) }
            let parameters = GraphBody.members(
                ("display_text", .text(label)), ("ttl_minutes", minutes.map { .integer($0) }))
            return .members(("name", "voice_call"), ("parameters", parameters))
        case .callPermissionRequest: return .members(("name", "call_permission_request"))
        case .address(let country):
            guard ["IN", "SG"].contains(country) else {
                throw LimitViolation("interactive.action.parameters.country", "IN or SG", actual: "another")
            }
            return .members(("name", "address_message"), ("parameters", .members(("country", .string(country)))))
        case .catalog(let product):
            let parameters = product.map { GraphBody.members(("thumbnail_product_retailer_id", .string($0))) }
            return .members(("name", "catalog_message"), ("parameters", parameters))
        case .product(let catalog, let product):
            return .members(("catalog_id", .string(catalog)), ("product_retailer_id", .string(product)))
        case .productList(let catalog, let sections):
            return .members(("catalog_id", .string(catalog)), ("sections", try ProductSection.payload(sections)))
        }
    }

    static func link(_ field: String, _ label: String, _ url: String) throws(LimitViolation) -> GraphBody {
        try Limit.text("\(field).display_text", label, 1...20)
        try Limit.link("\(field).url", url)
        let parameters = GraphBody.members(("display_text", .string(label)), ("url", .string(url)))
        return .members(("name", "cta_url"), ("parameters", parameters))
    }
}

extension ReplyButton {
    static func payload(_ buttons: [ReplyButton], _ field: String, type: String) throws(LimitViolation) -> GraphBody {
        try Limit.count(field, buttons.count, 1...3)
        for (index, button) in buttons.enumerated() {
            try Limit.text("\(field)[\(index)].\(type).id", button.id, 1...256)
            try Limit.text("\(field)[\(index)].\(type).title", button.title, 1...20)
        }
        try Limit.unique("\(field) titles", buttons.map(\.title))
        try Limit.unique("\(field) ids", buttons.map(\.id))
        return .array(
            buttons.map { button in
                let reply = GraphBody.members(("id", .string(button.id)), ("title", .string(button.title)))
                return .members(("type", .string(type)), (type, reply))
            })
    }
}

extension ListSection {
    static func payload(_ sections: [ListSection]) throws(LimitViolation) -> GraphBody {
        let field = "interactive.action.sections"
        try Limit.count(field, sections.count, 1...10)
        try Limit.count("\(field) rows", sections.map(\.rows.count).reduce(0, +), 1...10)
        try Limit.unique("\(field) row ids", sections.flatMap(\.rows).map(\.id))
        var bodies: [GraphBody] = []
        for (index, section) in sections.enumerated() {
            let place = "\(field)[\(index)]"
            if sections.count > 1, section.title == nil {
                throw LimitViolation("\(place).title", "present if there are several sections", actual: "absent")
            }
            try Limit.optional("\(place).title", section.title, 24)
            try Limit.count("\(place).rows", section.rows.count, 1...10)
            var rows: [GraphBody] = []
            for (number, row) in section.rows.enumerated() { rows.append(try row.payload("\(place).rows[\(number)]")) }
            bodies.append(.members(("title", .text(section.title)), ("rows", .array(rows))))
        }
        return .array(bodies)
    }
}

extension ListSection.Row {
    fileprivate func payload(_ field: String) throws(LimitViolation) -> GraphBody {
        try Limit.text("\(field).id", id, 1...200)
        try Limit.text("\(field).title", title, 1...24)
        try Limit.optional("\(field).description", description, 72)
        return .members(("id", .string(id)), ("title", .string(title)), ("description", .text(description)))
    }
}

extension ProductSection {
    static func payload(_ sections: [ProductSection]) throws(LimitViolation) -> GraphBody {
        let field = "interactive.action.sections"
        try Limit.count(field, sections.count, 1...10)
        try Limit.count("\(field) products", sections.map(\.productIDs.count).reduce(0, +), 1...30)
        for (index, section) in sections.enumerated() {
            try Limit.text("\(field)[\(index)].title", section.title, 1...24)
        }
        return .array(
            sections.map { section in
                let items = section.productIDs.map { GraphBody.members(("product_retailer_id", .string($0))) }
                return .members(("title", .string(section.title)), ("product_items", .array(items)))
            })
    }
}

extension FlowAction {
    func payload() throws(LimitViolation) -> GraphBody {
        let field = "interactive.action.parameters"
        try Limit.text("\(field).flow_cta", label, 1...20)
        try Limit.text("\(field).flow_token", token, 1...1024)
        if let data {
            guard let json = try? JSON(parsing: Array(data.utf8)), json.isObject, screen != nil else {
                throw LimitViolation("\(field).flow_action_payload", "a JSON object, with a screen", actual: "neither")
            }
        }
        let payload = screen.map { screen in
            GraphBody.members(("screen", .string(screen)), ("data", data.map { .raw($0) }))
        }
        let form: (String, GraphBody?) =
            switch self.form {
            case .id(let id): ("flow_id", .string(id))
            case .name(let name): ("flow_name", .string(name))
            }
        return .members(
            ("mode", isDraft ? "draft" : "published"), ("flow_message_version", "3"), ("flow_token", .string(token)),
            form, ("flow_cta", .string(label)), ("flow_action", screen == nil ? "data_exchange" : "navigate"),
            ("flow_action_payload", payload))
    }
}

extension CarouselCard {
    static func payload(_ cards: [CarouselCard]) throws(LimitViolation) -> GraphBody {
        try Limit.count("interactive.action.cards", cards.count, 2...10)
        var bodies: [GraphBody] = []
        for (index, card) in cards.enumerated() { bodies.append(try card.payload(index)) }
        return .array(bodies)
    }

    private func payload(_ index: Int) throws(LimitViolation) -> GraphBody {
        let field = "interactive.action.cards[\(index)]"
        try Limit.optional("\(field).body", body, 160)
        let breaks = body?.unicodeScalars.count { $0 == "\n" } ?? 0
        guard breaks <= 2 else { throw LimitViolation("\(field).body", "at most 2 line breaks", actual: "\(breaks)") }
        switch header {
        case .image, .video: break
        case .text, .document:
            throw LimitViolation("\(field).header", "a picture or a video", actual: "something else")
        }
        let action: GraphBody
        switch self.action {
        case .link(let label, let url):
            action = try InteractiveAction.link("\(field).action.parameters", label, url)
        case .buttons(let buttons):
            let list = try ReplyButton.payload(buttons, "\(field).action.buttons", type: "quick_reply")
            action = .members(("buttons", list))
        }
        return .members(
            ("card_index", .integer(index)), ("type", "cta_url"), ("header", try header.payload("\(field).header")),
            ("body", body.map { .members(("text", .string($0))) }), ("action", action))
    }
}
