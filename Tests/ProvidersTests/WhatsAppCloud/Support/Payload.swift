import Foundation

/// Webhook bodies as Meta writes them, with fictitious people.
enum Payload {
    static let number = "106540352242922"
    static let business = "102290129340398"
    static let dana = "15550000001"
    static let omer = "15550000002"
    static let danaID = "US.13491208655302741918"

    /// Who a message is from.
    struct Person: Sendable {
        var phone: String?
        var userID: String?
        var name: String? = nil

        static let dana = Person(phone: Payload.dana, userID: nil, name: "Dana")
        static let danaWithID = Person(phone: Payload.dana, userID: Payload.danaID, name: "Dana")
        static let danaByID = Person(phone: nil, userID: Payload.danaID, name: "Dana")
        static let omer = Person(phone: Payload.omer, userID: nil, name: "Omer")

        fileprivate var contact: String {
            let members = [
                name.map { #""profile":{"name":"\#($0)"}"# }, phone.map { #""wa_id":"\#($0)""# },
                userID.map { #""user_id":"\#($0)""# },
            ]
            return "{\(members.compactMap { $0 }.joined(separator: ","))}"
        }
    }

    static func body(
        _ members: String, contacts: [Person] = [], number: String = number, business: String = business
    ) -> String {
        let list = contacts.isEmpty ? "" : #""contacts":[\#(contacts.map(\.contact).joined(separator: ","))],"#
        return """
            {"object":"whatsapp_business_account","entry":[{"id":"\(business)","changes":[{"field":"messages","value":\
            {"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550009999","phone_number_id":\
            "\(number)"},\(list)\(members)}}]}]}
            """
    }

    static func messages(_ messages: String..., from person: Person, number: String = number) -> String {
        body(#""messages":[\#(messages.joined(separator: ","))]"#, contacts: [person], number: number)
    }

    static func message(
        _ type: String, _ members: String, from person: Person = .dana, id: String = "wamid.IN1", at time: Date
    ) -> String {
        let sender = [person.phone.map { #""from":"\#($0)","# }, person.userID.map { #""from_user_id":"\#($0)","# }]
        let more = members.isEmpty ? "" : ",\(members)"
        return """
            {\(sender.compactMap { $0 }.joined())"id":"\(id)","timestamp":"\(Int(time.timeIntervalSince1970))",\
            "type":"\(type)"\(more)}
            """
    }

    static func text(_ text: String, from person: Person = .dana, id: String = "wamid.IN1", at time: Date) -> String {
        message("text", #""text":{"body":"\#(text)"}"#, from: person, id: id, at: time)
    }

    static func status(_ word: String, _ more: String = "", id: String = "wamid.OUT1", row: Int64? = nil) -> String {
        let token = row.map { #","biz_opaque_callback_data":"m\#($0)""# } ?? ""
        let rest = more.isEmpty ? "" : ",\(more)"
        return body(
            #"""
            "statuses":[{"id":"\#(id)","status":"\#(word)","timestamp":"1760000000",\#
            "recipient_id":"\#(dana)"\#(token)\#(rest)}]
            """#
        )
    }

    static func failure(_ code: Int, row: Int64?, id: String = "wamid.OUT1") -> String {
        status("failed", #""errors":[{"code":\#(code),"title":"t"}]"#, id: id, row: row)
    }

    static func account(_ field: String, _ value: String, business: String = business) -> String {
        """
        {"object":"whatsapp_business_account","entry":[{"id":"\(business)","time":1760000000,"changes":[{"field":\
        "\(field)","value":\(value)}]}]}
        """
    }
}
