import Synchronization

/// The Graph API as far as load needs it: takes every message, tells whose answer it was, and reports nothing back.
struct GraphSink: Sendable {
    private let server: PlainServer
    var port: Int { server.port }

    /// The one file that it has.
    static let imageID = "155500000010001"

    /// - Parameter arrived: called on the server's thread for each message with a mark, before it is answered.
    init(arrived: @escaping @Sendable (Token) -> Void) throws {
        let count = Atomic<Int>(0)
        let health =
            #"{"display_phone_number":"\#(SignedWebhook.number.displayNumber)","verified_name":"Martlet","id":"#
            + #""\#(SignedWebhook.number.phoneNumberID)","quality_rating":"GREEN","#
            + #""health_status":{"can_send_message":"AVAILABLE"}}"#
        let token = #"{"data":{"is_valid":true,"type":"SYSTEM_USER","scopes":["whatsapp_business_messaging"]}}"#
        let ownPort = Atomic<Int>(0)
        server = try PlainServer("graph sink") { request in
            guard request.method == "POST" else {
                if request.target.hasPrefix("/file/") {
                    return PlainResponse(contentType: DotPicture.mimeType, DotPicture.bytes)
                }
                if request.target.contains(Self.imageID) {
                    let url = "http://127.0.0.1:\(ownPort.load(ordering: .relaxed))/file/\(Self.imageID)"
                    return PlainResponse(
                        #"{"messaging_product":"whatsapp","url":"\#(url)","mime_type":"\#(DotPicture.mimeType)","#
                            + #""file_size":\#(DotPicture.bytes.count),"id":"\#(Self.imageID)"}"#)
                }
                return PlainResponse(request.target.contains("debug_token") ? token : health)
            }
            if let mark = Token.last(in: request.body) {
                arrived(mark)
            } else if String(decoding: request.body, as: UTF8.self).contains(#""status":"read""#) {
                return PlainResponse(#"{"success":true}"#)
            }
            let number = count.wrappingAdd(1, ordering: .relaxed).newValue
            return PlainResponse(
                #"{"messaging_product":"whatsapp","contacts":[{"input":"1","wa_id":"1"}],"#
                    + #""messages":[{"id":"wamid.OUT\#(number)"}]}"#
            )
        }
        ownPort.store(server.port, ordering: .relaxed)
    }
}
