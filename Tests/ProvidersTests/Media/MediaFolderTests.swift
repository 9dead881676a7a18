import Foundation
import Testing

@testable import Providers

/// Files under way, and what a kill leaves of them.
@Suite struct MediaFolderTests {
    @Test func `removes what a killed process left, and nothing else`() throws {
        let place = FileManager.default.temporaryDirectory.appending(path: "sweep-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: place) }
        let folder = try MediaFolder(making: place.appending(path: "under-way"))
        let mode = try FileManager.default.attributesOfItem(atPath: folder.url.path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o700)
        for _ in 0..<3 { try Data("x".utf8).write(to: folder.newFile()) }
        let other = folder.url.appending(path: "of-somebody-else")
        let beyond = place.appending(path: "beyond")
        for file in [other, beyond] { try Data("x".utf8).write(to: file) }
        let link = folder.newFile()
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: beyond)
        let inner = folder.newFile()
        try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: false)

        #expect(folder.sweep() == 3)
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(Set(left) == [other.lastPathComponent, link.lastPathComponent, inner.lastPathComponent])
        #expect(FileManager.default.fileExists(atPath: beyond.path))
        #expect(folder.sweep() == 0)
    }

    @Test func `a folder that is not there is no fault`() {
        #expect(MediaFolder(URL(filePath: "/nowhere/at/all")).sweep() == 0)
    }
}
