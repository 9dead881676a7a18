import Testing

/// The rules of docs/architecture.md and CONTRIBUTING.md that the compiler cannot check, over the sources themselves.
@Suite struct ArchitectureTests {
    let product: SourceTree

    init() throws { product = try SourceTree.product.get() }

    @Test func `imports only point down, as the table of rooms says`() throws {
        expectNone(try ImportRule().complaints(in: product))
    }

    @Test func `the table in the documentation is the one that is tested`() throws {
        let page = try #require(product.file("docs/architecture.md")).text
        let rows = try page.finds(#"^\| \d \| `(\w+)`[^|]*\|[^|]*\|([^|]*)\|"#)
        let documented = try Dictionary(
            rows.map { ($0.groups[1], Set(try $0.groups[2].finds(#"`(\w+)`"#).map { $0.groups[1] })) },
            uniquingKeysWith: { first, _ in first })
        #expect(documented == Dictionary(uniqueKeysWithValues: Room.all.map { ($0.name, $0.ours) }))
    }

    @Test func `no feature names another`() throws {
        expectNone(try FeatureIsolationRule().complaints(in: product))
    }

    @Test func `every table says what it holds about people`() throws {
        expectNone(try PersonalDataRule().complaints(in: product))
    }

    @Test func `no hand-written file is longer than 400 lines`() {
        expectNone(FileLengthRule().complaints(in: product))
    }

    @Test func `no hand-written line is longer than 120 columns`() {
        expectNone(LineLengthRule().complaints(in: product))
    }

    @Test func `every text has both languages and a key of its own`() throws {
        expectNone(try TextRule().complaints(in: product))
    }

    @Test func `every file of a language has known sentences and is compiled in`() throws {
        expectNone(try LocaleRule().complaints(in: product))
    }

    @Test func `no source has invisible direction marks`() throws {
        expectNone(try DirectionMarkRule().complaints(in: product))
    }

    @Test func `no forbidden construct is used`() throws {
        expectNone(try ForbiddenConstructRule().complaints(in: product))
    }

    @Test func `names say what a thing is and files are named after their content`() throws {
        expectNone(try NameRule().complaints(in: product))
    }

    @Test func `what is left to do carries the number of an issue`() throws {
        expectNone(try TodoRule().complaints(in: product))
    }

    @Test func `every public type and function of the shared modules is documented`() throws {
        expectNone(try DocCommentRule().complaints(in: product))
    }

    @Test func `every target is compiled with the strict settings`() throws {
        expectNone(try TargetSettingsRule().complaints(in: product))
    }

    @Test func `the repository names nothing outside itself`() {
        expectNone(RepositoryRule().complaints(in: product))
    }

    private func expectNone(_ complaints: [Complaint], sourceLocation: SourceLocation = #_sourceLocation) {
        for complaint in complaints { Issue.record("\(complaint)", sourceLocation: sourceLocation) }
    }
}
