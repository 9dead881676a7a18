/// Any bytes in a webhook give updates or an error, the same ones each time, within the limits.
///
/// An input that looks like JSON is the body itself; any other is a recipe for a body whose outer form is right.
@_cdecl("LLVMFuzzerTestOneInput")
func readWebhook(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    var recipe = WebhookRecipe(input)
    let body = input.first.map { $0 > 0x20 && $0 < 0x7F } ?? true ? input : recipe.body()
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
