/// Any bytes in a webhook give updates or an error, the same ones each time, within the limits.
@_cdecl("LLVMFuzzerTestOneInput")
func readWebhook(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let body = Array(UnsafeBufferPointer(start: bytes, count: count))
    let decoder = WebhookDecoder()
    let first = Result { try decoder.decode(body) }
    let second = Result { try decoder.decode(body) }
    switch (first, second) {
    case (.success(let updates), .success(let again)):
        precondition(updates.count == again.count, "the same bytes gave another number of updates")
        precondition(updates.count <= WebhookDecoder.Limits().updates, "more updates than the limit")
    case (.failure(let failure), .failure(let again)):
        precondition("\(failure)" == "\(again)", "the same bytes failed in another way")
    default:
        preconditionFailure("the same bytes were read once and refused once")
    }
    return 0
}
