/// Makes a webhook out of any bytes: good JSON with names that Meta uses, and values that need not fit them.
///
/// Random changes of a good body mostly give no JSON at all, which the parser refuses at once; these come further in.
struct WebhookRecipe {
    private var rest: ArraySlice<UInt8>
    private var written: [UInt8] = []
    /// Values that may still be written, so that no recipe takes long.
    private var room = 500

    init(_ bytes: [UInt8]) { rest = bytes[...] }

    private static let scalars = [
        "null", "true", "false", "0", "-1", "1.5", "1e400", "9223372036854775808", "1700000000", #""1700000000""#,
        #""-1""#, #""15550000001""#, #""wamid.HBgL""#, #""US.13491208655302741918""#, #""""#, #""\ud83d""#,
        #""\u0000""#,
        "[]", "{}",
    ]

    mutating func body() -> [UInt8] {
        write(#"{"object":"whatsapp_business_account","entry":["#)
        repeated(upTo: 3) { recipe in
            recipe.write(#"{"id":"1","time":1,"changes":["#)
            recipe.repeated(upTo: 3) { $0.change() }
            recipe.write("]}")
        }
        write("]}")
        return written
    }

    private mutating func change() {
        guard next() % 2 == 0 else {
            write(#"{"field":"\#(word())","value":"#)
            value(depth: 0)
            return write("}")
        }
        write(
            #"{"field":"messages","value":{"metadata":{"phone_number_id":"1","display_phone_number":"1"},"contacts":["#)
        repeated(upTo: 2) { $0.value(depth: 1) }
        write(#"],"messages":["#)
        repeated(upTo: 3) { $0.message() }
        write(#"],"statuses":["#)
        repeated(upTo: 2) { $0.value(depth: 1) }
        write("]}}")
    }

    /// A message whose payload stands under the name of its type, as in all of Meta's.
    private mutating func message() {
        let type = word()
        write(#"{"from":"15550000001","id":"wamid.1","timestamp":"1700000000","type":"\#(type)","\#(type)":"#)
        value(depth: 1)
        write(#","\#(word())":"#)
        value(depth: 1)
        write("}")
    }

    private mutating func value(depth: Int) {
        room -= 1
        guard room > 0, depth < 8 else { return write("null") }
        switch next() % 6 {
        case 0: write(Self.scalars[Int(next()) % Self.scalars.count])
        case 1: write(#""\#(word())""#)
        case 2:
            write("[")
            repeated(upTo: 4) { $0.value(depth: depth + 1) }
            write("]")
        default:
            write("{")
            repeated(upTo: 6) { recipe in
                recipe.write(#""\#(recipe.word())":"#)
                recipe.value(depth: depth + 1)
            }
            write("}")
        }
    }

    private mutating func repeated(upTo limit: Int, _ write: (inout WebhookRecipe) -> Void) {
        for index in 0..<Int(next()) % (limit + 1) {
            if index > 0 { self.write(",") }
            write(&self)
        }
    }

    /// A name or word that the decoder knows.
    private mutating func word() -> String {
        let index = Int(next()) << 8 | Int(next())
        return webhookWords[index % webhookWords.count]
    }

    private mutating func next() -> UInt8 { rest.popFirst() ?? 0 }

    private mutating func write(_ text: String) { written.append(contentsOf: text.utf8) }
}
