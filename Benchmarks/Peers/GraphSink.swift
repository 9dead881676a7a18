import Synchronization

/// The Graph API as far as load needs it: takes every message, tells whose answer it was, and reports nothing back.
struct GraphSink: Sendable {
    private let server: PlainServer
    var port: Int { server.port }

    /// - Parameter arrived: called on the server's thread for each message with a mark, before it is answered.
    init(arrived: @escaping @Sendable (Token) -> Void) throws {
        let count = Atomic<Int>(0)
        let health =
            #"{"display_phone_number":"\#(SignedWebhook.number.displayNumber)","verified_name":"Martlet","id":"#
            + #""\#(SignedWebhook.number.phoneNumberID)","quality_rating":"GREEN","#
            + #""health_status":{"can_send_message":"AVAILABLE"}}"#
        let token = #"{"data":{"is_valid":true,"type":"SYSTEM_USER","scopes":["whatsapp_business_messaging"]}}"#
        server = try PlainServer("graph sink") { request in
            guard request.method == "POST" else {
                return PlainResponse(request.target.contains("debug_token") ? token : health)
            }
            guard let mark = Token.last(in: request.body) else { return PlainResponse(#"{"success":true}"#) }
            arrived(mark)
            let number = count.wrappingAdd(1, ordering: .relaxed).newValue
            return PlainResponse(
                #"{"messaging_product":"whatsapp","contacts":[{"input":"1","wa_id":"1"}],"#
                    + #""messages":[{"id":"wamid.OUT\#(number)"}]}"#
            )
        }
    }
}
