import Foundation
import Testing
import TestKit

/// `scripts/audit-deps.sh` finds what is wrong with dependencies, and nothing in what is right.
@Suite final class DependencyAuditTests: Sendable {
    private let root = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID().uuidString)")
    private static let licences = [
        "Apache-2.0": "Apache License\n   Version 2.0, January 2004\n",
        "MIT": "Permission is hereby granted, free\nof charge, to any person",
        "BSD-3-Clause": "Redistribution and use in source and binary forms … Neither the name of",
        "BSD-2-Clause": "Redistribution and use in source and binary forms …",
        "ISC": "Permission to use, copy, modify, and/or distribute this software for any purpose",
        "Zlib": "Altered source versions must be plainly marked as such",
        "GPL": "GNU GENERAL PUBLIC LICENSE\nVersion 3", "LGPL": "GNU LESSER GENERAL PUBLIC LICENSE\nVersion 2.1",
        "unknown": "You may do with this what I tell you on the telephone.",
    ]

    init() throws {
        try write("Package.swift", #".package(url: "https://example.com/one/near.git", from: "1.0.0"),"#)
        try resolve(["near", "far"])
        try write("docs/dependencies.md", page("| `near` | MIT | is near |"))
        try write(
            "scripts/install-system-packages.sh", "    run)\n        need libthing1 'libthing[0-9]*'\n        ;;\n")
        try write("documents/libthing1/copyright", "License: Zlib\n")
        try addPackage("near", "MIT", bringing: "far")
        try addPackage("far", "Apache-2.0")
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    private func write(_ path: String, _ text: String) throws {
        let file = root.appending(path: path)
        try FileManager.default.createDirectory(
            at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file)
    }

    private func page(_ packages: String, _ system: String = "| `libthing1` | Zlib | is a thing |") -> String {
        let head = "| Package | Licence | Why |\n| --- | --- | --- |\n"
        return "# Dependencies\n\n## Packages\n\n\(head)\(packages)\n\n## System packages\n\n\(head)\(system)\n"
    }

    private func resolve(_ names: [String]) throws {
        let pins = names.map { name in
            """
                {
                  "identity" : "\(name)",
                  "location" : "https://example.com/one/\(name).git",
                  "state" : {
                    "revision" : "0123456789abcdef",
                    "version" : "1.2.3"
                  }
                }
            """
        }
        try write("Package.resolved", "{\n  \"pins\" : [\n\(pins.joined(separator: ",\n"))\n  ]\n}\n")
    }

    private func addPackage(_ name: String, _ licence: String, bringing other: String? = nil) throws {
        try write("checkouts/\(name)/LICENSE.txt", Self.licences[licence] ?? "")
        let line = other.map { #".package(url: "https://example.com/one/\#($0)", from: "1.0.0")"# } ?? ""
        try write("checkouts/\(name)/Package.swift", line)
    }

    private func audit() async throws -> (status: Int32, output: String, errors: String) {
        let script = Documents.root.appending(path: "scripts/audit-deps.sh").path
        let end = try await SpawnedProcess.run(
            "/bin/bash", [script, root.appending(path: "checkouts").path],
            environment: [
                "PATH": "/usr/bin:/bin", "AUDIT_ROOT": root.path,
                "AUDIT_DOCUMENTS": root.appending(path: "documents").path,
            ])
        return (end.status, end.output, end.errors)
    }

    @Test func `what is right is listed with version, licence and reason`() async throws {
        let found = try await audit()
        #expect(found.status == 0 && found.errors.isEmpty, "\(found)")
        let lines = found.output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.contains(["package", "near", "1.2.3", "MIT", "is", "near"]), "\(found.output)")
        #expect(lines.contains(["package", "far", "1.2.3", "Apache-2.0", "brought", "by", "near"]))
        #expect(lines.contains { $0.starts(with: ["system", "libthing1"]) })
    }

    @Test(arguments: ["Apache-2.0", "MIT", "BSD-3-Clause", "BSD-2-Clause", "ISC", "Zlib"])
    func `a licence that may be linked is recognised`(_ licence: String) async throws {
        try addPackage("far", licence)
        let found = try await audit()
        #expect(found.status == 0 && found.output.contains(" \(licence) "), "\(found)")
    }

    @Test(arguments: ["unknown", "GPL", "LGPL"])
    func `one that is unknown, or that may not be linked, fails`(_ licence: String) async throws {
        try addPackage("far", licence)
        let found = try await audit()
        #expect(found.status == 1 && found.errors.contains("far: "), "\(found)")
    }

    @Test func `a package without a reason, a reason without a package, and another licence fail`() async throws {
        for (rows, word) in [
            ("| `other` | MIT | was needed once |", "near: docs/dependencies.md does not say what it is for"),
            ("| `near` | MIT | |", "near: docs/dependencies.md does not say"),
            ("| `near` | MIT | is near |\n| `other` | MIT | was needed once |", "other: docs/dependencies.md has"),
            ("| `near` | ISC | is near |", "near: docs/dependencies.md says ISC, its sources MIT"),
        ] {
            try write("docs/dependencies.md", page(rows))
            let found = try await audit()
            #expect(found.status == 1 && found.errors.contains(word), "\(rows): \(found)")
        }
    }

    @Test func `system packages are held against what the distribution says`() async throws {
        for (row, word) in [
            ("| `libthing1` | MIT | is a thing |", "copyright does not"), ("| `libthing1` | Zlib | |", "does not say"),
            ("| `libthing1` | Zlib | is a thing |\n| `libgone` | MIT | x |", "libgone: docs/dependencies.md has"),
        ] {
            try write("docs/dependencies.md", page("| `near` | MIT | is near |", row))
            let found = try await audit()
            #expect(found.status == 1 && found.errors.contains(word), "\(row): \(found)")
        }
    }

    @Test func `what nobody asks for, or was never fetched, fails`() async throws {
        try resolve(["near", "far", "stray"])
        let stray = try await audit()
        #expect(stray.status == 1 && stray.errors.contains("stray: nobody asks for it"), "\(stray)")
        #expect(stray.errors.contains("stray: its sources are not in"))
        try resolve(["far"])
        let missing = try await audit()
        #expect(missing.status == 1 && missing.errors.contains("near: stands in Package.swift"), "\(missing)")
    }
}
