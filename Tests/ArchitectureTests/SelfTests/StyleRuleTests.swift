import Testing

/// Each rule about the text of a source is fed what it must complain about, and what it must let pass.
@Suite struct StyleRuleTests {
    private func tree(_ text: String, _ path: String = "Sources/BotKit/Sample.swift") -> SourceTree {
        SourceTree([SourceFile(path, text)])
    }

    @Test(arguments: [
        "Task { await a() }", "Task(priority: .high) { a() }", "let t = Task<Void, Never> { a() }",
        "Task.detached { a() }",
        "Task.init { a() }", "let lock = NSLock()", "var m = pthread_mutex_t()",
        "final class A: @unchecked Sendable {}",
        "nonisolated(unsafe) var a = 1", "let a = try! b()", "let a = b as! C", "let a = b()!", "let a = b[0]!",
        "a!.b()",
        "let a: String!", "return fatalError(\"no\")", "try await Task.sleep(for: .seconds(1))", "print(\"a\")",
        "open class A {}", "static let shared = A()", "var a: SIMD4<Int>", "static var count = 0", "let a = \"\\(b!)\"",
    ])
    func `complains about a forbidden construct`(code: String) throws {
        #expect(try ForbiddenConstructRule().complaints(in: tree(code)).count == 1)
    }

    @Test(arguments: [
        "group.addTask { a() }", "withTaskGroup(of: Void.self) { _ in }", "let a = !b && c != d", "// Task { a }",
        "let a = \"try! print( Task {\"", "// Cannot be: the switch above is complete.\nfatalError()",
        "public static var done: Self { .init() }", "log.print(\"a\")", "let a = Mutex(0)", "if a!=b {}",
        "#if !os(Linux)",
    ])
    func `lets what only looks like one pass`(code: String) throws {
        #expect(try ForbiddenConstructRule().complaints(in: tree(code)).isEmpty)
    }

    @Test func `lets a construct stand where the list gives a reason`() throws {
        let sleep = "try await Task.sleep(for: .seconds(1))"
        #expect(
            try ForbiddenConstructRule().complaints(in: tree(sleep, "Sources/WhatsAppEmulator/Clock.swift")).isEmpty)
        #expect(try ForbiddenConstructRule().complaints(in: tree(sleep, "Sources/BotCore/A.swift")).count == 1)
    }

    @Test(arguments: [
        (#"Text("chat.past", en: "", he: "עבר")"#, "no English"),
        (#"Text("chat.past", en: "past", he: "")"#, "no Hebrew"),
        (#"Text("chat.past", en: "past", he: "past")"#, "no Hebrew letter"),
        (#"Text("past", en: "past", he: "עבר")"#, "is not feature.what"),
        (#"Text("other.past", en: "past", he: "עבר")"#, "does not begin with its feature"),
        (#"Text("chat.at", en: "at {when}", he: "בשעה {time}")"#, "placeholders"),
        (#"Text("chat.at", en: "at \(when)", he: "בשעה")"#, "interpolation"),
        (
            "Text(\n  \"chat.long\",\n  en: \"\"\"\n    one, two (three)\n    \"\"\",\n  he: \"one\")",
            "no Hebrew letter"
        ),
    ])
    func `complains about a text that is not whole`(code: String, rule: String) throws {
        let complaints = try TextRule().complaints(in: tree(code, "Sources/Features/Chat/A.swift"))
        #expect(complaints.contains { $0.rule.contains(rule) })
    }

    @Test(arguments: [
        (#"{"dice.rolled": "Vous avez fait {number}."}"#, "fr.json", []),
        (#"{"dice.rolled": "Vous avez fait {n}."}"#, "fr.json", ["other placeholders"]),
        (#"{"dice.lost": "Perdu."}"#, "fr.json", ["the key of no sentence"]),
        (#"{"dice": {"rolled": "Perdu."}}"#, "fr.json", ["is not JSON of sentences by key"]),
        (#"{"dice.rolled": "{number}."}"#, "de.json", ["is not compiled in", "is not named in Languages.swift"]),
        ("{}", "French.json", ["is no file of a language"]),
    ])
    func `complains about a file of a language that says nothing`(
        text: String, name: String, rules: [String]
    ) throws {
        let tree = SourceTree([
            SourceFile("Sources/App/Locales/\(name)", text),
            SourceFile("Package.swift", #"resources: [.embedInCode("Locales/fr.json")]"#),
            SourceFile("Sources/App/Languages.swift", #"overlays = ["fr": PackageResources.fr_json]"#),
            SourceFile("Sources/Features/Dice/A.swift", #"Text("dice.rolled", en: "You rolled {number}.", he: "א")"#),
        ])
        let complaints = try LocaleRule().complaints(in: tree)
        #expect(complaints.count == rules.count)
        for (complaint, rule) in zip(complaints, rules) { #expect(complaint.rule.contains(rule)) }
    }

    @Test(arguments: ["\u{200E}", "\u{200F}", "\u{061C}", "\u{202B}", "\u{2066}"])
    func `complains about a direction mark that nobody sees`(mark: String) throws {
        for path in ["Sources/BotKit/Model/String+Direction.swift", "Tests/A.swift", "docs/a.md"] {
            #expect(
                try DirectionMarkRule().complaints(in: tree("// one\nlet a = \"\(mark)!gpt\"", path)).map(\.line) == [2]
            )
        }
    }

    @Test func `lets only one place write direction marks, as escapes`() throws {
        let code = #"let a = "\u{2066}x\u{200f}""#
        #expect(try DirectionMarkRule().complaints(in: tree(code)).count == 2)
        for path in ["Sources/BotKit/Model/String+Direction.swift", "Sources/TestKit/A.swift", "Tests/A.swift"] {
            #expect(try DirectionMarkRule().complaints(in: tree(code, path)).isEmpty)
        }
        #expect(try DirectionMarkRule().complaints(in: tree("let a = \"👨\u{200D}👩 שלום\" // \\u{2066}")).isEmpty)
    }

    @Test func `complains about a key that is used twice`() throws {
        let text = #"Text("chat.past", en: "past", he: "עבר")"#
        let complaints = try TextRule().complaints(in: tree("\(text)\n\(text)", "Sources/Features/Chat/A.swift"))
        #expect(complaints.map(\.line) == [2])
    }

    @Test(arguments: [
        #"Text("chat.usage", en: "ask (a, b)" + " now", he: "שאל")"#,
        #"Text("chat.line", en: "{a}: {b}", he: "{a}: {b}")"#,
        #"Text(key, en: english, he: hebrew)"#, #"Reply.Text("x")"#,
        "Text(\n    \"chat.two\",\n    en: \"\"\"\n        Two {n}\n        lines\n        \"\"\",\n    he: \"\"\"\n"
            + "        שתי {n}\n        שורות\n        \"\"\")",
    ])
    func `lets a whole text pass`(code: String) throws {
        #expect(try TextRule().complaints(in: tree(code, "Sources/Features/Chat/A.swift")).isEmpty)
    }

    @Test(arguments: [
        ("struct ChatManager {}", "ChatManager"), ("enum DefaultModel {}", "DefaultModel"),
        ("actor StoreImpl {}", "StoreImpl"),
        ("final class TextUtils {}", "TextUtils"), ("struct CommonWords {}", "CommonWords"),
    ])
    func `complains about an empty name`(code: String, name: String) throws {
        #expect(try NameRule().complaints(in: tree(code, "Sources/BotKit/\(name).swift")).count == 2)
    }

    @Test func `complains about a file that is not named after its content`() throws {
        #expect(try NameRule().complaints(in: tree("struct Other {}", "Sources/BotKit/Things.swift")).count == 1)
        for (path, text) in [
            ("Row.swift", "struct Row {}"), ("SQL+Enqueue.swift", "extension SQL {}"), ("main.swift", "run()"),
            ("Identifiers.swift", "protocol Identifier {}"), ("Prices.swift", "extension Price {}"),
            ("SettingKinds.swift", "extension Setting.Kinds {}"), ("StoreCommands.swift", "struct BackupCommand {}"),
            ("Webhook.swift", "struct WebhookPath {}\nstruct WebhookBody {}"), ("Bytes.swift", "extension [UInt8] {}"),
        ] {
            #expect(try NameRule().complaints(in: tree(text, "Sources/BotKit/\(path)")).isEmpty, "\(path)")
        }
    }

    @Test func `complains about the 121st column, in any script`() {
        for letter in ["a", "ש", "שָׁ", "👩‍👧"] {
            func line(_ length: Int) -> SourceTree {
                tree("// one\n" + String(repeating: letter, count: length) + "\n")
            }
            #expect(LineLengthRule().complaints(in: line(121)).map(\.line) == [2])
            #expect(LineLengthRule().complaints(in: line(120)).isEmpty)
        }
        let long = String(repeating: "a", count: 121)
        #expect(LineLengthRule().complaints(in: tree(long, "Sources/AIServices/Generated/A.swift")).isEmpty)
    }

    @Test func `complains about a note without the number of an issue`() throws {
        #expect(try TodoRule().complaints(in: tree("let a = 1 // TODO: more")).count == 1)
        #expect(try TodoRule().complaints(in: tree("let a = \"TODO\" // TODO(#12): more")).isEmpty)
    }

    @Test(arguments: [
        "public struct A {}", "public func a() {}", "@frozen\npublic enum A {}",
        "extension A {\n  public static func b() {}\n}",
    ])
    func `complains about what is public and not documented`(code: String) throws {
        #expect(try DocCommentRule().complaints(in: tree(code)).count == 1)
    }

    @Test func `asks no doc comment of a witness or of what is not public`() throws {
        let code =
            "/// A\npublic protocol A {\n  func b()\n}\n"
            + "/// C\n@frozen\npublic struct C: A {\n  public func b() {}\n  func d() {}\n}"
        #expect(try DocCommentRule().complaints(in: tree(code)).isEmpty)
    }
}
