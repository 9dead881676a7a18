import Testing

/// Each rule about files, targets and tables is fed what it must complain about, and what it must let pass.
@Suite struct StructureRuleTests {
    @Test(arguments: [
        ("Sources/Features/Chat/A.swift", "import BotCore"),
        ("Sources/BotKit/A.swift", "public import GRDB"),
        ("Sources/WhatsAppCloud/A.swift", "@testable import BotKit"),
        ("Sources/Providers/A.swift", "internal import struct StoreSQLite.File"),
        ("Sources/Kitchen/A.swift", "struct A {}"),
    ])
    func `complains about an import that points up`(path: String, text: String) throws {
        #expect(try ImportRule().complaints(in: SourceTree([SourceFile(path, text)])).count == 1)
    }

    @Test func `lets an import pass that the table grants`() throws {
        let tree = SourceTree([SourceFile("Sources/Features/Chat/A.swift", "public import BotKit\nimport Foundation")])
        #expect(try ImportRule().complaints(in: tree).isEmpty)
    }

    @Test func `complains about a target without a row, a dependency beyond it and loose settings`() throws {
        let manifest = SourceFile(
            "Package.swift",
            """
            let grdb = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
            let package = Package(targets: [
                .target(name: "Kitchen", swiftSettings: strict),
                .target(name: "Features", dependencies: ["BotKit", grdb], swiftSettings: strict),
                .testTarget(name: "FeaturesTests", dependencies: ["Features"]),
            ])
            """)
        let imports = try ImportRule().complaints(in: SourceTree([manifest]))
        #expect(imports.map(\.line) == [3, 4])
        #expect(imports.last?.rule.contains("GRDB") == true)
        #expect(try TargetSettingsRule().complaints(in: SourceTree([manifest])).map(\.line) == [5])
    }

    @Test func `reads the real manifest`() throws {
        let file = try #require(try SourceTree.product.get().file("Package.swift"))
        let targets = try Manifest(file).targets
        let rooms = targets.filter { !$0.isTest && $0.kind != "systemLibrary" }
        #expect(rooms.map(\.name).sorted() == Room.all.map(\.name).sorted())
        #expect(
            try #require(targets.first { $0.name == "StoreSQLite" }).dependencies.isSuperset(of: ["BotKit", "GRDB"]))
    }

    @Test func `complains about a feature that names another`() throws {
        let owner = SourceFile(
            "Sources/Features/Chat/ChatHistory.swift", "struct ChatHistory {}\nprivate struct Row {}")
        let other = SourceFile(
            "Sources/Features/Reset/Reset.swift", "struct Row {}\nlet a: [ChatHistory] = [] // ChatHistory\nlet b: Row")
        let complaints = try FeatureIsolationRule().complaints(in: SourceTree([owner, other]))
        #expect(complaints.map(\.line) == [2])
        #expect(complaints.first?.rule == "Reset names ChatHistory of the feature Chat")
    }

    @Test func `complains about a table without a declaration and a declaration without a table`() throws {
        let migration = SourceFile(
            "Sources/BotCore/Schema/A.swift",
            #"let a: SQL = "CREATE TABLE IF NOT EXISTS inbox (id BIGINT)"; let b: SQL = "CREATE TABLE job (id BIGINT)""#
        )
        let declared = SourceFile(
            "Sources/BotCore/B.swift", #"[PersonalData("inbox", keeping: .days(8)), .none("attic")]"#)
        let elsewhere = SourceFile("Sources/Features/Chat/C.swift", #"[PersonalData.none("job")]"#)
        let complaints = try PersonalDataRule().complaints(in: SourceTree([migration, declared, elsewhere]))
        #expect(
            complaints.map(\.path)
                == ["A", "B", "C"].map { file in
                    [migration, declared, elsewhere].map(\.path).first { $0.hasSuffix("\(file).swift") } ?? ""
                })
    }

    @Test func `complains about the 401st line`() {
        let lines = { SourceFile("Tests/A.swift", String(repeating: "\n", count: $0)) }
        #expect(FileLengthRule().complaints(in: SourceTree([lines(401)])).count == 1)
        #expect(FileLengthRule().complaints(in: SourceTree([lines(400)])).isEmpty)
    }

    @Test func `complains about a place outside the repository`() {
        let file = SourceFile("Makefile", "all:\n\tcat .." + "/shared/x\n\tpip install --index-" + "url http://x\n")
        #expect(RepositoryRule().complaints(in: SourceTree([file])).map(\.line) == [2, 3])
        #expect(RepositoryRule().complaints(in: SourceTree([SourceFile("Makefile", "LAB=.." + "/shared/lab")])).isEmpty)
    }
}
